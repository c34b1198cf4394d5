//! `whorl audit verify`: whether a log is as it was written.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use whorl_service::audit::{self, Anchor, SetAside};

use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// What is wrong with a log.
#[derive(Debug, Serialize)]
struct Verified {
    folder: PathBuf,
    whole: bool,
    records: u64,
    files: u64,
    /// The last line, to be kept elsewhere: number, colon, hash.
    anchor: String,
    flaws: Vec<String>,
    /// What crashes left unfinished, as the log itself tells.
    set_aside: Vec<String>,
    /// What is unfinished at the end.
    unfinished: Option<String>,
}

pub(super) fn verify(folder: &Path, anchors: &[Anchor], console: Console) -> anyhow::Result<Outcome> {
    let report = audit::verify(folder, anchors)?;
    let whole = report.is_whole();
    console.print(&Verified {
        folder: folder.to_owned(),
        whole,
        records: report.records,
        files: report.files,
        anchor: report.last.to_string(),
        flaws: report.flaws.iter().map(ToString::to_string).collect(),
        set_aside: report.set_aside.iter().map(told).collect(),
        unfinished: report.unfinished.as_ref().map(told),
    })?;
    Ok(if whole { Outcome::Complete } else { Outcome::Failed })
}

fn told(left: &SetAside) -> String {
    format!("{} bytes from {} on", left.bytes, left.at)
}

impl Show for Verified {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        for flaw in &self.flaws {
            writeln!(out, "broken: {flaw}")?;
        }
        for left in &self.set_aside {
            writeln!(out, "note: {left} were left unfinished by a crash; a line tells of it")?;
        }
        if let Some(left) = &self.unfinished {
            writeln!(out, "note: {left} are unfinished: the log is in use, or a crash left them")?;
        }
        let answer = if self.whole { "whole" } else { "broken" };
        writeln!(out, "{} is {answer}: {} lines in {} files", self.folder.display(), self.records, self.files)?;
        writeln!(out, "anchor {}", self.anchor)
    }
}
