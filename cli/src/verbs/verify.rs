//! `whorl verify`: is this the person who is enrolled under a name.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use whorl_index::{Files, Snapshot};
use whorl_sdk::client::Threshold;
use whorl_sdk::client::blocking::Client;
use whorl_service::sample::{self, Instance};
use whorl_types::{Decision, Fmr, ReferenceId};

use crate::arguments::{Captured, FaceModel, Meaning, Remote, name_of, rate};
use crate::console::{Console, LeftOutItem, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl verify --gallery national --reference F-2051/1 thumb.png --position right-thumb
  whorl verify --gallery national --reference F-2051/1 right.png left.png --modality iris
  whorl verify --server https://abis.example.org:7443 --server-ca ca.pem --token-file token --gallery national \
    --reference F-2051/1 gate.jpg --modality face

All images are of one person: their evidence is added up. Two files are compared by `whorl compare`.";

/// How often a stranger may pass where nobody says it, as in `whorl compare`.
const TARGET_FMR: f64 = 1e-4;

/// Find out whether somebody is who he claims to be, among those in a gallery
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Verify {
    /// Folder of the gallery, or with --server its name there
    #[arg(long, value_name = "DIR")]
    gallery: PathBuf,

    /// Who he claims to be: the id under which that person is enrolled, as SUBJECT/ENCOUNTER
    #[arg(long, value_name = "ID")]
    reference: String,

    /// Images or records of him
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,

    /// How often a stranger may pass for a match [default: 1e-4, or as the server's configuration says]
    #[arg(long, value_name = "RATE", value_parser = rate)]
    target_fmr: Option<f64>,

    /// Also compare eyes as a mirror shows them
    #[arg(long)]
    mirrored: bool,

    #[command(flatten)]
    captured: Captured,

    #[command(flatten)]
    meaning: Meaning,

    #[command(flatten)]
    faces: FaceModel,

    #[command(flatten)]
    remote: Remote,
}

/// What is to be said of the claim.
#[derive(Debug, Serialize)]
struct Verified {
    images: Vec<PathBuf>,
    reference: String,
    decision: &'static str,
    llr: f32,
    fmr: f64,
    fmr_extrapolated: bool,
    /// Fingers, eyes and faces that were compared and count.
    instances: usize,
    /// What took no part.
    left_out: Vec<LeftOutItem>,
}

impl Verify {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        self.remote.allows(&self.faces, &self.meaning)?;
        let verified = match self.remote.client()? {
            Some(client) => self.ask(&client)?,
            None => self.compare(threads)?,
        };
        for item in &verified.left_out {
            Console::warn(format_args!("left out: {item}"));
        }
        let outcome = Outcome::of(1, verified.left_out.len());
        console.print(&verified)?;
        Ok(outcome)
    }

    fn target(&self) -> anyhow::Result<Option<Fmr>> {
        self.target_fmr.map(Fmr::new).transpose().context("the target cannot be")
    }

    fn compare(&self, threads: usize) -> anyhow::Result<Verified> {
        let engine = self.meaning.of(self.faces.engine(threads)?)?;
        let target = self.target()?.map_or_else(|| Fmr::new(TARGET_FMR), Ok)?;
        let id = ReferenceId::new(self.reference.as_str())?;
        let enrolled = Snapshot::open(&Files::new(&self.gallery))?.fetch(&id)?;
        let enrolled = enrolled.with_context(|| format!("nobody is enrolled as {id}"))?.templates.into_iter();
        let enrolled = enrolled.map(|(position, template)| Instance { position, template, liveness: None });
        let (mut probe, mut left_out) = (Vec::new(), Vec::new());
        for path in &self.images {
            for loaded in sample::load(path, engine.faces(), |bytes| self.captured.of(bytes)) {
                match loaded {
                    Ok(instance) => probe.push(instance),
                    Err(error) => left_out.push(LeftOutItem::from(&whorl_service::Omission::of_file(path, error))),
                }
            }
        }
        if let [first, ..] = left_out.as_slice()
            && probe.is_empty()
        {
            anyhow::bail!("nothing can be compared: {first}");
        }
        let evidence = engine.compare(&probe, &enrolled.collect::<Vec<_>>(), self.mirrored);
        Ok(Verified {
            images: self.images.clone(),
            reference: self.reference.clone(),
            decision: word(engine.decide(&evidence, target)),
            llr: evidence.llr.nats(),
            fmr: evidence.fmr.fmr.get(),
            fmr_extrapolated: evidence.fmr.extrapolated,
            instances: evidence.instances.len(),
            left_out,
        })
    }

    fn ask(&self, client: &Client) -> anyhow::Result<Verified> {
        let samples = self.images.iter().map(|image| self.captured.sample(image)).collect::<Result<Vec<_>, _>>()?;
        let threshold = Threshold { target_fmr: self.target()?, mirrored: self.mirrored };
        let id = ReferenceId::new(self.reference.as_str())?;
        let told = client.verify(name_of(&self.gallery)?, &id, samples, threshold)?;
        let left_out = told.refusals.into_iter().map(|refusal| LeftOutItem {
            line: None,
            what: self.images.get(refusal.sample).map_or_else(String::new, |image| image.display().to_string()),
            reason: refusal.reason.into(),
            detail: refusal.message,
        });
        Ok(Verified {
            images: self.images.clone(),
            reference: self.reference.clone(),
            decision: word(told.decision),
            llr: told.evidence.llr.nats(),
            fmr: told.evidence.fmr.get(),
            fmr_extrapolated: told.evidence.fmr_extrapolated,
            instances: told.evidence.instances.len(),
            left_out: left_out.collect(),
        })
    }
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Match => "match",
        Decision::NonMatch => "non-match",
    }
}

impl Show for Verified {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { reference, decision, llr, fmr, fmr_extrapolated, instances, .. } = self;
        let extrapolated = if *fmr_extrapolated { ", extrapolated" } else { "" };
        writeln!(out, "{decision} with {reference}")?;
        writeln!(out, "llr       {llr:.2}, of {instances} fingers, eyes and faces that were compared")?;
        writeln!(out, "FMR       {fmr:.1e}{extrapolated}")
    }
}
