//! What the server said, by what is to be done about it.

use std::error::Error as _;
use std::io;

use postgres::Error;
use postgres::error::{DbError, Severity, SqlState};

use super::Server;
use crate::store::StoreError;

/// Why a transaction was not made.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// Others wrote to the same records: to be tried again.
    Conflict,
    /// The connection broke, or leads to a server that only reads, and nothing was committed: to be tried again on another.
    Lost(String),
    /// The connection broke while the transaction was being committed.
    Unsettled,
    /// The server refused.
    Server(String),
    /// Who asked gave up.
    Store(StoreError),
}

impl Fault {
    /// What `error` of a transaction that is not being committed means.
    pub(super) fn of(error: &Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let is_io = error.source().and_then(|source| source.downcast_ref::<io::Error>()).is_some();
            let reason = reason(error);
            return if error.is_closed() || is_io { Self::Lost(reason) } else { Self::Server(reason) };
        };
        let code = said.code();
        if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
            Self::Conflict
        } else if is_end(said) || *code == SqlState::READ_ONLY_SQL_TRANSACTION {
            Self::Lost(reason(error))
        } else {
            Self::Server(reason(error))
        }
    }

    /// What `error` of connecting means: a server that is starting, leaving or full may take the next.
    pub(super) fn of_connect(error: &Error) -> Self {
        let passing = [
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::TOO_MANY_CONNECTIONS,
        ];
        match error.as_db_error() {
            Some(said) if !passing.contains(said.code()) => Self::Server(reason(error)),
            _ => Self::of(error),
        }
    }

    /// What `error` of the commit means.
    pub(super) fn of_commit(error: &Error, is_written: bool) -> Self {
        // An error after which the server goes on is its word that it rolled back. At its end it may have committed and not said so.
        let is_known = error.as_db_error().is_some_and(|said| !is_end(said));
        if is_known || !is_written { Self::of(error) } else { Self::Unsettled }
    }

    pub(super) fn into_error(self, server: &Server) -> StoreError {
        match self {
            Self::Conflict => StoreError::Contended { place: server.place(), attempts: 1 },
            Self::Lost(reason) | Self::Server(reason) => StoreError::Failed { place: server.place(), reason },
            Self::Unsettled => StoreError::Unsettled { place: server.place() },
            Self::Store(error) => error,
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Whether the server ends the connection with this.
fn is_end(said: &DbError) -> bool {
    said.parsed_severity() != Some(Severity::Error)
}

/// What happened, without details of the server, for these quote records.
fn reason(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} (SQLSTATE {})", said.message(), said.code().code()),
        None => match error.source() {
            Some(source) if !error.to_string().contains(&source.to_string()) => format!("{error}: {source}"),
            _ => error.to_string(),
        },
    }
}
