//! What a station sends.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use whorl_types::{Liveness, Modality, Position};

use super::RegistrationId;
use crate::subject::{BiometricException, Consent, Demographics};

/// What a registration is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PacketKind {
    /// Register a person who has no UIN.
    New,
    /// Change what is kept of a person.
    Update,
    /// Send again what was wrong with an earlier packet, which is then worked on anew.
    Correction,
    /// Find the UIN of a person who lost it.
    Lost,
    /// Put a UIN out of force.
    Deactivate,
    /// Put it in force again.
    Reactivate,
}

/// One finger, eye, face or document as it was captured.
#[derive(Clone, PartialEq)]
pub struct Enclosure {
    /// What it shows.
    pub content: EnclosureContent,
    /// A file: a picture or record that `whorl_service::sample` reads; of a document, anything.
    pub bytes: Vec<u8>,
}

/// What an enclosure shows.
#[derive(Debug, Clone, PartialEq)]
pub enum EnclosureContent {
    /// A biometric sample.
    Sample {
        /// Of which kind.
        modality: Modality,
        /// Of which finger or eye.
        position: Position,
        /// Pixels per inch, where the file does not say.
        ppi: Option<u16>,
        /// Whether a person was there when it was captured, where somebody says so.
        liveness: Option<Liveness>,
    },
    /// A document.
    Document {
        /// What it proves, such as `proof-of-identity`.
        category: String,
        /// What it is, such as `passport`.
        kind: String,
    },
}

/// Who captured it, where, and who oversaw that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Who.
    pub name: String,
    /// At which station.
    pub station: String,
    /// Of which centre.
    #[serde(default)]
    pub centre: String,
    /// Who oversaw it.
    #[serde(default)]
    pub supervisor: Option<String>,
}

/// A registration as a station sends it.
#[derive(Clone, PartialEq)]
pub struct Packet {
    /// What it is called.
    pub id: RegistrationId,
    /// What it is to do.
    pub kind: PacketKind,
    /// Whose: a UIN, for all kinds but new, correction and lost.
    pub uin: Option<String>,
    /// The registration that this one corrects.
    pub corrects: Option<RegistrationId>,
    /// Demographic fields, all of them or, of an update, those that change.
    pub demographics: Demographics,
    /// Samples and documents.
    pub enclosures: Vec<Enclosure>,
    /// Biometrics that the person has not.
    pub exceptions: Vec<BiometricException>,
    /// What the person agreed to.
    pub consent: Option<Consent>,
    /// The UIN of who vouches for him.
    pub introducer: Option<String>,
    /// Who captured it.
    pub operator: Operator,
    /// When it was captured, in milliseconds since 1970.
    pub captured_ms: u64,
}

/// Why a packet is not taken: nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PacketError {
    /// Too many samples and documents.
    #[error("a packet has at most {most} samples and documents, not {0}", most = Packet::MOST_ENCLOSURES)]
    Enclosures(usize),
    /// One of them is empty or too large.
    #[error("enclosure {number} has {bytes} bytes, and 1 to {} are taken", Packet::MOST_ENCLOSURE_BYTES)]
    EnclosureSize {
        /// Which, from 0.
        number: usize,
        /// How large.
        bytes: usize,
    },
    /// All of them together are too large.
    #[error("the samples and documents of a packet have at most {most} bytes, not {0}", most = Packet::MOST_BYTES)]
    Size(usize),
    /// A text is too long, or one that must be there is empty.
    #[error("`{field}` is to have 1 to {} bytes", Packet::MOST_TEXT_BYTES)]
    Text {
        /// Which.
        field: &'static str,
    },
    /// Something that a packet of this kind needs is not there.
    #[error("a packet of this kind needs `{0}`")]
    Missing(&'static str),
    /// Something is there that a packet of this kind has not.
    #[error("a packet of this kind has no `{0}`")]
    Unexpected(&'static str),
}

impl Packet {
    /// The most samples and documents: ten fingers, two eyes and a face three times over, and documents.
    pub const MOST_ENCLOSURES: usize = 64;

    /// The most bytes of one.
    pub const MOST_ENCLOSURE_BYTES: usize = 16 << 20;

    /// The most bytes of all: one request holds them in memory.
    pub const MOST_BYTES: usize = 64 << 20;

    /// The most bytes of a name or reason.
    pub const MOST_TEXT_BYTES: usize = 256;

    /// Whether it is one that can be kept and worked on.
    ///
    /// # Errors
    /// [`PacketError`], the first that is found.
    pub fn check(&self) -> Result<(), PacketError> {
        if self.enclosures.len() > Self::MOST_ENCLOSURES {
            return Err(PacketError::Enclosures(self.enclosures.len()));
        }
        let sizes = self.enclosures.iter().map(|enclosure| enclosure.bytes.len());
        let unfit = sizes.clone().enumerate().find(|(_, bytes)| !(1..=Self::MOST_ENCLOSURE_BYTES).contains(bytes));
        if let Some((number, bytes)) = unfit {
            return Err(PacketError::EnclosureSize { number, bytes });
        }
        let all = sizes.sum();
        if all > Self::MOST_BYTES {
            return Err(PacketError::Size(all));
        }
        self.check_texts()?;
        self.check_kind()
    }

    fn check_texts(&self) -> Result<(), PacketError> {
        let mut texts = vec![("operator.name", &self.operator.name), ("operator.station", &self.operator.station)];
        for exception in &self.exceptions {
            texts.extend([("exceptions.position", &exception.position), ("exceptions.reason", &exception.reason)]);
        }
        for enclosure in &self.enclosures {
            if let EnclosureContent::Document { category, kind } = &enclosure.content {
                texts.extend([("documents.category", category), ("documents.kind", kind)]);
            }
        }
        texts.extend(self.consent.iter().map(|consent| ("consent.purpose", &consent.purpose)));
        let unfit = |(_, text): &(&str, &String)| !(1..=Self::MOST_TEXT_BYTES).contains(&text.len());
        let optional = [&self.operator.centre].into_iter().chain(&self.operator.supervisor).chain(&self.uin);
        let mut optional = optional.chain(&self.introducer).chain(self.consent.iter().map(|consent| &consent.text));
        if optional.any(|text| text.len() > Self::MOST_TEXT_BYTES) {
            return Err(PacketError::Text { field: "operator, uin, introducer, consent.text" });
        }
        texts.into_iter().find(unfit).map_or(Ok(()), |(field, _)| Err(PacketError::Text { field }))
    }

    fn check_kind(&self) -> Result<(), PacketError> {
        let (needs_uin, needs_corrected) = match self.kind {
            PacketKind::New | PacketKind::Lost => (false, false),
            PacketKind::Update | PacketKind::Deactivate | PacketKind::Reactivate => (true, false),
            PacketKind::Correction => (false, true),
        };
        let given = [("uin", self.uin.is_some(), needs_uin), ("corrects", self.corrects.is_some(), needs_corrected)];
        for (field, is_there, is_needed) in given {
            match (is_there, is_needed) {
                (false, true) => return Err(PacketError::Missing(field)),
                (true, false) => return Err(PacketError::Unexpected(field)),
                (true, true) | (false, false) => {}
            }
        }
        Ok(())
    }

    /// What tells this packet from any other.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut put = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        let Self { id, kind, uin, corrects, demographics, enclosures, exceptions, .. } = self;
        let Self { consent, introducer, operator, captured_ms, .. } = self;
        let fixed = serde_json::to_vec(&(id, kind, uin, corrects, demographics, exceptions));
        put(&fixed.unwrap_or_default());
        put(&serde_json::to_vec(&(consent, introducer, operator, captured_ms)).unwrap_or_default());
        for Enclosure { content, bytes } in enclosures {
            put(format!("{content:?}").as_bytes());
            put(bytes);
        }
        hash.finalize().into()
    }
}

/// Sizes, never content.
impl fmt::Debug for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, kind, enclosures, .. } = self;
        write!(f, "Packet({id}, {kind:?}, {} enclosures)", enclosures.len())
    }
}

impl fmt::Debug for Enclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Enclosure({} bytes)", self.bytes.len())
    }
}
