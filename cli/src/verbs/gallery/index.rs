//! `whorl gallery index`: an approximate index over the faces of a gallery.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde::Serialize;
use whorl_index::{AnnIndex, AnnKind, Files, Recall};

use crate::arguments::Keyed;
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl gallery index watchlist --kind hnsw
  whorl gallery index watchlist --kind ivf --lists 4096 --effort 512
  whorl identify --gallery watchlist portrait.jpg --modality face --ann

An index makes searches for faces among millions faster, and loses some mates: how many is measured when it is built, stored with
it, and said with every answer. Use it to look somebody up in a very large watch-list; do not use it to make sure that nobody is
enrolled twice. It covers the faces that are in the gallery when it is built: later ones are compared one by one, so build it again
now and then; it is refused once a segment that it covers is gone. It needs a Whorl built with `--features faiss`.";

/// Build an approximate index over the faces of a gallery, in the place of the one before
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Index {
    /// Folder of the gallery
    #[arg(value_name = "DIR")]
    gallery: PathBuf,

    #[command(flatten)]
    keyed: Keyed,

    /// A graph of neighbours, or lists around centres
    #[arg(long, value_enum, default_value = "hnsw")]
    kind: Kind,

    /// How far a search goes: faces in view of a graph [default: 512], lists that are read [default: one in eight]
    #[arg(long, value_name = "N")]
    effort: Option<u32>,

    /// Neighbours of a face in a graph [default: 32]
    #[arg(long, value_name = "N")]
    links: Option<u32>,

    /// Lists [default: about four times the square root of the number of faces]
    #[arg(long, value_name = "N")]
    lists: Option<u32>,
}

/// The kinds by the names that people know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Hnsw,
    Ivf,
}

/// What was built.
#[derive(Debug, Serialize)]
struct Built {
    gallery: PathBuf,
    kind: String,
    faces: u64,
    bytes: u64,
    build_s: f64,
    copies: u32,
    first: u32,
    found: u32,
    recall: f64,
    recall_at_least: f64,
}

impl Index {
    pub(super) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let files = Files::new(&self.gallery);
        let snapshot = self.keyed.snapshot(&self.gallery)?;
        let kind = self.kind(snapshot.stats().faces)?;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let started = Instant::now();
        let index = pool.install(|| AnnIndex::build(&snapshot, &files, kind))?;
        let (recall, build_s) = (index.recall(), started.elapsed().as_secs_f64());
        let Recall { copies, first, found } = recall;
        let part = |ppm| f64::from(ppm) / 1e6;
        let gallery = self.gallery.clone();
        let (kind, faces, bytes) = (index.kind().to_string(), index.faces(), index.bytes());
        let (recall, recall_at_least) = (part(recall.ppm()), part(recall.least_ppm()));
        console.print(&Built {
            gallery,
            kind,
            faces,
            bytes,
            build_s,
            copies,
            first,
            found,
            recall,
            recall_at_least,
        })?;
        Ok(Outcome::Complete)
    }

    fn kind(&self, faces: u64) -> anyhow::Result<AnnKind> {
        let Self { effort, links, lists, .. } = *self;
        match (self.kind, links, lists) {
            (Kind::Hnsw, links, None) => Ok(AnnKind::Hnsw {
                links: links.unwrap_or(AnnKind::LINKS),
                effort: effort.unwrap_or(AnnKind::HNSW_EFFORT),
            }),
            (Kind::Ivf, None, lists) => {
                let lists = lists.unwrap_or_else(|| AnnKind::lists(faces));
                Ok(AnnKind::Ivf { lists, effort: effort.unwrap_or_else(|| AnnKind::ivf_effort(lists)) })
            }
            (Kind::Hnsw, _, Some(_)) => bail!("--lists is for --kind ivf: leave it out, or change the kind"),
            (Kind::Ivf, Some(_), _) => bail!("--links is for --kind hnsw: leave it out, or change the kind"),
        }
    }
}

impl Show for Built {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { gallery, kind, faces, bytes, build_s, copies, first, found, recall, recall_at_least } = self;
        writeln!(out, "{}", gallery.display())?;
        writeln!(out, "kind     {kind}")?;
        writeln!(out, "faces    {faces}")?;
        writeln!(out, "bytes    {bytes}")?;
        writeln!(out, "built    in {build_s:.1} s")?;
        writeln!(out, "recall   {:.2} %, at least {:.2} % (95 %)", recall * 100.0, recall_at_least * 100.0)?;
        writeln!(
            out,
            "         of {copies} altered copies of its faces an exhaustive search puts {first} first; it finds {found} of them"
        )
    }
}
