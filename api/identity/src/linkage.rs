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

/// Who is like somebody, strongest first, and how far that was looked for.
#[derive(Debug, Default)]
pub(crate) struct Alike {
    pub(crate) likeness: Vec<Likeness>,
    /// What too many have in common with him for all of them to be compared, by [`BlockKey::shared`].
    pub(crate) too_common: Vec<String>,
}

/// Who is like `profile`, but for `own`.
pub(crate) fn alike(
    vault: &Vault,
    tables: &dyn Tables,
    demography: &Demography,
    profile: &Prepared,
    own: Option<SubjectId>,
) -> Result<Alike, VaultError> {
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
    let too_common = found.coverage.capped.iter().map(|kind| BlockKey::shared(*kind).to_owned());
    let mut too_common = too_common.collect::<Vec<_>>();
    // Keys of a kind follow one another.
    too_common.dedup();
    Ok(Alike { likeness: likeness.collect(), too_common })
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use whorl_index::MasterKey;

    use super::*;
    use crate::clock::ManualClock;
    use crate::demographic::Bounds;
    use crate::layer::{Layer, Parts};
    use crate::registration::{Operator, Packet, PacketKind, Registration};
    use crate::schema::Schema;
    use crate::settings::Settings;
    use crate::store::{Database, Memory};
    use crate::subject::{Consent, Demographics};

    /// 2026-01-01, in milliseconds since 1970.
    const NOW_MS: u64 = 1_767_225_600_000;

    fn layer() -> Layer {
        let database = Database::open(Arc::new(Memory::new())).unwrap();
        let keys = Arc::new(whorl_index::Memory::new());
        let vault = Vault::open(keys, &MasterKey::generate().unwrap(), &database).unwrap();
        let (demography, clock) =
            (Demography::new(Schema::default(), Rules::default()), Arc::new(ManualClock::new(NOW_MS)));
        let settings = Settings::default();
        Layer::new(Parts { database, vault, clock, settings, demography, matcher: None }).unwrap()
    }

    fn send(layer: &Layer, id: &str, demographics: &Demographics) -> Registration {
        let consent =
            Consent { purpose: "foundational-id".to_owned(), text: String::new(), is_given: true, at_ms: NOW_MS };
        let (name, station) = ("olga".to_owned(), "station-7".to_owned());
        let packet = Packet {
            id: id.parse().unwrap(),
            kind: PacketKind::New,
            uin: None,
            corrects: None,
            demographics: demographics.clone(),
            enclosures: Vec::new(),
            exceptions: Vec::new(),
            consent: Some(consent),
            introducer: None,
            operator: Operator { name, station, centre: String::new(), supervisor: None },
            captured_ms: NOW_MS,
        };
        layer.register(&packet).unwrap();
        layer.process(&packet.id).unwrap();
        layer.registration(&packet.id).unwrap()
    }

    #[test]
    fn a_case_says_what_too_many_share_for_all_of_them_to_be_compared() {
        let layer = layer();
        let fields = json!({
            "firstName": "Zubeida", "lastName": "Quillon", "dateOfBirth": "1984-03-07", "gender": "Female", "phone": "+99 5550 1234",
        });
        let fields = fields.as_object().unwrap().clone();
        send(&layer, "r1", &fields);
        let few = send(&layer, "r2", &fields);
        assert_eq!(layer.case(few.case.unwrap()).unwrap().too_common, [""; 0]);
        let profile = layer.demography.profile(json!({ "phone": "+99 5550 1234" }).as_object().unwrap());
        let lock = layer.vault.common();
        let crowd = layer.write(|draft| {
            (0..Bounds::default().per_block as u64).try_for_each(|number| {
                // Behind all who are drawn by chance.
                let id = [[u8::MAX; 8], number.to_be_bytes()].concat();
                let subject = SubjectId::from_bytes(&id).expect("a name of sixteen bytes");
                enter(&layer.vault, draft, (subject, &lock), &profile)
            })
        });
        crowd.unwrap();
        let many = layer.case(send(&layer, "r3", &fields).case.unwrap()).unwrap();
        assert_eq!((many.suspects.len(), many.too_common), (2, vec!["phone".to_owned()]));
    }
}
