//! A card to be printed, as SVG in the size ID-1 of ISO/IEC 7810. It needs no file of a font: texts are set in what the printer has.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::qr::QrCode;

/// ID-1 of ISO/IEC 7810: 85.60 mm by 53.98 mm, with corners rounded by 3.18 mm.
const WIDTH_MM: f32 = 85.60;
const HEIGHT_MM: f32 = 53.98;
const CORNER_MM: f32 = 3.18;

/// Where things are, in mm from the upper left corner.
const EDGE_MM: f32 = 4.0;
const TITLE_MM: f32 = 7.5;
const CONTENT_MM: f32 = 11.0;
const LINE_MM: f32 = 6.2;
const PORTRAIT_MM: (f32, f32) = (20.0, 26.0);
const QR_MM: f32 = 30.0;

/// The width of a letter of the sizes below, on average, which is enough to know what is to be set smaller.
const LETTER_MM: f32 = 1.65;
const TITLE_LETTER_MM: f32 = 2.3;

/// A word above a value, such as `Name` above the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: String,
}

/// What is printed on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The name of the document or its issuer.
    pub title: String,
    /// Up to [`Card::MOST_FIELDS`].
    pub fields: Vec<Field>,
    /// A portrait, as a file of JPEG or PNG.
    pub portrait: Option<Vec<u8>>,
    /// A code, such as of a compact credential.
    pub code: Option<QrCode>,
}

/// Why there is no card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// More than there is room for.
    #[error("{fields} fields do not fit on a card, which has room for {most}", most = Card::MOST_FIELDS)]
    TooManyFields {
        /// How many.
        fields: usize,
    },
    /// Longer than there is room for.
    #[error("{what} of {characters} characters does not fit on a card, which has room for {most}", most = Card::LONGEST_TEXT)]
    TooLong {
        /// Which text.
        what: &'static str,
        /// How many.
        characters: usize,
    },
    /// A character that no document can have.
    #[error("{what} has the control character U+{:04X}", *.character as u32)]
    Character {
        /// Which text.
        what: &'static str,
        /// That character.
        character: char,
    },
    /// Neither JPEG nor PNG.
    #[error("the portrait is neither a JPEG nor a PNG file")]
    PortraitFormat,
    /// Too large to be part of a card.
    #[error("a portrait of {bytes} bytes, more than {most}: make it smaller", most = Card::MOST_PORTRAIT_BYTES)]
    PortraitTooLarge {
        /// How many.
        bytes: usize,
    },
}

impl Card {
    /// What there is room for below the title.
    pub const MOST_FIELDS: usize = 6;

    /// Of a text, in characters: what can still be read when it is set so small that its line takes it.
    pub const LONGEST_TEXT: usize = 60;

    /// Of the portrait: 600 dots an inch on 20 mm by 26 mm take less.
    pub const MOST_PORTRAIT_BYTES: usize = 1 << 20;

    /// The card as an SVG document.
    ///
    /// # Errors
    /// [`CardError`] for what does not fit or cannot be printed.
    pub fn svg(&self) -> Result<String, CardError> {
        if self.fields.len() > Self::MOST_FIELDS {
            return Err(CardError::TooManyFields { fields: self.fields.len() });
        }
        let mut svg = format!(
            concat!(
                r##"<svg xmlns="http://www.w3.org/2000/svg" width="{w}mm" height="{h}mm" viewBox="0 0 {w} {h}" font-family="sans-serif">"##,
                r##"<rect x="0.1" y="0.1" width="{inner_w}" height="{inner_h}" rx="{r}" fill="#fff" stroke="#888" stroke-width="0.2"/>"##,
            ),
            w = WIDTH_MM,
            h = HEIGHT_MM,
            inner_w = WIDTH_MM - 0.2,
            inner_h = HEIGHT_MM - 0.2,
            r = CORNER_MM,
        );
        let whole = WIDTH_MM - 2.0 * EDGE_MM;
        svg += &text(
            "the title",
            &self.title,
            Place { x: EDGE_MM, y: TITLE_MM, size: 4.2, letter: TITLE_LETTER_MM, room: whole },
        )?;
        if let Some(portrait) = &self.portrait {
            svg += &image(portrait)?;
        }
        let left = EDGE_MM + self.portrait.as_ref().map_or(0.0, |_| PORTRAIT_MM.0 + 2.0);
        let right = WIDTH_MM - EDGE_MM - self.code.as_ref().map_or(0.0, |_| QR_MM);
        for (index, field) in self.fields.iter().enumerate() {
            let y = CONTENT_MM + 1.5 + index as f32 * LINE_MM;
            let room = right - left;
            svg += &text("a label", &field.label, Place { x: left, y, size: 1.8, letter: LETTER_MM * 0.6, room })?;
            svg += &text("a value", &field.value, Place { x: left, y: y + 2.9, size: 3.0, letter: LETTER_MM, room })?;
        }
        if let Some(code) = &self.code {
            let scale = QR_MM / (code.width() + 2 * QrCode::MARGIN_MODULES) as f32;
            let (x, y) = (right, HEIGHT_MM - EDGE_MM - QR_MM);
            // Writing to a text cannot fail.
            let _ = write!(svg, r#"<g transform="translate({x:.2} {y:.2}) scale({scale:.5})">{}</g>"#, code.path());
        }
        Ok(svg + "</svg>")
    }
}

/// Where a text stands and how large it is, in mm.
#[derive(Clone, Copy)]
struct Place {
    x: f32,
    y: f32,
    size: f32,
    letter: f32,
    room: f32,
}

fn text(what: &'static str, content: &str, place: Place) -> Result<String, CardError> {
    let characters = content.chars().count();
    if characters > Card::LONGEST_TEXT {
        return Err(CardError::TooLong { what, characters });
    }
    let Place { x, y, size, letter, room } = place;
    // What is wide by this measure is set smaller; `textLength` would squeeze it, but not every printer knows that.
    let size = size * (room / (characters as f32 * letter)).min(1.0);
    let escaped = escaped(what, content)?;
    Ok(format!(r#"<text x="{x:.2}" y="{y:.2}" font-size="{size:.2}">{escaped}</text>"#))
}

/// `content` as characters of XML 1.0, none of which is markup.
fn escaped(what: &'static str, content: &str) -> Result<String, CardError> {
    let mut escaped = String::with_capacity(content.len());
    for character in content.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // The marks that turn the direction of writing round would make a text read as another.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}' => {
                return Err(CardError::Character { what, character });
            }
            character if character.is_control() => return Err(CardError::Character { what, character }),
            character => escaped.push(character),
        }
    }
    Ok(escaped)
}

fn image(file: &[u8]) -> Result<String, CardError> {
    if file.len() > Card::MOST_PORTRAIT_BYTES {
        return Err(CardError::PortraitTooLarge { bytes: file.len() });
    }
    let kind = match file {
        [0xFF, 0xD8, 0xFF, ..] => "jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => "png",
        _ => return Err(CardError::PortraitFormat),
    };
    let ((width, height), data) = (PORTRAIT_MM, STANDARD.encode(file));
    Ok(format!(
        r#"<image x="{EDGE_MM}" y="{CONTENT_MM}" width="{width}" height="{height}" preserveAspectRatio="xMidYMid slice" href="data:image/{kind};base64,{data}"/>"#
    ))
}
