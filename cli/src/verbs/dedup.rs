//! `whorl dedup`: who of a population is there twice.

mod page;
mod pictures;
mod summary;
mod tables;
mod truth;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use whorl_index::Snapshot;
use whorl_service::deduplicate::{Deduplication, Truth, TruthReport};
use whorl_service::population::{self, Enrolee, Listing, Population};
use whorl_service::{Engine, Omission, Watch};

use crate::arguments::{Chosen, FaceModel, Keyed, Meaning, Reports, Searched};
use crate::console::{Console, LeftOut};
use crate::outcome::Outcome;
use crate::verbs::MANIFEST;

pub(super) use summary::Summary;

const EXAMPLES: &str = "\
Examples:
  whorl dedup --manifest people.csv --out result              # then open result/report.html
  whorl dedup --manifest new.csv --gallery national --out result
  whorl dedup --manifest people.csv --out result --truth truth.csv --json

All fingers, eyes and faces of one subject at one encounter count together as one reference, and every reference is held against all
others. Pairs of different subjects are the findings: \"duplicate\" is decided, \"adjudicate\" is for a human to look at, and of
a \"mixed\" pair one finger, eye or face agrees while the others speak against it. Encounters of one subject are said to be the same
person already: they are confirmed, unconfirmed or contradicted.

All of it happens on this machine, and nobody is enrolled. On a server, enrol the manifest (`whorl enrol --server`), which leaves out and
names who resembles somebody, then hold everybody of the gallery against everybody: `whorl gallery dedup NAME --server`.

DIR gets:
  report.html   everything on one page: clusters side by side with what agrees in them, refusals, time
  clusters.csv  who belongs together: cluster, reference, subject, encounter, ...
  pairs.csv     every pair behind that, with its evidence finger by finger and eye by eye
  left-out.csv  what was left out, where anything was";

/// The most candidates of one reference: more duplicates of one person than this are a fault of the data.
const MOST_CANDIDATES: usize = 100;

/// Find everybody of a population who is enrolled more than once
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MANIFEST}"))]
pub(crate) struct Dedup {
    /// The population: CSV with the columns path, subject, modality, position, encounter and maybe ppi
    #[arg(long, value_name = "FILE")]
    pub(super) manifest: PathBuf,

    /// Folder for the result; made where it is missing
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,

    /// Also hold everybody against this gallery
    #[arg(long, value_name = "DIR")]
    pub(super) gallery: Option<PathBuf>,

    #[command(flatten)]
    pub(super) keyed: Keyed,

    /// Who the subjects really are, as CSV with the columns subject and person: says what was found, missed and made up
    #[arg(long, value_name = "FILE")]
    pub(super) truth: Option<PathBuf>,

    #[command(flatten)]
    pub(super) searched: Searched,

    #[command(flatten)]
    pub(super) meaning: Meaning,

    #[command(flatten)]
    pub(super) faces: FaceModel,

    #[command(flatten)]
    pub(super) chosen: Chosen,

    #[command(flatten)]
    pub(super) reports: Reports,

    /// Asked of other verbs; here it is told what to do instead
    #[arg(long, value_name = "URL", hide = true)]
    pub(super) server: Option<String>,
}

/// Everything that the outputs are made of.
struct Results<'a> {
    verb: &'a Dedup,
    engine: &'a Engine,
    enrolees: Vec<Enrolee>,
    omissions: Vec<Omission>,
    found: Deduplication,
    truth: Option<TruthReport>,
    /// Samples that took part or were to.
    samples: usize,
    extracting: Duration,
    searching: Duration,
}

impl Dedup {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        if self.server.is_some() {
            bail!(
                "dedup holds a manifest against itself on this machine and enrols nobody, which no server does: enrol it with `whorl enrol \
                 --server`, which leaves out and names who resembles somebody, then use `whorl gallery dedup NAME --server`"
            );
        }
        let summary = self.deduplicate(console, threads)?;
        let outcome = Outcome::of(summary.references, summary.left_out.count);
        console.print(&summary)?;
        Ok(outcome)
    }

    /// Does the whole work and writes the result.
    pub(super) fn deduplicate(&self, console: Console, threads: usize) -> anyhow::Result<Summary> {
        let truth = self.truth.as_deref().map(truth::read).transpose()?;
        let gallery = self.gallery.as_ref().map(|folder| self.keyed.snapshot(folder)).transpose()?;
        let listing = self.chosen.list(&self.manifest, self.reports.into(), console)?;
        fs::create_dir_all(&self.out).with_context(|| format!("cannot make the folder {}", self.out.display()))?;
        let engine = self.meaning.of(self.faces.engine(threads)?)?;
        let results = self.search(console, &engine, listing, gallery.as_ref(), truth)?;
        self.write(console, &results)
    }

    fn search<'a>(
        &'a self,
        console: Console,
        engine: &'a Engine,
        listing: Listing,
        gallery: Option<&Snapshot>,
        truth: Option<Truth>,
    ) -> anyhow::Result<Results<'a>> {
        let bars = console.bars();
        let samples = listing.samples() + listing.omissions.len();
        let began = Instant::now();
        bars.begin("extracting", listing.samples());
        let Population { enrolees, mut omissions } =
            engine.install(|| population::extract(&listing.listed, engine.faces(), &bars));
        omissions.splice(0..0, listing.omissions);
        let extracting = began.elapsed();
        let began = Instant::now();
        let found = engine.deduplicate(&enrolees, gallery, &self.searched.search_all(MOST_CANDIDATES)?, &bars)?;
        let (searching, truth) = (began.elapsed(), truth.map(|truth| truth.judge(&found)));
        Ok(Results { verb: self, engine, enrolees, omissions, found, truth, samples, extracting, searching })
    }

    fn write(&self, console: Console, results: &Results<'_>) -> anyhow::Result<Summary> {
        let left_out = LeftOut::tell(&results.omissions, &self.out.join("left-out.csv"))?;
        if results.enrolees.is_empty() {
            bail!("{} gave no template at all: nothing was compared", self.manifest.display());
        }
        let summary = Summary::new(results, left_out);
        self.file("clusters.csv", &tables::clusters(results)?)?;
        self.file("pairs.csv", &tables::pairs(results)?)?;
        let bars = console.bars();
        self.file("report.html", page::page(results, &summary, &bars).as_bytes())?;
        Ok(summary)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.out.join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }
}
