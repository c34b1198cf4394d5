//! `whorl audit show`: lines of a log.

use std::collections::VecDeque;
use std::io::{self, Write};

use serde::Serialize;
use whorl_service::audit::{self, Record, Unread};

use super::Show as Asked;
use crate::arguments::moment;
use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// The lines that were asked for, oldest first.
#[derive(Debug, Serialize)]
struct Lines {
    /// How many there are; the oldest are left out where these are more than were asked for.
    found: u64,
    lines: VecDeque<Line>,
}

/// A line of the log, with its time as people read it and the hash by which it is recognised.
#[derive(Debug, Serialize)]
struct Line {
    time: String,
    #[serde(flatten)]
    record: Record,
    hash: String,
}

pub(super) fn show(asked: &Asked, console: Console) -> anyhow::Result<Outcome> {
    let (mut found, mut lines) = (0, VecDeque::new());
    let mut records = audit::read(&asked.folder.path, asked.keyed.master()?.as_ref(), asked.filter())?;
    for record in &mut records {
        let record = record?;
        found += 1;
        lines.push_back(Line { time: moment::shown(record.time_unix_ms), hash: record.hash.to_string(), record });
        if lines.len() > asked.most {
            lines.pop_front();
        }
    }
    let older = found - lines.len() as u64;
    console.print(&Lines { found, lines })?;
    if older > 0 {
        console.note(format!("{older} older lines are not shown; --most shows more"));
    }
    let Unread { damaged, sealed } = records.unread();
    if damaged > 0 {
        Console::warn(format!("{damaged} damaged lines were passed over: run `whorl audit verify`"));
    }
    if sealed > 0 {
        Console::warn(format!(
            "{sealed} lines are sealed and were not read: name the server's master key with --master-key"
        ));
    }
    Ok(if damaged + sealed == 0 { Outcome::Complete } else { Outcome::Partial })
}

impl Show for Lines {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        self.lines.iter().try_for_each(|line| line.show(out))
    }
}

impl Line {
    /// One line for people; what is not there is a hyphen.
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Record { sequence, client, method, gallery, references, purpose, outcome, request, .. } = &self.record;
        let gallery = gallery.as_deref().unwrap_or("-");
        let references = if references.is_empty() { "-".to_owned() } else { references.join(",") };
        let whole =
            format!("{sequence}  {}  {client}  {method}  {gallery}  {references}  {outcome}  {request}", self.time);
        let purpose = purpose.as_ref().map(|purpose| format!("  {purpose}")).unwrap_or_default();
        // Clients choose some of these texts: none may move the cursor or begin another line.
        let plain = |letter: char| if letter.is_control() { '\u{fffd}' } else { letter };
        writeln!(out, "{}", (whole + &purpose).chars().map(plain).collect::<String>())
    }
}
