//! The schema and its tables.

use super::connection::Connection;
use super::fault::Fault;
use super::snapshot::name;
use crate::store::Table;

/// The advisory lock under which schemas are made: "whrl".
const LOCK: i32 = 0x7768_726c;

/// The columns of every table. The server compares `bytea` byte by byte, whatever its locale.
const COLUMNS: &str = "key bytea NOT NULL, value bytea NOT NULL";

/// Makes what is not there of the schema and its tables; two who come at once make it once.
pub(super) fn make(connection: &mut Connection, schema: &str) -> Result<(), Fault> {
    connection.run("BEGIN ISOLATION LEVEL READ COMMITTED")?;
    connection.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", &[&LOCK, &schema])?;
    let there = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    if connection.query(there, &[&schema])?.is_empty() {
        connection.run(&format!("CREATE SCHEMA \"{schema}\""))?;
    }
    for table in Table::ALL {
        match columns(connection, schema, table)? {
            None => make_table(connection, schema, table)?,
            Some(found) if found == COLUMNS => {}
            Some(found) => {
                let table = table.name();
                let reason = format!("table {table} of schema {schema} is not Whorl's, for its columns are {found}");
                return Err(Fault::Server(reason));
            }
        }
    }
    connection.commit(true)
}

/// The columns of `table`, or nothing where there is no such table.
fn columns(connection: &mut Connection, schema: &str, table: Table) -> Result<Option<String>, Fault> {
    let statement = "
        SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod)
            || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY attnum)
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        WHERE nspname = $1 AND relname = $2 AND relkind IN ('r', 'p', 'v', 'm', 'f')";
    let rows = connection.query(statement, &[&schema, &table.name()])?;
    rows.first().map_or(Ok(None), |row| row.try_get(0)).map_err(|error| Fault::of(&error))
}

/// Values are stored as they are, for what is encrypted does not shrink.
fn make_table(connection: &mut Connection, schema: &str, table: Table) -> Result<(), Fault> {
    let table = name(schema, table);
    connection.run(&format!(
        "CREATE TABLE {table} ({COLUMNS}, PRIMARY KEY (key)); ALTER TABLE {table} ALTER COLUMN value SET STORAGE EXTERNAL"
    ))
}
