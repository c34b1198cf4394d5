//! The files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing a person wrote.
const NOT_OURS: [&str; 6] = ["target", ".git", "corpus-found", "demo-out", "node_modules", "shared"];

/// The top of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie one folder below the root").to_path_buf()
}

/// A file of the workspace, by its path from the root with forward slashes.
pub(crate) struct File {
    pub(crate) name: String,
    path: PathBuf,
}

impl File {
    pub(crate) fn text(&self) -> String {
        fs::read_to_string(&self.path).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Whether the name ends with a dot and one of `endings`, in letters of either case.
    pub(crate) fn has_ending(&self, endings: &[&str]) -> bool {
        let ending = self.path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        endings.contains(&ending.as_str())
    }

    pub(crate) fn bytes(&self) -> u64 {
        fs::metadata(&self.path).unwrap_or_else(|error| panic!("{}: {error}", self.name)).len()
    }

    /// The lines before the file's unit tests, which by custom come last, numbered from 1.
    pub(crate) fn lines_without_tests(&self) -> Vec<(usize, String)> {
        let numbered = self.text().lines().map(str::to_owned).collect::<Vec<_>>().into_iter().enumerate();
        numbered.take_while(|(_, line)| !line.starts_with("#[cfg(test)]")).map(|(at, line)| (at + 1, line)).collect()
    }
}

/// Every file below the root that a person wrote, in order of name.
pub(crate) fn files() -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace can be read") {
            let path = entry.expect("an entry of the workspace can be read").path();
            let last = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            if NOT_OURS.contains(&last.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(&root).expect("found below the root");
                found.push(File { name: inside.to_string_lossy().replace('\\', "/"), path });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Every Rust file of the workspace.
pub(crate) fn rust_files() -> Vec<File> {
    files().into_iter().filter(|file| file.has_ending(&["rs"])).collect()
}

/// Fails with every complaint at once, so that one run shows all there is to mend.
pub(crate) fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
