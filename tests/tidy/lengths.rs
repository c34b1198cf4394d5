//! How long things may be.

use crate::tree;

/// A file over this is doing two things.
const MOST_LINES_A_FILE: usize = 500;

/// A function over this is doing two things; clippy counts the lines.
const MOST_LINES_A_FUNCTION: &str = "too-many-lines-threshold = 70";

/// Tracked files over this are data that should have been generated.
const MOST_BYTES_A_FILE: u64 = 512 << 10;

/// The weights of the embedded face networks, which no build can make again: under 4 MB together, as a test of theirs says.
const WEIGHTS: [&str; 2] = ["extractors/face/weights/detector.onnx", "extractors/face/weights/embedder.onnx"];

#[test]
fn no_source_file_is_over_500_lines() {
    let mut complaints = Vec::new();
    for file in tree::rust_files() {
        let lines = file.text().lines().count();
        if lines > MOST_LINES_A_FILE {
            complaints.push(format!("{}: {lines} lines; the alarm is at {MOST_LINES_A_FILE}", file.name));
        }
    }
    tree::assert_none(&complaints);
}

#[test]
fn functions_are_held_under_70_lines_and_nobody_opts_out() {
    let clippy = tree::files().into_iter().find(|file| file.name == "clippy.toml").expect("clippy.toml exists");
    assert!(clippy.text().contains(MOST_LINES_A_FUNCTION));
    let exempt = concat!("clippy::", "too_many_lines");
    let complaints: Vec<String> = tree::rust_files()
        .iter()
        .filter(|file| file.text().contains(exempt))
        .map(|file| format!("{} exempts itself from {exempt}", file.name))
        .collect();
    tree::assert_none(&complaints);
}

#[test]
fn no_file_but_the_weights_is_larger_than_half_a_mebibyte() {
    let complaints: Vec<String> = tree::files()
        .iter()
        .filter(|file| file.bytes() > MOST_BYTES_A_FILE && !WEIGHTS.contains(&file.name.as_str()))
        .map(|file| format!("{}: {} bytes", file.name, file.bytes()))
        .collect();
    tree::assert_none(&complaints);
}
