//! The bytes of a gallery, against `FORMAT.md`: whoever moves one raises a version there.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::Arc;

use population::{id, iris, reference};
use whorl_index::{Gallery, Memory, Reference, Storage};
use whorl_types::IrisCode;
use whorl_types::Position::LeftEye;

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
    Gallery::create(Arc::new(memory.clone())).unwrap().append(named.collect()).unwrap();
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
    Gallery::create(Arc::new(memory.clone())).unwrap().append(vec![ada.clone()]).unwrap();
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
