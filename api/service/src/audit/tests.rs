//! Logs that are whole, and all that is done to them.

mod faults;
mod sealed;
mod tampering;
mod writing;

use std::fs;
use std::path::Path;

use super::{Audit, Entry, Report, verify};

/// The first of the files.
const FIRST: &str = "00000001.jsonl";

/// An entry that says `number`.
fn entry(number: u64) -> Entry {
    Entry {
        client: format!("certificate CN=station-{}", number % 3),
        method: "whorl.v1.IdentificationService/Identify".to_owned(),
        gallery: Some("national".to_owned()),
        references: vec![format!("{number}/1"), "4711/1".to_owned()],
        purpose: None,
        outcome: "OK".to_owned(),
        request: format!("r-{number}"),
        detail: None,
    }
}

/// Opens the log, writes these entries and closes it.
fn write(folder: &Path, numbers: impl IntoIterator<Item = u64>) {
    let audit = Audit::open(folder).unwrap();
    for number in numbers {
        audit.record(&entry(number)).unwrap();
    }
}

/// What a check without anchors finds.
fn check(folder: &Path) -> Report {
    verify(folder, &[]).unwrap()
}

/// Changes the bytes of a file.
fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Changes the lines of a file.
fn change_lines(path: &Path, with: impl FnOnce(&mut Vec<String>)) {
    change(path, |bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let mut lines: Vec<_> = text.split_inclusive('\n').map(str::to_owned).collect();
        with(&mut lines);
        *bytes = lines.concat().into_bytes();
    });
}
