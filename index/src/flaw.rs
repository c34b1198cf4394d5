//! What can be wrong with a file of a gallery, said by name and place.

use thiserror::Error;
use whorl_formats::template::TemplateError;

/// A file that is not what the gallery needs, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{file}\", byte {offset}: {flaw}")]
pub struct Flawed {
    /// The file, relative to the gallery.
    pub file: String,
    /// Where in the file.
    pub offset: u64,
    /// What is wrong there.
    pub flaw: Flaw,
}

/// What is wrong at one place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Flaw {
    /// It does not begin as a file of a gallery.
    #[error("this is no file of a Whorl gallery")]
    Foreign,
    /// Written by a Whorl that counts differently.
    #[error(
        "format version {found}, and this Whorl reads up to version {known}: use the Whorl that wrote it, or upgrade"
    )]
    FormatVersion {
        /// The version in the file.
        found: u32,
        /// The last version that this program reads.
        known: u32,
    },
    /// Templates of another version: their bytes or their scores would mean nothing.
    #[error(
        "templates of version {found}, where version {known} is needed: use the Whorl that wrote them, or enrol again"
    )]
    RowVersion {
        /// The version in the file.
        found: u32,
        /// The version that is needed.
        known: u32,
    },
    /// The bytes are not those that were written.
    #[error("the checksum does not fit: the file is damaged, restore it from a copy")]
    Checksum,
    /// Encrypted bytes that are not those that were encrypted with this key for this place.
    #[error(
        "what is encrypted here is not what was written: the file is damaged or of another place, restore it from a copy"
    )]
    Encrypted,
    /// The end of a journal that is no whole entry.
    #[error("an entry ends too early: its writer died before it was acknowledged, so it is passed over")]
    Unfinished,
    /// A template that cannot be read.
    #[error(transparent)]
    Template(TemplateError),
    /// A value that no writer would have written.
    #[error("the {0} makes no sense: the file is damaged, restore it from a copy")]
    Value(&'static str),
}

impl Flaw {
    /// This flaw, at a place.
    pub(crate) fn at(self, file: &str, offset: u64) -> Flawed {
        Flawed { file: file.to_owned(), offset, flaw: self }
    }
}
