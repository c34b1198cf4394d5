//! `whorl compare`: two files, one answer.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use whorl_extractors::fingerprint::NoTrace;
use whorl_service::Evidence;
use whorl_service::sample::{self, Content, Instance};
use whorl_types::{Decision, FingerTemplate, Fmr};

use crate::arguments::{Captured, Meaning, rate};
use crate::console::{Console, Show, Table};
use crate::draw::{self, Picture, Print};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl compare a.png b.png
  whorl compare a.png b.png --svg both.svg          # open it in a browser: matched minutiae are joined by lines
  whorl compare enrolled.whorl probe.wsq --json
  whorl compare vendor-a.fmr vendor-b.fmr --target-fmr 1e-5

What the words mean:
  raw    the comparator's own score: higher is more alike, and it has no unit
  llr    weight of evidence in nats: over 0 speaks for one person, under 0 for two; evidence of several fingers adds up
  FMR    how often two different people reach this much evidence (false match rate); \"extrapolated\" where it lies
         beyond what the calibration's corpus could count
  match  the FMR is at most the target";

/// Compare two prints, and say how sure the answer is
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Compare {
    /// An image, an ISO/IEC 19794-4 record, a Whorl template, or an ISO/IEC 19794-2 or ANSI/INCITS 378 minutiae record
    #[arg(value_name = "A")]
    probe: PathBuf,

    /// Another, of any of these kinds
    #[arg(value_name = "B")]
    reference: PathBuf,

    /// How often a stranger may pass for a match
    #[arg(long, default_value = "1e-4", value_name = "RATE", value_parser = rate)]
    target_fmr: f64,

    /// Draw both prints side by side, matched minutiae joined, into this SVG file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    #[command(flatten)]
    captured: Captured,

    #[command(flatten)]
    meaning: Meaning,
}

/// A file and what is in it.
struct Side {
    path: PathBuf,
    pictures: Vec<Picture>,
    instances: Vec<Instance>,
}

/// What the comparison says.
#[derive(Debug, Serialize)]
struct Compared {
    probe: Described,
    reference: Described,
    /// Raw score of the strongest pair of fingers; none where no pair may show the same finger.
    raw: Option<u32>,
    llr: f32,
    fmr: f64,
    fmr_extrapolated: bool,
    target_fmr: f64,
    decision: &'static str,
    matched_minutiae: usize,
    fingers: Vec<Fingers>,
}

/// One of the two.
#[derive(Debug, Serialize)]
struct Described {
    file: PathBuf,
    fingers: usize,
    quality: Vec<u8>,
    minutiae: Vec<usize>,
}

/// Two fingers that were compared.
#[derive(Debug, Serialize)]
struct Fingers {
    probe: &'static str,
    reference: &'static str,
    raw: u32,
    llr: f32,
}

impl Compare {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let (probe, reference) = (self.read(&self.probe)?, self.read(&self.reference)?);
        let engine = self.meaning.engine(threads)?;
        let target = Fmr::new(self.target_fmr).context("the target cannot be")?;
        let evidence = engine.compare(&probe.instances, &reference.instances);
        let decision = engine.decide(&evidence, target);
        let strongest = strongest(&evidence);
        let (a, b) = strongest.map_or((0, 0), |compared| (compared.probe, compared.reference));
        let matched = match strongest {
            Some(_) => engine.matched_minutiae(&probe.instances[a].template, &reference.instances[b].template),
            None => Vec::new(),
        };
        if let Some(svg) = &self.svg {
            let drawing = draw::pair(&probe.print(a), &reference.print(b), &matched);
            fs::write(svg, drawing.file()).with_context(|| format!("cannot write the drawing {}", svg.display()))?;
        }
        console.print(&Compared {
            probe: probe.described(),
            reference: reference.described(),
            raw: strongest.map(|compared| compared.score.similarity.get()),
            llr: evidence.llr.nats(),
            fmr: evidence.fmr.fmr.get(),
            fmr_extrapolated: evidence.fmr.extrapolated,
            target_fmr: self.target_fmr,
            decision: match decision {
                Decision::Match => "match",
                Decision::NonMatch => "non-match",
            },
            matched_minutiae: matched.len(),
            fingers: evidence.instances.iter().map(Fingers::of).collect(),
        })?;
        Ok(Outcome::Complete)
    }

    fn read(&self, path: &Path) -> anyhow::Result<Side> {
        let failing = || format!("{} cannot be compared", path.display());
        let bytes = sample::read(path).with_context(failing)?;
        let contents = sample::decode(&bytes, &self.captured.into()).with_context(failing)?;
        let mut side = Side { path: path.to_owned(), pictures: Vec::new(), instances: Vec::new() };
        for content in contents {
            side.pictures.push(match &content {
                Content::Sample(sample) if self.svg.is_some() => Picture::embed(&sample.image, sample.capture.ppi),
                Content::Sample(_) | Content::Template(_) => Picture::None,
            });
            side.instances.push(content.extract(&mut NoTrace).with_context(failing)?);
        }
        Ok(side)
    }
}

fn strongest(evidence: &Evidence) -> Option<&whorl_service::Compared> {
    evidence.instances.iter().max_by_key(|compared| compared.score.similarity)
}

impl Side {
    fn templates(&self) -> impl Iterator<Item = &FingerTemplate> {
        self.instances.iter().map(|instance| &instance.template)
    }

    fn described(&self) -> Described {
        Described {
            file: self.path.clone(),
            fingers: self.instances.len(),
            quality: self.templates().map(|template| template.quality().get()).collect(),
            minutiae: self.templates().map(|template| template.minutiae().len()).collect(),
        }
    }

    fn print(&self, finger: usize) -> Print<'_> {
        let Instance { position, template } = &self.instances[finger];
        let name = self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let caption = format!("{name}: {position}, quality {}", template.quality().get());
        Print { template, picture: self.pictures[finger].clone(), caption }
    }
}

impl Fingers {
    fn of(compared: &whorl_service::Compared) -> Self {
        let score = &compared.score;
        Self {
            probe: score.probe.name(),
            reference: score.reference.name(),
            raw: score.similarity.get(),
            llr: score.llr.nats(),
        }
    }
}

impl Show for Compared {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        for (name, side) in [("A", &self.probe), ("B", &self.reference)] {
            let Described { file, quality, minutiae, .. } = side;
            writeln!(out, "{name}         {}  quality {quality:?}, minutiae {minutiae:?}", file.display())?;
        }
        let Some(raw) = self.raw else {
            return writeln!(out, "no finger of A may be the same as one of B: their positions differ");
        };
        let extrapolated = if self.fmr_extrapolated { " (extrapolated)" } else { "" };
        writeln!(out, "raw       {raw}, {} minutiae matched", self.matched_minutiae)?;
        writeln!(out, "llr       {:.2} nats", self.llr)?;
        writeln!(out, "FMR       {:.1e}{extrapolated}", self.fmr)?;
        writeln!(out, "decision  {} (at a target FMR of {:e})", self.decision, self.target_fmr)?;
        if self.fingers.len() > 1 {
            let mut table = Table::new(["finger of A", "finger of B", "raw", "llr"]);
            for Fingers { probe, reference, raw, llr } in &self.fingers {
                table.push([(*probe).to_owned(), (*reference).to_owned(), raw.to_string(), format!("{llr:.2}")]);
            }
            table.write(out)?;
        }
        Ok(())
    }
}
