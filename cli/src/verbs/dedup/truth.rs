//! The file that says who the subjects really are.

use std::path::Path;

use anyhow::{Context, bail};
use whorl_service::deduplicate::Truth;

/// Reads a CSV file with the columns `subject` and `person`.
///
/// # Errors
/// Where it cannot be read, lacks a column, or gives a subject two persons.
pub(super) fn read(path: &Path) -> anyhow::Result<Truth> {
    let failing = || format!("cannot read the truth {}", path.display());
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).with_context(failing)?;
    let header = reader.headers().with_context(failing)?.clone();
    let column = |name: &str| {
        let place = header.iter().position(|found| found.eq_ignore_ascii_case(name));
        place.with_context(|| format!("the truth {} has no column {name}: it needs subject and person", path.display()))
    };
    let (subject, person) = (column("subject")?, column("person")?);
    let mut truth = Truth::default();
    for record in reader.records() {
        let record = record.with_context(failing)?;
        let (subject, person) = (record[subject].to_owned(), record[person].to_owned());
        if let Some(other) = truth.person_of.insert(subject.clone(), person.clone())
            && other != person
        {
            bail!("the truth {} says that subject {subject} is {other} and also {person}", path.display());
        }
    }
    Ok(truth)
}
