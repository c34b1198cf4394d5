//! The record of a person.

use serde::{Deserialize, Serialize};

use super::{BiometricException, Demographics, HeldCredential, Status, SubjectId};
use crate::authentication::AuthenticationLock;
use crate::issuance::{Vid, publish};
use crate::registration::RegistrationId;
use crate::store::{Draft, Table, Tables};
use crate::vault::{Lock, Place, Vault, VaultError};

/// What is kept of a person.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// What he is called in here.
    pub id: SubjectId,
    /// How things stand with him.
    pub status: Status,
    /// His demographic fields.
    pub demographics: Demographics,
    /// Documents that were shown.
    pub documents: Vec<Document>,
    /// What his templates are called in the gallery.
    pub references: Vec<String>,
    /// Biometrics that he has not.
    pub exceptions: Vec<BiometricException>,
    /// His registrations, oldest first.
    pub registrations: Vec<RegistrationId>,
    /// The registration that is being worked on: there is one at a time.
    pub in_process: Option<RegistrationId>,
    /// His number, once it is issued.
    pub uin: Option<String>,
    /// His virtual numbers, oldest first.
    pub vids: Vec<Vid>,
    /// Credentials that he was handed and that can be revoked, oldest first.
    #[serde(default)]
    pub credentials: Vec<HeldCredential>,
    /// Kinds of authentication that he locked.
    pub locks: Vec<AuthenticationLock>,
    /// What he agreed to, oldest first.
    pub consents: Vec<Consent>,
    /// Who vouched for him.
    pub introducer: Option<SubjectId>,
    /// When he was first received, in milliseconds since 1970.
    pub created_ms: u64,
    /// When he last changed.
    pub updated_ms: u64,
}

/// A document that was shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it proves, such as `proof-of-identity`.
    pub category: String,
    /// What it is, such as `passport`.
    pub kind: String,
    /// The registration that its picture is kept with, and its number there.
    pub enclosure: Option<(RegistrationId, u16)>,
}

/// What a person agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// For what, such as `foundational-id`.
    pub purpose: String,
    /// Which text he agreed to, by its version.
    #[serde(default)]
    pub text: String,
    /// Whether he agreed.
    pub is_given: bool,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

/// A record and the key that it is sealed with.
#[derive(Debug, Clone)]
pub struct Found {
    /// The record.
    pub subject: Subject,
    /// Its key.
    pub lock: Lock,
}

impl Subject {
    /// A person who is new.
    #[must_use]
    pub fn applicant(id: SubjectId, now_ms: u64) -> Self {
        Self {
            id,
            status: Status::Applicant,
            demographics: Demographics::new(),
            documents: Vec::new(),
            references: Vec::new(),
            exceptions: Vec::new(),
            registrations: Vec::new(),
            in_process: None,
            uin: None,
            vids: Vec::new(),
            credentials: Vec::new(),
            locks: Vec::new(),
            consents: Vec::new(),
            introducer: None,
            created_ms: now_ms,
            updated_ms: now_ms,
        }
    }

    /// The record of `id`; none where there is none, or its key was destroyed.
    ///
    /// # Errors
    /// [`VaultError`] where the store cannot be read or the record is damaged.
    pub fn load(vault: &Vault, tables: &dyn Tables, id: SubjectId) -> Result<Option<Found>, VaultError> {
        let found = vault.get(tables, Place::new(Table::Subjects, id.bytes()))?;
        Ok(found.map(|(subject, lock)| Found { subject, lock }))
    }
}

impl Subject {
    /// The most credentials that a person has at a time, of those that can be revoked: each makes his record longer.
    pub const MOST_CREDENTIALS: usize = 100;

    /// Revokes all of his credentials.
    pub(crate) fn revoke_credentials(&mut self, now_ms: u64) {
        for credential in &mut self.credentials {
            credential.revoked_ms.get_or_insert(now_ms);
        }
    }
}

impl Found {
    /// Writes the record, and what follows from it into the lists of who checks his credentials: so that these say what the record says,
    /// whatever changed it.
    ///
    /// # Errors
    /// [`VaultError`] where the lists cannot be read, or the system gives no random numbers.
    pub fn save(&self, vault: &Vault, draft: &mut Draft<'_>) -> Result<(), VaultError> {
        publish(draft, &self.subject)?;
        vault.put(draft, &self.lock, Place::new(Table::Subjects, self.subject.id.bytes()), &self.subject)
    }
}

/// Sizes and states, never content.
impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subject({}, {}, {} fields)", self.id, self.status.name(), self.demographics.len())
    }
}

/// What kind, never which.
impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({})", self.category)
    }
}
