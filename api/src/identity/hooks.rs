//! Those who are told what happens, each by a thread of his own.
//!
//! Events go out in their order, as JSON, signed, and again until they are answered by a status of 2xx. How far somebody is stands in the
//! store and is noted after the answer: so each event arrives at least once, and some may arrive again. A request that is sent again has
//! the same header `whorl-delivery`; after a restart of the server what it had not noted comes again with more, and another header. Who
//! is new hears what happens from then on.
//!
//! The header `whorl-signature` is `t=<seconds since 1970>,v1=<hexadecimal digits>`: HMAC-SHA-256 (RFC 2104) by the secret of the hook over
//! the seconds as they stand there, a dot, and the body.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use thiserror::Error;
use ureq::Agent;
use whorl_identity::chance::hexadecimal;
use whorl_identity::event::{Cursor, Event, HOLD_BACK_MS};
use whorl_identity::layer::Layer;
use whorl_identity::store::{Database, StoreError, Table};

use super::timer::{Pauses, Timer};
use crate::config::Hook;
use crate::security::Secret;

/// The most events of a request.
const MOST_EVENTS: usize = 100;

/// How often there is looked for events.
const LOOKS: Duration = Duration::from_secs(1);

/// After how long there is looked again where that was not possible.
const LOOKED_AGAIN: Duration = Duration::from_secs(10);

/// The pauses before what was not taken is sent again.
const PAUSES: Pauses = Pauses::new(Duration::from_secs(1), Duration::from_mins(5));

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The fewest bytes of a secret, which nobody can guess.
const LEAST_SECRET_BYTES: usize = 16;

/// Why nobody can be told.
#[derive(Debug, Error)]
pub enum HookError {
    /// His secret cannot be read.
    #[error("identity.webhooks: the secret of number {number} cannot be read: {reason}")]
    Secret {
        /// Which hook, from 1.
        number: usize,
        /// What went wrong.
        reason: String,
    },
    /// His secret can be guessed.
    #[error(
        "identity.webhooks: the secret of number {number} is shorter than {LEAST_SECRET_BYTES} bytes: draw a longer one by chance"
    )]
    Short {
        /// Which hook, from 1.
        number: usize,
    },
    /// The store cannot say how far he is.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no thread.
    #[error("the system gives no thread for identity.webhooks: {0}")]
    Thread(#[from] std::io::Error),
}

/// Somebody who is told.
struct Listener {
    number: usize,
    url: String,
    secret: Secret,
    agent: Agent,
    layer: Arc<Layer>,
    database: Database,
    timer: Arc<Timer>,
}

/// The secrets of `hooks`, in their order.
///
/// # Errors
/// [`HookError::Secret`], [`HookError::Short`].
pub(super) fn secrets(hooks: &[Hook]) -> Result<Vec<Secret>, HookError> {
    (1..).zip(hooks).map(|(number, hook)| secret(number, hook)).collect()
}

/// Starts a thread for each of `hooks`, with its secret.
///
/// # Errors
/// [`HookError`].
pub(super) fn start(
    hooks: &[Hook],
    secrets: Vec<Secret>,
    layer: &Arc<Layer>,
    database: &Database,
    timer: &Arc<Timer>,
) -> Result<Vec<JoinHandle<()>>, HookError> {
    let mut threads = Vec::with_capacity(hooks.len());
    for (number, (hook, secret)) in (1..).zip(hooks.iter().zip(secrets)) {
        let listener = Listener {
            number,
            url: hook.url.clone(),
            secret,
            agent: agent(),
            layer: Arc::clone(layer),
            database: database.clone(),
            timer: Arc::clone(timer),
        };
        // Before anything can happen, so that he hears all of it.
        let cursor = listener.begin()?;
        let thread = thread::Builder::new().name(format!("webhook-{number}"));
        threads.push(thread.spawn(move || listener.run(cursor))?);
    }
    Ok(threads)
}

fn secret(number: usize, hook: &Hook) -> Result<Secret, HookError> {
    let unreadable = |reason: String| HookError::Secret { number, reason };
    let bytes = std::fs::read(&hook.secret_file).map_err(|error| unreadable(error.kind().to_string()))?;
    let secret = bytes.trim_ascii();
    if secret.len() < LEAST_SECRET_BYTES { Err(HookError::Short { number }) } else { Ok(Secret::new(secret.to_vec())) }
}

/// What sends: it follows nobody who sends it on.
fn agent() -> Agent {
    let config = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .user_agent(concat!("whorl/", env!("CARGO_PKG_VERSION")));
    config.build().new_agent()
}

impl Listener {
    /// The key of how far he is: an address that changes is another listener.
    fn key(&self) -> Vec<u8> {
        Sha256::digest(self.url.as_bytes()).to_vec()
    }

    /// How far he is; who is new is as far as things are.
    fn begin(&self) -> Result<Cursor, StoreError> {
        let (key, now) = (self.key(), Cursor::at(self.layer.now_ms().saturating_sub(HOLD_BACK_MS)));
        self.database.write(|draft| {
            let kept = whorl_identity::store::Tables::get(draft, Table::Hooks, &key)?;
            let kept = kept.and_then(|text| Cursor::read(std::str::from_utf8(&text).ok()?));
            let cursor = kept.unwrap_or_else(|| now.clone());
            draft.put(Table::Hooks, &key, cursor.spell().into_bytes());
            Ok(cursor)
        })
    }

    fn run(&self, mut cursor: Cursor) {
        while self.timer.goes_on() {
            match self.layer.events(&cursor, MOST_EVENTS) {
                Ok((events, place)) if !events.is_empty() => {
                    if !self.deliver(&body(&events, &place), &place) {
                        return;
                    }
                    cursor = place;
                }
                Ok(_) => {
                    self.timer.pause(LOOKS);
                }
                Err(error) => {
                    tracing::error!(hook = self.number, %error, "events cannot be read; it is tried again");
                    self.timer.pause(LOOKED_AGAIN);
                }
            }
        }
    }

    /// Sends `body` again and again until it is taken, and notes that; false where the server ends before.
    fn deliver(&self, body: &str, place: &Cursor) -> bool {
        let mut pauses = PAUSES;
        loop {
            match self.send(body, place).and_then(|()| self.note(place)) {
                Ok(()) => return true,
                Err(problem) => {
                    let pause = pauses.take();
                    let pause_s = pause.as_secs();
                    tracing::warn!(hook = self.number, problem, pause_s, "a webhook was not told; it is tried again");
                    if !self.timer.pause(pause) {
                        return false;
                    }
                }
            }
        }
    }

    /// Notes how far he is.
    fn note(&self, place: &Cursor) -> Result<(), String> {
        let (key, spelled) = (self.key(), place.spell().into_bytes());
        let noted = self.database.write(|draft| {
            draft.put(Table::Hooks, &key, spelled.clone());
            Ok::<_, StoreError>(())
        });
        noted.map_err(|error| error.to_string())
    }

    fn send(&self, body: &str, place: &Cursor) -> Result<(), String> {
        let request = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("whorl-delivery", place.spell())
            .header("whorl-signature", signature(self.secret.expose(), self.layer.now_ms() / 1_000, body));
        // What a library says of a failure may quote the address, which is the operator's own.
        let response = request.send(body).map_err(|error| error.to_string())?;
        let status = response.status();
        if status.is_success() { Ok(()) } else { Err(format!("it answered {status}")) }
    }
}

/// What is sent.
fn body(events: &[Event], place: &Cursor) -> String {
    let event = |event: &Event| -> Value {
        json!({
            "at_unix_ms": event.at_ms,
            "registration": event.registration.as_str(),
            "stage": event.stage.name(),
            "rejection": event.rejection,
        })
    };
    json!({ "events": events.iter().map(event).collect::<Vec<_>>(), "cursor": place.spell() }).to_string()
}

/// The header that proves who sent it, and when.
fn signature(secret: &[u8], unix_s: u64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(format!("{unix_s}.{body}").as_bytes());
    format!("t={unix_s},v1={}", hexadecimal(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_other_tools() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac 'a secret of sixteen'
        let expected = "9e0f98fb6d96af0b7ebef51d30bd6c877daee8bce9b06dccbaa91614ae5b1e5b";
        assert_eq!(signature(b"a secret of sixteen", 1_700_000_000, "{}"), format!("t=1700000000,v1={expected}"));
    }
}
