//! `[log]`

use super::section::Section;

/// What the server says of itself on standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// For whom.
    pub format: LogFormat,
    /// The least that is said.
    pub level: Level,
}

/// For whom the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs, an object a line.
    Json,
}

/// The least that is said; each says what those before it say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// What failed by a fault of the server.
    Error,
    /// What an operator should look at.
    Warn,
    /// What happened: starts, stops, each call in a line.
    #[default]
    Info,
    /// How it happened.
    Debug,
    /// Everything.
    Trace,
}

const FORMATS: [(&str, LogFormat); 2] = [("text", LogFormat::Text), ("json", LogFormat::Json)];

const LEVELS: [(&str, Level); 5] = [
    ("error", Level::Error),
    ("warn", Level::Warn),
    ("info", Level::Info),
    ("debug", Level::Debug),
    ("trace", Level::Trace),
];

impl Log {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self { format: section.word("format", &FORMATS), level: section.word("level", &LEVELS) }
    }
}
