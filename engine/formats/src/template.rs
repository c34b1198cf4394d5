//! Whorl's own templates as bytes: everything a comparison needs, and no pixel.
//!
//! All numbers are little-endian. Encoding writes one form only and decoding accepts no other, so that equal bytes and equal
//! templates are the same thing. Every template starts with the same envelope:
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 0 | 4 | `WHFT` for a finger, `WHIT` for an iris, `WHCT` for a face |
//! | 4 | 1 | version of the layout |
//! | 5 | 3 | as the modality has it: see [`finger`], [`iris`] and [`face`] |
//! | 8 | 4 | length of the whole template |
//! | 12 | 4 | CRC-32C of what follows |

mod envelope;
mod error;
pub mod face;
pub mod finger;
pub mod iris;

pub use error::TemplateError;
use whorl_types::Template;

/// Whether `bytes` start as a template of Whorl's own does.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    finger::sniff(bytes) || iris::sniff(bytes) || face::sniff(bytes)
}

/// The template in `bytes`, of the modality that they start with.
///
/// # Errors
/// [`TemplateError`] for anything that [`encode`] does not write.
pub fn decode(bytes: &[u8]) -> Result<Template, TemplateError> {
    if iris::sniff(bytes) {
        iris::decode(bytes).map(Template::Iris)
    } else if face::sniff(bytes) {
        face::decode(bytes).map(Template::Face)
    } else {
        finger::decode(bytes).map(Template::Finger)
    }
}

/// The bytes of `template`.
#[must_use]
pub fn encode(template: &Template) -> Vec<u8> {
    match template {
        Template::Finger(finger) => finger::encode(finger),
        Template::Iris(iris) => iris::encode(iris),
        Template::Face(face) => face::encode(face),
    }
}
