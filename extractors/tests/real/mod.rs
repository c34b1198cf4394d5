//! Real prints, where they are at hand.

use std::path::PathBuf;

use whorl_extractors::fingerprint::{NoTrace, extract};
use whorl_types::Ppi;

const SETS: [&str; 5] = ["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b", "fcj2020"];

/// The folder of samples: `WHORL_DATA`, else beside the workspace.
fn samples() -> Option<PathBuf> {
    let named = std::env::var_os("WHORL_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    named.or(Some(beside)).filter(|folder| folder.is_dir())
}

#[test]
fn every_real_print_gives_a_template_with_its_best_minutiae_first() {
    let Some(folder) = samples() else {
        println!("skipped: no samples in WHORL_DATA or ../shared/data");
        return;
    };
    for set in SETS {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join("fingerprint").join(set))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "png" || extension == "tif"))
            .collect();
        files.sort();
        for file in files.iter().step_by(13) {
            let image = whorl_formats::image::decode(&std::fs::read(file).unwrap()).unwrap().pixels.into_grey();
            let template = extract(&image, Some(Ppi::STANDARD), &mut NoTrace).unwrap();
            let minutiae = template.minutiae();
            assert!(minutiae.len() >= 8, "{}: {template:?}", file.display());
            assert!(minutiae.is_sorted_by(|a, b| a.quality >= b.quality), "{}", file.display());
            assert!(template.quality().get() >= 30, "{}: {:?}", file.display(), template.quality());
        }
    }
}
