//! One of the two files, and what is in it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use whorl_service::sample::{self, Content, Instance};

use crate::arguments::Captured;
use crate::console::Described;
use crate::draw::{Picture, Shown, Sight};

/// A file, the fingers and eyes in it, and what they look like.
pub(super) struct Side {
    path: PathBuf,
    looks: Vec<(Picture, Sight)>,
    pub(super) instances: Vec<Instance>,
}

impl Side {
    /// Reads and extracts the file at `path`; its pictures are kept where they are to be `drawn`.
    ///
    /// # Errors
    /// Where it holds nothing to compare.
    pub(super) fn read(path: &Path, captured: Captured, drawn: bool) -> anyhow::Result<Self> {
        let failing = || format!("{} cannot be compared", path.display());
        let bytes = sample::read(path).with_context(failing)?;
        let contents = sample::decode(&bytes, &captured.of(&bytes)).with_context(failing)?;
        let mut side = Self { path: path.to_owned(), looks: Vec::new(), instances: Vec::new() };
        for content in contents {
            let (picture, mut sight) = match &content {
                Content::Sample(sample) if drawn => {
                    (Picture::embed(&sample.image, sample.capture.ppi), Sight::of_size(&sample.image))
                }
                Content::Sample(_) | Content::Template(_) => (Picture::None, Sight::default()),
            };
            let extracted = content.extract(&mut sight);
            let advice = extracted.as_ref().err().and_then(|error| captured.advice(error));
            let failing = || advice.map_or_else(failing, |advice| format!("{} ({advice})", failing()));
            side.instances.push(extracted.with_context(failing)?);
            side.looks.push((picture, sight));
        }
        Ok(side)
    }

    /// The file.
    pub(super) fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// Everything in it.
    pub(super) fn described(&self) -> Vec<Described> {
        self.instances.iter().map(Described::new).collect()
    }

    /// The finger or eye with this number, to be drawn.
    pub(super) fn shown(&self, number: usize) -> Shown<'_> {
        let (Instance { position, template }, (picture, sight)) = (&self.instances[number], &self.looks[number]);
        let name = self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let caption = format!("{name}: {position}, quality {}", template.quality().get());
        Shown { template, picture: picture.clone(), sight: sight.clone(), caption }
    }
}
