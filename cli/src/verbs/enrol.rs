//! `whorl enrol`: a manifest into a gallery.

mod remote;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use crate::arguments::{Chosen, FaceModel, Founded, Meaning, Remote, Reports};
use crate::console::{Console, LeftOut, Show};
use crate::outcome::Outcome;
use crate::verbs::MANIFEST;
pub(super) use remote::create_where_missing;

const EXAMPLES: &str = "\
Examples:
  whorl enrol --gallery national --manifest people.csv
  whorl gallery info national
  whorl enrol --gallery national --manifest people.csv --encrypt --master-key master-key    # see `whorl help keys new`
  whorl enrol --server https://abis.example.org:7443 --server-ca ca.pem --token-file token --gallery national --manifest people.csv

One reference is made for each subject and encounter, called SUBJECT/ENCOUNTER, with all its fingers, eyes and faces. References
that the gallery holds already are left out. What was enrolled survives a crash once the command has ended. A
server also looks for everybody before, as its configuration says, and who resembles somebody is left out, too.";

/// Add everybody of a manifest to a gallery; the gallery is created where there is none
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MANIFEST}"))]
pub(crate) struct Enrol {
    /// Folder of the gallery, or with --server its name there
    #[arg(long, value_name = "DIR")]
    gallery: PathBuf,

    #[command(flatten)]
    founded: Founded,

    /// Who is who: CSV with the columns path, subject, modality, position, encounter and maybe ppi
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,

    #[command(flatten)]
    faces: FaceModel,

    #[command(flatten)]
    chosen: Chosen,

    #[command(flatten)]
    reports: Reports,

    #[command(flatten)]
    remote: Remote,

    /// Where to list what was left out, if anything is
    #[arg(long, default_value = "left-out.csv", value_name = "FILE")]
    left_out: PathBuf,
}

/// What an enrolment did.
#[derive(Debug, Serialize)]
struct Enrolled {
    gallery: PathBuf,
    references: usize,
    templates: usize,
    references_in_gallery: u64,
    seconds: f64,
    left_out: LeftOut,
}

impl Enrol {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        self.remote.allows(&self.faces, &Meaning::default())?;
        if let Some(client) = self.remote.client()? {
            return remote::enrol(self, &client, console);
        }
        let began = Instant::now();
        let listing = self.chosen.list(&self.manifest, self.reports.into(), console)?;
        let gallery = self.founded.gallery(&self.gallery)?;
        let engine = self.faces.engine(threads)?;
        let gallery = gallery.on(engine.pool());
        let bars = console.bars();
        let enrolment = engine.enrol(&gallery, listing, &bars).context("the enrolment ended early")?;
        drop(bars);
        // Who comes next finds segments, and has no journal to replay.
        gallery.settle()?;
        let left_out = LeftOut::tell(&enrolment.omissions, &self.left_out)?;
        let outcome = Outcome::of(enrolment.references, left_out.count);
        console.print(&Enrolled {
            gallery: self.gallery.clone(),
            references: enrolment.references,
            templates: enrolment.templates,
            references_in_gallery: gallery.snapshot().len(),
            seconds: began.elapsed().as_secs_f64(),
            left_out,
        })?;
        Ok(outcome)
    }
}

impl Show for Enrolled {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { references, templates, references_in_gallery, seconds, .. } = self;
        writeln!(out, "enrolled {references} references with {templates} templates in {seconds:.1} s")?;
        writeln!(out, "{} holds {references_in_gallery} references now", self.gallery.display())
    }
}
