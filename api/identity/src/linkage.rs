//! Demographic comparison over the store: block keys are kept blinded, and what is compared is sealed by each person's key.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::demographic::{self, Agreement, Block, BlockKey, Blocks, Prepared, Rules, Verdict, block_keys};
use crate::demography::Demography;
use crate::store::{Draft, StoreError, Table, Tables};
use crate::subject::SubjectId;
use crate::vault::{BLINDED_BYTES, Blinded, Lock, Place, Vault, VaultError};

/// What block keys are blinded for.
const PURPOSE: &str = "block";

/// That the demographic fields of somebody are like these, and by which of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// Who.
    pub subject: SubjectId,
    /// What speaks for one person, as the binary logarithm of the odds: 0 is as likely as not, in a register of the size expected.
    pub bits: f32,
    /// Whether it is enough to be sure, as far as a name can be.
    pub is_sure: bool,
    /// What each field says; never a value.
    pub fields: Vec<Agreement>,
}

/// What is kept of a person for comparison.
#[derive(Serialize, Deserialize)]
struct Profile {
    prepared: Vec<u8>,
    blocks: Vec<Blinded>,
}

/// Who is like `profile`, but for `own`, strongest first.
pub(crate) fn alike(
    vault: &Vault,
    tables: &dyn Tables,
    demography: &Demography,
    profile: &Prepared,
    own: Option<SubjectId>,
) -> Result<Vec<Likeness>, VaultError> {
    let rules = demography.rules();
    let stored = Stored { vault, tables, rules };
    let found = demographic::search(rules, profile, &stored, rules.bounds)?;
    let others = found.candidates.into_iter().filter(|candidate| Some(candidate.person) != own);
    let likeness = others.map(|candidate| Likeness {
        subject: candidate.person,
        bits: candidate.weight.bits,
        is_sure: candidate.weight.verdict == Verdict::Duplicate,
        fields: candidate.weight.fields.to_vec(),
    });
    Ok(likeness.collect())
}

/// Enters a person, so that those who come later find him.
pub(crate) fn enter(
    vault: &Vault,
    draft: &mut Draft<'_>,
    (subject, lock): (SubjectId, &Lock),
    profile: &Prepared,
) -> Result<(), VaultError> {
    let blocks = block_keys(profile).iter().map(|key| vault.blind(PURPOSE, key.as_str())).collect::<Vec<_>>();
    for block in &blocks {
        draft.put(Table::Blocks, &block_row(block, subject), Vec::new());
    }
    let profile = Profile { prepared: profile.to_bytes(), blocks };
    vault.put(draft, lock, Place::new(Table::Profiles, subject.bytes()), &profile)
}

/// Takes a person out.
pub(crate) fn leave(vault: &Vault, draft: &mut Draft<'_>, subject: SubjectId) -> Result<(), VaultError> {
    if let Some((profile, _)) = vault.get::<Profile>(draft, Place::new(Table::Profiles, subject.bytes()))? {
        for block in &profile.blocks {
            draft.delete(Table::Blocks, &block_row(block, subject));
        }
    }
    draft.delete(Table::Profiles, subject.bytes());
    Ok(())
}

fn block_row(block: &Blinded, subject: SubjectId) -> Vec<u8> {
    [&block[..], subject.bytes()].concat()
}

/// What the store has, as the search asks for it.
struct Stored<'a> {
    vault: &'a Vault,
    tables: &'a dyn Tables,
    rules: &'a Rules,
}

impl Blocks for Stored<'_> {
    type Error = VaultError;
    type Person = SubjectId;

    fn of(&self, key: &BlockKey, most: usize) -> Result<Block<SubjectId>, VaultError> {
        let blinded = self.vault.blind(PURPOSE, key.as_str());
        let mut rows = self.tables.beginning(Table::Blocks, &blinded, most + 1)?;
        let capped = rows.len() > most;
        rows.truncate(most);
        let person = |(row, _): (Vec<u8>, Vec<u8>)| SubjectId::from_bytes(&row[BLINDED_BYTES.min(row.len())..]);
        Ok(Block { persons: rows.into_iter().filter_map(person).collect(), capped })
    }

    fn prepared(&self, person: SubjectId) -> Result<Option<Prepared>, VaultError> {
        let kept = self.vault.get::<Profile>(self.tables, Place::new(Table::Profiles, person.bytes()))?;
        let read = |(profile, _): (Profile, Lock)| {
            let bytes = Zeroizing::new(profile.prepared);
            Prepared::from_bytes(&bytes).map_err(|_| StoreError::Damaged { table: Table::Profiles.name() }.into())
        };
        kept.map(read).transpose()
    }

    /// No count of names is kept, for that would be one more thing to know of everybody: all are taken to be as common as is typical.
    fn frequency(&self, _word: &str) -> f64 {
        self.rules.typical_frequency
    }
}
