//! Who may import whom. Folders import leftwards only.

use crate::manifests::packages;
use crate::tree;

/// Each package with those of ours that it may build on. Tests and benches of a package may also use `SAMPLES`.
const MAY_IMPORT: [(&str, &[&str]); 16] = [
    ("whorl-types", &[]),
    ("whorl-kernels", &[]),
    ("whorl-formats", &["types"]),
    ("whorl-engine", &["types", "kernels"]),
    ("whorl-extractors", &["types", "kernels"]),
    ("whorl-index", &["types", "kernels", "formats", "engine"]),
    ("whorl-datasets", &["types", "kernels", "formats", "engine"]),
    ("whorl-service", &["types", "kernels", "formats", "engine", "extractors", "index", "datasets"]),
    ("whorl-identity", &["types", "index", "service"]),
    ("whorl-proto", &[]),
    ("whorl-api", &["types", "index", "service", "identity", "proto"]),
    ("whorl-sdk", &["types", "formats", "api", "proto"]),
    ("whorl-eval", &["types", "kernels", "formats", "engine", "extractors", "index", "datasets", "service"]),
    (
        "whorl-benches",
        &["types", "kernels", "formats", "engine", "extractors", "index", "datasets", "service", "proto", "api"],
    ),
    (
        "whorl-cli",
        &[
            "types",
            "kernels",
            "formats",
            "engine",
            "extractors",
            "index",
            "datasets",
            "service",
            "identity",
            "eval",
            "benches",
            "api",
            "sdk",
        ],
    ),
    ("whorl-tests", &[]),
];

/// What any package's own tests may use beside what it may import: formats to read samples, datasets to make them.
const SAMPLES: [&str; 2] = ["whorl-formats", "whorl-datasets"];

#[test]
fn folders_import_leftwards_only() {
    let mut complaints = Vec::new();
    for package in packages() {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == package.name) else {
            complaints.push(format!("{} is not in the table of imports", package.name));
            continue;
        };
        for (dependency, for_tests_only) in &package.dependencies {
            let Some(ours) = dependency.strip_prefix("whorl-") else { continue };
            let fine = allowed.contains(&ours) || *for_tests_only && SAMPLES.contains(&dependency.as_str());
            if !fine && package.name != "whorl-tests" {
                complaints.push(format!("{} must not import {dependency}", package.name));
            }
        }
    }
    tree::assert_none(&complaints);
}

#[test]
fn nothing_below_the_server_is_asynchronous() {
    let runtimes = ["tokio", "async-std", "smol", "futures", "tonic", "axum", "hyper"];
    // Benches measure the server from outside, as clients over connections, and stand beside the command line, not below the server.
    let above = ["whorl-api", "whorl-proto", "whorl-sdk", "whorl-benches"];
    let mut complaints = Vec::new();
    for package in packages().iter().filter(|package| !above.contains(&package.name.as_str())) {
        for (dependency, _) in package.dependencies.iter().filter(|(name, _)| runtimes.contains(&name.as_str())) {
            complaints.push(format!("{} must not depend on {dependency}", package.name));
        }
    }
    tree::assert_none(&complaints);
}
