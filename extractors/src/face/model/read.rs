//! A model's files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::description::{Description, NetworkFile};
use super::error::{DescriptionError, ModelError};
use super::parse::MAX_DESCRIPTION_BYTES;
use super::section::line;
use super::sha256::Sha256;
use crate::face::network::{MAX_NETWORK_BYTES, NetworkError};

/// The description in the file at `path`.
///
/// # Errors
/// [`ModelError`] where it cannot be read, or is none.
pub fn read_description(path: &Path) -> Result<Description, ModelError> {
    let bytes = read(path, MAX_DESCRIPTION_BYTES)?;
    let wrong = |error| ModelError::Description { path: path.to_owned(), error };
    let bytes = bytes.ok_or_else(|| wrong(DescriptionError::TooLong { bytes: MAX_DESCRIPTION_BYTES + 1 }))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let readable = error.as_bytes()[..error.utf8_error().valid_up_to()].to_vec();
        let line = line(&String::from_utf8_lossy(&readable), readable.len());
        wrong(DescriptionError::Syntax { line, reason: "no UTF-8".to_owned() })
    })?;
    Description::parse(&text).map_err(wrong)
}

/// The bytes of a network, which `folder` holds, after its hash was checked.
///
/// # Errors
/// [`ModelError`] where it cannot be read, is too large, or is not the file that is described.
pub fn read_network(folder: &Path, network: &NetworkFile) -> Result<Vec<u8>, ModelError> {
    let path = folder.join(&network.file);
    let too_large =
        || ModelError::Network { file: network.file.clone(), error: NetworkError::TooLarge(MAX_NETWORK_BYTES + 1) };
    let bytes = read(&path, MAX_NETWORK_BYTES)?.ok_or_else(too_large)?;
    let found = Sha256::of(&bytes);
    if found == network.sha256 {
        return Ok(bytes);
    }
    Err(ModelError::Hash { path, stated: network.sha256, found })
}

/// A file's bytes, or nothing where there are more than `most`.
fn read(path: &Path, most: usize) -> Result<Option<Vec<u8>>, ModelError> {
    let bytes = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = bytes().map_err(|error| ModelError::Read { path: path.to_owned(), reason: error.to_string() })?;
    Ok((bytes.len() <= most).then_some(bytes))
}
