//! Corpora whose file names say what each file is: from a folder to the rows of a manifest.

#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use whorl_types::{Modality, Position, Ppi};

use crate::manifest::{Entry, MAX_ROWS};

/// How deep folders are searched: the deepest known layout has three levels.
const MAX_DEPTH: usize = 8;

/// Ends of the names of images; other files are passed over in silence.
const IMAGES: [&str; 10] = ["bmp", "jp2", "jpeg", "jpg", "pgm", "png", "pnm", "tif", "tiff", "wsq"];

/// A way of naming the files of a corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// The fingerprint verification competitions: `FINGER_IMPRESSION`, such as `101_1.tif`. The subject is the finger.
    Fvc,
    /// FCJ2020: `PERSON_FINGER_IMPRESSION`, such as `101_4_1.png`. Fingers 4 to 7 are read as left thumb, right thumb, right
    /// index and right middle finger, which its publishers do not state.
    Fcj,
    /// CASIA-IrisV1: `EYE_SESSION_IMAGE`, such as `001/1/001_1_1.bmp`. The subject is the eye.
    CasiaV1,
    /// CASIA-IrisV3 and V4 Interval: `S`, session, subject, eye, image, such as `001/L/S1001L01.jpg`.
    CasiaInterval,
    /// `SUBJECT_EYE_SESSION_IMAGE` with eye `L`, `R` or, where it is not known, `X`, such as `001/L/001_L_1_01.jpg`.
    SubjectEye,
}

/// What a folder gave.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The rows, sorted by path, which is relative to the folder.
    pub entries: Vec<Entry>,
    /// The images whose name does not fit the layout.
    pub unnamed: Vec<PathBuf>,
}

/// Why a folder gave nothing.
#[derive(Debug, Error)]
pub enum LayoutError {
    /// The operating system says no.
    #[error("cannot list {}: {source}", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Not an image with such a name.
    #[error("{} holds no image named as {layout:?} names them; {unnamed} images are named otherwise", path.display())]
    Nothing {
        /// The folder.
        path: PathBuf,
        /// The layout looked for.
        layout: Layout,
        /// Images of other names.
        unnamed: usize,
    },
    /// More files than a manifest may have rows.
    #[error("{} holds more than {MAX_ROWS} files; split it", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
    },
}

/// What a name says.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    subject: String,
    position: Position,
    encounter: String,
}

impl Layout {
    /// The rows of a manifest of all images below `folder` that are named so; `ppi` is their sampling rate, where it is known.
    ///
    /// # Errors
    /// [`LayoutError`] where the folder cannot be listed, holds no such image, or too many.
    pub fn load(self, folder: &Path, ppi: Option<Ppi>) -> Result<Loaded, LayoutError> {
        let mut files = Vec::new();
        list(folder, MAX_DEPTH, &mut files)?;
        files.sort_unstable();
        let mut loaded = Loaded::default();
        for path in files {
            match path.file_stem().and_then(|stem| self.read(stem.to_str()?)) {
                Some(said) => loaded.entries.push(self.entry(folder, path, said, ppi)),
                None => loaded.unnamed.push(path),
            }
        }
        if loaded.entries.is_empty() {
            let unnamed = loaded.unnamed.len();
            return Err(LayoutError::Nothing { path: folder.to_owned(), layout: self, unnamed });
        }
        Ok(loaded)
    }

    fn modality(self) -> Modality {
        match self {
            Self::Fvc | Self::Fcj => Modality::Fingerprint,
            Self::CasiaV1 | Self::CasiaInterval | Self::SubjectEye => Modality::Iris,
        }
    }

    fn entry(self, folder: &Path, path: PathBuf, said: Said, ppi: Option<Ppi>) -> Entry {
        let listed = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
        let Said { subject, position, encounter } = said;
        Entry { path, listed, line: 0, subject, modality: self.modality(), position, encounter, ppi }
    }

    /// What a file's name without its ending says; nothing where it is named otherwise.
    fn read(self, stem: &str) -> Option<Said> {
        if self == Self::CasiaInterval {
            return casia_interval(stem);
        }
        let parts: Vec<&str> = stem.split('_').collect();
        let said = |subject: &str, position, encounter: String| {
            Some(Said { subject: subject.to_owned(), position, encounter })
        };
        match (self, parts.as_slice()) {
            (Self::Fvc, &[finger, impression]) if numbers(&[finger, impression]) => {
                said(finger, Position::Unknown, impression.to_owned())
            }
            (Self::Fcj, &[person, finger, impression]) if numbers(&[person, finger, impression]) => {
                said(person, fcj_finger(finger)?, impression.to_owned())
            }
            (Self::CasiaV1, &[eye, session, image]) if numbers(&[eye, session, image]) => {
                said(eye, Position::Unknown, format!("{session}-{image}"))
            }
            (Self::SubjectEye, &[subject, side, session, image]) if numbers(&[subject, session, image]) => {
                said(subject, eye(side)?, format!("{session}-{image}"))
            }
            _ => None,
        }
    }
}

/// `S1001L01`: session 1, subject 001, left eye, image 01.
fn casia_interval(stem: &str) -> Option<Said> {
    let (session, rest) = stem.strip_prefix('S')?.split_at_checked(1)?;
    let (subject, rest) = rest.split_at_checked(3)?;
    let (side, image) = rest.split_at_checked(1)?;
    let position = eye(side)?;
    numbers(&[session, subject, image]).then(|| Said {
        subject: subject.to_owned(),
        position,
        encounter: format!("{session}-{image}"),
    })
}

fn fcj_finger(number: &str) -> Option<Position> {
    match number {
        "4" => Some(Position::LeftThumb),
        "5" => Some(Position::RightThumb),
        "6" => Some(Position::RightIndex),
        "7" => Some(Position::RightMiddle),
        _ => None,
    }
}

fn eye(side: &str) -> Option<Position> {
    match side {
        "L" => Some(Position::LeftEye),
        "R" => Some(Position::RightEye),
        "X" => Some(Position::Unknown),
        _ => None,
    }
}

/// Whether each part is a number, and short enough to name a subject.
fn numbers(parts: &[&str]) -> bool {
    parts.iter().all(|part| (1..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Adds the images below `folder` to `files`; links are not followed.
fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), LayoutError> {
    let unreadable = |source| LayoutError::Unreadable { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
        if kind.is_dir() && depth > 0 {
            list(&path, depth - 1, files)?;
        } else if kind.is_file() && is_image(&path) {
            files.push(path);
        }
        if files.len() as u64 > MAX_ROWS {
            return Err(LayoutError::TooMany { path: folder.to_owned() });
        }
    }
    Ok(())
}

fn is_image(path: &Path) -> bool {
    path.extension().and_then(|end| end.to_str()).is_some_and(|end| IMAGES.contains(&end.to_ascii_lowercase().as_str()))
}
