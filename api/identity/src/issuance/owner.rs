//! Whose a number is. Numbers are kept blinded, and are never given twice, not even after their holder is erased.

use crate::numbers::{DrawError, Filter};
use crate::store::{Draft, StoreError, Table, Tables};
use crate::subject::SubjectId;
use crate::vault::Vault;

/// How many numbers are drawn before a deployment is told that nearly all are given: with one in a hundred left, all of them are taken with
/// a chance of one in ten thousand.
const MOST_DRAWS: u32 = 1_000;

/// Whose number this is, among those of a kind (`uin`, `vid`).
pub(crate) fn number_owner(
    vault: &Vault,
    tables: &dyn Tables,
    kind: &str,
    number: &str,
) -> Result<Option<SubjectId>, StoreError> {
    let owner = tables.get(Table::Numbers, &vault.blind(kind, number))?;
    Ok(owner.and_then(|bytes| SubjectId::from_bytes(&bytes)))
}

/// A number of a kind (`uin`, `vid`) that nobody has or had, given to `subject`.
pub(crate) fn claim_number<E>(
    vault: &Vault,
    draft: &mut Draft<'_>,
    (kind, rules): (&str, &Filter),
    subject: SubjectId,
) -> Result<String, E>
where
    E: From<StoreError> + From<DrawError>,
{
    for _ in 0..MOST_DRAWS {
        let number = rules.draw()?;
        let blinded = vault.blind(kind, &number);
        if draft.get(Table::Numbers, &blinded)?.is_none() {
            draft.put(Table::Numbers, &blinded, subject.bytes().to_vec());
            return Ok(number);
        }
    }
    Err(DrawError::NothingLeft { attempts: MOST_DRAWS }.into())
}
