//! A deduplication on a server: it goes on there when this end is gone, and who comes back follows it.

use std::time::Instant;

use anyhow::{Context, bail};
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{FoundPair, Job};
use whorl_sdk::jobs::JobState;
use whorl_service::Watch;
use whorl_types::Verdict;

use super::{Dedup, Deduplicated, MOST_CANDIDATES, There};
use crate::console::Console;
use crate::outcome::Outcome;

/// The columns of the pairs: the first of those that a deduplication on this machine writes; a server sends no more.
const COLUMNS: [&str; 4] = ["reference", "candidate", "verdict", "llr"];

pub(super) fn deduplicate(verb: &Dedup, there: &There<'_>, console: Console) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let job = begin(verb, there)?;
    console.note(format_args!("note: the server calls it {}; it goes on when this command is broken off", job.id));
    let before = job.done;
    let job = follow(&there.client, job, console)?;
    match job.state {
        JobState::Done => {}
        JobState::Failed => bail!("the deduplication {} failed: {}", job.id, job.error),
        JobState::Cancelled => bail!("the deduplication {} was cancelled", job.id),
        JobState::Running => bail!("the server does not say how the deduplication {} ended", job.id),
    }
    let mut writer =
        csv::Writer::from_path(&verb.out).with_context(|| format!("cannot write {}", verb.out.display()))?;
    writer.write_record(COLUMNS)?;
    let (mut duplicates, mut adjudicate) = (0, 0);
    for pair in there.client.jobs().pairs(&job.id)? {
        let FoundPair { a, b, llr, verdict } = pair?;
        writer.write_record([a.as_str(), b.as_str(), verdict.name(), &llr.nats().to_string()])?;
        match verdict {
            Verdict::Duplicate => duplicates += 1,
            Verdict::Adjudicate => adjudicate += 1,
            Verdict::Unique => {}
        }
    }
    writer.flush()?;
    let (gallery, out) = (there.name.into(), verb.out.clone());
    let (references, seconds) = (job.total, began.elapsed().as_secs_f64());
    console.print(&Deduplicated { gallery, out, references, before, duplicates, adjudicate, seconds })?;
    Ok(Outcome::Complete)
}

/// The job that runs for the gallery, or a new one.
fn begin(verb: &Dedup, there: &There<'_>) -> anyhow::Result<Job> {
    let jobs = there.client.jobs();
    let running = jobs.list(Some(there.name))?.into_iter().find(|job| job.state == JobState::Running);
    match running {
        Some(job) => Ok(job),
        None => Ok(jobs.start(there.name, verb.searched.asked(MOST_CANDIDATES)?)?),
    }
}

fn follow(client: &Client, job: Job, console: Console) -> anyhow::Result<Job> {
    let bars = console.bars();
    bars.begin("comparing all with all", job.total as usize);
    bars.advance(job.done as usize);
    let mut last = job;
    for state in client.jobs().watch(&last.id.clone())? {
        let state = state.context("the line to the server broke; a second run follows the same deduplication")?;
        bars.advance(state.done.saturating_sub(last.done) as usize);
        last = state;
    }
    Ok(last)
}
