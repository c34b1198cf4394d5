//! `whorl identify`: who in a gallery is this.

mod remote;

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use rayon::prelude::*;
use serde::Serialize;
use whorl_index::{Files, Mode};
use whorl_service::sample::{self, Instance, SampleError};
use whorl_service::{Candidate, CandidateList, Engine, Omission, Search, Watch};
use whorl_types::{Coverage, Guarantee, ReferenceId, Verdict};

use crate::arguments::{Captured, FaceModel, Keyed, Meaning, Remote, Searched};
use crate::console::{Console, LeftOut, Reported, Show, Table};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl identify --gallery national unknown.png
  whorl identify --gallery national thumb.wsq --position left-thumb --top 5 --json
  whorl identify --gallery national right.png left.png --together    # two fingers of one person
  whorl identify --gallery national eye.png --modality iris --position left --mirrored
  whorl identify --gallery national latent.png --exact               # compare everything in full
  whorl identify --gallery national print.png --among ids.txt        # only with these, in full
  whorl identify --gallery watchlist portrait.jpg --modality face --ann    # after `whorl gallery index watchlist`
  whorl identify --server https://abis.example.org:7443 --server-ca ca.pem --token-file token --gallery national unknown.png

The verdict of each candidate follows from the target FPIR and the size of the gallery: \"duplicate\" is that person,
\"adjudicate\" is for a human to look at, \"unique\" is somebody else.";

/// Find out whose finger, eye or face this is, among those in a gallery
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Identify {
    /// Folder of the gallery, or with --server its name there
    #[arg(long, value_name = "DIR")]
    gallery: PathBuf,

    #[command(flatten)]
    keyed: Keyed,

    /// Images, records or templates; each is looked for on its own unless --together is given
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,

    /// All images show fingers, eyes or faces of one person: their evidence is added up
    #[arg(long)]
    together: bool,

    /// Compare only with the references whose ids this file lists, one a line
    #[arg(long, value_name = "FILE", conflicts_with = "ann")]
    among: Option<PathBuf>,

    /// The most candidates of each search
    #[arg(long, default_value = "10", value_name = "K", value_parser = clap::value_parser!(u16).range(1..=1000))]
    top: u16,

    /// Look for faces by the index of the gallery, which finds most and not all: each answer says how many. Fingers and eyes are
    /// searched as ever
    #[arg(long, conflicts_with = "exact")]
    ann: bool,

    #[command(flatten)]
    searched: Searched,

    #[command(flatten)]
    captured: Captured,

    #[command(flatten)]
    meaning: Meaning,

    #[command(flatten)]
    faces: FaceModel,

    #[command(flatten)]
    remote: Remote,

    /// Where to list what was left out, if anything is
    #[arg(long, default_value = "not-identified.csv", value_name = "FILE")]
    left_out: PathBuf,
}

/// A person to look for: the images and the fingers, eyes and faces that they show.
type Probe = (Vec<PathBuf>, Vec<Instance>);

/// The answers.
#[derive(Debug, Serialize)]
struct Answers {
    searches: Vec<Answer>,
    left_out: LeftOut,
}

/// The answer to one probe.
#[derive(Debug, Serialize)]
struct Answer {
    images: Vec<PathBuf>,
    /// What was reported of the images' liveness, where somebody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    liveness: Option<Reported>,
    candidates: Vec<Ranked>,
    references: u64,
    /// The number of the gallery's last change that the search saw.
    sequence: u64,
    rows_scanned: u64,
    rows_compared: u64,
    /// `exhaustive` where every row was compared in full, `measured` where the first stage chose, `approximate` where faces
    /// were looked for by an index.
    guarantee: &'static str,
    /// What the index promises, where there was one.
    #[serde(flatten)]
    index: Option<ByIndex>,
}

/// What an index did for an answer, and how many of the mates it finds.
#[derive(Debug, Clone, Copy, Serialize)]
struct ByIndex {
    rows_indexed: u64,
    /// The part of the mates that it finds, of those that an exhaustive search puts first, 0 to 1.
    index_recall: f64,
    /// What that is at least, with 95 % confidence.
    index_recall_at_least: f64,
}

/// One candidate.
#[derive(Debug, Serialize)]
struct Ranked {
    rank: usize,
    reference: String,
    llr: f32,
    fmr: f64,
    fmr_extrapolated: bool,
    verdict: &'static str,
    instances: usize,
    raw: Vec<u32>,
    /// Whether an eye was found as a mirror shows it.
    mirrored: bool,
}

impl Identify {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        self.remote.allows(&self.faces, &self.meaning)?;
        if let Some(client) = self.remote.client()? {
            return remote::identify(self, client, console);
        }
        let gallery = self.keyed.snapshot(&self.gallery)?;
        let gallery = if self.ann { gallery.with_index(&Files::new(&self.gallery))? } else { gallery };
        let engine = self.meaning.of(self.faces.engine(threads)?)?;
        let (probes, omissions) = self.probes(&engine, console);
        let left_out = LeftOut::tell(&omissions, &self.left_out)?;
        let instances: Vec<Vec<Instance>> = probes.iter().map(|(_, instances)| instances.clone()).collect();
        let search = self.search()?;
        let answers = match &self.among {
            Some(file) => engine.identify_among(&gallery, &instances, &named(file)?, &search)?,
            None => engine.identify(&gallery, &instances, &search)?,
        };
        let searches: Vec<Answer> =
            probes.into_iter().zip(answers).map(|((images, _), found)| answer(images, found)).collect();
        let outcome = Outcome::of(searches.len(), left_out.count);
        console.print(&Answers { searches, left_out })?;
        Ok(outcome)
    }

    fn search(&self) -> anyhow::Result<Search> {
        let search = self.searched.search(usize::from(self.top))?;
        Ok(match search.mode {
            Mode::Cascade(shortlist) if self.ann => Search { mode: Mode::Ann(shortlist), ..search },
            Mode::Exact | Mode::Cascade(_) | Mode::Ann(_) => search,
        })
    }

    /// Who is looked for: the images of each and what they show; and the images that show nothing.
    fn probes(&self, engine: &Engine, console: Console) -> (Vec<Probe>, Vec<Omission>) {
        let bars = console.bars();
        bars.begin("extracting", self.images.len());
        let load = |path: &PathBuf| {
            let loaded = sample::load(path, engine.faces(), |bytes| self.captured.of(bytes));
            bars.advance(1);
            loaded
        };
        let loaded: Vec<Vec<Result<Instance, SampleError>>> =
            engine.install(|| self.images.par_iter().map(load).collect());
        let (mut probes, mut omissions, mut advice) = (Vec::new(), Vec::new(), None);
        for (path, loaded) in self.images.iter().zip(loaded) {
            let mut instances = Vec::new();
            for one in loaded {
                match one {
                    Ok(instance) => instances.push(instance),
                    Err(error) => {
                        advice = advice.or(self.captured.advice(&error));
                        omissions.push(Omission::of_file(path, error));
                    }
                }
            }
            if !instances.is_empty() {
                probes.push((vec![path.clone()], instances));
            }
        }
        if let Some(advice) = advice {
            console.note(format_args!("note: {advice}"));
        }
        if self.together && probes.len() > 1 {
            let (images, instances): (Vec<_>, Vec<_>) = probes.into_iter().unzip();
            probes = vec![(images.concat(), instances.concat())];
        }
        (probes, omissions)
    }
}

/// The ids that a file lists.
fn named(file: &Path) -> anyhow::Result<Vec<ReferenceId>> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let id = |(line, number): (&str, usize)| {
        ReferenceId::new(line.trim()).with_context(|| format!("{}, line {number}", file.display()))
    };
    lines.map(id).collect()
}

fn answer(images: Vec<PathBuf>, CandidateList { candidates, coverage, liveness }: CandidateList) -> Answer {
    let ranked = candidates.into_iter().zip(1..).map(|(found, rank)| Ranked::new(rank, &found)).collect();
    Answer::new(images, liveness.first().map(Reported::new), ranked, coverage)
}

impl Answer {
    fn new(images: Vec<PathBuf>, liveness: Option<Reported>, candidates: Vec<Ranked>, coverage: Coverage) -> Self {
        let Coverage { references, sequence, rows_scanned, rows_compared, guarantee } = coverage;
        let (guarantee, index) = match guarantee {
            Guarantee::Exhaustive => ("exhaustive", None),
            Guarantee::Measured => ("measured", None),
            Guarantee::Approximate { rows_indexed, recall_ppm, least_recall_ppm } => {
                let [index_recall, index_recall_at_least] =
                    [recall_ppm, least_recall_ppm].map(|ppm| f64::from(ppm) / 1e6);
                ("approximate", Some(ByIndex { rows_indexed, index_recall, index_recall_at_least }))
            }
        };
        Self { images, liveness, candidates, references, sequence, rows_scanned, rows_compared, guarantee, index }
    }
}

impl fmt::Display for ByIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows_indexed, index_recall, index_recall_at_least } = self;
        let [recall, least] = [index_recall, index_recall_at_least].map(|part| part * 100.0);
        write!(
            f,
            "{rows_indexed} faces were looked for by an index, which finds {recall:.2} % of the mates that an exhaustive search puts \
             first (at least {least:.2} % with 95 % confidence): to be sure that somebody is not there, search without --ann"
        )
    }
}

impl Ranked {
    fn new(rank: usize, Candidate { id, evidence, verdict }: &Candidate) -> Self {
        Self {
            rank,
            reference: id.to_string(),
            llr: evidence.llr.nats(),
            fmr: evidence.fmr.fmr.get(),
            fmr_extrapolated: evidence.fmr.extrapolated,
            verdict: verdict.name(),
            instances: evidence.instances.len(),
            raw: evidence.instances.iter().map(|compared| compared.score.similarity.get()).collect(),
            mirrored: evidence.instances.iter().any(|compared| compared.mirrored),
        }
    }
}

impl Show for Answers {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        for search in &self.searches {
            let images: Vec<String> = search.images.iter().map(|image| image.display().to_string()).collect();
            writeln!(out, "{}", images.join(" + "))?;
            if let Some(reported) = &search.liveness {
                writeln!(out, "{reported}; no verdict rests on it")?;
            }
            let Answer { references, rows_scanned, rows_compared, guarantee, index, .. } = search;
            let mut table = Table::new(["rank", "reference", "verdict", "llr", "FMR", "compared"]);
            for found in &search.candidates {
                let Ranked { rank, reference, llr, fmr, verdict, instances, mirrored, .. } = found;
                let llr = format!("{llr:.2}");
                let cells = [rank.to_string(), reference.clone(), (*verdict).to_owned(), llr, format!("{fmr:.1e}")];
                let [rank, reference, verdict, llr, fmr] = cells;
                let mirror = if *mirrored { ", in a mirror" } else { "" };
                table.push([rank, reference, verdict, llr, fmr, format!("{instances}{mirror}")]);
            }
            table.write(out)?;
            let known = search.candidates.iter().any(|found| found.verdict == Verdict::Duplicate.name());
            let answer = if known { "enrolled" } else { "nobody is near enough to decide" };
            let scanned =
                if *rows_scanned == 0 { String::new() } else { format!("{rows_scanned} templates scanned, ") };
            writeln!(
                out,
                "{answer}; {references} references, {scanned}{rows_compared} compared in full ({guarantee})"
            )?;
            if let Some(index) = index {
                writeln!(out, "{index}")?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}
