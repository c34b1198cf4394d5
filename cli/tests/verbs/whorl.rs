//! Running the binary in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder in which `whorl` is run; it is removed at the end.
pub(crate) struct Folder {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The binary under test, with `arguments`, to be run in `folder`.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whorl"));
    command.current_dir(folder).args(arguments);
    command
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("there is room for temporary files") }
    }

    /// A folder with `people/`: so many synthetic persons with so many fingers and impressions each.
    pub(crate) fn with_people(persons: u32, fingers: u32, impressions: u32) -> Self {
        Self::with(persons, [&fingers.to_string(), "0"], impressions)
    }

    /// A folder with `people/`: so many synthetic persons with so many fingers, irises, and impressions of each.
    pub(crate) fn with(persons: u32, [fingers, irises]: [&str; 2], impressions: u32) -> Self {
        let folder = Self::new();
        let [persons, impressions] = [persons, impressions].map(|count| count.to_string());
        let sizes = ["--persons", &persons, "--fingers", fingers, "--irises", irises, "--impressions", &impressions];
        let run = folder.whorl(&[["synth", "--out", "people", "--seed", "7"].as_slice(), &sizes].concat());
        assert_eq!(run.code, 0, "{run:?}");
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `whorl`; it must end by itself with a code of its own and without a panic.
    pub(crate) fn whorl(&self, arguments: &[&str]) -> Run {
        let Output { status, stdout, stderr } =
            command(self.folder.path(), arguments).output().expect("the binary was built");
        let text = |bytes| String::from_utf8(bytes).expect("whorl writes UTF-8");
        let run = Run { code: status.code().expect("no signal ends it"), out: text(stdout), err: text(stderr) };
        assert!(!run.err.contains("panicked"), "{arguments:?}: {}", run.err);
        assert!([0, 1, 2, 3].contains(&run.code), "{arguments:?}: {run:?}");
        run
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("the folder can be written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// The rows of a CSV file, by column.
    pub(crate) fn rows(&self, name: &str) -> Vec<std::collections::BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.path(name)).expect("the table is there");
        reader.deserialize().map(|row| row.expect("the table is whole")).collect()
    }

    /// The pictures of the manifest in `people/`, from this folder, in its order.
    pub(crate) fn samples(&self) -> Vec<String> {
        self.rows("people/manifest.csv").iter().map(|row| format!("people/{}", row["path"])).collect()
    }
}

impl Run {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
