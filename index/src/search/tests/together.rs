//! What passes the first stage by all that is found of a reference, against a plain loop.

use std::collections::BTreeSet;

use super::*;

/// What the first stage finds a template of a reference to be like one of a probe; none where it does not pass. An eye has a
/// likeness as it is and one as in a mirror; a face must be more alike where eyes speak beside it.
fn found(one: &Template, other: &Template, mirrored: bool, beside: bool) -> Vec<u32> {
    use face::coarse::{BESIDE_SCORE, CoarseBlock as FaceBlock, CoarseProbe as FaceProbe, scores as face_scores};
    match (one, other) {
        (Template::Iris(one), Template::Iris(other)) => {
            let block = CoarseBlock::new(&[other.code()]);
            let forms = [Some(CoarseProbe::new(one)), mirrored.then(|| CoarseProbe::mirrored(one))];
            let scores = forms.into_iter().flatten().map(|form| scores(&form, &block)[0]);
            scores.filter(|&score| score >= PASS_SCORE).collect()
        }
        (Template::Face(one), Template::Face(other)) if face_passes(one, other) => {
            let agreeing = face_scores(&FaceProbe::new(one), &FaceBlock::new(&[other.into()]))[0];
            let similarity = face::similarity(&face::Probe::new(one), &other.into()).get();
            if beside && agreeing < BESIDE_SCORE { Vec::new() } else { vec![similarity] }
        }
        (Template::Finger(_) | Template::Iris(_) | Template::Face(_), _) => Vec::new(),
    }
}

/// Whether two templates are compared.
fn met(one: &(Position, Template), other: &(Position, Template), limits: &Limits) -> bool {
    Kind::of(&one.1) == Kind::of(&other.1) && limits.positions.allow(one.0, other.0)
}

/// The likenesses that the first stage finds of a reference with one template of a probe.
fn likenesses(one: &(Position, Template), (probe, reference): (&Instances, &Reference), limits: &Limits) -> Vec<u32> {
    let eyes = probe.iter().filter(|one| Kind::of(&one.1) == Kind::Iris);
    let beside = eyes.flat_map(|one| reference.templates.iter().map(move |other| (one, other)));
    let beside = beside.filter(|(one, other)| met(one, other, limits)).count() > 0
        && limits.mode.shortlist().is_some_and(|shortlist| shortlist.together > 1);
    let others = reference.templates.iter().filter(|other| met(one, other, limits));
    others.flat_map(|other| found(&one.1, &other.1, limits.mirrored, beside)).collect()
}

/// How many eyes and faces of a reference could be found by different ones of a probe.
fn instances(probe: &Instances, reference: &Reference, limits: &Limits) -> usize {
    let of_kind = |kind| {
        let theirs = reference.templates.iter().filter(|other| Kind::of(&other.1) == kind);
        let theirs = theirs.filter(|other| probe.iter().any(|one| met(one, other, limits)));
        let ours = probe.iter().enumerate().filter(|(_, one)| Kind::of(&one.1) == kind);
        let ours = ours.filter(|(_, one)| reference.templates.iter().any(|other| met(one, other, limits)));
        let unlike = |(number, one): (usize, &(Position, Template))| {
            (one.0, if one.0 == Position::Unknown { number } else { 0 })
        };
        let theirs = theirs.map(|other| other.0).collect::<BTreeSet<_>>();
        theirs.len().min(ours.map(unlike).collect::<BTreeSet<_>>().len())
    };
    Kind::ALL.into_iter().map(of_kind).sum()
}

/// The references that pass for a probe.
fn passing(references: &[Reference], probe: &Instances, limits: &Limits, shortlist: Shortlist) -> Vec<ReferenceId> {
    let mut persons = Vec::new();
    for reference in references {
        let shares = probe.iter().filter_map(|one| {
            let best = likenesses(one, (probe, reference), limits).into_iter().max()?;
            let all = references.iter().flat_map(|other| likenesses(one, (probe, other), limits));
            let rows = references.iter().flat_map(|other| &other.templates).filter(|other| met(one, other, limits));
            Some(all.filter(|&other| other >= best).count() as f64 / rows.count() as f64)
        });
        let shares = shares.collect::<Vec<_>>();
        let (share, most) = (shares.iter().product::<f64>(), 1.0 / shortlist.together as f64);
        let judged = share > most && instances(probe, reference, limits) > 1;
        if !shares.is_empty() {
            persons.push((if judged { share } else { 0.0 }, reference.id.clone()));
        }
    }
    persons.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.1.cmp(&other.1)));
    let alike = persons.iter().filter(|(share, _)| share * shortlist.together as f64 <= 1.0).count();
    persons.truncate(alike.max(shortlist.rows));
    persons.into_iter().map(|(_, id)| id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn those_pass_who_are_most_alike_in_all_that_is_found_of_them(
        references in references_of(prop_oneof![any_iris(), any_face()], 3),
        probes in references_of(prop_oneof![any_iris(), any_face()], 3), reach in any_reach(),
        rows in 0usize..3, together in 1usize..40,
    ) {
        let shortlist = Shortlist { fingers: 2, rows, one_in: 1, together };
        let probes = probes.into_iter().map(|probe| probe.templates).collect::<Vec<_>>();
        let limits = limits(Mode::Cascade(shortlist), reach);
        let answers = gallery(&references, 5).identify_batch(&probes, &limits, &weigh).unwrap();
        let rows_there = references.iter().map(|reference| reference.templates.len()).sum::<usize>();
        for (probe, findings) in probes.iter().zip(answers).filter(|_| rows_there > rows) {
            let passing = passing(&references, probe, &limits, shortlist);
            let passes = |reference: &Reference| passing.contains(&reference.id);
            prop_assert_eq!(&findings.found, &expected(&references, probe, &limits, passes));
        }
    }
}

/// Forty persons of two instances each, of whom two share the first with whom is sought, who is number 1: number 7 has a second one,
/// number 8 has not. Who is found by what share in all together.
fn found_of_forty(instances: impl Fn(u64, u64) -> Instances, together: usize) -> Vec<String> {
    let name = |number: u64| ReferenceId::new(format!("{number:02}")).unwrap();
    let person = |number: u64| Reference { id: name(number), templates: instances(number, number + 100) };
    let mut references = (0..40).map(person).collect::<Vec<_>>();
    references[7].templates[0] = instances(1, 50).remove(0);
    references[8].templates = vec![instances(1, 51).remove(0)];
    let mode = Mode::Cascade(Shortlist { fingers: 2, rows: 0, one_in: 1, together });
    let limits = limits(mode, (Positions::Labelled, false));
    let answers = gallery(&references, 40).identify_batch(&[instances(1, 60)], &limits, &weigh).unwrap();
    let mut found = answers[0].found.iter().map(|found| found.id.as_str().to_owned()).collect::<Vec<_>>();
    found.sort_unstable();
    found
}

#[test]
fn a_stranger_who_is_found_by_one_eye_passes_only_if_the_other_was_not_scanned() {
    let eyes = |person: u64, noise: u64| {
        let eye = |side, other| (side, Template::from(iris(person * 2 + other, noise, false)));
        vec![eye(Position::LeftEye, 0), eye(Position::RightEye, 1)]
    };
    assert_eq!(found_of_forty(eyes, 1), ["01", "07", "08"]);
    // Three left eyes of forty are as alike.
    assert_eq!(found_of_forty(eyes, 13), ["01", "07", "08"]);
    assert_eq!(found_of_forty(eyes, 41), ["01", "08"]);
}

#[test]
fn of_those_who_have_fingers_only_five_times_as_many_pass() {
    let fingers = |person: u64, noise: u64| {
        let finger = |side, other| (side, Template::from(template(person * 2 + other, noise)));
        vec![finger(Position::RightIndex, 0), finger(Position::RightThumb, 1)]
    };
    assert_eq!(found_of_forty(fingers, 1), ["01", "07", "08"]);
    assert_eq!(found_of_forty(fingers, 13 * 5), ["01", "07", "08"]);
    assert_eq!(found_of_forty(fingers, 41 * 5), ["01", "08"]);
}
