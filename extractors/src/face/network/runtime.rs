//! Who runs networks.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Who runs networks. Which ones there are was decided when Whorl was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Runtime {
    /// The crate `rten`: pure Rust, always there.
    #[default]
    Rten,
    /// The DNN module of the system's OpenCV.
    #[cfg(feature = "opencv")]
    Opencv,
    /// Microsoft's onnxruntime, found when the program runs.
    #[cfg(feature = "onnxruntime")]
    Onnxruntime,
}

/// A runtime that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RuntimeError {
    /// A name that none has.
    #[error("\"{0}\" is no runtime: rten, opencv and onnxruntime are")]
    Unknown(String),
    /// A runtime that this build leaves out.
    #[error("{0} is left out of this build: build Whorl with `--features {0}`")]
    NotBuilt(&'static str),
}

impl Runtime {
    /// Those that are compiled in, the default first.
    pub const ALL: &[Self] = &[
        Self::Rten,
        #[cfg(feature = "opencv")]
        Self::Opencv,
        #[cfg(feature = "onnxruntime")]
        Self::Onnxruntime,
    ];

    /// The name by which it is chosen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rten => "rten",
            #[cfg(feature = "opencv")]
            Self::Opencv => "opencv",
            #[cfg(feature = "onnxruntime")]
            Self::Onnxruntime => "onnxruntime",
        }
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Runtime {
    type Err = RuntimeError;

    fn from_str(name: &str) -> Result<Self, RuntimeError> {
        if let Some(runtime) = Self::ALL.iter().find(|runtime| runtime.name() == name) {
            return Ok(*runtime);
        }
        let planned = ["opencv", "onnxruntime"].into_iter().find(|known| *known == name);
        Err(planned.map_or_else(|| RuntimeError::Unknown(name.to_owned()), RuntimeError::NotBuilt))
    }
}
