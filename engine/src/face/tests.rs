use proptest::prelude::*;
use whorl_kernels::Kernels;
use whorl_types::{FaceMeasures, FaceModelId, FacePoints, FaceTemplate, Quality, Similarity};

use super::{Batch, EmbeddingRow, Probe, compare, similarities, similarities_on, similarity};

/// Numbers that look random and are the same everywhere (`SplitMix64`).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// Evenly from -`most` to `most`.
    fn within(&mut self, most: i64) -> i64 {
        (self.next() >> 33) as i64 % (2 * most + 1) - most
    }
}

pub(super) fn template_of(model: u32, embedding: &[i8]) -> FaceTemplate {
    let points = FacePoints { px8: [[0; 2]; 5] };
    let quality = Quality::new(50).unwrap();
    FaceTemplate::new(FaceModelId(model), embedding, points, FaceMeasures::default(), quality).unwrap()
}

/// A face in `dimension` dimensions, and as another photograph shows it: the larger `noise`, the less alike, 100 making the
/// cosine 0.7.
pub(super) fn photograph(person: u64, dimension: usize, noise: i64) -> FaceTemplate {
    let (mut ours, mut theirs) = (Numbers(person), Numbers(!person));
    let mut value = |_| ((100 * ours.within(60) + noise * theirs.within(60)) / 200) as i8;
    let mut values: Vec<_> = (0..dimension).map(&mut value).collect();
    values[0] |= 1;
    template_of(1, &values)
}

pub(super) fn face(person: u64) -> FaceTemplate {
    photograph(person, 256, 0)
}

fn score(one: &FaceTemplate, other: &FaceTemplate) -> u32 {
    similarity(&Probe::new(one), &EmbeddingRow::from(other)).get()
}

#[test]
fn equal_directions_reach_the_full_score_opposite_ones_none_and_right_angles_half() {
    let one = [1, -2, 3, 0, 5, -6, 7];
    let scaled = |by: i8| template_of(1, &one.map(|value| value * by));
    for by in 1..=18 {
        assert_eq!(score(&scaled(1), &scaled(by)), 65_536, "{by} times as long");
        assert_eq!(score(&scaled(by), &scaled(-1)), 0, "{by} times as long, and the other way");
    }
    assert_eq!(score(&scaled(1), &template_of(1, &[2, 1, 0, 9, 0, 0, 0])), 32_768);
    assert_eq!(score(&template_of(1, &[127; 512]), &template_of(1, &[127; 512])), 65_536);
    let mut nearly = [127; 512];
    nearly[511] = 126;
    assert_eq!(score(&template_of(1, &[127; 512]), &template_of(1, &nearly)), 65_535);
}

#[test]
fn strangers_gather_about_a_half_and_mates_above() {
    for person in 1..200 {
        assert!((25_000..40_500).contains(&score(&face(0), &face(person))), "{person}");
        assert!(score(&face(person), &photograph(person, 256, 100)) > 50_000, "{person}");
    }
}

#[test]
fn it_does_not_matter_which_is_the_probe() {
    for person in 0..50 {
        let (one, other) = (face(person), photograph(person % 7, 256, 80));
        assert_eq!(score(&one, &other), score(&other, &one), "{person}");
    }
}

#[test]
fn embeddings_of_different_models_or_dimensions_have_nothing_in_common() {
    let values = [3, 4, 5];
    let probe = Probe::new(&template_of(1, &values));
    let found = compare(&probe, &template_of(2, &values));
    assert_eq!((found.similarity, found.cosine()), (Similarity::NONE, None));
    assert_eq!(compare(&probe, &template_of(1, &[3, 4, 5, 0])).similarity, Similarity::NONE);
    assert_eq!(compare(&probe, &template_of(1, &values)).cosine().map(f64::to_bits), Some(1.0_f64.to_bits()));
}

#[test]
fn the_evidence_is_what_the_score_is_made_of() {
    for person in 0..20 {
        let (one, other) = (face(person), photograph(person, 256, 90));
        let found = compare(&Probe::new(&one), &other);
        assert_eq!(found.similarity.get(), score(&one, &other));
        let cosine = found.cosine().unwrap();
        assert_eq!(found.similarity.get(), (32_768.0 + (32_768.0 * cosine).floor()) as u32);
    }
}

#[test]
fn rows_are_compared_as_their_templates_are_on_every_instruction_set_and_in_any_batch() {
    for (dimension, probes) in [(1, 2), (64, 1), (65, 5), (128, 16), (256, 17), (500, 4), (512, 40)] {
        let faces: Vec<_> = (0..130).map(|person| photograph(person, dimension, person as i64)).collect();
        let rows: Vec<_> = faces.iter().map(EmbeddingRow::from).collect();
        let probes: Vec<_> = faces[..probes].iter().map(Probe::new).collect();
        for kernels in Kernels::available() {
            let mut next = vec![0; probes.len()];
            similarities_on(kernels, &probes, &rows, &mut |probe, row, got| {
                assert_eq!(got, compare(&probes[probe], &faces[row]).similarity, "{kernels:?}, {dimension} dimensions");
                assert_eq!(std::mem::replace(&mut next[probe], row + 1), row, "rows come in their order");
            });
            assert_eq!(next, vec![rows.len(); probes.len()]);
        }
    }
    similarities(&[Probe::new(&face(1))], &[], &mut |_, _, _| panic!("there are no rows"));
    similarities(&[], &[EmbeddingRow::from(&face(1))], &mut |_, _, _| panic!("there are no probes"));
}

#[test]
fn a_batch_reports_the_pairs_that_reach_what_is_asked_of_their_probe_and_no_others() {
    let rows: Vec<_> = (0..150).map(|person| EmbeddingRow::from(&photograph(person, 200, 30))).collect();
    for count in [1, 4, 5, 16, 18, 21, 40] {
        let probes: Vec<_> = (0..count).map(|person| Probe::new(&photograph(person, 200, 60))).collect();
        let (probes, rows) = (&probes, &rows);
        let all = |probe: usize| rows.iter().map(move |row| similarity(&probes[probe], row));
        // What some row reaches exactly, one more than that, what all reach and what none does.
        let least: Vec<_> = (0..probes.len())
            .map(|probe| match probe % 4 {
                0 => all(probe).nth(probe).unwrap(),
                1 => Similarity::new(all(probe).max().unwrap().get() + 1),
                2 => Similarity::NONE,
                _ => Similarity::new(u32::MAX),
            })
            .collect();
        let mut due = Vec::new();
        for (probe, &least) in least.iter().enumerate() {
            due.extend(all(probe).enumerate().filter(|(_, one)| *one >= least).map(|(row, one)| (probe, row, one)));
        }
        assert!(due.len() >= probes.len().div_ceil(4));
        for kernels in Kernels::available() {
            let mut found = Vec::new();
            let batch = Batch::new(probes.iter().collect());
            batch.similarities_from_on(kernels, rows, &least, &mut |probe, row, one| found.push((probe, row, one)));
            found.sort_unstable();
            assert_eq!(found, due, "{kernels:?}, {count} probes");
        }
    }
}

#[test]
fn a_row_keeps_its_promised_size_and_its_values() {
    assert_eq!((size_of::<EmbeddingRow>(), align_of::<EmbeddingRow>()), (512, 64));
    assert_eq!(EmbeddingRow::from(&face(8)).values(), face(8).embedding());
}

proptest! {
    #[test]
    fn damaged_rows_are_compared_without_a_panic_and_alike_on_every_set(
        bytes in prop::collection::vec(any::<u8>(), 512), zero in any::<bool>(), dimension in 1..=512_usize,
    ) {
        let bytes = if zero { vec![0; 512] } else { bytes };
        let row = bytemuck::pod_read_unaligned::<EmbeddingRow>(&bytes);
        let probe = Probe::new(&template_of(1, &vec![7; dimension]));
        let expected = similarity(&probe, &row);
        prop_assert!(expected.get() <= 65_536 && (!zero || expected == Similarity::NONE));
        for kernels in Kernels::available() {
            similarities_on(kernels, std::slice::from_ref(&probe), &[row], &mut |_, _, got| assert_eq!(got, expected));
        }
    }
}
