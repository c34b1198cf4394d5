//! One print with its minutiae.

use super::{Drawing, Escaped, Picture, Print, marks, push};

/// Height of the line above a print, in pixels.
pub(super) const CAPTION_PX: f64 = 22.0;

/// A print with all its minutiae.
pub(crate) fn print(print: &Print<'_>) -> Drawing {
    let mut svg = String::new();
    push(&mut svg, format_args!("<g transform=\"translate(0 {CAPTION_PX})\">\n"));
    ground(&mut svg, print);
    marks::singularities(&mut svg, print.template);
    for &minutia in print.template.minutiae() {
        marks::minutia(&mut svg, minutia, "");
    }
    svg.push_str("</g>\n");
    let (width_px, height_px) = (print.template.width_px(), print.template.height_px());
    Drawing { width_px: f64::from(width_px), height_px: f64::from(height_px) + CAPTION_PX, content: svg }
}

/// Width of a letter of a caption, in pixels, more or less.
const LETTER_PX: u16 = 7;

/// As much of a caption as stands above a print of this width: its end, which tells files of one folder apart.
fn shortened(caption: &str, width_px: u16) -> String {
    let room = usize::from(width_px / LETTER_PX).max(8);
    let length = caption.chars().count();
    if length <= room {
        caption.to_owned()
    } else {
        "…".chars().chain(caption.chars().skip(length - room + 1)).collect()
    }
}

/// The caption and the picture, or what stands in for it.
pub(super) fn ground(svg: &mut String, print: &Print<'_>) {
    let (width, height) = (print.template.width_px(), print.template.height_px());
    let caption = shortened(&print.caption, width);
    push(svg, format_args!("<text class=\"caption\" x=\"4\" y=\"-7\">{}</text>\n", Escaped(&caption)));
    match &print.picture {
        Picture::Embedded(uri) => push(
            svg,
            format_args!(
                "<image href=\"{uri}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\"/>\n"
            ),
        ),
        Picture::Shared(id) => push(svg, format_args!("<use href=\"#{}\"/>\n", Escaped(id))),
        Picture::None => {
            push(svg, format_args!("<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n"));
            if let Some(field) = print.template.field() {
                marks::flow(svg, field);
            }
        }
    }
}
