//! What must not be there.

use crate::tree::{self, File};

/// The files in which `unsafe` may be written: SIMD intrinsics, the mapping of a file and the C interface of faiss.
const MAY_BE_UNSAFE: [&str; 9] = [
    "engine/kernels/src/avx2.rs",
    "engine/kernels/src/avx2/panel.rs",
    "engine/kernels/src/avx2/rows.rs",
    "engine/kernels/src/avx512.rs",
    "engine/kernels/src/avx512/panel.rs",
    "engine/kernels/src/avx512/rows.rs",
    "engine/kernels/src/dispatch.rs",
    "index/src/ann/faiss.rs",
    "index/src/storage/files.rs",
];

/// Names that say nothing.
const EMPTY_NAMES: [&str; 5] = ["utils", "common", "helpers", "misc", "manager"];

/// Complains of every line of the files that `concerns` picks, tests left out, in which one of `words` stands.
fn complain_of(words: &[&str], concerns: impl Fn(&File) -> bool) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in tree::rust_files().iter().filter(|file| concerns(file) && !is_test(file)) {
        for (at, line) in file.lines_without_tests() {
            let code = line.split("//").next().unwrap_or_default();
            for word in words.iter().filter(|word| code.contains(**word)) {
                complaints.push(format!("{}:{at}: {word}", file.name));
            }
        }
    }
    complaints
}

fn is_test(file: &File) -> bool {
    file.name.starts_with("tests/") || file.name.contains("/tests/") || file.name.ends_with("/tests.rs")
}

#[test]
fn unsafe_stands_only_where_intrinsics_and_maps_are() {
    let words = [concat!("un", "safe {"), concat!("un", "safe fn"), concat!("un", "safe impl")];
    tree::assert_none(&complain_of(&words, |file| !MAY_BE_UNSAFE.contains(&file.name.as_str())));
}

#[test]
fn no_async_below_the_server() {
    // Clients of a server stand above it: those of programs, and those that measure it.
    let above = ["api/src", "sdk/", "benches/src/server"];
    let below = |file: &File| !above.iter().any(|folder| file.name.starts_with(folder));
    tree::assert_none(&complain_of(&["async fn", ".await"], below));
}

#[test]
fn decoders_never_panic_on_purpose() {
    let words = ["panic!(", "unreachable!(", "unimplemented!(", "todo!(", "assert!(", ".unwrap()"];
    tree::assert_none(&complain_of(&words, |file| file.name.starts_with("engine/formats/src")));
}

#[test]
fn no_state_hides_in_globals() {
    let words = ["thread_local!", "static mut ", "lazy_static!"];
    tree::assert_none(&complain_of(&words, |_| true));
}

#[test]
fn scores_and_templates_never_meet_the_platforms_maths() {
    // The platform's libm differs between systems; the crate `libm` and tables do not.
    let words =
        [".sin()", ".cos()", ".sin_cos()", ".tan()", ".atan2(", ".exp()", ".ln()", ".powf(", ".mul_add(", ".hypot("];
    let deterministic = ["engine/", "extractors/", "index/", "datasets/"];
    let concerns = |file: &File| deterministic.iter().any(|folder| file.name.starts_with(folder));
    tree::assert_none(&complain_of(&words, concerns));
}

#[test]
fn no_module_has_an_empty_name() {
    let empty = |file: &&File| {
        let parts = file.name.trim_end_matches(".rs").split('/');
        parts.into_iter().any(|part| EMPTY_NAMES.contains(&part))
    };
    let complaints: Vec<String> = tree::files().iter().filter(empty).map(|file| file.name.clone()).collect();
    tree::assert_none(&complaints);
}

#[test]
fn no_picture_lies_in_the_repository_but_the_synthetic_seeds_of_the_fuzzers() {
    let pictures = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "wsq", "jp2", "pgm", "iso", "raw", "an2"];
    let seeds = ["tests/fuzz/corpus/", "engine/formats/tests/fixtures/"];
    let stray = |file: &&File| {
        let allowed = seeds.iter().any(|folder| file.name.starts_with(folder));
        !allowed && file.has_ending(&pictures)
    };
    let complaints: Vec<String> = tree::files().iter().filter(stray).map(|file| file.name.clone()).collect();
    tree::assert_none(&complaints);
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    let paths = [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/")];
    let mut complaints = Vec::new();
    let written = ["rs", "md", "toml", "html", "svg", "json", "sh", "py", "txt"];
    for file in tree::files().iter().filter(|file| file.has_ending(&written)) {
        for (at, line) in file.text().lines().enumerate() {
            for path in paths.iter().filter(|path| line.contains(**path)) {
                complaints.push(format!("{}:{}: {path}", file.name, at + 1));
            }
        }
    }
    tree::assert_none(&complaints);
}
