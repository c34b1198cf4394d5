//! The picture of a manifest's row.

use whorl_datasets::manifest::Entry;
use whorl_formats::sample::{self, Picture, SampleError};

use crate::matcher::Failure;

/// Of a record with several pictures the one of the manifest's position, whatever became of the others; where there is none, a
/// damaged one, which may have been it, else the first.
pub(crate) fn picture(bytes: &[u8], entry: &Entry) -> Result<Picture, Failure> {
    let format = |error: SampleError| Failure::Format(error.to_string());
    let mut pictures = sample::read_each(bytes).map_err(format)?;
    let of_entry = |picture: &Result<Picture, _>| picture.as_ref().is_ok_and(|found| found.position == entry.position);
    let named = pictures.iter().position(of_entry).or_else(|| pictures.iter().position(Result::is_err));
    pictures.swap_remove(named.unwrap_or(0)).map_err(format)
}
