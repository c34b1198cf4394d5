//! Two prints side by side, their matched minutiae joined.

use whorl_types::FingerTemplate;

use super::super::caption::CAPTION_PX;
use super::super::{Drawing, Shown, push};
use super::{ground, marks};

/// Distance between the prints, in pixels.
const GAP_PX: f64 = 36.0;

/// Colours of the joining lines, which neighbours do not share, so that the eye can follow one.
const JOIN_COLOURS: [&str; 6] = ["#0a8f5b", "#c98a00", "#8a3fc4", "#0089a8", "#c2306d", "#5a7a00"];

/// A print and its template.
type Side<'a> = (&'a FingerTemplate, &'a Shown<'a>);

/// Both prints with the minutiae of `matched` (index in the probe, index in the reference) joined.
///
/// Indices outside the templates are passed over.
pub(in crate::draw) fn pair(probe: Side<'_>, reference: Side<'_>, matched: &[(usize, usize)]) -> Drawing {
    let shift = f64::from(probe.0.width_px()) + GAP_PX;
    let height = probe.0.height_px().max(reference.0.height_px());
    let mut svg = String::new();
    let in_probe: Vec<usize> = matched.iter().map(|&(probe, _)| probe).collect();
    let in_reference: Vec<usize> = matched.iter().map(|&(_, reference)| reference).collect();
    side(&mut svg, probe, &in_probe, 0.0);
    side(&mut svg, reference, &in_reference, shift);
    joins(&mut svg, (probe.0, reference.0), matched, shift);
    let width = shift + f64::from(reference.0.width_px());
    Drawing { width_px: width, height_px: f64::from(height) + CAPTION_PX, content: svg }
}

/// One of the two; minutiae that nothing answers are pale.
fn side(svg: &mut String, (template, shown): Side<'_>, matched: &[usize], shift: f64) {
    push(svg, format_args!("<g transform=\"translate({shift} {CAPTION_PX})\">\n"));
    ground(svg, template, shown);
    marks::singularities(svg, template);
    for (at, &minutia) in template.minutiae().iter().enumerate() {
        marks::minutia(svg, minutia, if matched.contains(&at) { "" } else { "alone" });
    }
    svg.push_str("</g>\n");
}

fn joins(
    svg: &mut String,
    (probe, reference): (&FingerTemplate, &FingerTemplate),
    matched: &[(usize, usize)],
    shift: f64,
) {
    push(svg, format_args!("<g class=\"join\" transform=\"translate(0 {CAPTION_PX})\">\n"));
    for (&(a, b), colour) in matched.iter().zip(JOIN_COLOURS.iter().cycle()) {
        let (Some(&a), Some(&b)) = (probe.minutiae().get(a), reference.minutiae().get(b)) else {
            continue;
        };
        let ((from_x, from_y), (to_x, to_y)) = (marks::place(a), marks::place(b));
        let to_x = to_x + shift;
        push(svg, format_args!("<path stroke=\"{colour}\" d=\"M{from_x:.1} {from_y:.1}L{to_x:.1} {to_y:.1}\"/>\n"));
    }
    svg.push_str("</g>\n");
}

#[cfg(test)]
mod tests {
    use whorl_service::Agreement;
    use whorl_types::{Minutia, MinutiaKind, Quality, Template};

    use super::super::super::{Picture, Sight, one, pair};
    use super::*;

    fn template(minutiae: u16) -> Template {
        let minutia = |at: u16| Minutia {
            x_px8: 80 * (at + 1),
            y_px8: 160,
            angle: 64,
            kind: [MinutiaKind::Ending, MinutiaKind::Bifurcation, MinutiaKind::Other][usize::from(at % 3)],
            quality: Quality::new(50).unwrap(),
        };
        FingerTemplate::new(100, 120, (0..minutiae).map(minutia).collect(), Quality::new(60).unwrap()).unwrap().into()
    }

    fn shown<'a>(template: &'a Template, caption: &str) -> Shown<'a> {
        Shown { template, picture: Picture::None, sight: Sight::default(), caption: caption.to_owned() }
    }

    #[test]
    fn matched_minutiae_are_joined_and_the_others_are_pale() {
        let (left, right) = (template(3), template(2));
        let matched = Agreement::Finger { matched: vec![(0, 1), (9, 9)] };
        let svg = pair(&shown(&left, "a < b"), &shown(&right, "c"), &matched).unwrap().file();
        assert_eq!(svg.matches("stroke=\"#").count(), 1, "one pair is inside both templates");
        assert_eq!(svg.matches(" alone\"").count(), 3);
        assert!(svg.contains("a &lt; b") && svg.contains("viewBox=\"0 0 236 142\""), "{svg}");
    }

    #[test]
    fn a_tick_points_up_for_a_quarter_turn() {
        let svg = one(&shown(&template(1), "")).inline();
        assert!(svg.contains("M10.0 16.0L10.0 7.0"), "{svg}");
    }
}
