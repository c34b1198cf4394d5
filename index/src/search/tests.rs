//! Searches against a plain loop over everything.

mod asked;
mod together;

use std::sync::Arc;

use proptest::prelude::*;
use whorl_engine::iris::coarse::{CoarseBlock, CoarseProbe, PASS_SCORE, scores};
use whorl_engine::{face, finger, iris};
use whorl_types::{
    Descriptor, DescriptorBasis, Descriptors, EyeCircle, FaceMeasures, FacePoints, FaceTemplate, FingerTemplate,
    Guarantee, IrisCode, IrisMeasures, IrisTemplate, Minutia, MinutiaKind, Quality, Template,
};

use super::pass::Cut;
use super::*;
use crate::{Gallery, Memory};

/// A finger that is like others of the same `finger`, from two streams of pseudo-random numbers.
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

/// An iris that is like others of the same `eye`, as a mirror shows it or as it is.
fn iris(eye: u64, noise: u64, flipped: bool) -> IrisTemplate {
    let (mut ours, mut theirs) = (eye.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, noise | 1);
    let straight = IrisCode {
        cells: std::array::from_fn(|_| next(&mut ours) ^ next(&mut theirs) & next(&mut theirs) & next(&mut theirs)),
        visible: std::array::from_fn(|_| (next(&mut theirs) | next(&mut theirs)) as u8),
    };
    // In a mirror left and right change places, and the odd filters, the imaginary bits, change sign.
    let from = |direction: usize| (IrisCode::ANGLES * 3 / 2 - direction) % IrisCode::ANGLES;
    let mirrored = IrisCode {
        cells: std::array::from_fn(|direction| straight.cells[from(direction)] ^ 0xAAAA_AAAA_AAAA_AAAA),
        visible: std::array::from_fn(|direction| straight.visible[from(direction)]),
    };
    let circle = |radius_px8| EyeCircle { x_px8: 1280, y_px8: 1120, radius_px8 };
    let measures = IrisMeasures { usable_area: noise as u8, sharpness: 7, ..IrisMeasures::default() };
    let code = if flipped { mirrored } else { straight };
    IrisTemplate::new(1, code, (circle(320), circle(800)), measures, Quality::new(50).unwrap()).unwrap()
}

/// A face that is like others of the same `person`: some of them more, some less than a first stage asks for.
fn face(person: u64, noise: u64) -> FaceTemplate {
    let (mut ours, mut theirs) = (person.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, noise | 1);
    let astray = 6.0 * (noise % 97) as f32 / 97.0;
    let value = |state: &mut u64| (next(state) >> 40) as f32 / (1 << 23) as f32 - 1.0;
    let embedding =
        (0..96).map(|_| (18.0 * (value(&mut ours) + astray * value(&mut theirs))) as i8).collect::<Vec<_>>();
    let points = FacePoints { px8: [[noise as i32, 7]; 5] };
    FaceTemplate::new(FaceModelId(5), &embedding, points, FaceMeasures::default(), Quality::new(50).unwrap()).unwrap()
}

/// The next number of a stream (xorshift64*, Vigna 2016).
fn next(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

/// One of a few fingers, so that several are alike.
fn any_finger() -> impl Strategy<Value = (Position, Template)> {
    let positions = Kind::Finger.positions().take(4).collect::<Vec<_>>();
    let finger = (prop::sample::select(positions), 0u64..6, any::<u64>());
    finger.prop_map(|(position, finger, noise)| (position, template(finger, noise).into()))
}

/// One of a few eyes, so that several are alike, some in a mirror.
fn any_iris() -> impl Strategy<Value = (Position, Template)> {
    let positions = Kind::Iris.positions().collect::<Vec<_>>();
    let iris_of = (prop::sample::select(positions), 0u64..5, any::<u64>(), prop::bool::weighted(0.3));
    iris_of.prop_map(|(position, eye, noise, flipped)| (position, iris(eye, noise, flipped).into()))
}

/// One of a few faces, so that several are alike.
fn any_face() -> impl Strategy<Value = (Position, Template)> {
    let positions = Kind::Face.positions().collect::<Vec<_>>();
    let face_of = (prop::sample::select(positions), 0u64..5, any::<u64>());
    face_of.prop_map(|(position, person, noise)| (position, face(person, noise).into()))
}

/// References of up to so many templates.
fn references_of(
    instance: impl Strategy<Value = (Position, Template)>,
    most: usize,
) -> impl Strategy<Value = Vec<Reference>> {
    prop::collection::vec(prop::collection::vec(instance, 0..=most), 1..12).prop_map(|all| {
        let named = |(number, templates)| Reference { id: id(number), templates: in_order(templates) };
        all.into_iter().enumerate().map(named).collect()
    })
}

/// References of fingers, of irises, of faces and of all.
fn population() -> impl Strategy<Value = Vec<Reference>> {
    references_of(prop_oneof![any_finger(), any_iris(), any_face()], 4)
}

/// Templates in the order in which a gallery gives them back.
fn in_order(mut templates: Instances) -> Instances {
    templates.sort_by_key(|(position, template)| (Kind::of(template), *position));
    templates
}

fn id(number: usize) -> ReferenceId {
    // Not in the order of the numbers, so that nothing works by accident.
    ReferenceId::new(format!("{}", number * 7 % 12)).unwrap()
}

/// The gallery of `references`, enrolled so many at a time: some are sealed, some only journalled, and among them are others who
/// were enrolled and removed.
fn gallery(references: &[Reference], each: usize) -> Snapshot {
    let gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
    for (number, part) in references.chunks(each).enumerate() {
        let gone = ReferenceId::new(format!("{}-gone", part[0].id)).unwrap();
        let stranger = Reference { id: gone.clone(), templates: part[0].templates.clone() };
        gallery.enrol([part, &[stranger]].concat()).unwrap();
        if number % 3 == 1 {
            gallery.settle().unwrap();
        }
        gallery.remove(vec![gone]).unwrap();
    }
    // How often it was changed is all that may differ.
    gallery.snapshot().at_sequence(0)
}

/// The references in the order of a gallery.
fn in_order_of(gallery: &Snapshot, references: &[Reference]) -> Vec<Reference> {
    let mut ordered = references.to_vec();
    ordered.sort_by_key(|reference| gallery.find(&reference.id));
    ordered
}

fn weigh(pairs: &[Pair]) -> LogLikelihoodRatio {
    let score = |pair: &Pair| match pair.modality {
        Modality::Fingerprint => pair.similarity.get() as f32 / 100.0,
        Modality::Iris | Modality::Face => pair.similarity.get() as f32 / 1000.0 - 36.0,
    };
    let best = pairs.iter().map(score).max_by(f32::total_cmp).unwrap_or(0.0);
    LogLikelihoodRatio::new(best - 3.0).unwrap()
}

fn limits(mode: Mode, (positions, mirrored): (Positions, bool)) -> Limits {
    Limits { candidates: 5, mode, positions, mirrored, ..Limits::default() }
}

/// The comparison of two templates, if they are compared.
fn compared(
    probe: (usize, &(Position, Template)),
    reference: (usize, &(Position, Template)),
    limits: &Limits,
) -> Option<Pair> {
    let ((probe, (probe_position, one)), (reference, (reference_position, other))) = (probe, reference);
    let (similarity, mirrored) = match (one, other) {
        (Template::Finger(one), Template::Finger(other)) => {
            (finger::similarity(&finger::Probe::new(one), other), false)
        }
        (Template::Iris(one), Template::Iris(other)) => {
            let straight = iris::similarity(&iris::Probe::new(one), other.code());
            let mirrored = iris::similarity(&iris::Probe::mirrored(one), other.code());
            if limits.mirrored && mirrored > straight { (mirrored, true) } else { (straight, false) }
        }
        (Template::Face(one), Template::Face(other)) => {
            (face::compare(&face::Probe::new(one), other).similarity, false)
        }
        (
            Template::Finger(_) | Template::Iris(_) | Template::Face(_),
            Template::Finger(_) | Template::Iris(_) | Template::Face(_),
        ) => return None,
    };
    let (modality, probe_position, reference_position) = (one.modality(), *probe_position, *reference_position);
    let allowed = limits.positions.allow(probe_position, reference_position);
    allowed.then_some(Pair { modality, probe, reference, probe_position, reference_position, similarity, mirrored })
}

/// The answer to a probe, by a plain loop over the references that `pass`.
fn expected(
    references: &[Reference],
    probe: &Instances,
    limits: &Limits,
    pass: impl Fn(&Reference) -> bool,
) -> Vec<Found> {
    let mut found = Vec::new();
    for reference in references.iter().filter(|reference| pass(reference)) {
        let others = || reference.templates.iter().enumerate();
        let pairs =
            probe.iter().enumerate().flat_map(|one| others().filter_map(move |other| compared(one, other, limits)));
        let pairs = pairs.collect::<Vec<_>>();
        assert_eq!(compare(probe, &reference.templates, limits.positions, limits.mirrored), pairs);
        if !pairs.is_empty() {
            found.push(Found { id: reference.id.clone(), llr: weigh(&pairs), pairs });
        }
    }
    found.sort_by(|one, other| other.llr.nats().total_cmp(&one.llr.nats()).then_with(|| one.id.cmp(&other.id)));
    found.truncate(limits.candidates);
    found
}

/// Whether the first stage lets one iris pass for another.
fn iris_passes(one: &IrisTemplate, other: &IrisTemplate, mirrored: bool) -> bool {
    let block = CoarseBlock::new(&[other.code()]);
    let mirrored = mirrored && scores(&CoarseProbe::mirrored(one), &block)[0] >= PASS_SCORE;
    mirrored || scores(&CoarseProbe::new(one), &block)[0] >= PASS_SCORE
}

/// Whether the first stage lets one face pass for another.
fn face_passes(one: &FaceTemplate, other: &FaceTemplate) -> bool {
    use face::coarse::{CoarseBlock, CoarseProbe, PASS_DISTANCE, PASS_SIMILARITY, scores};
    let row = other.into();
    let agree = scores(&CoarseProbe::new(one), &CoarseBlock::new(&[row]))[0];
    agree >= 512 - u32::from(PASS_DISTANCE) && face::similarity(&face::Probe::new(one), &row).get() >= PASS_SIMILARITY
}

/// Whether the first stage lets an iris or a face of a reference pass for one of a probe.
fn passes(probe: &Instances, reference: &Reference, limits: &Limits) -> bool {
    let pass = |one: &Template, other: &Template| match (one, other) {
        (Template::Iris(one), Template::Iris(other)) => iris_passes(one, other, limits.mirrored),
        (Template::Face(one), Template::Face(other)) => face_passes(one, other),
        (Template::Finger(_) | Template::Iris(_) | Template::Face(_), _) => false,
    };
    probe.iter().any(|(label, one)| {
        let others = || reference.templates.iter();
        others().any(|(position, other)| limits.positions.allow(*label, *position) && pass(one, other))
    })
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// Which labels are compared, and whether mirrored eyes are looked for.
fn any_reach() -> impl Strategy<Value = (Positions, bool)> {
    (prop_oneof![Just(Positions::Labelled), Just(Positions::Blind)], any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_exact_search_is_a_plain_loop_over_everything(
        references in population(), probes in population(), each in 1usize..12, reach in any_reach(),
    ) {
        let probes = probes.into_iter().map(|probe| probe.templates).collect::<Vec<_>>();
        let limits = limits(Mode::Exact, reach);
        let found = gallery(&references, each).identify_batch(&probes, &limits, &weigh).unwrap();
        for (probe, findings) in probes.iter().zip(found) {
            prop_assert_eq!(&findings.found, &expected(&references, probe, &limits, |_| true));
            prop_assert_eq!(findings.coverage.references, references.len() as u64);
            prop_assert_eq!(findings.coverage.guarantee, Guarantee::Exhaustive);
        }
    }

    #[test]
    fn an_exact_search_passes_over_no_pair_that_its_table_does_not_rule_out(
        references in references_of(prop_oneof![any_iris(), any_face()], 2),
        probes in references_of(prop_oneof![any_iris(), any_face()], 1),
        (candidates, threads, each) in (1usize..4, 1usize..3, 1usize..12),
        wavering in any::<bool>(), least in prop::option::of(-4i8..8),
    ) {
        // Evidence that rises with the similarity, or one that goes up and down with it.
        let wild = |pairs: &[Pair]| {
            let sum = pairs.iter().map(|pair| pair.similarity.get() >> 9).fold(0, |sum, part| sum * 31 + part);
            LogLikelihoodRatio::new((sum.wrapping_mul(0x9e37_79b9) >> 28) as f32 - 5.0).unwrap()
        };
        let weigh: &Weigh<'_> = if wavering { &wild } else { &weigh };
        let least = least.map(|least| LogLikelihoodRatio::new(f32::from(least)).unwrap());
        let limits = Limits { candidates, least, ..limits(Mode::Exact, (Positions::Labelled, false)) };
        let gallery = gallery(&references, each);
        let asked = probes.iter().map(|probe| (&probe.templates, None)).collect::<Vec<_>>();
        let answer = |pairs_a_table| {
            let cut = Cut { pairs_a_table, ..Cut::default() };
            on_threads(threads, || gallery.search_cut(cut, &asked, &limits, weigh).unwrap())
        };
        prop_assert_eq!(answer(1), answer(u64::MAX));
    }

    #[test]
    fn a_cascade_answers_the_same_for_any_threads_blocks_and_segments(
        references in population(), probes in population(), reach in any_reach(),
        fingers in 0usize..4, rows in 0usize..4, one_in in 1usize..5, together in 1usize..9,
    ) {
        let probes = probes.into_iter().map(|probe| probe.templates).collect::<Vec<_>>();
        let probes = probes.iter().map(|probe| (probe, None)).collect::<Vec<_>>();
        let limits = limits(Mode::Cascade(Shortlist { fingers, rows, one_in, together }), reach);
        let answer = |threads, block_rows, each| {
            let (gallery, cut) = (gallery(&references, each), Cut { block_rows, ..Cut::default() });
            on_threads(threads, || gallery.search_cut(cut, &probes, &limits, &weigh).unwrap())
        };
        let first = answer(1, 256, 12);
        for (threads, block_rows, each) in [(1, 1, 12), (3, 2, 12), (2, 3, 1), (4, 1, 5)] {
            prop_assert_eq!(&answer(threads, block_rows, each), &first);
        }
    }

    #[test]
    fn a_cascade_over_irises_and_faces_is_an_exact_search_of_the_references_that_the_first_stage_passes(
        references in references_of(prop_oneof![any_iris(), any_face()], 3),
        probes in references_of(prop_oneof![any_iris(), any_face()], 2), reach in any_reach(),
    ) {
        let probes = probes.into_iter().map(|probe| probe.templates).collect::<Vec<_>>();
        let limits = limits(Mode::Cascade(Shortlist { fingers: 2, rows: 0, one_in: 1, together: 1 }), reach);
        let found = gallery(&references, 5).identify_batch(&probes, &limits, &weigh).unwrap();
        for (probe, findings) in probes.iter().zip(found) {
            let passing = |reference: &Reference| passes(probe, reference, &limits);
            prop_assert_eq!(&findings.found, &expected(&references, probe, &limits, passing));
        }
    }

    #[test]
    fn what_a_cascade_finds_has_all_the_evidence_that_an_exact_search_finds(
        references in population(), probes in population(), rows in 0usize..4,
    ) {
        let probes = probes.into_iter().map(|probe| probe.templates).collect::<Vec<_>>();
        let gallery = gallery(&references, 5);
        let cascade = limits(Mode::Cascade(Shortlist { fingers: 1, rows, one_in: 3, together: 1 }), (Positions::Labelled, false));
        let exact = Limits { candidates: 100, ..limits(Mode::Exact, (Positions::Labelled, false)) };
        let quick = gallery.identify_batch(&probes, &cascade, &weigh).unwrap();
        let full = gallery.identify_batch(&probes, &exact, &weigh).unwrap();
        for (quick, full) in quick.iter().zip(&full) {
            prop_assert!(quick.found.iter().all(|found| full.found.contains(found)));
        }
    }

    #[test]
    fn all_against_all_looks_at_every_pair_once(references in population(), each in 1usize..12) {
        let gallery = gallery(&references, each);
        let limits = Limits { candidates: 100, ..limits(Mode::Exact, (Positions::Labelled, false)) };
        let walk = gallery.deduplicate(limits.clone(), &weigh);
        prop_assert_eq!(walk.len(), references.len());
        let mut pairs = Vec::new();
        for answer in walk {
            let (probe, findings) = answer.unwrap();
            pairs.extend(findings.found.into_iter().map(|found| (probe.clone(), found.id, found.llr.nats().to_bits())));
        }
        let whole = gallery.deduplicate(limits.clone(), &weigh).map(Result::unwrap).collect::<Vec<_>>();
        for done in 0..=whole.len() {
            let rest = gallery.deduplicate(limits.clone(), &weigh).after(done as u64);
            prop_assert_eq!(rest.len(), whole.len() - done);
            prop_assert_eq!(&rest.map(Result::unwrap).collect::<Vec<_>>(), &whole[done..]);
        }
        pairs.sort_unstable();
        let mut due = Vec::new();
        let ordered = in_order_of(&gallery, &references);
        for (number, one) in ordered.iter().enumerate() {
            for found in expected(&ordered[..number], &one.templates, &limits, |_| true) {
                due.push((one.id.clone(), found.id, found.llr.nats().to_bits()));
            }
        }
        due.sort_unstable();
        prop_assert_eq!(pairs, due);
    }
}

#[test]
fn an_exact_search_finds_who_is_worth_just_what_is_asked_for_and_the_first_of_equals() {
    // Always three are equal, and later ones come first by id.
    let person = |number: u64| (Position::Face, Template::from(face(number % 5, 97 * number + 40)));
    let name = |number: u64| ReferenceId::new(format!("{:03}", 999 - number)).unwrap();
    let references = (0..90).map(|number| Reference { id: name(number), templates: vec![person(number / 3)] });
    let gallery = gallery(&references.collect::<Vec<_>>(), 40);
    let probe = vec![person(1)];
    let wavering = |pairs: &[Pair]| {
        let points = pairs[0].similarity.get();
        LogLikelihoodRatio::new((points / 4_000) as f32 - (points % 4_000) as f32 / 1_000.0).unwrap()
    };
    for weigh in [&weigh as &Weigh<'_>, &wavering] {
        let answer = |pairs_a_table, candidates, least| {
            let limits = Limits { candidates, least, ..limits(Mode::Exact, (Positions::Labelled, false)) };
            let cut = Cut { pairs_a_table, ..Cut::default() };
            gallery.search_cut(cut, &[(&probe, None)], &limits, weigh).unwrap().remove(0).found
        };
        let everybody = answer(u64::MAX, 90, None);
        for (before, found) in everybody.iter().enumerate() {
            let asked = answer(1, 90, Some(found.llr));
            assert!(asked.contains(found) && everybody.starts_with(&asked), "{before}");
            assert_eq!(answer(1, before + 1, None), everybody[..=before]);
        }
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
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    let templates = vec![(Position::RightIndex, template(1, 1).into())];
    gallery.enrol(vec![Reference { id: id(1), templates: templates.clone() }]).unwrap();
    gallery.settle().unwrap();
    let path = "segment-0000000000000000/fingerprint-right-index.rows";
    memory.damage(path, |bytes| bytes[64..68].fill(255));
    let limits =
        limits(Mode::Cascade(Shortlist { fingers: 2, rows: 0, one_in: 1, together: 1 }), (Positions::Labelled, false));
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
    assert_eq!(refused, Err(SearchError::Undescribed { probe: 0, template: 0 }));
}

#[test]
fn some_faces_of_a_person_pass_the_first_stage_and_some_do_not() {
    let passing = (0..97).filter(|&noise| face_passes(&face(1, 97 * 97 + 3), &face(1, 97 * (noise + 1) + noise)));
    assert!((20..90).contains(&passing.count()), "else the searches above say little");
}

#[test]
fn faces_of_different_models_or_dimensions_have_nothing_in_common_in_a_gallery_or_out_of_it() {
    let old = face(1, 1);
    let of = |model, dimension: usize| {
        let (points, measures, quality) = (old.points(), *old.measures(), old.quality());
        FaceTemplate::new(model, &old.embedding()[..dimension], points, measures, quality).unwrap()
    };
    let similarity = |reference: FaceTemplate| {
        let [one, other] = [old.clone(), reference].map(|face| vec![(Position::Face, Template::from(face))]);
        compare(&one, &other, Positions::Labelled, true)[0].similarity
    };
    assert_eq!(similarity(of(FaceModelId(5), 96)).get(), 65_536);
    assert_eq!(similarity(of(FaceModelId(6), 96)), Similarity::NONE);
    assert_eq!(similarity(of(FaceModelId(5), 95)), Similarity::NONE);
}

#[test]
fn irises_of_different_encodings_have_nothing_in_common_in_a_gallery_or_out_of_it() {
    let old = iris(1, 1, false);
    let eyes = (old.pupil(), old.limbus());
    let newer = IrisTemplate::new(2, *old.code(), eyes, *old.measures(), old.quality()).unwrap();
    let [old, newer] = [old, newer].map(|iris| vec![(Position::LeftEye, Template::from(iris))]);
    let similarity = |reference| compare(&old, reference, Positions::Labelled, true)[0].similarity;
    assert_eq!((similarity(&newer), similarity(&old).get()), (Similarity::NONE, 65_536));
}
