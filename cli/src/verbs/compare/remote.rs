//! Two files that a server compares; no gallery is asked.

use std::path::Path;

use anyhow::{Context, bail};
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{SampleRefusal, Threshold};
use whorl_types::Fmr;

use super::{Compare, Compared, File, Pair, word};
use crate::console::LeftOutItem;

pub(super) fn compare(verb: &Compare, client: &Client) -> anyhow::Result<Compared> {
    if verb.svg.is_some() {
        bail!("--svg draws what is compared on this machine: a server sends no templates with its answer");
    }
    let probe = vec![verb.captured.sample(&verb.probe)?];
    let reference = vec![verb.captured.without_liveness().sample(&verb.reference)?];
    let target_fmr = Some(Fmr::new(verb.target_fmr).context("the target cannot be")?);
    let told = client.compare(probe, reference, Threshold { target_fmr, mirrored: verb.mirrored })?;
    let pairs = told.evidence.instances.iter();
    let strongest = pairs.clone().max_by(|one, other| one.score.llr.nats().total_cmp(&other.score.llr.nats()));
    let of_probe = told.probe_refusals.into_iter().map(|refusal| left_out(&verb.probe, refusal));
    let of_reference = told.reference_refusals.into_iter().map(|refusal| left_out(&verb.reference, refusal));
    Ok(Compared {
        probe: File { file: verb.probe.clone(), instances: Vec::new() },
        reference: File { file: verb.reference.clone(), instances: Vec::new() },
        raw: strongest.map(|compared| compared.score.similarity.get()),
        llr: told.evidence.llr.nats(),
        fmr: told.evidence.fmr.get(),
        fmr_extrapolated: told.evidence.fmr_extrapolated,
        target_fmr: verb.target_fmr,
        decision: word(told.decision),
        found: None,
        instances: pairs.map(|compared| Pair::of(&compared.score, compared.mirrored)).collect(),
        left_out: of_probe.chain(of_reference).collect(),
    })
}

fn left_out(file: &Path, refusal: SampleRefusal) -> LeftOutItem {
    let what = file.display().to_string();
    LeftOutItem { line: None, what, reason: refusal.reason.into(), detail: refusal.message }
}
