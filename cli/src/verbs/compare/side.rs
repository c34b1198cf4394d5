//! One of the two files, and what is in it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use whorl_service::Omission;
use whorl_service::sample::{self, Content, Faces, Instance, SampleError};

use crate::arguments::Captured;
use crate::console::Described;
use crate::draw::{Picture, Shown, Sight};

/// A file, the fingers, eyes and faces in it, and what they look like.
pub(super) struct Side {
    path: PathBuf,
    looks: Vec<(Picture, Sight)>,
    pub(super) instances: Vec<Instance>,
    /// Of a record what takes no part.
    pub(super) omissions: Vec<Omission>,
}

impl Side {
    /// Reads and extracts the file at `path`; its pictures are kept where they are to be `drawn`.
    ///
    /// # Errors
    /// Where it holds nothing to compare.
    pub(super) fn read(path: &Path, captured: &Captured, faces: &Faces, drawn: bool) -> anyhow::Result<Self> {
        let (mut looks, mut instances, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for content in sample::open(path, |bytes| captured.of(bytes)) {
            match content.and_then(|content| look(content, faces, drawn)) {
                Ok((instance, looks_like)) => {
                    instances.push(instance);
                    looks.push(looks_like);
                }
                Err(error) => faults.push(error),
            }
        }
        if instances.is_empty()
            && let Some(fault) = faults.first().cloned()
        {
            let advice = captured.advice(&fault).map_or_else(String::new, |advice| format!(" ({advice})"));
            return Err(fault).with_context(|| format!("{} cannot be compared{advice}", path.display()));
        }
        let omissions = faults.into_iter().map(|fault| Omission::of_file(path, fault)).collect();
        Ok(Self { path: path.to_owned(), looks, instances, omissions })
    }

    /// The file.
    pub(super) fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// Everything in it.
    pub(super) fn described(&self) -> Vec<Described> {
        self.instances.iter().map(Described::new).collect()
    }

    /// The finger, eye or face with this number, to be drawn.
    pub(super) fn shown(&self, number: usize) -> Shown<'_> {
        let (Instance { position, template, .. }, (picture, sight)) = (&self.instances[number], &self.looks[number]);
        let name = self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let caption = format!("{name}: {position}, quality {}", template.quality().get());
        Shown { template, picture: picture.clone(), sight: sight.clone(), caption }
    }
}

/// Extracts `content`, and keeps what it looks like where it is to be `drawn`.
fn look(content: Content, faces: &Faces, drawn: bool) -> Result<(Instance, (Picture, Sight)), SampleError> {
    let (picture, mut sight) = match &content {
        Content::Sample { sample, .. } if drawn => {
            (Picture::embed(&sample.image, sample.capture.ppi), Sight::of_size(&sample.image))
        }
        Content::Sample { .. } | Content::Template(_) => (Picture::None, Sight::default()),
    };
    let instance = content.extract(faces, &mut sight)?;
    Ok((instance, (picture, sight)))
}
