//! By which networks faces are extracted.

use std::sync::Arc;

use clap::Args;
use whorl_extractors::face::network::Runtime;
use whorl_extractors::face::{Model, Several};
use whorl_service::Engine;
use whorl_service::sample::Faces;

use super::meaning::read_calibration;
use crate::verbs::models;

/// By which networks faces are extracted.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub(crate) struct FaceModel {
    /// Networks for faces: the name of an installed model (`whorl models list`) or its TOML file [default: the one that ships
    /// with whorl]
    #[arg(long = "face-model", value_name = "MODEL")]
    model: Option<String>,

    /// Who runs the networks of that model: rten, or where they are built in opencv, onnxruntime [default: rten]
    #[arg(long, value_name = "RUNTIME", requires = "model")]
    runtime: Option<Runtime>,

    /// Refuse pictures of several faces; else the largest face is the one that is meant
    #[arg(long)]
    single_face: bool,
}

impl FaceModel {
    /// Whether nothing else was asked for.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The model of a name or file, by default the one that ships with whorl, as it is by default otherwise.
    pub(crate) fn named(model: Option<String>) -> Self {
        Self { model, ..Self::default() }
    }

    /// An engine on `threads` threads with these networks. What their scores mean is said by the calibration that their
    /// description names, for the shipped ones by the shipped one.
    ///
    /// # Errors
    /// Where there is no such model, or it cannot be used.
    pub(crate) fn engine(&self, threads: usize) -> anyhow::Result<Engine> {
        let several = if self.single_face { Several::Refuse } else { Several::Largest };
        let engine = Engine::new(threads)?;
        let Some(named) = &self.model else { return Ok(engine.with_faces(Faces::default().with_several(several))) };
        let path = models::find(named)?;
        let model = Model::open(&path, self.runtime.unwrap_or_default())?;
        let beside = model.description().calibration.as_ref().map(|file| path.with_file_name(file));
        let engine = engine.with_faces(Faces::by(Arc::new(model)).with_several(several));
        match beside {
            Some(file) => Ok(engine.with_calibration(read_calibration(&file)?)?),
            None => Ok(engine),
        }
    }
}
