//! The bytes of a gallery, against `FORMAT.md`: whoever moves one raises a version there.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::Arc;

use population::{face, id, iris, reference};
use whorl_index::{Gallery, Memory, Reference, Storage};
use whorl_types::IrisCode;
use whorl_types::Position::{Face, LeftEye};

/// Makes a gallery of one segment.
fn enrol(memory: &Memory, references: Vec<Reference>) {
    let gallery = Gallery::create(Arc::new(memory.clone())).unwrap();
    gallery.enrol(references).unwrap();
    gallery.settle().unwrap();
}

/// The rows of a column of the only segment.
fn rows(memory: &Memory, column: &str) -> Vec<u8> {
    memory.read(&format!("segment-0000000000000000/{column}"), usize::MAX).unwrap()[64..].to_vec()
}

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

/// The half-byte number `n` of word `w`, and whether it is seen.
fn half_byte(code: &IrisCode, w: usize, n: usize) -> (u64, bool) {
    let (ring, high) = (n / 2, n % 2);
    let direction = 8 * w + 4 * high;
    let first_bit = if ring % 2 == high { 0 } else { 2 };
    let bits = code.cells[direction] >> (8 * ring + first_bit) & 0xF;
    (bits, code.visible[direction] >> ring & 1 == 1)
}

#[test]
fn the_coarse_bits_of_eyes_lie_where_the_page_says() {
    let memory = Memory::new();
    let eyes = (0..11).map(|eye| iris(eye, 1)).collect::<Vec<_>>();
    let named = eyes.iter().enumerate().map(|(eye, template)| {
        let templates = vec![(LeftEye, template.clone().into())];
        Reference { id: id(&format!("eye-{eye:02}")), templates }
    });
    enrol(&memory, named.collect());
    let coarse = rows(&memory, "iris-left.coarse");
    for (row, eye) in eyes.iter().enumerate() {
        let (block, lane) = (&coarse[row / 8 * 1280..], row % 8);
        for (w, n) in (0..16).flat_map(|w| (0..16).map(move |n| (w, n))) {
            let bits = word(block, 64 * w + 8 * lane) >> (4 * n) & 0xF;
            let seen = word(block, 1024 + 64 * (w / 4) + 8 * lane) >> (16 * (w % 4) + n) & 1 == 1;
            assert_eq!((bits, seen), half_byte(eye.code(), w, n), "eye {row}, half-byte {n} of word {w}");
        }
    }
    let beyond = (3..8).all(|lane| (0..20).all(|line| word(&coarse[1280..], 64 * line + 8 * lane) == 0));
    assert!(beyond, "lanes beyond the last eye are zeros");
}

#[test]
fn an_iris_is_its_row_and_its_code() {
    let memory = Memory::new();
    let ada = reference("ada", &[LeftEye]);
    enrol(&memory, vec![ada.clone()]);
    let template = ada.templates[0].1.as_iris().unwrap();
    let row = rows(&memory, "iris-left.rows");
    assert_eq!(row[..4], [0; 4]);
    assert_eq!(row[4], template.quality().get());
    assert_eq!(row[5..15], template.measures().named().map(|(_, measure)| measure));
    for (at, circle) in [(16, template.pupil()), (28, template.limbus())] {
        let numbers = [circle.x_px8 as u32, circle.y_px8 as u32, circle.radius_px8];
        assert_eq!(row[at..at + 12], numbers.map(u32::to_le_bytes).concat());
    }
    let code = rows(&memory, "iris-left.fine");
    assert!(template.code().cells.iter().enumerate().all(|(at, &rings)| word(&code, 8 * at) == rings));
    assert_eq!(code[1024..1152], template.code().visible);
}

/// The bits that decide which values of an embedding are negated: round by round, lowest first.
fn negated() -> Vec<bool> {
    let mut state = 0_u64;
    let words = (0..24).map(|_| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    });
    words.flat_map(|word| (0..64).map(move |bit| word >> bit & 1 == 1)).collect()
}

/// The sign code of an embedding, sum by sum as the page says.
fn sign_code(embedding: &[i8; 512]) -> Vec<bool> {
    let mut values = embedding.map(i64::from);
    for negated in negated().chunks(512) {
        let before: Vec<_> =
            values.iter().zip(negated).map(|(&value, &not)| if not { -value } else { value }).collect();
        let odd = |a: usize, b: usize| (a & b).count_ones() % 2 == 1;
        let sum = |at| before.iter().enumerate().map(|(from, &value)| if odd(at, from) { -value } else { value }).sum();
        values = std::array::from_fn(sum);
    }
    values.iter().map(|&value| value > 0).collect()
}

#[test]
fn the_coarse_bits_of_faces_lie_where_the_page_says() {
    let memory = Memory::new();
    let faces = (0..11).map(|person| face(person, 7, 130)).collect::<Vec<_>>();
    let named = faces.iter().enumerate().map(|(person, template)| {
        let templates = vec![(Face, template.clone().into())];
        Reference { id: id(&format!("face-{person:02}")), templates }
    });
    enrol(&memory, named.collect());
    let coarse = rows(&memory, "face-face.coarse");
    for (row, face) in faces.iter().enumerate() {
        let (block, lane) = (&coarse[row / 8 * 512..], row % 8);
        for (at, due) in sign_code(face.embedding()).into_iter().enumerate() {
            let bit = word(block, 64 * (at / 64) + 8 * lane) >> (at % 64) & 1 == 1;
            assert_eq!(bit, due, "face {row}, bit {at}");
        }
    }
    let beyond = (3..8).all(|lane| (0..8).all(|line| word(&coarse[512..], 64 * line + 8 * lane) == 0));
    assert!(beyond, "lanes beyond the last face are zeros");
}

#[test]
fn a_face_is_its_row_and_its_embedding() {
    let memory = Memory::new();
    let ada = reference("ada", &[Face]);
    enrol(&memory, vec![ada.clone()]);
    let template = ada.templates[0].1.as_face().unwrap();
    let row = rows(&memory, "face-face.rows");
    assert_eq!((&row[..4], &row[4..6], row[6], row[7]), (&[0; 4][..], &[100, 0][..], template.quality().get(), 0));
    assert_eq!(row[8..24], template.measures().named().map(|(_, measure)| measure));
    let points = template.points().px8;
    assert_eq!(row[24..64], points.as_flattened().iter().flat_map(|at| at.to_le_bytes()).collect::<Vec<_>>());
    let embedding = rows(&memory, "face-face.fine");
    assert!(template.embedding().iter().zip(&embedding).all(|(&value, &byte)| value.cast_unsigned() == byte));
    let header = memory.read("segment-0000000000000000/face-face.fine", 64).unwrap();
    assert_eq!((&header[10..13], &header[16..20]), (&[4, 3, 13][..], &template.model().0.to_le_bytes()[..]));
}
