//! A bulk import: everybody of a manifest, as `whorl synth` and `whorl enrol` know them, is enrolled by one stream. Samples are read when
//! the server has room for them.
//!
//! ```text
//! cargo run -p whorl-sdk --example bulk_import -- http://127.0.0.1:7443 nation people/manifest.csv
//! ```
//! The environment may name files: `CA` of those who sign the server's certificate, `CERTIFICATE` and `KEY` of the client, `TOKEN_FILE` of
//! its token.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use whorl_datasets::manifest::{Entry, Manifest};
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{EnrolledOne, Enrolment, Files, Options, Reason, Sample};
use whorl_sdk::desk::DuplicateCheck;
use whorl_sdk::types::ReferenceId;

/// What became of a manifest.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    /// Who is enrolled now; among them, who was before.
    pub(crate) enrolled: usize,
    /// Who resembles somebody, whom a person must look at.
    pub(crate) resembling: Vec<String>,
    /// Who failed, and why.
    pub(crate) failed: Vec<(String, String)>,
}

/// Enrols everybody of `manifest` into `gallery`; `out` hears how far it is.
pub(crate) fn import(
    client: &Client,
    gallery: &str,
    manifest: &Path,
    out: &mut dyn Write,
) -> Result<Imported, Box<dyn Error>> {
    let mut subjects: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in Manifest::read(manifest, None)?.entries {
        subjects.entry(entry.subject.clone()).or_default().push(entry);
    }
    let (total, mut imported) = (subjects.len(), Imported::default());
    let (tell, unreadable) = mpsc::channel();
    let gallery = gallery.to_owned();
    let enrolments = subjects.into_iter().filter_map(move |(id, entries)| {
        let enrolment = read(&gallery, &id, &entries);
        // The other end lives until the import is done.
        enrolment.map_err(|error| tell.send((id, error.to_string()))).ok()
    });
    for (count, answer) in client.enrol_many(enrolments)?.enumerate() {
        imported.count(answer?);
        write!(out, "\r{} of {total}", count + 1)?;
        out.flush()?;
    }
    imported.failed.extend(unreadable);
    writeln!(out)?;
    Ok(imported)
}

/// The enrolment of one subject. The check lets those in whom a person must look at, so that they are found later.
fn read(gallery: &str, id: &str, entries: &[Entry]) -> Result<Enrolment, Box<dyn Error>> {
    let mut samples = Vec::new();
    for entry in entries {
        let (modality, ppi, liveness) = (Some(entry.modality), entry.ppi, entry.liveness.clone());
        let data = std::fs::read(&entry.path).map_err(|error| format!("{}: {error}", entry.listed))?;
        samples.push(Sample { modality, ppi, liveness, ..Sample::at(entry.position, data) });
    }
    let enrolment = Enrolment::new(gallery, ReferenceId::new(id)?, samples);
    Ok(Enrolment { check: Some(DuplicateCheck::UnlessDuplicate), ..enrolment })
}

impl Imported {
    fn count(&mut self, one: EnrolledOne) {
        match one.result {
            Ok(enrolled) if enrolled.is_enrolled() => self.enrolled += 1,
            Ok(_) => self.resembling.push(one.id),
            // An import that broke off is run again: who is there already is done.
            Err(error) if error.reason() == Some(Reason::AlreadyEnrolled) => self.enrolled += 1,
            Err(error) => self.failed.push((one.id, error.to_string())),
        }
    }
}

#[allow(dead_code, reason = "the tests have a manifest and a server of their own")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    let [address, gallery, manifest] = arguments.as_slice() else {
        return Err("give ADDRESS GALLERY MANIFEST".into());
    };
    let file = |name| env::var_os(name).map(PathBuf::from);
    let (authority, certificate, key, token) = (file("CA"), file("CERTIFICATE"), file("KEY"), file("TOKEN_FILE"));
    let client = Client::connect(Options::read(address, &Files { authority, certificate, key, token })?)?;
    let imported = import(&client, gallery, Path::new(manifest), &mut io::stderr())?;
    println!("{} enrolled, {} not, for they resemble somebody", imported.enrolled, imported.resembling.len());
    imported.resembling.iter().for_each(|id| println!("resembles somebody: {id}"));
    imported.failed.iter().for_each(|(id, why)| println!("failed: {id}: {why}"));
    if imported.failed.is_empty() { Ok(()) } else { Err("not everybody could be imported".into()) }
}
