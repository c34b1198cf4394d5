//! A case: who is suspected, why, and what people said. It holds opaque names and numbers only.

use serde::{Deserialize, Serialize};

use super::{AdjudicationError, CaseId};
use crate::chance::Opaque;
use crate::layer::Layer;
use crate::linkage::Likeness;
use crate::matcher::Resembling;
use crate::registration::{PacketKind, Registration, RegistrationError, RegistrationId};
use crate::store::{Draft, Table, Tables, following};
use crate::subject::SubjectId;
use crate::vault::{Place, Vault, VaultError};

/// The most bytes of a reason.
pub(super) const MOST_REASON_BYTES: usize = 1_024;

/// Somebody who may be the person of a registration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// Who.
    pub subject: SubjectId,
    /// What his templates say, by reference.
    pub biometric: Vec<Resembling>,
    /// What his demographic fields say.
    pub demographic: Option<Likeness>,
}

impl Suspect {
    /// Somebody of whom nothing is said yet.
    #[must_use]
    pub fn new(subject: SubjectId) -> Self {
        Self { subject, biometric: Vec::new(), demographic: None }
    }
}

/// What somebody says of one suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Of whom.
    pub subject: SubjectId,
    /// Whether he is the person of the registration.
    pub is_same: bool,
}

/// What somebody decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Who.
    pub by: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Of each suspect.
    pub findings: Vec<Finding>,
    /// Why.
    pub reason: String,
}

/// How far a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// People are deciding.
    Open,
    /// They disagree.
    Conflict,
    /// It is decided: the registration goes on.
    Settled {
        /// Who is the same person; nobody where all are others.
        same: Option<SubjectId>,
    },
}

/// A case of adjudication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What it is called.
    pub id: CaseId,
    /// The registration that waits for it.
    pub registration: RegistrationId,
    /// What that is to do.
    pub kind: PacketKind,
    /// Who registered it, and who oversaw that.
    pub operators: Vec<String>,
    /// When it was opened, in milliseconds since 1970.
    pub opened_ms: u64,
    /// Who is suspected.
    pub suspects: Vec<Suspect>,
    /// What too many have in common with the person for all of them to be compared by their demographic fields: others may be like him, who
    /// are not suspected. By [`BlockKey::shared`](crate::demographic::BlockKey::shared).
    #[serde(default)]
    pub too_common: Vec<String>,
    /// Who is to decide; anybody who may where nobody is named.
    pub assigned: Vec<String>,
    /// What people decided so far.
    pub opinions: Vec<Opinion>,
    /// How far it is.
    pub state: CaseState,
}

impl Case {
    fn load(vault: &Vault, tables: &dyn Tables, id: CaseId) -> Result<Option<Self>, VaultError> {
        let found = vault.get(tables, Place::new(Table::Cases, id.bytes()))?;
        Ok(found.map(|(case, _)| case))
    }

    /// The case of a name.
    pub(super) fn find(vault: &Vault, tables: &dyn Tables, id: CaseId) -> Result<Self, AdjudicationError> {
        Self::load(vault, tables, id)?.ok_or(AdjudicationError::Unknown(id))
    }

    /// Writes the case, and whether people have something to do.
    pub(super) fn save(&self, vault: &Vault, draft: &mut Draft<'_>) -> Result<(), VaultError> {
        let open = open_key(self.opened_ms, self.id);
        match self.state {
            CaseState::Open | CaseState::Conflict => draft.put(Table::OpenCases, &open, Vec::new()),
            CaseState::Settled { .. } => draft.delete(Table::OpenCases, &open),
        }
        vault.put(draft, &vault.common(), Place::new(Table::Cases, self.id.bytes()), self)
    }
}

/// Open cases are listed oldest first.
fn open_key(opened_ms: u64, id: CaseId) -> Vec<u8> {
    [&opened_ms.to_be_bytes()[..], id.bytes()].concat()
}

/// Opens a case about a registration.
pub(crate) fn open(
    layer: &Layer,
    draft: &mut Draft<'_>,
    registration: &Registration,
    suspects: Vec<Suspect>,
) -> Result<CaseId, RegistrationError> {
    let operator = &registration.operator;
    let case = Case {
        id: Opaque::draw()?,
        registration: registration.id.clone(),
        kind: registration.kind,
        operators: [&operator.name].into_iter().chain(&operator.supervisor).cloned().collect(),
        opened_ms: layer.now_ms(),
        suspects,
        too_common: registration.too_common.clone(),
        assigned: Vec::new(),
        opinions: Vec::new(),
        state: CaseState::Open,
    };
    case.save(&layer.vault, draft)?;
    Ok(case.id)
}

impl Layer {
    /// A case.
    ///
    /// # Errors
    /// [`AdjudicationError::Unknown`].
    pub fn case(&self, id: CaseId) -> Result<Case, AdjudicationError> {
        self.database.read(|tables| Case::find(&self.vault, tables, id))
    }

    /// Cases that are not settled, oldest first, `most` of them, after the one given.
    ///
    /// # Errors
    /// [`AdjudicationError::Unknown`] where there never was a case `after`.
    pub fn open_cases(&self, after: Option<CaseId>, most: usize) -> Result<Vec<Case>, AdjudicationError> {
        self.database.read(|tables| {
            let from = match after {
                Some(after) => following(&open_key(Case::find(&self.vault, tables, after)?.opened_ms, after)),
                None => Vec::new(),
            };
            let keys = tables.range(Table::OpenCases, &from, &[], most)?;
            let id = |(key, _): (Vec<u8>, Vec<u8>)| CaseId::from_bytes(key.get(size_of::<u64>()..)?);
            keys.into_iter().filter_map(id).map(|id| Case::find(&self.vault, tables, id)).collect()
        })
    }
}
