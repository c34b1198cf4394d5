//! What the first stage keeps of persons of whom several templates are scanned, where it decides of them together.

use std::collections::BTreeMap;

use rayon::prelude::*;
use whorl_engine::calibrate::Calibrations;
use whorl_engine::decide::fuse;
use whorl_eval::{Faces, Fingerprints, Irises};
use whorl_types::{InstanceScore, Modality, Position, Similarity};

use crate::captures::captures;
use crate::staged::{Scores, Staged};

/// One finger, eye or face of many persons.
trait Instances: Sync {
    /// How many captures there are of each person.
    fn counts(&self) -> Vec<usize>;

    /// The captures of these encounters as probes against themselves as rows.
    fn trials(&self, encounters: &[Encounter]) -> Trials;
}

/// What both stages say of all encounters of one instance.
struct Trials {
    modality: Modality,
    pass_score: u32,
    scores: Vec<Vec<Scores>>,
}

struct Of<'a, M: Staged> {
    matcher: &'a M,
    of_person: Vec<Vec<M::Template>>,
}

impl<M: Staged> Instances for Of<'_, M> {
    fn counts(&self) -> Vec<usize> {
        self.of_person.iter().map(Vec::len).collect()
    }

    fn trials(&self, encounters: &[Encounter]) -> Trials {
        let templates: Vec<_> = encounters.iter().map(|&(person, number)| &self.of_person[person][number]).collect();
        let (modality, pass_score) = (self.matcher.modality(), M::PASS_SCORE);
        Trials { modality, pass_score, scores: self.matcher.scores(&templates, true) }
    }
}

/// The captures of each subject at each position.
fn by_instance<M: Staged>(matcher: &M, set: &str) -> BTreeMap<(String, Position), Vec<M::Template>> {
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for capture in captures(matcher, set) {
        all.entry((capture.subject, capture.position)).or_default().push(capture.template);
    }
    all
}

/// Both eyes of those who have both.
fn eyes(set: &str) -> [Of<'static, Irises>; 2] {
    let mut all = by_instance(&Irises, set);
    let subjects: Vec<_> = all.keys().map(|(subject, _)| subject.clone()).collect();
    let mut sides = [Vec::new(), Vec::new()];
    for subject in subjects {
        let [left, right] = [Position::LeftEye, Position::RightEye].map(|side| all.remove(&(subject.clone(), side)));
        if let (Some(left), Some(right)) = (left, right) {
            sides[0].push(left);
            sides[1].push(right);
        }
    }
    sides.map(|of_person| Of { matcher: &Irises, of_person })
}

/// The fingers of a set dealt out, so many to a person.
fn fingers(sets: &[&str], each: usize) -> Vec<Of<'static, Fingerprints>> {
    let mut dealt: Vec<_> = (0..each).map(|_| Of { matcher: &Fingerprints, of_person: Vec::new() }).collect();
    for set in sets {
        let all: Vec<_> = by_instance(&Fingerprints, set).into_values().collect();
        let whole = all.len() / each * each;
        for (number, captures) in all.into_iter().take(whole).enumerate() {
            dealt[number % each].of_person.push(captures);
        }
    }
    dealt
}

fn faces<'a>(matcher: &'a Faces, set: &str) -> Of<'a, Faces> {
    Of { matcher, of_person: by_instance(matcher, set).into_values().filter(|faces| faces.len() > 1).collect() }
}

/// The most encounters of a person, and one of them: whose it is, and its number.
const ENCOUNTERS: usize = 7;
type Encounter = (usize, usize);

/// Shares of strangers together with whom a person passes; 1 lets everybody pass whom one instance does.
const ONE_IN: [f64; 5] = [1.0, 100.0, 500.0, 1000.0, 5000.0];

/// The false match rate of the decision that the cascade serves.
const DECISION_FMR: f64 = 1e-4;

pub(crate) fn print() {
    let (matcher, one_in) = (Faces::default(), ONE_IN.map(|one_in| one_in.to_string()).join(" / "));
    println!("| persons | mates | strangers | passed, one in {one_in} | of mates that are matched, missed |");
    println!("|---|---|---|---|---|");
    let (interval, mmu) = (eyes("casia-interval"), eyes("mmu1"));
    let (celeba, orl) = (faces(&matcher, "celeba"), faces(&matcher, "orl"));
    report("two eyes, casia-interval", &[&interval[0], &interval[1]]);
    report("two eyes, mmu1", &[&mmu[0], &mmu[1]]);
    report("two eyes, casia-interval; face, celeba", &[&interval[0], &interval[1], &celeba]);
    report("two eyes, mmu1; face, orl", &[&mmu[0], &mmu[1], &orl]);
    for set in Fingerprints::SETS {
        let two = fingers(&[set], 2);
        report(&format!("two fingers, {set}"), &[&two[0], &two[1]]);
    }
    let two = fingers(Fingerprints::SETS, 2);
    report("two fingers, all of these; face, celeba", &[&two[0], &two[1], &celeba]);
    report("two fingers, all of these; two eyes, mmu1; face, orl", &[&two[0], &two[1], &mmu[0], &mmu[1], &orl]);
}

/// What speaks for a probe's being a reference.
struct Person {
    mated: bool,
    /// The product of the shares of strangers that the first stage finds as alike, of each instance that it passes; none where it
    /// passes none.
    share: Option<f64>,
    /// All instances compared in full.
    llr: f32,
}

fn report(name: &str, instances: &[&dyn Instances]) {
    let (mates, strangers): (Vec<_>, Vec<_>) = persons(instances).into_iter().partition(|person| person.mated);
    let mut llrs: Vec<_> = strangers.iter().map(|person| person.llr).collect();
    llrs.sort_unstable_by(|one, other| other.total_cmp(one));
    let threshold = llrs[(DECISION_FMR * llrs.len() as f64) as usize];
    let matched: Vec<_> = mates.iter().filter(|person| person.llr > threshold).collect();
    let passes = |person: &Person, one_in: f64| person.share.is_some_and(|share| share * one_in <= 1.0);
    let percents =
        |figure: &dyn Fn(f64) -> f64| ONE_IN.map(|one_in| format!("{:.2}", 100.0 * figure(one_in))).join(" / ");
    let passed = percents(&|one_in| {
        strangers.iter().filter(|person| passes(person, one_in)).count() as f64 / strangers.len() as f64
    });
    let missed = percents(&|one_in| {
        matched.iter().filter(|person| !passes(person, one_in)).count() as f64 / matched.len() as f64
    });
    println!("| {name} | {} | {} | {passed} | {missed} |", mates.len(), strangers.len());
}

/// Every encounter of those who have all these instances, as a probe against every other one.
fn persons(instances: &[&dyn Instances]) -> Vec<Person> {
    let counts: Vec<_> = instances.iter().map(|one| one.counts()).collect();
    let people = counts.iter().map(Vec::len).min().unwrap_or(0);
    let of_person = |person: usize| counts.iter().map(|counts| counts[person]).min().unwrap_or(0).min(ENCOUNTERS);
    let encounters: Vec<Encounter> =
        (0..people).flat_map(|person| (0..of_person(person)).map(move |number| (person, number))).collect();
    let trials: Vec<_> = instances.iter().map(|one| one.trials(&encounters)).collect();
    let ranks: Vec<_> = trials.iter().map(|trials| Ranks::of(trials, &encounters)).collect();
    let calibrations = Calibrations::default();
    let meeting = |probe: usize, row: usize| {
        let found = trials.iter().zip(&ranks).filter_map(|(trials, ranks)| {
            let score = trials.scores[probe][row].coarse;
            (score >= trials.pass_score).then(|| ranks.share(score))
        });
        let compared = trials.iter().map(|trials| {
            let (modality, similarity) = (trials.modality, Similarity::new(trials.scores[probe][row].fine));
            let (llr, unknown) = (calibrations.llr(modality, similarity), Position::Unknown);
            InstanceScore { modality, probe: unknown, reference: unknown, similarity, llr }
        });
        let llr = fuse(&compared.collect::<Vec<_>>(), &calibrations).nats();
        Person { mated: encounters[probe].0 == encounters[row].0, share: found.reduce(|one, other| one * other), llr }
    };
    let of_probe = |probe: usize| (0..encounters.len()).filter(move |&row| row != probe).map(move |row| (probe, row));
    let all = (0..encounters.len()).into_par_iter().flat_map_iter(of_probe);
    all.map(|(probe, row)| meeting(probe, row)).collect()
}

/// The coarse scores of all strangers, the highest first.
struct Ranks(Vec<u32>);

impl Ranks {
    fn of(trials: &Trials, encounters: &[Encounter]) -> Self {
        let of_probe = |(probe, scores): (usize, &Vec<Scores>)| {
            let others = scores.iter().zip(encounters);
            let strangers = others.filter(|(_, other)| other.0 != encounters[probe].0);
            strangers.map(|(scores, _)| scores.coarse).collect::<Vec<_>>()
        };
        let mut coarse: Vec<_> = trials.scores.iter().enumerate().flat_map(of_probe).collect();
        coarse.sort_unstable_by(|one, other| other.cmp(one));
        Self(coarse)
    }

    /// The share of strangers that are as alike or more.
    fn share(&self, score: u32) -> f64 {
        self.0.partition_point(|&other| other >= score).max(1) as f64 / self.0.len() as f64
    }
}
