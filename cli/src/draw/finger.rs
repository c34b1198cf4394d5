//! Prints with their minutiae, in pixels at 500 ppi.

mod marks;
mod pair;

use whorl_types::FingerTemplate;

use super::caption::{CAPTION_PX, caption};
use super::{Drawing, Escaped, Picture, Shown, push};

pub(crate) use marks::kind_name;
pub(super) use pair::pair;

/// A print with all its minutiae.
pub(super) fn one(template: &FingerTemplate, shown: &Shown<'_>) -> Drawing {
    let mut svg = String::new();
    push(&mut svg, format_args!("<g transform=\"translate(0 {CAPTION_PX})\">\n"));
    ground(&mut svg, template, shown);
    marks::singularities(&mut svg, template);
    for &minutia in template.minutiae() {
        marks::minutia(&mut svg, minutia, "");
    }
    svg.push_str("</g>\n");
    let (width_px, height_px) = (f64::from(template.width_px()), f64::from(template.height_px()));
    Drawing { width_px, height_px: height_px + CAPTION_PX, content: svg }
}

/// The caption and the picture, or the ridge flow that stands in for it.
fn ground(svg: &mut String, template: &FingerTemplate, shown: &Shown<'_>) {
    let (width, height) = (template.width_px(), template.height_px());
    caption(svg, &shown.caption, f64::from(width));
    match &shown.picture {
        Picture::Embedded(uri) => push(
            svg,
            format_args!(
                "<image href=\"{uri}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\"/>\n"
            ),
        ),
        Picture::Shared(id) => push(svg, format_args!("<use href=\"#{}\"/>\n", Escaped(id))),
        Picture::None => {
            push(svg, format_args!("<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n"));
            if let Some(field) = template.field() {
                marks::flow(svg, field);
            }
        }
    }
}
