//! What is wrong with a configuration, told so that it can be put right.

use std::fmt::{Display, Formatter, Result};
use std::path::PathBuf;

use super::rules::BrokenRule;

/// Why there is no configuration.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is no TOML. The line itself is not repeated, for it may hold what nobody should see.
    #[error("{place}: {reason}; the format is TOML, and `{shown_by}` shows all keys")]
    NoToml {
        /// Where the reader stumbled.
        place: Place,
        /// Over what.
        reason: String,
        /// What prints all keys there are.
        shown_by: &'static str,
    },
    /// It says what it may not: every fault that was found, one at least.
    #[error("{}", lines(.0))]
    Refused(Vec<Fault>),
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It was compiled in.
    Default,
    /// A file.
    File {
        /// Its path as it was given.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The letter in the line, from 1.
        column: usize,
    },
    /// The environment variable of this name.
    Variable(String),
}

impl Place {
    /// The place of the byte `at` of the file at `path` that holds `text`.
    pub(super) fn in_file(path: &std::path::Path, text: &str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let last = before.rsplit('\n').next().unwrap_or_default();
        Self::File {
            path: path.to_path_buf(),
            line: before.matches('\n').count() + 1,
            column: last.chars().count() + 1,
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// What to write instead of a name that there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// What may be meant.
    Nearest(String),
    /// The command that prints all there are.
    ShownBy(&'static str),
}

impl Display for Instead {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Nearest(nearest) => write!(f, "did you mean {nearest}?"),
            Self::ShownBy(command) => write!(f, "`{command}` shows all there are"),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// There is no such section.
    #[error("{place}: there is no section [{section}]; {instead}")]
    UnknownSection {
        /// Where it stands.
        place: Place,
        /// What it is called.
        section: String,
        /// What to write instead.
        instead: Instead,
    },
    /// There is no such key.
    #[error("{place}: there is no key `{key}` {}; {instead}", whereabouts(section))]
    UnknownKey {
        /// Where it stands.
        place: Place,
        /// The section; empty outside of all.
        section: String,
        /// What it is called.
        key: String,
        /// What to write instead.
        instead: Instead,
    },
    /// A variable that looks like a key and is none. Its value is not told: it may be a secret.
    #[error("the environment variable {name} is no key of the configuration; {instead}")]
    UnknownVariable {
        /// Its name.
        name: String,
        /// What to write instead.
        instead: Instead,
    },
    /// A list in a variable.
    #[error("the environment variable {name} cannot hold a list; write it into the file")]
    ListInVariable {
        /// Its name.
        name: String,
    },
    /// A value of another kind.
    #[error("{place}: {key} must be {wanted}")]
    WrongKind {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// A number that is too small or too large.
    #[error("{place}: {key} is {value}, and must be {least} to {most}; choose a number within")]
    OutOfRange {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
        /// What it is.
        value: i64,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A number that is none of those that may be.
    #[error("{place}: {key} is {value}, and must be {wanted}")]
    WrongNumber {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
        /// What it is.
        value: f64,
        /// What it must be, and what to choose.
        wanted: &'static str,
    },
    /// A number that is above one that it must not be above.
    #[error("{place}: {key} is {value}, above {other}, which is {most}; choose one that is not above the other")]
    Above {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
        /// What it is.
        value: f64,
        /// The other key.
        other: &'static str,
        /// What that is.
        most: f64,
    },
    /// A word that means nothing here.
    #[error("{place}: {key} is \"{value}\", and must be one of {words}")]
    UnknownWord {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
        /// What it is; a long one is cut.
        value: String,
        /// What it may be.
        words: String,
    },
    /// No address and port.
    #[error(
        "{place}: {key} is \"{value}\", and must be an address and a port, such as \"127.0.0.1:7443\" or \"[::1]:7443\""
    )]
    NoAddress {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
        /// What it is; a long one is cut.
        value: String,
    },
    /// Nothing where something is needed.
    #[error("{place}: {key} is empty; say which, or leave the key out for its default")]
    Empty {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
    },
    /// More than there may be.
    #[error("{place}: {key} has {count} entries, and may have {most}")]
    TooMany {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A secret where the name of its file belongs.
    #[error(
        "{place}: {key} must name a file, and holds what should be in it; write that into a file that only the server's user can read"
    )]
    SecretInPlace {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
    },
    /// No name of a variable, perhaps what should be in it.
    #[error(
        "{place}: {key} must be the name of an environment variable, of at most 60 letters, digits and underscores; the secret itself \
         belongs into the variable"
    )]
    NoVariable {
        /// Where it stands.
        place: Place,
        /// Section and key.
        key: String,
    },
    /// A file that is not there.
    #[error("the file that {key} names is not there or cannot be read ({kind}); put it there or correct the key")]
    MissingFile {
        /// Section and key.
        key: &'static str,
        /// What went wrong.
        kind: std::io::ErrorKind,
    },
    /// Values that are fine alone and not together.
    #[error(transparent)]
    Rule(#[from] BrokenRule),
}

/// How people say where a key belongs.
pub(super) fn whereabouts(section: &str) -> String {
    if section.is_empty() { "outside of the sections".to_owned() } else { format!("in [{section}]") }
}
