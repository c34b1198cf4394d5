//! The part of a picture that is drawn.

use super::{Escaped, Picture, push};

/// A rectangle of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Frame {
    /// The whole of a picture of this size.
    pub(super) fn of_size((width, height): (u32, u32)) -> Self {
        Self { left: 0.0, top: 0.0, width: f64::from(width), height: f64::from(height) }
    }

    /// As large as fits into a place of this size, there.
    pub(super) fn placed(self, width: f64, height: f64) -> Self {
        let scale = (width / self.width).min(height / self.height);
        Self { left: 0.0, top: 0.0, width: self.width * scale, height: self.height * scale }
    }
}

/// What lies behind the marks in the frame: the picture, or blank paper.
pub(super) fn backdrop(svg: &mut String, picture: &Picture, Frame { left, top, width, height }: Frame) {
    match picture {
        Picture::Embedded(uri) => push(
            svg,
            format_args!(
                "<image href=\"{uri}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\"/>\n"
            ),
        ),
        Picture::Shared(id) => push(svg, format_args!("<use href=\"#{}\"/>\n", Escaped(id))),
        Picture::None => push(
            svg,
            format_args!(
                "<rect class=\"paper\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>\n"
            ),
        ),
    }
}
