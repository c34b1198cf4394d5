//! The line above a picture.

use super::{Escaped, push};

/// Height of the line, in pixels.
pub(super) const CAPTION_PX: f64 = 22.0;

/// Width of a letter, in pixels, more or less.
const LETTER_PX: f64 = 7.0;

/// Writes `text` above what is drawn at the origin, `width_px` wide.
pub(super) fn caption(svg: &mut String, text: &str, width_px: f64) {
    let text = shortened(text, width_px);
    push(svg, format_args!("<text class=\"caption\" x=\"4\" y=\"-7\">{}</text>\n", Escaped(&text)));
}

/// As much of a caption as fits: its end, which tells files of one folder apart.
fn shortened(caption: &str, width_px: f64) -> String {
    let room = ((width_px / LETTER_PX) as usize).max(8);
    let length = caption.chars().count();
    if length <= room {
        caption.to_owned()
    } else {
        "…".chars().chain(caption.chars().skip(length - room + 1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_caption_keeps_its_end() {
        assert_eq!(shortened("people/A000001_right-index_1.png", 70.0), "…dex_1.png");
        assert_eq!(shortened("a.png", 70.0), "a.png");
    }
}
