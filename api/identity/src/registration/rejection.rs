//! Why a registration is refused.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a registration is refused. No message has a demographic value in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case", tag = "reason", content = "detail")]
pub enum Rejection {
    /// No consent, or for another purpose.
    #[error("there is no consent for `{0}`: ask for it and send a correction")]
    Consent(String),
    /// Demographic fields are not as the schema of the deployment says.
    #[error("demographic fields: {0}")]
    Schema(String),
    /// A document that is required is not there.
    #[error("a document of category `{0}` is required: send a correction with it")]
    Document(String),
    /// A minor has nobody who vouches for him.
    #[error("who is below {0} years of age needs an introducer with a UIN in force")]
    Introducer(u16),
    /// The UIN is nobody's, or out of force.
    #[error("the UIN is not one that this can be done with")]
    Uin,
    /// Another registration of the same person is being worked on.
    #[error("another registration of this person is being worked on: send this one when it is done")]
    Busy,
    /// What is corrected is not there, or nothing can be corrected about it.
    #[error("there is no rejected registration of this name that could be corrected")]
    Corrected,
    /// Too few samples gave templates.
    #[error("{found} samples gave templates, and {least} are needed: capture again and send a correction")]
    Quality {
        /// How many did.
        found: usize,
        /// How many are needed.
        least: usize,
    },
    /// A sample was reported to be a presentation attack.
    #[error("a sample was reported to be a presentation attack")]
    Attack,
    /// The person is registered already.
    #[error("the person is registered already")]
    Duplicate,
    /// The samples are not of the person whose record is to be changed.
    #[error("the samples are not of the person whose UIN this is")]
    OtherPerson,
    /// Nobody like this person is registered.
    #[error("nobody like this person is registered")]
    NotFound,
}

impl Rejection {
    /// Whether a correction may follow: the station did something wrong, and the person did not.
    #[must_use]
    pub fn is_correctable(&self) -> bool {
        match self {
            Self::Consent(_) | Self::Schema(_) | Self::Document(_) | Self::Introducer(_) | Self::Quality { .. } => true,
            Self::Uin
            | Self::Busy
            | Self::Corrected
            | Self::Attack
            | Self::Duplicate
            | Self::OtherPerson
            | Self::NotFound => false,
        }
    }

    /// What it is called in answers.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Consent(_) => "consent",
            Self::Schema(_) => "schema",
            Self::Document(_) => "document",
            Self::Introducer(_) => "introducer",
            Self::Uin => "uin",
            Self::Busy => "busy",
            Self::Corrected => "corrected",
            Self::Quality { .. } => "quality",
            Self::Attack => "attack",
            Self::Duplicate => "duplicate",
            Self::OtherPerson => "other_person",
            Self::NotFound => "not_found",
        }
    }
}
