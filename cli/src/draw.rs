//! Prints and matched pairs as SVG, in pixels at 500 ppi.

mod marks;
mod pair;
mod picture;
mod print;

use std::fmt::{Display, Write};

use whorl_types::FingerTemplate;

pub(crate) use marks::kind_name;
pub(crate) use pair::pair;
pub(crate) use picture::{Picture, thumbnail};
pub(crate) use print::print;

/// The look of every drawing; the classes are those of [`marks`].
pub(crate) const STYLE: &str = include_str!("draw/style.css");

/// One print to draw.
#[derive(Debug, Clone)]
pub(crate) struct Print<'a> {
    /// Its template, whose coordinates the drawing uses.
    pub(crate) template: &'a FingerTemplate,
    /// What lies behind.
    pub(crate) picture: Picture,
    /// What stands above.
    pub(crate) caption: String,
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
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"print\" viewBox=\"0 0 {width_px} {height_px}\" \
             width=\"{width_px}\" height=\"{height_px}\">\n<style>\n{STYLE}</style>\n{content}</svg>\n"
        )
    }

    /// As a part of a page that holds [`STYLE`] and any [`Picture::Shared`].
    pub(crate) fn inline(&self) -> String {
        let Self { width_px, height_px, content } = self;
        format!("<svg class=\"print\" viewBox=\"0 0 {width_px} {height_px}\">\n{content}</svg>\n")
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
