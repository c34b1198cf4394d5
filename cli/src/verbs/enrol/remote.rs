//! A manifest into a gallery of a server, by one stream; samples are read when the server has room for them.

use std::collections::HashMap;
use std::fs;
use std::sync::mpsc;
use std::time::Instant;

use anyhow::Context;
use whorl_datasets::manifest::Entry;
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{ClientError, Enrolled as Answer, EnrolledOne, Enrolment, Reason, Sample};
use whorl_service::Watch;
use whorl_service::population::Listed;

use super::{Enrol, Enrolled};
use crate::arguments::name_of;
use crate::console::{Console, LeftOut, LeftOutItem};
use crate::outcome::Outcome;

/// What became of a manifest so far.
#[derive(Default)]
struct Progress {
    references: usize,
    templates: usize,
    left_out: Vec<LeftOutItem>,
}

pub(super) fn enrol(verb: &Enrol, client: &Client, console: Console) -> anyhow::Result<Outcome> {
    let (began, gallery) = (Instant::now(), name_of(&verb.gallery)?);
    let listing = verb.chosen.list(&verb.manifest, verb.reports.into(), console)?;
    create_where_missing(client, gallery)?;
    let mut progress =
        Progress { left_out: listing.omissions.iter().map(LeftOutItem::from).collect(), ..Progress::default() };
    let rows = listing.listed.iter().map(|one| (one.id.to_string(), places(&one.entries)));
    let rows = rows.collect::<HashMap<_, _>>();
    let bars = console.bars();
    bars.begin("enrolling", listing.listed.len());
    let (tell, unreadable) = mpsc::channel();
    let name = gallery.to_owned();
    let enrolments = listing.listed.into_iter().filter_map(move |one| {
        // The other end lives until the stream is over.
        enrolment(&name, &one).map_err(|item| tell.send(item)).ok()
    });
    for answer in client.enrol_many(enrolments)? {
        let EnrolledOne { id, result, .. } = answer.context("the enrolment ended early; a second run goes on")?;
        bars.advance(1);
        progress.count(&id, result, rows.get(&id).map_or(&[][..], |rows| rows));
    }
    drop(bars);
    progress.left_out.extend(unreadable);
    let left_out = LeftOut::tell_of(&progress.left_out, &verb.left_out)?;
    let outcome = Outcome::of(progress.references, left_out.count);
    console.print(&Enrolled {
        gallery: verb.gallery.clone(),
        references: progress.references,
        templates: progress.templates,
        references_in_gallery: client.galleries().get(gallery)?.references,
        seconds: began.elapsed().as_secs_f64(),
        left_out,
    })?;
    Ok(outcome)
}

/// As a folder would be made.
pub(crate) fn create_where_missing(client: &Client, gallery: &str) -> Result<(), ClientError> {
    match client.galleries().get(gallery) {
        Err(error) if error.reason() == Some(Reason::GalleryNotFound) => client.galleries().create(gallery).map(|_| ()),
        Err(error) => Err(error),
        Ok(_) => Ok(()),
    }
}

/// Where the samples of a person stand in the manifest.
fn places(entries: &[Entry]) -> Vec<(u64, String)> {
    entries.iter().map(|entry| (entry.line, entry.listed.clone())).collect()
}

fn enrolment(gallery: &str, one: &Listed) -> Result<Enrolment, LeftOutItem> {
    let mut samples = Vec::new();
    for entry in &one.entries {
        let data = fs::read(&entry.path).map_err(|error| LeftOutItem {
            line: Some(entry.line),
            what: entry.listed.clone(),
            reason: "unreadable".into(),
            detail: format!("{error}; nobody was enrolled as {}", one.id),
        })?;
        let (modality, ppi, liveness) = (Some(entry.modality), entry.ppi, entry.liveness.clone());
        samples.push(Sample { modality, ppi, liveness, ..Sample::at(entry.position, data) });
    }
    Ok(Enrolment::new(gallery, one.id.clone(), samples))
}

impl Progress {
    /// Counts an answer; `rows` says where the samples stand in the manifest.
    fn count(&mut self, id: &str, result: Result<Answer, ClientError>, rows: &[(u64, String)]) {
        let answer = match result {
            Ok(answer) => answer,
            Err(error) => return self.left_out.push(LeftOutItem::of_server(id.to_owned(), &error)),
        };
        for refusal in &answer.refusals {
            let row = rows.get(refusal.sample);
            let (line, what) = row.map_or((None, id.to_owned()), |(line, listed)| (Some(*line), listed.clone()));
            let (reason, detail) = (refusal.reason.clone().into(), refusal.message.clone());
            self.left_out.push(LeftOutItem { line, what, reason, detail });
        }
        if answer.is_enrolled() {
            self.references += 1;
            self.templates += answer.templates as usize;
            return;
        }
        let strongest = answer.found.as_ref().and_then(|found| found.candidates.first());
        let detail = strongest.map_or_else(
            || "the server says so".to_owned(),
            |found| format!("resembles {} with {:.1} bans", found.id, found.evidence.llr.bans()),
        );
        let (what, reason) = (id.to_owned(), answer.verdict.name().into());
        self.left_out.push(LeftOutItem { line: None, what, reason, detail });
    }
}
