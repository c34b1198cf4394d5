//! Searches against a plain loop over everything.

use std::sync::Arc;

use proptest::prelude::*;
use whorl_types::{
    Descriptor, DescriptorBasis, Descriptors, FingerTemplate, Guarantee, Minutia, MinutiaKind, Quality, Template,
};

use super::*;
use crate::finger::POSITIONS;
use crate::{Gallery, Memory};
use whorl_engine::finger::{Probe, similarity};

/// A template that is like others of the same `finger`, from two streams of pseudo-random numbers.
fn template(finger: u64, noise: u64) -> FingerTemplate {
    let (mut ours, mut theirs) = (finger.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, noise | 1);
    let quality = Quality::new(60).unwrap();
    let (mut minutiae, mut described) = (Vec::new(), Vec::new());
    for _ in 0..24 {
        let words =
            std::array::from_fn(|_| next(&mut ours) ^ next(&mut theirs) & next(&mut theirs) & next(&mut theirs));
        described.push(Descriptor { words });
        minutiae.push(Minutia {
            x_px8: (200 + next(&mut ours) % 2000 + next(&mut theirs) % 24) as u16,
            y_px8: (200 + next(&mut ours) % 2400 + next(&mut theirs) % 24) as u16,
            angle: (next(&mut ours) % 256 + next(&mut theirs) % 6) as u8,
            kind: MinutiaKind::Ending,
            quality,
        });
    }
    let bare = FingerTemplate::new(360, 440, minutiae, quality).unwrap();
    bare.with_descriptors(Descriptors::new(1, DescriptorBasis::Ridges, described).unwrap()).unwrap()
}

/// The next number of a stream (xorshift64*, Vigna 2016).
fn next(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

/// References of up to three fingers, several of them alike.
fn population() -> impl Strategy<Value = Vec<Reference>> {
    let finger = (0usize..4, 0u64..6, any::<u64>())
        .prop_map(|(at, finger, noise)| (POSITIONS[at], template(finger, noise).into()));
    let fingers = prop::collection::vec(finger, 0..4);
    prop::collection::vec(fingers, 1..12).prop_map(|all| {
        let named = |(number, fingers)| Reference { id: id(number), templates: in_order(fingers) };
        all.into_iter().enumerate().map(named).collect()
    })
}

/// Fingers in the order in which a gallery gives them back.
fn in_order(mut fingers: Instances) -> Instances {
    fingers.sort_by_key(|(position, _)| *position);
    fingers
}

fn id(number: usize) -> ReferenceId {
    // Not in the order of the numbers, so that nothing works by accident.
    ReferenceId::new(format!("{}", number * 7 % 12)).unwrap()
}

/// The gallery of `references`, in segments of `each`.
fn gallery(references: &[Reference], each: usize) -> Snapshot {
    let mut gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
    for part in references.chunks(each) {
        gallery.append(part.to_vec()).unwrap();
    }
    gallery.snapshot()
}

/// The references in the order of that gallery.
fn in_order_of_gallery(references: &[Reference], each: usize) -> Vec<Reference> {
    let mut ordered = references.to_vec();
    for part in ordered.chunks_mut(each) {
        part.sort_by(|one, other| one.id.cmp(&other.id));
    }
    ordered
}

fn weigh(pairs: &[Pair]) -> LogLikelihoodRatio {
    let best = pairs.iter().map(|pair| pair.similarity.get()).max().unwrap_or(0);
    LogLikelihoodRatio::new(best as f32 / 100.0 - 3.0).unwrap()
}

fn limits(mode: Mode, positions: Positions) -> Limits {
    Limits { candidates: 5, least: None, mode, positions, mirrored: false }
}

/// The answer to a probe, by a plain loop.
fn expected(references: &[Reference], probe: &Instances, limits: &Limits) -> Vec<Found> {
    let mut found = Vec::new();
    for Reference { id, templates } in references {
        let mut pairs = Vec::new();
        for (number, (label, template)) in probe.iter().enumerate() {
            for (other, (position, reference)) in templates.iter().enumerate() {
                if limits.positions.allow(*label, *position) {
                    let similarity =
                        similarity(&Probe::new(template.as_finger().unwrap()), reference.as_finger().unwrap());
                    let (probe_position, reference_position) = (*label, *position);
                    pairs.push(Pair {
                        modality: template.modality(),
                        probe: number,
                        reference: other,
                        probe_position,
                        reference_position,
                        similarity,
                        mirrored: false,
                    });
                }
            }
        }
        if !pairs.is_empty() {
            found.push(Found { id: id.clone(), llr: weigh(&pairs), pairs });
        }
    }
    found.sort_by(|one, other| other.llr.nats().total_cmp(&one.llr.nats()).then_with(|| one.id.cmp(&other.id)));
    found.truncate(limits.candidates);
    found
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

fn any_positions() -> impl Strategy<Value = Positions> {
    prop_oneof![Just(Positions::Labelled), Just(Positions::Blind)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_exact_search_is_a_plain_loop_over_everything(
        references in population(), probes in population(), each in 1usize..12, positions in any_positions(),
    ) {
        let probes = probes.into_iter().map(|probe| probe.templates).collect::<Vec<_>>();
        let limits = limits(Mode::Exact, positions);
        let found = gallery(&references, each).identify_batch(&probes, &limits, &weigh).unwrap();
        for (probe, findings) in probes.iter().zip(found) {
            prop_assert_eq!(&findings.found, &expected(&references, probe, &limits));
            prop_assert_eq!(findings.coverage.references, references.len() as u64);
            prop_assert_eq!(findings.coverage.guarantee, Guarantee::Exhaustive);
        }
    }

    #[test]
    fn a_cascade_answers_the_same_for_any_threads_blocks_and_segments(
        references in population(), probes in population(), positions in any_positions(),
        rows in 0usize..4, one_in in 1usize..5,
    ) {
        let probes = probes.into_iter().map(|probe| probe.templates).collect::<Vec<_>>();
        let probes = probes.iter().map(|probe| (probe, None)).collect::<Vec<_>>();
        let limits = limits(Mode::Cascade(Shortlist { rows, one_in }), positions);
        let answer = |threads, block_rows, each| {
            let gallery = gallery(&references, each);
            on_threads(threads, || gallery.search_in_blocks(block_rows, &probes, &limits, &weigh).unwrap())
        };
        let first = answer(1, 256, 12);
        for (threads, block_rows, each) in [(1, 1, 12), (3, 2, 12), (2, 3, 1), (4, 1, 5)] {
            prop_assert_eq!(&answer(threads, block_rows, each), &first);
        }
    }

    #[test]
    fn what_a_cascade_finds_has_all_the_evidence_that_an_exact_search_finds(
        references in population(), probes in population(), rows in 0usize..4,
    ) {
        let probes = probes.into_iter().map(|probe| probe.templates).collect::<Vec<_>>();
        let gallery = gallery(&references, 5);
        let cascade = limits(Mode::Cascade(Shortlist { rows, one_in: 3 }), Positions::Labelled);
        let exact = Limits { candidates: 100, ..limits(Mode::Exact, Positions::Labelled) };
        let quick = gallery.identify_batch(&probes, &cascade, &weigh).unwrap();
        let full = gallery.identify_batch(&probes, &exact, &weigh).unwrap();
        for (quick, full) in quick.iter().zip(&full) {
            prop_assert!(quick.found.iter().all(|found| full.found.contains(found)));
        }
    }

    #[test]
    fn all_against_all_looks_at_every_pair_once(references in population(), each in 1usize..12) {
        let gallery = gallery(&references, each);
        let limits = Limits { candidates: 100, ..limits(Mode::Exact, Positions::Labelled) };
        let walk = gallery.deduplicate(limits, &weigh);
        prop_assert_eq!(walk.len(), references.len());
        let mut pairs = Vec::new();
        for answer in walk {
            let (probe, findings) = answer.unwrap();
            pairs.extend(findings.found.into_iter().map(|found| (probe.clone(), found.id, found.llr.nats().to_bits())));
        }
        pairs.sort_unstable();
        let mut due = Vec::new();
        let ordered = in_order_of_gallery(&references, each);
        for (number, one) in ordered.iter().enumerate() {
            for found in expected(&ordered[..number], &one.templates, &limits) {
                due.push((one.id.clone(), found.id, found.llr.nats().to_bits()));
            }
        }
        due.sort_unstable();
        prop_assert_eq!(pairs, due);
    }
}

#[test]
fn only_evidence_that_is_asked_for_is_returned() {
    let one = Reference { id: id(1), templates: vec![(Position::RightIndex, template(1, 1).into())] };
    let other = Reference { id: id(2), templates: vec![(Position::RightIndex, template(2, 2).into())] };
    let gallery = gallery(&[one.clone(), other], 2);
    let strong = weigh(
        &gallery.identify_batch(std::slice::from_ref(&one.templates), &Limits::default(), &weigh).unwrap()[0].found[0]
            .pairs,
    );
    let limits = Limits { least: Some(strong), ..Limits::default() };
    let found = gallery.identify_batch(&[one.templates], &limits, &weigh).unwrap().remove(0).found;
    assert_eq!(found.iter().map(|found| found.id.clone()).collect::<Vec<_>>(), [id(1)]);
}

#[test]
fn bounds_on_fingers_and_candidates_are_kept() {
    let gallery = gallery(&[], 1);
    let many = vec![(Position::Unknown, Template::from(template(1, 1))); Reference::MAX_TEMPLATES + 1];
    let refused = gallery.identify_batch(&[vec![], many], &Limits::default(), &weigh);
    assert_eq!(refused, Err(SearchError::TooManyTemplates { probe: 1, found: Reference::MAX_TEMPLATES + 1 }));
    let limits = Limits { candidates: 1 << 20, ..Limits::default() };
    assert!(matches!(gallery.identify_batch(&[], &limits, &weigh), Err(SearchError::TooManyCandidates(_))));
}

#[test]
fn a_damaged_row_is_an_error_and_no_panic() {
    let memory = Memory::new();
    let mut gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    let templates = vec![(Position::RightIndex, template(1, 1).into())];
    gallery.append(vec![Reference { id: id(1), templates: templates.clone() }]).unwrap();
    let path = "segment-0000000000000000/fingerprint-right-index.rows";
    memory.damage(path, |bytes| bytes[64..68].fill(255));
    let limits = limits(Mode::Cascade(Shortlist { rows: 0, one_in: 1 }), Positions::Labelled);
    let answer = Snapshot::open(&memory).unwrap().identify_batch(&[templates], &limits, &weigh);
    assert!(matches!(answer, Err(SearchError::Flawed(_))), "{answer:?}");
}

#[test]
fn a_probe_that_is_described_otherwise_than_the_gallery_is_refused() {
    let gallery =
        gallery(&[Reference { id: id(1), templates: vec![(Position::RightIndex, template(1, 1).into())] }], 1);
    let newer = Descriptors::new(2, DescriptorBasis::Ridges, vec![]).unwrap();
    let newer = vec![(Position::RightIndex, template(1, 1).with_descriptors(newer).unwrap().into())];
    let refused = gallery.identify_batch(&[newer], &Limits::default(), &weigh).unwrap_err().to_string();
    assert!(refused.contains(".coarse\", byte 16: templates of version 1, where version 2"), "{refused}");
    let bare = FingerTemplate::new(10, 10, vec![], Quality::new(1).unwrap()).unwrap();
    let refused = gallery.identify_batch(&[vec![(Position::Unknown, bare.into())]], &Limits::default(), &weigh);
    assert_eq!(refused, Err(SearchError::Undescribed { probe: 0, finger: 0 }));
}
