//! The picture of a manifest's row.

use whorl_datasets::manifest::Entry;
use whorl_formats::sample::{self, Picture};

use crate::matcher::Failure;

/// Of a record with several pictures the one of the manifest's position, else the first.
pub(crate) fn picture(bytes: &[u8], entry: &Entry) -> Result<Picture, Failure> {
    let pictures = sample::read(bytes).map_err(|error| Failure::Format(error.to_string()))?;
    let named = pictures.iter().position(|picture| picture.position == entry.position).unwrap_or(0);
    pictures.into_iter().nth(named).ok_or_else(|| Failure::Format("it has no picture".to_owned()))
}
