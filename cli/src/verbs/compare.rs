//! `whorl compare`: two files, one answer.

mod found;
mod remote;
mod side;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use whorl_service::{Agreement, Evidence};
use whorl_types::{Decision, Fmr, InstanceScore};

use crate::arguments::{Captured, FaceModel, Meaning, Remote, rate};
use crate::console::{Console, Described, LeftOutItem, Show, Table};
use crate::draw;
use crate::outcome::Outcome;
use found::Found;
use side::Side;

const EXAMPLES: &str = "\
Examples:
  whorl compare a.png b.png
  whorl compare a.png b.png --svg both.svg          # open it in a browser: matched minutiae are joined by lines
  whorl compare enrolled.whorl probe.wsq --json
  whorl compare vendor-a.fmr vendor-b.fmr --target-fmr 1e-5
  whorl compare eye-a.png eye-b.png --modality iris --svg both.svg    # both irises unwrapped, what agrees in green
  whorl compare left.png flipped.png --modality iris --mirrored
  whorl compare passport.jp2 gate.jpg --modality face --svg both.svg  # boxes, points, aligned crops
  whorl compare a.png b.png --server https://abis.example.org:7443 --server-ca ca.pem --token-file token

What the words mean:
  raw    the comparator's own score: higher is more alike, and it has no unit
  llr    weight of evidence in nats: over 0 speaks for one person, under 0 for two; that of several fingers
         and eyes adds up
  FMR    how often two different people reach this much evidence (false match rate); \"extrapolated\" where it lies
         beyond what the calibration's corpus could count
  match  the FMR is at most the target";

/// Compare two fingers, two eyes or two faces, and say how sure the answer is
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Compare {
    /// An image, an ISO/IEC 19794-4 or -6 record, a Whorl template, or an ISO/IEC 19794-2 or ANSI/INCITS 378 minutiae
    /// record
    #[arg(value_name = "A")]
    probe: PathBuf,

    /// Another, of any of these kinds
    #[arg(value_name = "B")]
    reference: PathBuf,

    /// How often a stranger may pass for a match
    #[arg(long, default_value = "1e-4", value_name = "RATE", value_parser = rate)]
    target_fmr: f64,

    /// Draw both side by side into this SVG file: matched minutiae joined, or irises unwrapped with what agrees
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Also compare the eye of A as a mirror shows it: pictures may be flipped by mistake or by intent
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

/// What the comparison says.
#[derive(Debug, Serialize)]
struct Compared {
    probe: File,
    reference: File,
    /// Raw score of the pair of instances that says most; none where no pair may show the same one.
    raw: Option<u32>,
    llr: f32,
    fmr: f64,
    fmr_extrapolated: bool,
    target_fmr: f64,
    decision: &'static str,
    #[serde(flatten)]
    found: Option<Found>,
    instances: Vec<Pair>,
    /// What in either record took no part.
    left_out: Vec<LeftOutItem>,
}

/// One of the two; what is in it a server does not say.
#[derive(Debug, Serialize)]
struct File {
    file: PathBuf,
    instances: Vec<Described>,
}

/// Two instances that were compared.
#[derive(Debug, Serialize)]
struct Pair {
    modality: &'static str,
    probe: &'static str,
    reference: &'static str,
    raw: u32,
    llr: f32,
    mirrored: bool,
}

impl Compare {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        self.remote.allows(&self.faces, &self.meaning)?;
        let compared = match self.remote.client()? {
            Some(client) => remote::compare(self, &client)?,
            None => self.compare(threads)?,
        };
        for item in &compared.left_out {
            Console::warn(format_args!("left out: {item}"));
        }
        let outcome = Outcome::of(1, compared.left_out.len());
        console.print(&compared)?;
        Ok(outcome)
    }

    fn compare(&self, threads: usize) -> anyhow::Result<Compared> {
        let engine = self.meaning.of(self.faces.engine(threads)?)?;
        let read = |path, captured: &Captured| Side::read(path, captured, engine.faces(), self.svg.is_some());
        let probe = read(&self.probe, &self.captured)?;
        let reference = read(&self.reference, &self.captured.without_liveness())?;
        let target = Fmr::new(self.target_fmr).context("the target cannot be")?;
        let evidence = engine.compare(&probe.instances, &reference.instances, self.mirrored);
        let decision = engine.decide(&evidence, target);
        let strongest = strongest(&evidence);
        let agreement = strongest.and_then(|found| {
            let (a, b) = (&probe.instances[found.probe].template, &reference.instances[found.reference].template);
            Agreement::of(a, b, found.mirrored)
        });
        self.draw(&probe, &reference, strongest, agreement.as_ref())?;
        let left_out = probe.omissions.iter().chain(&reference.omissions).map(LeftOutItem::from).collect();
        Ok(Compared {
            probe: File { file: probe.path(), instances: probe.described() },
            reference: File { file: reference.path(), instances: reference.described() },
            raw: strongest.map(|compared| compared.score.similarity.get()),
            llr: evidence.llr.nats(),
            fmr: evidence.fmr.fmr.get(),
            fmr_extrapolated: evidence.fmr.extrapolated,
            target_fmr: self.target_fmr,
            decision: word(decision),
            found: agreement.as_ref().map(Found::new),
            instances: evidence.instances.iter().map(|compared| Pair::of(&compared.score, compared.mirrored)).collect(),
            left_out,
        })
    }

    /// Draws the two that say most, or the first of both where there are no such two.
    fn draw(
        &self,
        probe: &Side,
        reference: &Side,
        strongest: Option<&whorl_service::Compared>,
        agreement: Option<&Agreement>,
    ) -> anyhow::Result<()> {
        let Some(svg) = &self.svg else { return Ok(()) };
        let (Some(found), Some(agreement)) = (strongest, agreement) else {
            Console::warn(format_args!("nothing was drawn into {}: there is no pair to draw", svg.display()));
            return Ok(());
        };
        let drawing = draw::pair(&probe.shown(found.probe), &reference.shown(found.reference), agreement);
        let drawing = drawing.context("a comparison and its drawing are of one modality")?;
        fs::write(svg, drawing.file()).with_context(|| format!("cannot write the drawing {}", svg.display()))
    }
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Match => "match",
        Decision::NonMatch => "non-match",
    }
}

/// The pair that says most.
fn strongest(evidence: &Evidence) -> Option<&whorl_service::Compared> {
    evidence.instances.iter().max_by(|one, other| one.score.llr.nats().total_cmp(&other.score.llr.nats()))
}

impl Pair {
    fn of(score: &InstanceScore, mirrored: bool) -> Self {
        Self {
            modality: score.modality.name(),
            probe: score.probe.name(),
            reference: score.reference.name(),
            raw: score.similarity.get(),
            llr: score.llr.nats(),
            mirrored,
        }
    }
}

impl Show for Compared {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        for (name, File { file, instances }) in [("A", &self.probe), ("B", &self.reference)] {
            for described in instances {
                let (file, quality) = (file.display(), described.quality);
                writeln!(out, "{name}         {file}  {}, quality {quality}, {described}", described.modality)?;
            }
        }
        if let Some(reported) = self.probe.instances.iter().find_map(|described| described.liveness.as_ref()) {
            writeln!(out, "liveness  A is {reported}; the decision does not rest on it")?;
        }
        let Some(raw) = self.raw else {
            return writeln!(
                out,
                "nothing in A may be the same as anything in B: they show different fingers, eyes or faces"
            );
        };
        let extrapolated = if self.fmr_extrapolated { " (extrapolated)" } else { "" };
        let found = self.found.as_ref().map(|found| format!(", {found}")).unwrap_or_default();
        writeln!(out, "raw       {raw}{found}")?;
        writeln!(out, "llr       {:.2} nats", self.llr)?;
        writeln!(out, "FMR       {:.1e}{extrapolated}", self.fmr)?;
        writeln!(out, "decision  {} (at a target FMR of {:e})", self.decision, self.target_fmr)?;
        if self.instances.len() > 1 {
            let mut table = Table::new(["in A", "in B", "raw", "llr"]);
            for Pair { probe, reference, raw, llr, .. } in &self.instances {
                table.push([(*probe).to_owned(), (*reference).to_owned(), raw.to_string(), format!("{llr:.2}")]);
            }
            table.write(out)?;
        }
        Ok(())
    }
}
