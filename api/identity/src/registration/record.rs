//! How far a registration is, and everything that is kept of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Operator, PacketKind, RegistrationId, Rejection};
use crate::adjudication::CaseId;
use crate::layer::Layer;
use crate::linkage::Likeness;
use crate::store::{Draft, Table, Tables};
use crate::subject::{BiometricException, Consent, Demographics, Document, SubjectId};
use crate::vault::{Lock, Place, Vault, VaultError};

/// What was done last. A registration goes on from here, whatever happened to the process meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It is kept, and will be worked on.
    Received,
    /// Consent, schema, documents and whose it is are in order.
    Validated,
    /// Its samples became templates.
    QualityChecked,
    /// Nobody's name, birth date and address are like these, or it is known whose are.
    DemographicallyChecked,
    /// Nobody's biometrics are like these, or nobody's but the person's own.
    BiometricallyChecked,
    /// People decide whether it is a duplicate.
    InAdjudication,
    /// It is done.
    Issued,
    /// It is refused, and why is said.
    Rejected,
}

impl Stage {
    /// Whether nothing follows.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Issued | Self::Rejected)
    }

    /// Whether the layer itself has something to do.
    #[must_use]
    pub fn is_pending(self) -> bool {
        !self.is_final() && self != Self::InAdjudication
    }

    /// What it is called in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Validated => "validated",
            Self::QualityChecked => "quality_checked",
            Self::DemographicallyChecked => "demographically_checked",
            Self::BiometricallyChecked => "biometrically_checked",
            Self::InAdjudication => "in_adjudication",
            Self::Issued => "issued",
            Self::Rejected => "rejected",
        }
    }
}

/// That a stage was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub stage: Stage,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

/// A sample or document of a registration, without its bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    /// The code of its position; none of a document.
    pub position: Option<u8>,
    /// `fingerprint`, `iris`, `face`, or the category of a document.
    pub category: String,
    /// Of a document: what it is.
    pub kind: String,
    /// Its media type, told by its first bytes, such as `image/png`.
    #[serde(default)]
    pub media_type: String,
    /// How large it is, in bytes.
    #[serde(default)]
    pub size_bytes: u64,
    /// Pixels per inch, where the file does not say.
    pub ppi: Option<u16>,
    /// What was reported of its liveness: outcome, score, source.
    pub liveness: Option<(String, Option<u8>, String)>,
    /// Why it gave no template, where it gave none.
    pub refusal: Option<String>,
}

/// A registration as it is kept, sealed by a key of its own.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// What it is called.
    pub id: RegistrationId,
    /// What it is to do.
    pub kind: PacketKind,
    /// SHA-256 over the packet.
    pub digest: [u8; 32],
    /// Whose, by what was sent.
    pub uin: Option<String>,
    /// Whose, once that is known.
    pub subject: Option<SubjectId>,
    /// The registration that this one corrects.
    pub corrects: Option<RegistrationId>,
    /// Demographic fields as they were sent.
    pub demographics: Demographics,
    /// Samples and documents.
    pub enclosed: Vec<Enclosed>,
    /// Biometrics that the person has not.
    pub exceptions: Vec<BiometricException>,
    /// What he agreed to.
    pub consent: Option<Consent>,
    /// The UIN of who vouches for him.
    pub introducer: Option<String>,
    /// Who captured it.
    pub operator: Operator,
    /// When it was captured, in milliseconds since 1970.
    pub captured_ms: u64,
    /// When it was received.
    pub received_ms: u64,
    /// What its templates are called in the gallery.
    pub reference: String,
    /// What was done last.
    pub stage: Stage,
    /// Everything that was done.
    pub steps: Vec<Step>,
    /// Whose demographic fields are alike.
    pub alike: Vec<Likeness>,
    /// What too many have in common with the person for all of them to be compared, by [`BlockKey::shared`].
    ///
    /// [`BlockKey::shared`]: crate::demographic::BlockKey::shared
    #[serde(default)]
    pub too_common: Vec<String>,
    /// References of whom people found that they are others.
    pub cleared: Vec<String>,
    /// The same of subjects.
    pub cleared_subjects: Vec<SubjectId>,
    /// The case in which people decide about it.
    pub case: Option<CaseId>,
    /// Why it is refused.
    pub rejection: Option<Rejection>,
    /// When its samples and documents were deleted because they are kept no longer, in milliseconds since 1970.
    #[serde(default)]
    pub deleted_ms: Option<u64>,
}

impl Registration {
    /// The record of `id` and its key; none where there is none, or its key was destroyed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn load(vault: &Vault, tables: &dyn Tables, id: &RegistrationId) -> Result<Option<(Self, Lock)>, VaultError> {
        vault.get(tables, Place::new(Table::Registrations, id.key()))
    }

    /// Writes the record, and whether it is to be worked on.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn save(&self, vault: &Vault, draft: &mut Draft<'_>, lock: &Lock) -> Result<(), VaultError> {
        if self.stage.is_pending() {
            draft.put(Table::Pending, self.id.key(), Vec::new());
        } else {
            draft.delete(Table::Pending, self.id.key());
        }
        vault.put(draft, lock, Place::new(Table::Registrations, self.id.key()), self)
    }

    /// Goes on to another stage.
    pub(crate) fn reach(&mut self, stage: Stage, at_ms: u64) {
        // A clock that is set back does not turn the order of steps round.
        let at_ms = self.steps.last().map_or(at_ms, |last| last.at_ms.max(at_ms));
        self.stage = stage;
        self.steps.push(Step { stage, at_ms });
    }

    /// Whether it has samples of a body, whatever became of them.
    #[must_use]
    pub fn has_samples(&self) -> bool {
        self.enclosed.iter().any(|enclosed| enclosed.position.is_some())
    }

    /// Its documents, as a person's record names them.
    #[must_use]
    pub fn documents(&self) -> Vec<Document> {
        let documents = (0..).zip(&self.enclosed).filter(|(_, enclosed)| enclosed.position.is_none());
        let document = |(number, enclosed): (u16, &Enclosed)| Document {
            category: enclosed.category.clone(),
            kind: enclosed.kind.clone(),
            enclosure: Some((self.id.clone(), number)),
        };
        documents.map(document).collect()
    }
}

/// The key of the bytes of an enclosure.
pub(crate) fn enclosure_key(id: &RegistrationId, number: u16) -> Vec<u8> {
    [id.key(), b"\0", &number.to_be_bytes()].concat()
}

impl Layer {
    /// A picture or document of a registration as it was sent in; none once it is no longer kept.
    pub(crate) fn enclosure(
        &self,
        tables: &dyn Tables,
        id: &RegistrationId,
        number: u16,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let key = enclosure_key(id, number);
        let Some(sealed) = tables.get(Table::Enclosures, &key)? else { return Ok(None) };
        let opened = self.vault.open_bytes(Place::new(Table::Enclosures, &key), &sealed)?;
        Ok(opened.map(|(bytes, _)| bytes))
    }
}

/// The number under which the templates of a registration are kept among its enclosures.
pub(crate) const TEMPLATES: u16 = u16::MAX;

/// States, never content.
impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registration({}, {:?}, {})", self.id, self.kind, self.stage.name())
    }
}

impl fmt::Debug for Enclosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Enclosed({})", self.category)
    }
}
