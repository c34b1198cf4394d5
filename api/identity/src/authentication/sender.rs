//! Who takes one-time passwords to their owners.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::json;
use thiserror::Error;
use zeroize::Zeroizing;

/// The most messages that an [`Outbox`] in memory holds: the oldest go first.
const MOST_HELD: usize = 10_000;

/// How a message gets to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// As a text to his telephone.
    Phone,
    /// By e-mail.
    Email,
}

/// A one-time password on its way to its owner. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// How.
    pub channel: Channel,
    /// Where to.
    pub to: String,
    /// The password.
    pub code: Zeroizing<String>,
    /// The language in which its owner is written to, where he says.
    pub language: Option<String>,
    /// What the partner who asked is called.
    pub partner_name: String,
    /// How long it can be used, in seconds.
    pub valid_s: u32,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({:?})", self.channel)
    }
}

/// Why a message is not sent. It says nothing of the message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("messages cannot be sent by {channel:?}: {reason}")]
pub struct SendError {
    /// How it was to be sent.
    pub channel: Channel,
    /// What is wrong.
    pub reason: String,
}

/// Takes messages to people.
pub trait Sender: fmt::Debug + Send + Sync {
    /// Takes a message over. It waits for nobody: how long it takes must not tell whether there was somebody to write to.
    ///
    /// # Errors
    /// [`SendError`] where it does not take it.
    fn send(&self, message: &Message) -> Result<(), SendError>;
}

/// Keeps messages instead of sending them, for sandboxes and tests, where passwords protect nobody.
#[derive(Default)]
pub struct Outbox {
    file: Option<PathBuf>,
    held: Mutex<Vec<Message>>,
}

impl Outbox {
    /// One in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// One that appends a line of JSON for each message to a file.
    #[must_use]
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self { file: Some(path.into()), held: Mutex::default() }
    }

    /// Takes out what is held in memory, oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Sender for Outbox {
    fn send(&self, message: &Message) -> Result<(), SendError> {
        let Some(path) = &self.file else {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            if held.len() >= MOST_HELD {
                held.remove(0);
            }
            held.push(message.clone());
            return Ok(());
        };
        let line = json!({
            "channel": message.channel,
            "to": message.to,
            "code": message.code.as_str(),
            "language": message.language,
            "partner": message.partner_name,
            "valid_s": message.valid_s,
        });
        // Held, so that lines of two messages do not mix.
        let _held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let written = OpenOptions::new().append(true).create(true).open(path);
        let written = written.and_then(|mut file| writeln!(file, "{line}"));
        written.map_err(|error| SendError { channel: message.channel, reason: error.to_string() })
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox")
    }
}
