//! A gallery under any sequence of changes, seals, compactions, copies, restarts and power cuts, against a map in memory.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::collections::BTreeMap;
use std::sync::Arc;

use population::{id, reference};
use proptest::prelude::*;
use whorl_index::{
    Change, Encryption, Fault, Findings, Gallery, Limits, MasterKey, Memory, Pair, Reference, Snapshot, Storage,
    back_up,
};
use whorl_types::Position::{Face, LeftEye, LeftThumb, RightIndex, Unknown};
use whorl_types::{LogLikelihoodRatio, Position, ReferenceId};

#[derive(Debug, Clone)]
enum Step {
    /// Changes of references by these numbers; a number that is enrolled is replaced or removed.
    Change(Vec<(usize, bool)>),
    Settle,
    Compact,
    Restart,
    /// Copies the gallery.
    Copy,
    /// Something goes wrong at the storage's step of this number.
    Fail(u64, Fault),
}

fn step() -> impl Strategy<Value = Step> {
    let changes = prop::collection::vec((0usize..14, any::<bool>()), 1..5);
    let fault = prop::sample::select(vec![Fault::PowerCut, Fault::NoSpace, Fault::SyncFailed, Fault::ShortWrite]);
    prop_oneof![
        6 => changes.prop_map(Step::Change),
        2 => Just(Step::Settle),
        1 => Just(Step::Compact),
        1 => Just(Step::Restart),
        1 => Just(Step::Copy),
        2 => (0u64..40, fault).prop_map(|(at, fault)| Step::Fail(at, fault)),
    ]
}

type Model = BTreeMap<ReferenceId, Reference>;

/// The reference number so of a few, in one of two versions.
fn numbered(number: usize, version: usize) -> Reference {
    const POSITIONS: [&[Position]; 5] =
        [&[RightIndex, LeftEye, Face], &[], &[LeftThumb, LeftThumb], &[Unknown, Face], &[LeftEye]];
    let positions = POSITIONS[(number + version) % POSITIONS.len()];
    Reference { id: id(&format!("r{number}")), ..reference(&format!("r{number}-{version}"), positions) }
}

/// What these numbers do to the gallery of the model, each id once.
fn changes(model: &Model, numbers: &[(usize, bool)], version: usize) -> Vec<Change> {
    let distinct = numbers.iter().copied().collect::<BTreeMap<_, _>>();
    let change = |(number, keep): (usize, bool)| {
        let reference = numbered(number, version % 3);
        match (model.contains_key(&reference.id), keep) {
            (false, _) => Change::Enrol(reference),
            (true, true) => Change::Replace(reference),
            (true, false) => Change::Remove(reference.id),
        }
    };
    distinct.into_iter().map(change).collect()
}

fn after(model: &Model, changes: &[Change]) -> Model {
    let mut model = model.clone();
    for change in changes {
        model.remove(change.id());
        model.extend(change.reference().map(|reference| (reference.id.clone(), reference.clone())));
    }
    model
}

fn holds(snapshot: &Snapshot, model: &Model) -> bool {
    let kept = |reference: &Reference| snapshot.fetch(&reference.id).unwrap().as_ref() == Some(reference);
    snapshot.len() == model.len() as u64 && model.values().all(kept)
}

/// What a search for everybody finds.
fn search(snapshot: &Snapshot) -> Vec<Findings> {
    let probes = (0..14).map(|number| numbered(number, 1).templates).collect::<Vec<_>>();
    let weigh = |pairs: &[Pair]| {
        let best = pairs.iter().map(|pair| pair.similarity.get()).max().unwrap_or(0);
        LogLikelihoodRatio::new(best as f32).unwrap()
    };
    let mut findings = snapshot.identify_batch(&probes, &Limits::default(), &weigh).unwrap();
    for findings in &mut findings {
        findings.coverage.sequence = 0;
    }
    findings
}

/// A gallery that holds just what the model does.
fn fresh(model: &Model) -> Snapshot {
    let gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
    gallery.enrol(model.values().cloned().collect()).unwrap();
    gallery.snapshot()
}

/// In the clear, with journals encrypted, or with all encrypted.
fn encryption() -> impl Strategy<Value = Option<Encryption>> {
    let encrypted = |segments| Some(Encryption { master: MasterKey::generate().unwrap(), segments });
    prop::sample::select(vec![None, encrypted(false), encrypted(true)])
}

/// Whether a copy, read with the keys that the gallery in `memory` has now, holds nobody as the gallery does not.
fn brings_nobody_back(copy: &Memory, memory: &Memory, master: Option<&MasterKey>, model: &Model) -> bool {
    let restored = Memory::new();
    back_up(copy, &restored).unwrap();
    restored.create_dir("keys").unwrap();
    restored.write("keys/table", &[&memory.read("keys/table", usize::MAX).unwrap()]).unwrap();
    let snapshot = Snapshot::open_with(&restored, master).unwrap();
    snapshot.references().all(|kept| kept.is_ok_and(|kept| model.get(&kept.id) == Some(&kept)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]
    #[test]
    fn what_was_acknowledged_is_there_and_nothing_else(
        steps in prop::collection::vec(step(), 1..24),
        encryption in encryption(),
        seed: u64,
    ) {
        let master = encryption.as_ref().map(|encryption| &encryption.master);
        let mut memory = Memory::new();
        let mut gallery = Some(Gallery::create_with(Arc::new(memory.clone()), encryption.as_ref()).unwrap());
        let (mut model, mut copy) = (Model::new(), Memory::new());
        back_up(&memory, &copy).unwrap();
        for (number, step) in steps.into_iter().enumerate() {
            let open = gallery.take().unwrap();
            let mut possible = vec![model.clone()];
            let done = match step {
                Step::Change(numbers) => {
                    let changes = changes(&model, &numbers, number);
                    let next = after(&model, &changes);
                    let done = open.apply(changes).is_ok();
                    possible = if done { vec![next] } else { vec![model, next] };
                    done
                }
                Step::Settle => open.settle().is_ok(),
                Step::Compact => open.compact().is_ok(),
                Step::Restart => false,
                Step::Copy => {
                    copy = Memory::new();
                    back_up(&memory, &copy).unwrap();
                    true
                }
                Step::Fail(at, fault) => {
                    memory.fail(at, fault, seed);
                    true
                }
            };
            if done {
                prop_assert!(possible.len() == 1 && holds(&open.snapshot(), &possible[0]), "step {}", number);
                gallery = Some(open);
            } else {
                drop(open);
                memory = memory.after_power_cut(seed ^ number as u64);
                gallery = Some(Gallery::open_with(Arc::new(memory.clone()), master).unwrap());
            }
            let snapshot = gallery.as_ref().unwrap().snapshot();
            let found = possible.into_iter().find(|possible| holds(&snapshot, possible));
            model = found.ok_or_else(|| TestCaseError::fail(format!("step {number}: lost or half there")))?;
            let gone = master.is_none() || brings_nobody_back(&copy, &memory, master, &model);
            prop_assert!(gone, "step {}: somebody who was removed is back", number);
        }
        let snapshot = gallery.as_ref().unwrap().snapshot();
        memory.mend();
        prop_assert_eq!(snapshot.verify(), vec![]);
        prop_assert_eq!(search(&snapshot), search(&fresh(&model)), "found as in a gallery that never knew anything else");
        drop(gallery);
        prop_assert!(holds(&Snapshot::open_with(&memory.after_power_cut(seed), master).unwrap(), &model));
    }
}
