//! A person as this layer keeps him: one record, sealed by his key.

mod credential;
mod exception;
mod history;
mod record;
mod status;
pub(crate) mod timeline;

pub use credential::{CredentialForm, HeldCredential};
pub use exception::BiometricException;
pub use history::{Change, history, note};
pub use record::{Consent, Document, Found, Subject};
pub use status::Status;

use crate::chance::Opaque;

/// What a person is called inside this layer: drawn by chance and told to nobody outside. It is neither a UIN nor a name in the gallery.
pub type SubjectId = Opaque;

/// Demographic fields by their names, as the schema of the deployment says.
pub type Demographics = serde_json::Map<String, serde_json::Value>;
