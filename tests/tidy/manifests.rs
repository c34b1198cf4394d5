//! What the packages say of themselves.

use std::process::Command;

use serde_json::Value;

use crate::tree;

/// A package of the workspace, as cargo sees it.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) license: String,
    pub(crate) description: String,
    /// Path of its manifest from the root.
    pub(crate) manifest: String,
    /// What it builds on, and whether only its tests and benches do.
    pub(crate) dependencies: Vec<(String, bool)>,
}

/// The packages of the workspace.
pub(crate) fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(tree::root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    metadata["packages"].as_array().expect("a list of packages").iter().map(package).collect()
}

fn package(value: &Value) -> Package {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let root = tree::root().to_string_lossy().into_owned();
    let dependency = |found: &Value| {
        (found["name"].as_str().expect("a dependency has a name").to_owned(), found["kind"].as_str() == Some("dev"))
    };
    Package {
        name: text("name"),
        license: text("license"),
        description: text("description"),
        manifest: text("manifest_path").replace(&root, "").trim_start_matches('/').to_owned(),
        dependencies: value["dependencies"].as_array().expect("a list").iter().map(dependency).collect(),
    }
}

#[test]
fn every_package_has_a_licence_and_says_what_it_is() {
    let silent = |package: &Package| package.license != "MPL-2.0" || package.description.is_empty();
    let complaints: Vec<String> =
        packages().iter().filter(|package| silent(package)).map(|package| package.manifest.clone()).collect();
    tree::assert_none(&complaints);
}

#[test]
fn every_crate_says_what_it_is_not() {
    let main_file = |package: &Package| {
        let folder = package.manifest.trim_end_matches("Cargo.toml");
        let names = [format!("{folder}src/lib.rs"), format!("{folder}src/main.rs")];
        names.into_iter().map(|name| tree::root().join(name)).find(|path| path.exists())
    };
    let mut complaints = Vec::new();
    for package in packages() {
        let Some(path) = main_file(&package) else { continue };
        let text = std::fs::read_to_string(&path).expect("a crate's main file can be read");
        if !text.starts_with("//! ") || !text.contains("What this crate is not") {
            complaints.push(format!("{}: the crate doc must say what it is and what it is not", path.display()));
        }
    }
    tree::assert_none(&complaints);
}

#[test]
fn versions_and_lints_are_stated_once_in_the_workspace() {
    let mut complaints = Vec::new();
    for package in packages() {
        let text = std::fs::read_to_string(tree::root().join(&package.manifest)).expect("a manifest can be read");
        if !text.contains("[lints]\nworkspace = true") {
            complaints.push(format!("{}: lacks the workspace's lints", package.manifest));
        }
        for (at, line) in text.lines().enumerate() {
            if line.contains("version = \"") {
                complaints.push(format!(
                    "{}:{}: {line}: versions belong into the workspace table",
                    package.manifest,
                    at + 1
                ));
            }
        }
    }
    tree::assert_none(&complaints);
}
