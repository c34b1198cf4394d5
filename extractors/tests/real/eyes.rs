//! Real eyes, where they are at hand.

use std::path::PathBuf;

use whorl_extractors::iris::{NoTrace, extract};

const SETS: [&str; 3] = ["casia1", "casia-interval", "mmu1"];

/// The folder of samples: `WHORL_DATA`, else beside the workspace.
fn samples() -> Option<PathBuf> {
    let named = std::env::var_os("WHORL_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    named.or(Some(beside)).filter(|folder| folder.is_dir())
}

#[test]
fn nearly_every_real_eye_gives_a_template() {
    let Some(folder) = samples() else {
        println!("skipped: no samples in WHORL_DATA or ../shared/data");
        return;
    };
    for set in SETS {
        let manifest = std::fs::read_to_string(folder.join(format!("iris-{set}.csv"))).unwrap();
        let paths: Vec<&str> = manifest.lines().skip(1).filter_map(|line| line.split(',').next()).step_by(29).collect();
        let refused = |path: &&&str| {
            let image = whorl_formats::image::decode(&std::fs::read(folder.join(path)).unwrap()).unwrap();
            extract(&image.pixels.into_grey(), &mut NoTrace).is_err()
        };
        let refused = paths.iter().filter(refused).count();
        assert!(refused * 50 <= paths.len(), "{refused} of {} of {set} are refused", paths.len());
    }
}
