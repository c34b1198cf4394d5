//! One connection to the server, with its statements.

use std::collections::HashMap;

use postgres::types::ToSql;
use postgres::{Client, Row, Statement};

use super::Server;
use super::fault::Fault;

/// How many statements a connection keeps: all that one may read with and some hundred kinds of changes. Whorl makes a few dozen.
const MAX_STATEMENTS: usize = 256;

/// How every session is set up. Seconds bound what waits for a lock or for who died in the middle; what is read is found by its key
/// however small its table is now, because a scan of the table would conflict with every writer; a commit that the server's settings
/// leave unsynced is synced.
const SESSION: &str = "
    SET search_path = pg_catalog;
    SET client_min_messages = warning;
    SET statement_timeout = '30s';
    SET idle_in_transaction_session_timeout = '60s';
    SET enable_seqscan = off;
    SET plan_cache_mode = force_generic_plan;
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// What a transaction is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mode {
    /// To look.
    View,
    /// To look and write.
    Change,
}

/// A connection that is set up.
pub(super) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Connection {
    pub(super) fn open(server: &Server) -> Result<Self, Fault> {
        let mut client = server.connect().map_err(|error| Fault::of_connect(&error))?;
        client.batch_execute(SESSION).map_err(|error| Fault::of(&error))?;
        let fsync = client.query_one("SELECT current_setting('fsync') = 'on'", &[]);
        if !fsync.and_then(|row| row.try_get::<_, bool>(0)).map_err(|error| Fault::of(&error))? {
            let reason = "the server runs with fsync = off and would lose what it acknowledged: set it to on";
            return Err(Fault::Server(reason.to_owned()));
        }
        Ok(Self { client, statements: HashMap::new() })
    }

    pub(super) fn begin(&mut self, mode: Mode) -> Result<(), Fault> {
        self.run(match mode {
            Mode::View => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Mode::Change => "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
        })
    }

    /// Commits; where this fails with [`Fault::Unsettled`], what was written may be there.
    pub(super) fn commit(&mut self, is_written: bool) -> Result<(), Fault> {
        self.client.batch_execute("COMMIT").map_err(|error| Fault::of_commit(&error, is_written))
    }

    pub(super) fn roll_back(&mut self) -> Result<(), Fault> {
        self.run("ROLLBACK")
    }

    /// Runs statements that have no parameters.
    pub(super) fn run(&mut self, statements: &str) -> Result<(), Fault> {
        self.client.batch_execute(statements).map_err(|error| Fault::of(&error))
    }

    /// The rows that `statement` gives.
    pub(super) fn query(&mut self, statement: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let prepared = self.prepared(statement)?;
        self.client.query(&prepared, parameters).map_err(|error| Fault::of(&error))
    }

    /// Runs `statement` for what it does.
    pub(super) fn execute(&mut self, statement: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<(), Fault> {
        self.query(statement, parameters).map(|_| ())
    }

    fn prepared(&mut self, statement: &str) -> Result<Statement, Fault> {
        if let Some(prepared) = self.statements.get(statement) {
            return Ok(prepared.clone());
        }
        if self.statements.len() >= MAX_STATEMENTS {
            self.statements.clear();
        }
        let prepared = self.client.prepare(statement).map_err(|error| Fault::of(&error))?;
        self.statements.insert(statement.to_owned(), prepared.clone());
        Ok(prepared)
    }
}
