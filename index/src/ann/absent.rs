//! What stands for faiss in a program that was built without it: nothing, by name.

use std::convert::Infallible;
use std::path::Path;

use super::{AnnError, AnnKind, FaissError};

/// An index that there never is.
pub(super) struct Graph {
    never: Infallible,
}

impl Graph {
    /// Whether this program has faiss.
    pub(super) const AVAILABLE: bool = false;

    pub(super) fn new(_: AnnKind, _: usize) -> Result<Self, AnnError> {
        Err(AnnError::Unavailable)
    }

    pub(super) fn open(_: &Path, _: AnnKind, _: usize) -> Result<Self, AnnError> {
        Err(AnnError::Unavailable)
    }

    pub(super) fn train(&mut self, _: &[f32]) -> Result<(), FaissError> {
        match self.never {}
    }

    pub(super) fn add(&mut self, _: &[f32]) -> Result<(), FaissError> {
        match self.never {}
    }

    pub(super) fn write(&self, _: &Path) -> Result<(), FaissError> {
        match self.never {}
    }

    pub(super) fn rows(&self) -> u64 {
        match self.never {}
    }

    pub(super) fn nearest(&self, _: &[f32], _: usize) -> Result<Vec<u64>, FaissError> {
        match self.never {}
    }
}
