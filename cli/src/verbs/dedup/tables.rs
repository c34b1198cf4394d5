//! `clusters.csv` and `pairs.csv`.

use std::collections::HashMap;

use whorl_service::deduplicate::{Finding, Pair};

use super::Results;
use crate::console::Counts;

/// Who belongs together: one row for each member of each cluster.
pub(super) fn clusters(results: &Results<'_>) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "cluster",
        "reference",
        "subject",
        "encounter",
        "source",
        "fingers",
        "irises",
        "subjects_in_cluster",
        "contradictions_in_cluster",
    ])?;
    for (cluster, members) in results.found.clusters.iter().enumerate() {
        let subjects = results.subjects_of(members).len().to_string();
        let contradictions = results.contradictions_in(members).count().to_string();
        for &number in members {
            let member = &results.found.members[number];
            let enrolee = member.enrolee.map(|place| &results.enrolees[place]);
            let counts = enrolee.map(|enrolee| Counts::of(&enrolee.instances));
            let counted = |count: fn(Counts) -> usize| counts.map_or_else(String::new, |all| count(all).to_string());
            let id = member.id.as_str();
            let encounter = id.rsplit_once('/').map_or("", |(_, encounter)| encounter);
            writer.write_record([
                (cluster + 1).to_string().as_str(),
                id,
                &member.subject,
                enrolee.map_or(encounter, |enrolee| enrolee.encounter.as_str()),
                if enrolee.is_some() { "population" } else { "gallery" },
                &counted(|counts| counts.fingers),
                &counted(|counts| counts.irises),
                &subjects,
                &contradictions,
            ])?;
        }
    }
    Ok(writer.into_inner()?)
}

/// Every pair that says something, strongest evidence first.
pub(super) fn pairs(results: &Results<'_>) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "reference_a",
        "reference_b",
        "subject_a",
        "subject_b",
        "verdict",
        "llr",
        "fmr",
        "fmr_extrapolated",
        "cluster",
        "instances",
        "evidence",
    ])?;
    let clusters = results.cluster_of_members();
    for pair in &results.found.pairs {
        let (a, b) = (&results.found.members[pair.a], &results.found.members[pair.b]);
        let cluster = clusters.get(&pair.a).filter(|cluster| clusters.get(&pair.b) == Some(cluster));
        writer.write_record([
            a.id.as_str(),
            b.id.as_str(),
            &a.subject,
            &b.subject,
            pair.finding.name(),
            &format!("{:.3}", pair.evidence.llr.nats()),
            &format!("{:.3e}", pair.evidence.fmr.fmr.get()),
            &pair.evidence.fmr.extrapolated.to_string(),
            &cluster.map_or_else(String::new, |cluster| (cluster + 1).to_string()),
            &pair.evidence.instances.len().to_string(),
            &evidence(pair),
        ])?;
    }
    Ok(writer.into_inner()?)
}

/// The evidence instance by instance: `modality/position=raw/llr`, and both positions where they differ.
fn evidence(pair: &Pair) -> String {
    let instances = pair.evidence.instances.iter().map(|compared| {
        let score = &compared.score;
        let positions = if score.probe == score.reference {
            score.probe.name().to_owned()
        } else {
            format!("{}:{}", score.probe, score.reference)
        };
        format!("{}/{positions}={}/{:.3}", score.modality, score.similarity.get(), score.llr.nats())
    });
    instances.collect::<Vec<_>>().join(" ")
}

impl Results<'_> {
    /// The distinct subjects among `members`, in order.
    pub(super) fn subjects_of(&self, members: &[usize]) -> Vec<&str> {
        let mut subjects: Vec<&str> =
            members.iter().map(|&member| self.found.members[member].subject.as_str()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }

    /// The number of the cluster of every member that is in one.
    pub(super) fn cluster_of_members(&self) -> HashMap<usize, usize> {
        let numbered = self.found.clusters.iter().enumerate();
        numbered.flat_map(|(cluster, members)| members.iter().map(move |&member| (member, cluster))).collect()
    }

    /// All pairs within `members`, strongest first.
    pub(super) fn pairs_in(&self, members: &[usize]) -> impl Iterator<Item = &Pair> {
        let inside =
            move |pair: &&Pair| members.binary_search(&pair.a).is_ok() && members.binary_search(&pair.b).is_ok();
        self.found.pairs.iter().filter(inside)
    }

    /// Pairs within `members` that speak against their being one person.
    pub(super) fn contradictions_in(&self, members: &[usize]) -> impl Iterator<Item = &Pair> {
        self.pairs_in(members)
            .filter(|pair| matches!(pair.finding, Finding::Contradiction | Finding::Contradicted | Finding::Mixed))
    }

    /// Pairs that a human is asked to look at: those that no cluster holds together anyway.
    pub(super) fn to_adjudicate(&self) -> Vec<&Pair> {
        let clusters = self.cluster_of_members();
        let apart = |pair: &&Pair| match (clusters.get(&pair.a), clusters.get(&pair.b)) {
            (Some(a), Some(b)) => a != b,
            _ => true,
        };
        self.found.pairs.iter().filter(|pair| pair.finding == Finding::Adjudicate).filter(apart).collect()
    }

    /// How many pairs end with `finding`.
    pub(super) fn count(&self, finding: Finding) -> usize {
        self.found.pairs.iter().filter(|pair| pair.finding == finding).count()
    }
}
