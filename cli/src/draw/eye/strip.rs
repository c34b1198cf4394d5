//! The iris unwrapped: pupil above, limbus below, one turn from left to right.

use whorl_types::IrisCode;

use super::super::push;
use super::Sight;
use super::cells;

/// Length of a strip in the units in which it is drawn: one for each of its columns.
pub(super) const LENGTH: f64 = 512.0;

/// Height of a strip in the same units.
pub(super) const HEIGHT: f64 = 64.0;

/// The transformation that makes cells fill a strip.
pub(super) fn cell_scale() -> String {
    format!("scale({} {})", LENGTH / IrisCode::ANGLES as f64, HEIGHT / IrisCode::RINGS as f64)
}

/// A strip with a veil over what is hidden of it; the code stands in for the picture where nobody saw the iris.
///
/// Direction `d` of the drawing shows direction `shows(d)` of the eye.
pub(super) fn strip(svg: &mut String, code: &IrisCode, sight: &Sight, shows: impl Fn(usize) -> usize) {
    if let Some(uri) = sight.strip(&shows) {
        let size = format!("width=\"{LENGTH}\" height=\"{HEIGHT}\" preserveAspectRatio=\"none\"");
        push(svg, format_args!("<image href=\"{uri}\" {size}/>\n"));
    } else {
        phases(svg, code, &shows);
    }
    let hidden = cells::filled(|direction, ring| code.visible[shows(direction)] >> ring & 1 == 0);
    push(svg, format_args!("<path class=\"hidden\" transform=\"{}\" d=\"{hidden}\"/>\n", cell_scale()));
}

/// The signs of the longest wave, which go around the four quadrants where the texture goes on.
fn phases(svg: &mut String, code: &IrisCode, shows: &impl Fn(usize) -> usize) {
    push(svg, format_args!("<rect class=\"paper\" width=\"{LENGTH}\" height=\"{HEIGHT}\"/>\n"));
    push(svg, format_args!("<g transform=\"{}\">\n", cell_scale()));
    for (number, signs) in [(1, 1), (2, 3), (3, 2)] {
        let cells = cells::filled(|direction, ring| code.cells[shows(direction)] >> (8 * ring) & 3 == signs);
        push(svg, format_args!("<path class=\"phase{number}\" d=\"{cells}\"/>\n"));
    }
    svg.push_str("</g>\n");
}
