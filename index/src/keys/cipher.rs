//! AES-256-GCM (NIST SP 800-38D) in place, with nonces drawn by chance.

use std::fmt;

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use bytemuck::{Pod, Zeroable};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::KeyError;

pub(super) const KEY_BYTES: usize = 32;

/// By SP 800-38D, 8.3, a key takes 2^32 nonces drawn by chance; one of a reference is asked for a few each time that it is written.
const NONCE_BYTES: usize = 12;

const TAG_BYTES: usize = 16;

pub(crate) type Nonce = [u8; NONCE_BYTES];

/// A key of AES-256. It is overwritten when it is dropped, and never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret(pub(super) [u8; KEY_BYTES]);

/// What it takes beside a key to read encrypted bytes, and to know that they are those that were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Stamp {
    nonce: Nonce,
    tag: [u8; TAG_BYTES],
}

/// So many nonces, each used once.
pub(crate) fn nonces(count: usize) -> Result<Vec<Nonce>, KeyError> {
    let mut nonces = vec![[0; NONCE_BYTES]; count];
    fill(nonces.as_flattened_mut())?;
    Ok(nonces)
}

/// Fills `bytes` by chance.
pub(super) fn fill(bytes: &mut [u8]) -> Result<(), KeyError> {
    getrandom::fill(bytes).map_err(|error| KeyError::NoChance(error.to_string()))
}

impl Secret {
    /// So many new ones.
    pub(super) fn draw(count: usize) -> Result<Vec<Self>, KeyError> {
        let mut secrets = vec![Self([0; KEY_BYTES]); count];
        secrets.iter_mut().try_for_each(|secret| fill(&mut secret.0))?;
        Ok(secrets)
    }

    /// Encrypts `bytes` in place. They are read again only together with `context`, which is not kept.
    ///
    /// # Panics
    /// Where `bytes` are more than 64 GiB, which nothing that a gallery keeps is.
    pub(crate) fn encrypt(&self, nonce: Nonce, context: &[u8], bytes: &mut [u8]) -> Stamp {
        let tag = self.cipher().encrypt_inout_detached(&nonce.into(), context, bytes.into());
        Stamp { nonce, tag: tag.expect("less than AES-GCM takes").into() }
    }

    /// Decrypts `bytes` in place, if they are what was encrypted with this key and `context`; else they stay as they are.
    #[must_use]
    pub(crate) fn decrypt(&self, stamp: &Stamp, context: &[u8], bytes: &mut [u8]) -> bool {
        let tag = stamp.tag.into();
        self.cipher().decrypt_inout_detached(&stamp.nonce.into(), context, bytes.into(), &tag).is_ok()
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cipher_is_that_of_nist() {
        // Test case 14 of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)": key, nonce and plaintext of zeros.
        let mut bytes = [0; 16];
        let stamp = Secret([0; 32]).encrypt([0; 12], b"", &mut bytes);
        assert_eq!(u128::from_be_bytes(bytes), 0xcea7_403d_4d60_6b6e_074e_c5d3_baf3_9d18);
        assert_eq!(u128::from_be_bytes(stamp.tag), 0xd0d1_c8a7_9999_6bf0_265b_98b5_d48a_b919);
    }

    #[test]
    fn what_was_encrypted_reads_back_only_with_the_same_key_and_context() {
        let secrets = Secret::draw(2).unwrap();
        let mut bytes = *b"loop and whorl";
        let stamp = secrets[0].encrypt([7; 12], b"here", &mut bytes);
        assert!(!secrets[0].decrypt(&stamp, b"there", &mut bytes) && !secrets[1].decrypt(&stamp, b"here", &mut bytes));
        assert!(secrets[0].decrypt(&stamp, b"here", &mut bytes));
        assert_eq!(&bytes, b"loop and whorl");
    }
}
