//! What was left out: counted by reason, the first few named, all of them in a file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use whorl_sdk::client::ClientError;
use whorl_service::Omission;

use super::Console;

/// Omissions that are named on the console; a file holds the rest.
const NAMED: usize = 5;

/// The columns of that file.
const COLUMNS: [&str; 4] = ["line", "what", "reason", "detail"];

/// What was left out, for reports.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct LeftOut {
    /// How many.
    pub(crate) count: usize,
    /// How many for each reason.
    pub(crate) by_reason: BTreeMap<Cow<'static, str>, usize>,
    /// The first few.
    pub(crate) first: Vec<LeftOutItem>,
    /// The file that lists them all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<PathBuf>,
}

/// One thing that was left out.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LeftOutItem {
    /// The line of the manifest, where one names it.
    pub(crate) line: Option<u64>,
    /// What was left out.
    pub(crate) what: String,
    /// The reason by its short name.
    pub(crate) reason: Cow<'static, str>,
    /// The reason in words.
    pub(crate) detail: String,
}

impl From<&Omission> for LeftOutItem {
    fn from(omission: &Omission) -> Self {
        Self {
            line: omission.line,
            what: omission.what.clone(),
            reason: omission.reason.name().into(),
            detail: omission.reason.to_string(),
        }
    }
}

impl LeftOutItem {
    /// What a server did not take, and why.
    pub(crate) fn of_server(what: String, error: &ClientError) -> Self {
        let reason = error.reason().map_or("no-answer", |reason| reason.name()).to_ascii_lowercase().replace('_', "-");
        let detail = error.failure().map_or_else(|| error.to_string(), |failure| failure.message.clone());
        Self { line: None, what, reason: reason.into(), detail }
    }
}

impl LeftOut {
    /// Counts `omissions`, writes all of them to the CSV file `list`, and says so on the console.
    ///
    /// Where nothing was left out, a `list` of an earlier run is removed.
    ///
    /// # Errors
    /// Where the list cannot be written.
    pub(crate) fn tell(omissions: &[Omission], list: &Path) -> anyhow::Result<Self> {
        Self::tell_of(&omissions.iter().map(LeftOutItem::from).collect::<Vec<_>>(), list)
    }

    /// The same of what was left out elsewhere, by a server.
    ///
    /// # Errors
    /// Where the list cannot be written.
    pub(crate) fn tell_of(omissions: &[LeftOutItem], list: &Path) -> anyhow::Result<Self> {
        let failing = || format!("cannot write the list of what was left out, {}", list.display());
        if omissions.is_empty() {
            remove_stale(list).with_context(failing)?;
            return Ok(Self::default());
        }
        write(omissions, list).with_context(failing)?;
        let mut by_reason = BTreeMap::new();
        for omission in omissions {
            *by_reason.entry(omission.reason.clone()).or_default() += 1;
        }
        let first = omissions.iter().take(NAMED).cloned().collect();
        let told = Self { count: omissions.len(), by_reason, first, list: Some(list.to_owned()) };
        Console::warn(&told);
        Ok(told)
    }
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reasons: Vec<String> = self.by_reason.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        write!(f, "left out: {} ({})", self.count, reasons.join(", "))?;
        for item in &self.first {
            write!(f, "\n  {item}")?;
        }
        if let Some(list) = &self.list {
            let more = self.count - self.first.len();
            let rest = if more == 0 { String::new() } else { format!("and {more} more; ") };
            write!(f, "\n  {rest}all of them: {}", list.display())?;
        }
        Ok(())
    }
}

impl std::fmt::Display for LeftOutItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            // The words of a bad row name its line and its value already.
            Some(_) if self.detail.contains(", line ") => write!(f, "{}", self.detail),
            Some(line) => write!(f, "line {line}: {}: {}", self.what, self.detail),
            None => write!(f, "{}: {}", self.what, self.detail),
        }
    }
}

fn write(omissions: &[LeftOutItem], list: &Path) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_path(list)?;
    writer.write_record(COLUMNS)?;
    for item in omissions {
        let line = item.line.map_or_else(String::new, |line| line.to_string());
        writer.write_record([line.as_str(), &item.what, &item.reason, &item.detail])?;
    }
    writer.flush()?;
    Ok(())
}

/// Removes the list of an earlier run, and nothing else that may stand at its place.
fn remove_stale(list: &Path) -> io::Result<()> {
    let is_list =
        csv::Reader::from_path(list).is_ok_and(|mut old| old.headers().is_ok_and(|found| found.iter().eq(COLUMNS)));
    if is_list { fs::remove_file(list) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_of_an_earlier_run_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let (list, other) = (folder.path().join("left-out.csv"), folder.path().join("people.csv"));
        fs::write(&list, COLUMNS.join(",")).unwrap();
        fs::write(&other, "path,subject\n").unwrap();
        for path in [&list, &other, &folder.path().join("absent")] {
            LeftOut::tell(&[], path).unwrap();
        }
        assert!(!list.exists());
        assert!(other.exists());
    }
}
