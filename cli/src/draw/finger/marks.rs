//! The signs on a print: a ring for an ending, a square for a bifurcation, a diamond for the rest, each with a tick in its
//! direction; a ring in a ring for a core, a triangle for a delta.

use std::f64::consts::TAU;

use whorl_types::{FingerTemplate, Minutia, MinutiaKind, RidgeField, Singularity, SingularityKind};

use super::super::push;

/// Half the width of a mark, in pixels.
const RADIUS_PX: f64 = 4.0;
/// Length of the direction tick from the middle of its mark, in pixels.
const TICK_PX: f64 = 13.0;
/// Ridge flow below this coherence is not worth a stroke.
const LEAST_COHERENCE: u8 = 24;

/// Where a minutia lies, in pixels.
pub(super) fn place(minutia: Minutia) -> (f64, f64) {
    (f64::from(minutia.x_px8) / 8.0, f64::from(minutia.y_px8) / 8.0)
}

/// What a kind of minutia is called.
pub(crate) fn kind_name(kind: MinutiaKind) -> &'static str {
    match kind {
        MinutiaKind::Ending => "ending",
        MinutiaKind::Bifurcation => "bifurcation",
        MinutiaKind::Other => "other",
    }
}

/// Draws one minutia; `class` is added to its kind.
pub(super) fn minutia(svg: &mut String, minutia: Minutia, class: &str) {
    let ((x, y), r) = (place(minutia), RADIUS_PX);
    let turn = f64::from(minutia.angle) / 256.0 * TAU;
    let (dx, dy) = (turn.cos(), -turn.sin());
    let kind = kind_name(minutia.kind);
    push(svg, format_args!("<g class=\"{kind} {class}\"><title>{kind}, quality {}</title>", minutia.quality.get()));
    let (from_x, from_y, to_x, to_y) = (x + r * dx, y + r * dy, x + TICK_PX * dx, y + TICK_PX * dy);
    push(svg, format_args!("<path class=\"tick\" d=\"M{from_x:.1} {from_y:.1}L{to_x:.1} {to_y:.1}\"/>"));
    match minutia.kind {
        MinutiaKind::Ending => {
            push(svg, format_args!("<circle class=\"mark\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r}\"/>"));
        }
        MinutiaKind::Bifurcation => {
            let (left, top, side) = (x - r, y - r, 2.0 * r);
            push(
                svg,
                format_args!(
                    "<rect class=\"mark\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{side}\" height=\"{side}\"/>"
                ),
            );
        }
        MinutiaKind::Other => {
            push(svg, format_args!("<path class=\"mark\" d=\"M{x:.1} {:.1}l{r} {r}l-{r} {r}l-{r} -{r}z\"/>", y - r));
        }
    }
    svg.push_str("</g>\n");
}

/// Draws the cores and deltas of a template.
pub(super) fn singularities(svg: &mut String, template: &FingerTemplate) {
    for &Singularity { x_px: x, y_px: y, kind } in template.singularities() {
        match kind {
            SingularityKind::Core => push(
                svg,
                format_args!(
                    "<g class=\"singular\"><title>core</title><circle cx=\"{x}\" cy=\"{y}\" r=\"9\"/>\
                     <circle cx=\"{x}\" cy=\"{y}\" r=\"3\"/></g>\n"
                ),
            ),
            SingularityKind::Delta => push(
                svg,
                format_args!("<path class=\"singular\" d=\"M{x} {y}m0 -9l9 15h-18z\"><title>delta</title></path>\n"),
            ),
        }
    }
}

/// Draws the ridge flow of a template as short strokes, which shows a print without its picture.
pub(super) fn flow(svg: &mut String, field: &RidgeField) {
    let side = f64::from(RidgeField::CELL_PX);
    svg.push_str("<g class=\"flow\">");
    for (at, cell) in field.cells().iter().enumerate().filter(|(_, cell)| cell.coherence >= LEAST_COHERENCE) {
        let (row, column) = (at / usize::from(field.columns()), at % usize::from(field.columns()));
        let (x, y) = ((column as f64 + 0.5) * side, (row as f64 + 0.5) * side);
        let turn = f64::from(cell.angle) / 512.0 * TAU;
        let (dx, dy) = (turn.cos() * side * 0.4, -turn.sin() * side * 0.4);
        push(svg, format_args!("<path d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>", x - dx, y - dy, x + dx, y + dy));
    }
    svg.push_str("</g>\n");
}
