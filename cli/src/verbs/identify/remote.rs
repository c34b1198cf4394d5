//! Who in a gallery of a server is this.

use std::path::PathBuf;

use anyhow::bail;
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{Candidate, ClientError, Identified, Probe, Reason, Sample};
use whorl_service::Watch;

use super::{Answer, Answers, Identify, Ranked, named};
use crate::arguments::name_of;
use crate::console::{Console, LeftOut, LeftOutItem};
use crate::outcome::Outcome;

pub(super) fn identify(verb: &Identify, client: Client, console: Console) -> anyhow::Result<Outcome> {
    if verb.ann {
        bail!("--ann is for galleries on this machine: a server looks for faces without an index");
    }
    let client = match verb.searched.within() {
        Some(within) => client.within(within),
        None => client,
    };
    let (mut searches, mut left_out) = (Vec::new(), Vec::new());
    let bars = console.bars();
    bars.begin("asking", verb.images.len());
    for (images, probe) in probes(verb)? {
        let names = images.iter().map(|image| image.display().to_string()).collect::<Vec<_>>();
        bars.advance(images.len());
        match client.identify(probe) {
            Ok(Identified { found, refusals }) => {
                left_out.extend(refusals.into_iter().map(|refusal| LeftOutItem {
                    line: None,
                    what: names.get(refusal.sample).cloned().unwrap_or_default(),
                    reason: refusal.reason.into(),
                    detail: refusal.message,
                }));
                let ranked = found.candidates.iter().map(Ranked::of_server).collect();
                searches.push(Answer::new(images, None, ranked, found.coverage));
            }
            Err(error) if is_of_the_samples(&error) => {
                left_out.push(LeftOutItem::of_server(names.join(" + "), &error));
            }
            Err(error) => return Err(error.into()),
        }
    }
    drop(bars);
    let left_out = LeftOut::tell_of(&left_out, &verb.left_out)?;
    let outcome = Outcome::of(searches.len(), left_out.count);
    console.print(&Answers { searches, left_out })?;
    Ok(outcome)
}

/// Who is looked for: each image by itself, or all together.
fn probes(verb: &Identify) -> anyhow::Result<Vec<(Vec<PathBuf>, Probe)>> {
    let (gallery, search) = (name_of(&verb.gallery)?, verb.searched.asked(usize::from(verb.top))?);
    let among = verb.among.as_deref().map(named).transpose()?.unwrap_or_default();
    let probe = |samples: Vec<Sample>| Probe { search, among: among.clone(), ..Probe::new(gallery, samples) };
    let samples = verb.images.iter().map(|image| verb.captured.sample(image)).collect::<Result<Vec<_>, _>>()?;
    if verb.together {
        return Ok(vec![(verb.images.clone(), probe(samples))]);
    }
    let each = verb.images.iter().zip(samples);
    Ok(each.map(|(image, sample)| (vec![image.clone()], probe(vec![sample]))).collect())
}

/// Whether other samples may fare better.
fn is_of_the_samples(error: &ClientError) -> bool {
    matches!(error.reason(), Some(Reason::UnreadableSample | Reason::NothingToCompare | Reason::TemplatesRefused))
}

impl Ranked {
    fn of_server(Candidate { id, rank, evidence, verdict }: &Candidate) -> Self {
        Self {
            rank: *rank as usize,
            reference: id.to_string(),
            llr: evidence.llr.nats(),
            fmr: evidence.fmr.get(),
            fmr_extrapolated: evidence.fmr_extrapolated,
            verdict: verdict.name(),
            instances: evidence.instances.len(),
            raw: evidence.instances.iter().map(|compared| compared.score.similarity.get()).collect(),
            mirrored: evidence.instances.iter().any(|compared| compared.mirrored),
        }
    }
}
