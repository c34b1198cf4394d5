//! Fingers, eyes and faces, alone and in pairs with what their comparison found, as SVG.

mod caption;
mod eye;
mod face;
mod finger;
mod frame;
mod picture;
mod sight;

use std::fmt::{Display, Write};

use whorl_service::Agreement;
use whorl_types::Template;

pub(crate) use finger::kind_name;
pub(crate) use picture::{Picture, thumbnail};
pub(crate) use sight::Sight;

/// The look of every drawing.
pub(crate) const STYLE: &str = include_str!("draw/style.css");

/// One finger, eye or face to draw.
#[derive(Debug, Clone)]
pub(crate) struct Shown<'a> {
    /// Its template.
    pub(crate) template: &'a Template,
    /// What lies behind the marks.
    pub(crate) picture: Picture,
    /// What was seen of an eye or a face on the way to its template.
    pub(crate) sight: Sight,
    /// What stands above.
    pub(crate) caption: String,
}

/// One finger with its minutiae, one eye with its contours, or one face with its points.
pub(crate) fn one(shown: &Shown<'_>) -> Drawing {
    match shown.template {
        Template::Finger(template) => finger::one(template, shown),
        Template::Iris(template) => eye::one(template, shown),
        Template::Face(template) => face::one(template, shown),
    }
}

/// Two side by side, and what their comparison found; none where they show different characteristics.
pub(crate) fn pair(probe: &Shown<'_>, reference: &Shown<'_>, agreement: &Agreement) -> Option<Drawing> {
    match (probe.template, reference.template, agreement) {
        (Template::Finger(a), Template::Finger(b), Agreement::Finger { matched }) => {
            Some(finger::pair((a, probe), (b, reference), matched))
        }
        (Template::Iris(a), Template::Iris(b), Agreement::Iris { comparison, mirrored }) => {
            Some(eye::pair((a, probe), (b, reference), comparison, *mirrored))
        }
        (Template::Face(a), Template::Face(b), Agreement::Face { comparison }) => {
            Some(face::pair((a, probe), (b, reference), comparison))
        }
        (
            Template::Finger(_) | Template::Iris(_) | Template::Face(_),
            Template::Finger(_) | Template::Iris(_) | Template::Face(_),
            _,
        ) => None,
    }
}

/// Text in which nothing can be taken for markup.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                _ if letter.is_control() => f.write_char(' ')?,
                _ => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

/// A finished picture.
#[derive(Debug, Clone)]
pub(crate) struct Drawing {
    width_px: f64,
    height_px: f64,
    content: String,
}

impl Drawing {
    /// As a file of its own.
    pub(crate) fn file(&self) -> String {
        let Self { width_px, height_px, content } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" viewBox=\"0 0 {width_px:.0} {height_px:.0}\" \
             width=\"{width_px:.0}\" height=\"{height_px:.0}\">\n<style>\n{STYLE}</style>\n{content}</svg>\n"
        )
    }

    /// As a part of a page that holds [`STYLE`] and any [`Picture::Shared`].
    pub(crate) fn inline(&self) -> String {
        let Self { width_px, height_px, content } = self;
        format!("<svg class=\"drawing\" viewBox=\"0 0 {width_px:.0} {height_px:.0}\">\n{content}</svg>\n")
    }
}

/// Appends to a text, which cannot fail.
fn push(svg: &mut String, piece: std::fmt::Arguments<'_>) {
    svg.write_fmt(piece).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_manifests_cannot_become_markup() {
        let name = Escaped("<script>\"x\" & 'y'\n").to_string();
        assert_eq!(name, "&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39; ");
    }
}
