use proptest::prelude::*;
use whorl_types::{
    Descriptor, DescriptorBasis, Descriptors, FingerTemplate, Minutia, MinutiaKind, PpiSource, Quality, RidgeCell,
    RidgeField, Singularity, SingularityKind,
};

use super::{decode, encode};
use crate::template::TemplateError;

fn minutiae(count: usize) -> Vec<Minutia> {
    let kinds = [MinutiaKind::Other, MinutiaKind::Ending, MinutiaKind::Bifurcation];
    let minutia = |which: usize| Minutia {
        x_px8: (which * 37 % 2400) as u16,
        y_px8: (which * 91 % 2800) as u16,
        angle: (which * 53) as u8,
        kind: kinds[which % 3],
        quality: Quality::new((which * 7 % 101) as u8).unwrap(),
    };
    (0..count).map(minutia).collect()
}

fn full(count: usize) -> FingerTemplate {
    let cell =
        |which: usize| RidgeCell { angle: (which * 11) as u8, period_px16: 144, coherence: (which % 5) as u8 * 60 };
    let cells = (0..19 * 23).map(|which| if which % 3 == 0 { RidgeCell::default() } else { cell(which) }).collect();
    let word = |which: usize| (which as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let bits = |which: usize| Descriptor { words: std::array::from_fn(|at| word(which * 8 + at)) };
    let described = (0..count.min(Descriptors::MOST)).map(bits).collect();
    let core = Singularity { x_px: 150, y_px: 160, kind: SingularityKind::Core };
    FingerTemplate::new(300, 360, minutiae(count), Quality::new(71).unwrap())
        .unwrap()
        .with_field(RidgeField::new(19, cells).unwrap(), vec![core])
        .with_ppi_source(PpiSource::Estimated)
        .with_descriptors(Descriptors::new(3, DescriptorBasis::Ridges, described).unwrap())
        .unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    let bare = FingerTemplate::new(300, 360, minutiae(5), Quality::new(0).unwrap()).unwrap();
    let of_minutiae = Descriptors::new(3, DescriptorBasis::Minutiae, vec![Descriptor::default(); 5]).unwrap();
    for template in [full(0), full(1), full(96), bare.clone(), bare.with_descriptors(of_minutiae).unwrap()] {
        let bytes = encode(&template);
        let back = decode(&bytes).unwrap();
        assert!(back == template);
        assert_eq!(encode(&back), bytes);
    }
}

#[test]
fn the_fullest_template_of_a_usual_print_fits_in_six_kibibytes() {
    let bytes = encode(&full(FingerTemplate::MAX_MINUTIAE));
    assert!(bytes.len() <= 6 << 10, "{} bytes", bytes.len());
}

#[test]
fn a_cut_template_is_refused_wherever_it_is_cut() {
    let bytes = encode(&full(20));
    for length in 0..bytes.len() {
        assert!(decode(&bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn damage_is_found_by_the_checksum() {
    let mut bytes = encode(&full(20));
    bytes[100] ^= 1;
    assert!(matches!(decode(&bytes), Err(TemplateError::Checksum { .. })));
}

#[test]
fn a_wrong_field_is_named_with_its_place() {
    let mut bytes = encode(&full(20));
    bytes[6] = 101;
    assert_eq!(decode(&bytes).unwrap_err().to_string(), "quality at byte 6 is 101: it is more than can be");
    assert_eq!(decode(b"GIF89a").unwrap_err(), TemplateError::NotATemplate);
}

/// Bytes with the length and the checksum put right, so that a mutation reaches the fields behind them.
fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() >= 16 {
        let (length, sum) = (bytes.len() as u32, crc32c::crc32c(&bytes[16..]));
        bytes[8..12].copy_from_slice(&length.to_le_bytes());
        bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    }
    bytes
}

proptest! {
    #[test]
    fn mutated_templates_are_read_exactly_or_refused(
        count in 0_usize..97,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in 0_usize..40,
    ) {
        let mut bytes = encode(&full(count));
        let at = |index: prop::sample::Index, length: usize| index.index(length.min(120));
        for (index, value) in changes {
            let place = at(index, bytes.len());
            bytes[place] = value;
        }
        bytes.truncate(bytes.len() - cut / 8);
        let bytes = seal(bytes);
        if let Ok(template) = decode(&bytes) {
            prop_assert_eq!(encode(&template), bytes);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&seal([b"WHFT\x01".as_slice(), &bytes].concat()));
    }
}
