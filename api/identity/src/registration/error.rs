//! Why a registration cannot be taken or worked on.

use thiserror::Error;
use whorl_service::desk::DeskError;

use super::{PacketError, RegistrationId};
use crate::chance::OpaqueError;
use crate::numbers::DrawError;
use crate::store::StoreError;
use crate::vault::VaultError;

/// Why a registration cannot be taken or worked on. Where it was taken, it stays as it was and is worked on again.
#[derive(Debug, Error)]
pub enum RegistrationError {
    /// It is no packet.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// Another packet has its name.
    #[error("another packet was sent as registration `{0}`: give this one a name of its own")]
    Taken(RegistrationId),
    /// The person of this registration was erased.
    #[error("registration `{0}` was erased")]
    Erased(RegistrationId),
    /// There is none of this name.
    #[error("there is no registration `{0}`")]
    Unknown(RegistrationId),
    /// The records do not fit together.
    #[error("the records of registration `{0}` do not fit together: restore the store from a backup")]
    Torn(RegistrationId),
    /// The gallery knows somebody whom this layer does not.
    #[error("the gallery has a reference `{0}` that nobody here has: give this layer a gallery of its own")]
    Foreign(String),
    /// The engine failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// No UIN can be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// No name can be drawn.
    #[error(transparent)]
    Chance(#[from] OpaqueError),
    /// The records cannot be read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<StoreError> for RegistrationError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}
