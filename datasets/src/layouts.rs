//! Corpora whose file names say what each file is: from a folder to the rows of a manifest.

mod names;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use whorl_types::{Modality, Ppi};

use self::names::Said;
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
    /// CASIA-IrisV3 and V4, Interval, Lamp and Thousand: `S`, session, subject, eye, image, such as `001/L/S1001L01.jpg`.
    CasiaInterval,
    /// MMU1: folders `SUBJECT/left` and `SUBJECT/right`, files of any letters and the image, such as `1/left/aeval1.bmp`.
    Mmu,
    /// IIT Delhi: a folder of the subject, files `IMAGE_EYE`, such as `001/01_L.bmp`.
    Iitd,
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
            match path.strip_prefix(folder).ok().and_then(|listed| names::read(self, listed)) {
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
            Self::CasiaV1 | Self::CasiaInterval | Self::Mmu | Self::Iitd | Self::SubjectEye => Modality::Iris,
        }
    }

    fn entry(self, folder: &Path, path: PathBuf, said: Said, ppi: Option<Ppi>) -> Entry {
        let listed = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
        let Said { subject, position, encounter } = said;
        Entry { path, listed, line: 0, subject, modality: self.modality(), position, encounter, ppi, liveness: None }
    }
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
