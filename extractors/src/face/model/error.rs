//! What can be wrong with a model.

use std::path::PathBuf;

use thiserror::Error;

use super::sha256::Sha256;
use crate::face::network::NetworkError;

/// What is wrong with a description.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DescriptionError {
    /// Longer than a description may be.
    #[error("a description of {bytes} bytes is refused: {most} are the most", most = super::parse::MAX_DESCRIPTION_BYTES)]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// No TOML.
    #[error("line {line}: {reason}")]
    Syntax {
        /// Where, counted from 1.
        line: usize,
        /// What the parser says.
        reason: String,
    },
    /// A key that has no meaning, and may be a slip of the pen.
    #[error("line {line}: nobody knows \"{key}\"{}", hint(nearest.as_deref()))]
    Unknown {
        /// Where, counted from 1.
        line: usize,
        /// The key with its table.
        key: String,
        /// A known key that looks like it.
        nearest: Option<String>,
    },
    /// A key that must be there.
    #[error("\"{key}\" is missing")]
    Missing {
        /// The key with its table.
        key: String,
    },
    /// A value of the wrong kind, or out of its range.
    #[error("line {line}: \"{key}\" must be {wanted}")]
    Wrong {
        /// Where, counted from 1.
        line: usize,
        /// The key with its table.
        key: String,
        /// What it must be.
        wanted: &'static str,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; do you mean \"{nearest}\"?"))
}

/// Why a model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// The description is wrong.
    #[error("{path}: {error}", path = path.display())]
    Description {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: DescriptionError,
    },
    /// A file cannot be read.
    #[error("cannot read {path}: {reason}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A file that is not the one that was described: damaged, or another version.
    #[error("{path} is not the file that the description means: its SHA-256 is {found}, not {stated}", path = path.display())]
    Hash {
        /// The file.
        path: PathBuf,
        /// What the description says.
        stated: Sha256,
        /// What the file has.
        found: Sha256,
    },
    /// A network cannot be loaded or run.
    #[error("{file}: {error}")]
    Network {
        /// Name of its file.
        file: String,
        /// What is wrong.
        error: NetworkError,
    },
    /// A network has no output of a name that is needed.
    #[error("{file} has no output \"{output}\"; it has {}", found.join(", "))]
    NoOutput {
        /// Name of the network's file.
        file: String,
        /// The name.
        output: String,
        /// The names that there are.
        found: Vec<String>,
    },
    /// An output of another size than the description says.
    #[error("{file}: the output \"{output}\" has the shape {found:?}; {wanted} values are wanted")]
    Shape {
        /// Name of the network's file.
        file: String,
        /// Name of the output.
        output: String,
        /// Its shape when a picture of zeros is fed.
        found: Vec<usize>,
        /// How many values there should be.
        wanted: usize,
    },
    /// An output whose numbers are none, or no probabilities.
    #[error("{file}: the output \"{output}\" holds {found}, which is no {wanted}")]
    Value {
        /// Name of the network's file.
        file: String,
        /// Name of the output.
        output: String,
        /// The number, as it prints.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A network for attacks is described and not given, or given and not described.
    #[error("the description and the networks differ on whether attacks are told")]
    Attack,
}
