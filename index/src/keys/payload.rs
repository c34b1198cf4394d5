//! A key for what is kept beside galleries, as an audit is.

use super::cipher::{KEY_BYTES, Secret, Stamp, nonces};
use super::{KeyError, MasterKey};

/// How long a wrapped key is.
pub const WRAPPED_BYTES: usize = STAMP_BYTES + KEY_BYTES;

const STAMP_BYTES: usize = size_of::<Stamp>();

/// What a wrapped key is for, so that it is not taken for another.
const CONTEXT: &[u8] = b"whorl payload key";

/// A key that encrypts payloads of others than galleries, up to 2^32 of them. It is kept wrapped by a master key, so that a new master
/// key does not change what it encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadKey(pub(super) Secret);

impl PayloadKey {
    /// A new one, drawn by the operating system.
    ///
    /// # Errors
    /// [`KeyError::NoChance`].
    pub fn generate() -> Result<Self, KeyError> {
        MasterKey::generate().map(|MasterKey(secret)| Self(secret))
    }

    /// It, wrapped by `master`: to be kept where its payloads are.
    ///
    /// # Errors
    /// [`KeyError::NoChance`].
    pub fn wrap(&self, master: &MasterKey) -> Result<[u8; WRAPPED_BYTES], KeyError> {
        let wrapped = seal(&master.0, CONTEXT, &self.0.0)?;
        let mut exact = [0; WRAPPED_BYTES];
        exact.copy_from_slice(&wrapped);
        Ok(exact)
    }

    /// The one that `master` wrapped.
    ///
    /// # Errors
    /// [`KeyError::Payload`] where it is damaged, or another key wrapped it.
    pub fn unwrap(master: &MasterKey, wrapped: &[u8; WRAPPED_BYTES]) -> Result<Self, KeyError> {
        let bytes = zeroize::Zeroizing::new(open(&master.0, CONTEXT, wrapped)?);
        bytes.as_slice().try_into().map(|exact| Self(Secret(exact))).map_err(|_| KeyError::Payload)
    }

    /// `payload`, encrypted and 28 bytes longer. It is read again only with the same `context`, which is not kept: what it is and where.
    ///
    /// # Errors
    /// [`KeyError::NoChance`].
    pub fn seal(&self, context: &[u8], payload: &[u8]) -> Result<Vec<u8>, KeyError> {
        seal(&self.0, context, payload)
    }

    /// The payload that was sealed.
    ///
    /// # Errors
    /// [`KeyError::Payload`] where it, its key or its context is another.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        open(&self.0, context, sealed)
    }
}

fn seal(secret: &Secret, context: &[u8], payload: &[u8]) -> Result<Vec<u8>, KeyError> {
    let mut sealed = [&[0; STAMP_BYTES], payload].concat();
    let stamp = secret.encrypt(nonces(1)?[0], context, &mut sealed[STAMP_BYTES..]);
    sealed[..STAMP_BYTES].copy_from_slice(bytemuck::bytes_of(&stamp));
    Ok(sealed)
}

fn open(secret: &Secret, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let (stamp, payload) = sealed.split_at_checked(STAMP_BYTES).ok_or(KeyError::Payload)?;
    let mut payload = payload.to_vec();
    let read = secret.decrypt(&bytemuck::pod_read_unaligned(stamp), context, &mut payload);
    if read { Ok(payload) } else { Err(KeyError::Payload) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_reads_back_in_its_place_and_under_a_new_master_key() {
        let (old, new) = (MasterKey::generate().unwrap(), MasterKey::generate().unwrap());
        let key = PayloadKey::generate().unwrap();
        let sealed = key.seal(b"entry 7", b"who asked for whom").unwrap();
        assert!(!sealed.windows(3).any(|three| three == b"who"));
        let wrapped = PayloadKey::unwrap(&old, &key.wrap(&old).unwrap()).unwrap().wrap(&new).unwrap();
        let again = PayloadKey::unwrap(&new, &wrapped).unwrap();
        assert_eq!(again.open(b"entry 7", &sealed).unwrap(), b"who asked for whom");
        assert!(again.open(b"entry 8", &sealed).is_err() && PayloadKey::unwrap(&old, &wrapped).is_err());
        assert!(again.open(b"entry 7", &sealed[..20]).is_err());
    }
}
