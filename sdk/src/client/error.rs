//! Why there is no answer.

use std::error::Error;
use std::io;
use std::time::Duration;

use thiserror::Error;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use whorl_proto::{Reason, v1};

use super::options::OptionsError;
use super::retry::helps;
use super::token::TokenError;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The server cannot be reached in the way that was asked for.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// There is no connection.
    #[error("cannot connect to {address}: {why}")]
    Connect {
        /// Where to.
        address: String,
        /// What the system, or the handshake, says.
        why: String,
    },
    /// There is no token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The server said no, or said nothing.
    #[error("{0}")]
    Failed(Failure),
    /// The server's answer cannot be understood: it is newer than this client, or no server of Whorl.
    #[error("the server's answer has no {0} that this version understands")]
    Answer(&'static str),
    /// What was received cannot be written.
    #[error("what the server sends cannot be written: {0}")]
    Write(#[from] io::Error),
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Runtime(#[source] io::Error),
    /// The system gives no random numbers, which keys of enrolments are made of.
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// How a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}{}", if word.is_empty() { String::new() } else { format!(" ({word})") })]
pub struct Failure {
    /// The code of gRPC.
    pub code: Code,
    /// Why, as the server's word, known to this version or not; empty where it said none, or was not reached.
    pub word: String,
    /// What happened and what to do, for people.
    pub message: String,
    /// When the server wants to be asked again at the earliest, where it said so.
    pub wait: Option<Duration>,
}

impl ClientError {
    /// Why the server said no, for programs.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.failure().and_then(Failure::reason)
    }

    /// The code of gRPC, where a call was made.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        self.failure().map(|failure| failure.code)
    }

    /// Whether the same may go well later. It was tried as often as the options say, unless asking twice could do it twice.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Failed(failure) => helps(failure.code),
            Self::Connect { .. } => true,
            Self::Options(_)
            | Self::Token(_)
            | Self::Answer(_)
            | Self::Write(_)
            | Self::Runtime(_)
            | Self::Random(_) => false,
        }
    }

    /// How the call failed, where one was made.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            Self::Options(_)
            | Self::Connect { .. }
            | Self::Token(_)
            | Self::Answer(_)
            | Self::Write(_)
            | Self::Runtime(_)
            | Self::Random(_) => None,
        }
    }
}

impl From<Status> for ClientError {
    fn from(status: Status) -> Self {
        Self::Failed(Failure::of(&status))
    }
}

impl From<v1::Problem> for ClientError {
    fn from(problem: v1::Problem) -> Self {
        let v1::Problem { code, reason: word, message } = problem;
        Self::Failed(Failure { code: Code::from(code), word, message, wait: None })
    }
}

impl Failure {
    /// Why, for programs; none where the server did not say, or says what this version does not know, among it why a token or a
    /// certificate is not believed.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        Reason::of(&self.word)
    }

    pub(super) fn of(status: &Status) -> Self {
        let details = status.get_error_details();
        let word = details.error_info().map_or_else(String::new, |info| info.reason.clone());
        let wait = details.retry_info().and_then(|info| info.retry_delay);
        // A connection that broke is a server that cannot be reached for now, whatever the transport calls it.
        let broken = status.source().filter(|source| source.is::<tonic::transport::Error>());
        match broken {
            Some(source) if word.is_empty() => {
                let message = format!("the connection broke: {}", whole(source));
                Self { code: Code::Unavailable, word, message, wait }
            }
            Some(_) | None => Self { code: status.code(), word, message: status.message().to_owned(), wait },
        }
    }

    pub(super) fn no_answer_within(deadline: Duration) -> Self {
        let message = format!("there was no answer within {:.1} s", deadline.as_secs_f32());
        Self { code: Code::DeadlineExceeded, word: String::new(), message, wait: None }
    }
}

/// An error and what caused it, in one line.
pub(super) fn whole(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !said.ends_with(&more) {
            said = format!("{said}: {more}");
        }
        next = cause.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn a_failure_says_why_and_when_to_come_back() {
        let mut details = ErrorDetails::with_error_info("RATE_LIMITED", "whorl", HashMap::<String, String>::new());
        details.set_retry_info(Some(Duration::from_secs(3)));
        let error = ClientError::from(Status::with_error_details(Code::ResourceExhausted, "too often", details));
        assert_eq!((error.reason(), error.code()), (Some(Reason::RateLimited), Some(Code::ResourceExhausted)));
        assert_eq!(error.failure().unwrap().wait, Some(Duration::from_secs(3)));
        assert!(error.may_pass());
        assert_eq!(error.to_string(), "too often (RATE_LIMITED)");
        assert!(!ClientError::from(Status::not_found("nobody")).may_pass());
    }

    #[test]
    fn a_word_that_this_version_does_not_know_is_kept() {
        let newer =
            v1::Problem { code: Code::Unauthenticated.into(), reason: "TOKEN_EXPIRED".into(), message: "late".into() };
        let error = ClientError::from(newer);
        assert_eq!((error.reason(), error.failure().unwrap().word.as_str()), (None, "TOKEN_EXPIRED"));
        assert_eq!(error.to_string(), "late (TOKEN_EXPIRED)");
    }

    #[test]
    fn the_client_for_python_knows_the_same_words() {
        let python = include_str!("../../python/whorl/errors.py");
        let (_, python) = python.split_once("class Reason(str, Enum):").expect("the class of reasons");
        let lines = python.lines().skip(1).take_while(|line| !line.starts_with("class "));
        let words = lines.filter_map(|line| line.trim().split_once(" = ")).map(|(name, word)| {
            assert_eq!(format!("\"{name}\""), word);
            name
        });
        assert_eq!(words.collect::<Vec<_>>(), Reason::ALL.iter().map(|reason| reason.name()).collect::<Vec<_>>());
    }
}
