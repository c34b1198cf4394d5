//! A face model: trained networks, how they are fed, and where they come from.
//!
//! A model is a TOML file and the ONNX files that it names, in one folder:
//!
//! ```toml
//! name = "example"               # 1 to 40 of a-z, 0-9, dots and dashes
//! version = 1
//! calibration = "face.txt"       # optional: what its scores mean, a file beside this one
//!
//! [licence]                      # the licence card: `whorl models pull` shows it before anything is fetched
//! name = "MPL-2.0"               # of the files with the weights
//! text = "Who trained it, on what, and what may not be done with it."
//! source = "https://..."         # optional: a page that says so
//!
//! [detector]
//! file = "detector.onnx"
//! sha256 = "..."                 # 64 hexadecimal digits; another file is refused
//! url = "https://..."            # optional: where it can be fetched
//! decoding = "yunet"             # heads cls, obj, bbox and kps at strides of 8, 16 and 32; score = sqrt(cls * obj)
//! side_px = 320                  # the longest side that is fed, a multiple of 32
//! fixed = false                  # optional: the network takes squares of that side only
//! colour = "bgr"                 # or rgb, grey
//! mean = 0.0                     # (value - mean) * scale is fed, of values 0 to 255
//! scale = 1.0
//! score = 0.6                    # the least of a face
//!
//! [embedder]
//! file = "embedder.onnx"
//! sha256 = "..."
//! width_px = 112
//! height_px = 112
//! colour = "rgb"
//! mean = 127.5
//! scale = 0.0078125
//! # Where the eyes, the nose and the corners of the mouth are brought to, in pixels of the crop, left ones first.
//! points = [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
//! output = "embedding"
//! dimension = 128                # values of that output, at most 512
//! mirrored = false               # optional: the sum of the embeddings of the crop and of its mirror image
//!
//! [attack]                       # optional: tells photographs of photographs, of screens, of masks
//! file = "attack.onnx"           # keys as of the embedder, without `mirrored`, and
//! dimension = 2                  # how many probabilities `output` holds, and
//! class = 1                      # which of them is that of an attack
//! ```
//!
//! The model that Whorl ships has no `[attack]`: by default a photograph of a photograph is a face like any other, and whoever
//! needs to tell them apart must bring such a network, or a camera that does.
//!
//! Networks are checked when a model is opened: the hash of each file, and by a run on zeros that every output is there, of the
//! size that is described. [`Model::id`] says which embeddings may be compared.

mod check;
mod description;
mod error;
mod id;
mod parse;
mod read;
mod section;
mod sha256;
mod shipped;

use std::path::Path;

use whorl_types::FaceModelId;

pub use description::{Attack, Colour, Crop, Description, Detector, Embedder, Feeding, Licence, NetworkFile};
pub use error::{DescriptionError, ModelError};
pub use read::{read_description, read_network};
pub use sha256::{Sha256, Sha256Error};

use super::EXTRACTOR;
use super::network::{Network, NetworkError, Runtime, Tensor, load};

/// A face model, ready to be used by any number of threads.
pub struct Model {
    description: Description,
    id: FaceModelId,
    detector: Box<dyn Network>,
    embedder: Box<dyn Network>,
    /// Place of the embedding among the embedder's outputs.
    embedding: usize,
    /// The network for attacks, with the place of the probabilities among its outputs.
    attack: Option<(Box<dyn Network>, usize)>,
}

impl Model {
    /// The model that the file `toml_path` describes, run by `runtime`. The files that it names lie beside it.
    ///
    /// # Errors
    /// [`ModelError`] where a file cannot be read, is not the one that is described, or does not do what is described.
    pub fn open(toml_path: &Path, runtime: Runtime) -> Result<Self, ModelError> {
        let description = read_description(toml_path)?;
        let folder = toml_path.parent().unwrap_or(Path::new(""));
        let network = |file: &NetworkFile| named(file, load(runtime, &read_network(folder, file)?));
        let detector = network(&description.detector.network)?;
        let embedder = network(&description.embedder.network)?;
        let attack = description.attack.as_ref().map(|attack| network(&attack.network)).transpose()?;
        Self::from_networks(description, detector, embedder, attack)
    }

    /// The model of these networks, without one for attacks.
    ///
    /// # Errors
    /// [`ModelError`] where a network does not do what `description` says, or where that describes one for attacks.
    pub fn from_parts(
        description: Description,
        detector: Box<dyn Network>,
        embedder: Box<dyn Network>,
    ) -> Result<Self, ModelError> {
        Self::from_networks(description, detector, embedder, None)
    }

    /// The model of these networks. Whether their files have the right hashes is the caller's business.
    ///
    /// # Errors
    /// [`ModelError`] where a network does not do what `description` says, or where only one of the two knows of attacks.
    pub fn from_networks(
        description: Description,
        detector: Box<dyn Network>,
        embedder: Box<dyn Network>,
        attack: Option<Box<dyn Network>>,
    ) -> Result<Self, ModelError> {
        check::detector(&description.detector, &*detector)?;
        let embedding = check::embedder(&description.embedder, &*embedder)?;
        let attack = match (&description.attack, attack) {
            (Some(described), Some(network)) => {
                let place = check::attack(described, &*network)?;
                Some((network, place))
            }
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(ModelError::Attack),
        };
        Ok(Self { id: id::id(&description), description, detector, embedder, embedding, attack })
    }

    /// Which embeddings are comparable with this model's: those of the same id only.
    #[must_use]
    pub fn id(&self) -> FaceModelId {
        self.id
    }

    /// What the model says of itself.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Name and version of the extractor with the model in it: calibrations are fitted for it.
    #[must_use]
    pub fn extractor(&self) -> String {
        let Description { name, version, .. } = &self.description;
        format!("{EXTRACTOR} ({name} {version}, {})", self.id)
    }

    /// The network that finds faces.
    #[must_use]
    pub fn detector(&self) -> &dyn Network {
        &*self.detector
    }

    /// The embedding of a crop of the shape [`Crop::shape`] of the embedder, fed as its [`Feeding`] says: as many values as the
    /// description's dimension.
    ///
    /// # Errors
    /// [`NetworkError`] where the network fails, which it did not on zeros.
    pub fn embed(&self, crop: &Tensor) -> Result<Vec<f32>, NetworkError> {
        let mut outputs = self.embedder.run(crop)?;
        Ok(outputs.swap_remove(self.embedding).values)
    }

    /// The probability, 0 to 1, that the crop (of the shape and feeding of the description's [`Attack`]) is of an attack, and no
    /// living face; `None` where the model has no such network.
    ///
    /// # Errors
    /// [`NetworkError`] where the network fails, or gives what is no probability.
    pub fn attack_probability(&self, crop: &Tensor) -> Result<Option<f32>, NetworkError> {
        let (Some((network, place)), Some(described)) = (&self.attack, &self.description.attack) else {
            return Ok(None);
        };
        let outputs = network.run(crop)?;
        let probability = outputs[*place].values.get(described.class).copied();
        let sound = probability.filter(|probability| (0.0..=1.0).contains(probability));
        sound.map(Some).ok_or_else(|| NetworkError::Output { name: described.output.clone() })
    }
}

impl Description {
    /// The id of the model that is so described; its networks need not be there.
    #[must_use]
    pub fn id(&self) -> FaceModelId {
        id::id(self)
    }
}

fn named<T>(file: &NetworkFile, loaded: Result<T, NetworkError>) -> Result<T, ModelError> {
    loaded.map_err(|error| ModelError::Network { file: file.file.clone(), error })
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model({})", self.extractor())
    }
}
