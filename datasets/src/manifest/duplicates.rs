//! Rows that say the same thing twice, or two things of one file.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::path::Path;
use std::sync::Arc;

use whorl_types::{Modality, Position};

use super::fault::{Problem, RowFault};
use super::{Entry, Manifest};

/// Moves rows that repeat an earlier one to the faults of `manifest` and notes those that contradict an earlier one.
pub(super) fn set_aside(manifest: &mut Manifest, path: &Path) {
    let (repeated, warnings) = judge(&manifest.entries, path);
    manifest.warnings.extend(warnings);
    if repeated.is_empty() {
        return;
    }
    let mut lines = repeated.iter().map(|fault| fault.line).peekable();
    manifest.entries.retain(|entry| lines.next_if_eq(&entry.line).is_none());
    manifest.faults.extend(repeated);
    manifest.faults.sort_by_key(|fault| fault.line);
}

/// The rows at fault and the rows to warn of, each in file order.
fn judge(entries: &[Entry], path: &Path) -> (Vec<RowFault>, Vec<RowFault>) {
    let mut files: HashMap<&Path, &Entry> = HashMap::with_capacity(entries.len());
    let mut captures: HashMap<Capture<'_>, u64> = HashMap::with_capacity(entries.len());
    let path: Arc<Path> = path.into();
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    for entry in entries {
        let fault = |problem| RowFault::new(&path, entry.line, "path", &entry.listed, problem);
        match files.entry(&entry.path) {
            Occupied(first) => {
                let first = first.get();
                match contradiction(first, entry) {
                    Some(problem) => warnings.push(fault(problem)),
                    None => faults.push(fault(Problem::ListedTwice { first_line: first.line })),
                }
                continue;
            }
            Vacant(place) => place.insert(entry),
        };
        let Some(capture) = capture(entry) else { continue };
        match captures.entry(capture) {
            Occupied(first) => warnings.push(fault(Problem::SameCapture { first_line: *first.get() })),
            Vacant(place) => {
                place.insert(entry.line);
            }
        }
    }
    (faults, warnings)
}

/// What a second row of one file says otherwise than the first.
fn contradiction(first: &Entry, second: &Entry) -> Option<Problem> {
    (first.subject != second.subject)
        .then(|| Problem::OtherSubject { other: first.subject.clone(), first_line: first.line })
}

type Capture<'a> = (&'a str, Modality, Position, &'a str);

/// What one encounter holds only once; an unknown position may be any of ten fingers.
fn capture(entry: &Entry) -> Option<Capture<'_>> {
    (entry.position != Position::Unknown).then_some((
        entry.subject.as_str(),
        entry.modality,
        entry.position,
        entry.encounter.as_str(),
    ))
}
