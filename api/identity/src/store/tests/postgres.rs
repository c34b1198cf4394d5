//! What only a server does: it turns back who meets another, ends connections, and is shared.

use std::collections::HashSet;
use std::env;
use std::process::{self, Command};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use ::postgres::{Client, NoTls};

use super::{count, count_up};
use crate::store::{Database, Postgres, Server, StoreError, Table, Tables};

/// A connection string of the server that is tested on.
const SERVER: &str = "WHORL_TEST_POSTGRES";

/// A program that kills the server without warning and starts it again.
const CRASH: &str = "WHORL_TEST_POSTGRES_CRASH";

/// The file of the authority that signed the server's certificate, which is one for the address in the connection string.
const AUTHORITY: &str = "WHORL_TEST_POSTGRES_AUTHORITY";

static SCHEMAS: AtomicU64 = AtomicU64::new(0);

/// A schema of one test, which goes with it.
pub(super) struct Schema {
    connection: String,
    name: String,
}

impl Schema {
    /// A new one, or nothing and a word where there is no server.
    pub(super) fn new() -> Option<Self> {
        let Ok(connection) = env::var(SERVER) else {
            println!("skipped: PostgreSQL, for {SERVER} names no server");
            return None;
        };
        let name = format!("whorl_test_{}_{}", process::id(), SCHEMAS.fetch_add(1, Ordering::Relaxed));
        Some(Self { connection, name })
    }

    pub(super) fn open(&self) -> Postgres {
        Postgres::open(self.server()).unwrap()
    }

    fn server(&self) -> Server {
        Server::new(&self.connection).unwrap().with_schema(&self.name).unwrap()
    }

    /// As somebody other than the store.
    fn client(&self) -> Client {
        Client::connect(&self.connection, NoTls).unwrap()
    }

    /// Ends every connection of the store to this server but that of who asks.
    fn end_connections(&self) -> u64 {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = $1 AND pid <> pg_backend_pid()";
        let ended = self.client().query(end, &[&self.name]).unwrap();
        // They have gone when this is back, and what they held is free.
        let gone = "SELECT 1 FROM pg_stat_activity WHERE application_name = $1";
        while !self.client().query(gone, &[&self.name]).unwrap().is_empty() {
            thread::sleep(Duration::from_millis(10));
        }
        ended.len() as u64
    }

    /// A store whose connections bear the name of the schema.
    fn open_named(&self) -> Postgres {
        let named = format!("{} application_name={}", self.connection, self.name);
        Postgres::open(Server::new(&named).unwrap().with_schema(&self.name).unwrap()).unwrap()
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let dropped = self.client().batch_execute(&format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name));
        if !thread::panicking() {
            dropped.unwrap();
        }
    }
}

fn database(store: Postgres) -> Database {
    Database::open(Arc::new(store)).unwrap()
}

#[test]
fn who_read_what_another_changed_meanwhile_is_asked_again() {
    let Some(schema) = Schema::new() else { return };
    let (one, other) = (database(schema.open()), database(schema.open()));
    let mut calls = 0;
    one.write(|draft| {
        count_up(draft)?;
        calls += 1;
        if calls == 1 { other.write(count_up) } else { Ok(()) }
    })
    .unwrap();
    assert_eq!((calls, count(&one)), (2, 2));
}

#[test]
fn of_two_who_each_look_for_what_the_other_writes_one_is_asked_again() {
    let Some(schema) = Schema::new() else { return };
    let (one, other) = (database(schema.open()), database(schema.open()));
    let mut calls = 0;
    let seen = one.write(|draft| {
        calls += 1;
        let hooks = draft.get(Table::Hooks, b"a")?;
        if calls == 1 {
            other.write(|draft| {
                draft.get(Table::Events, b"a")?;
                draft.put(Table::Hooks, b"a", vec![1]);
                Ok::<_, StoreError>(())
            })?;
        }
        draft.put(Table::Events, b"a", vec![1]);
        Ok::<_, StoreError>(hooks)
    });
    assert_eq!((calls, seen), (2, Ok(Some(vec![1]))));
}

#[test]
fn who_is_overtaken_every_time_gives_up_and_says_so() {
    let Some(schema) = Schema::new() else { return };
    let (one, other) = (database(schema.open()), database(schema.open()));
    let given_up = one.write(|draft| {
        count_up(draft)?;
        other.write(count_up)
    });
    assert!(matches!(given_up, Err(StoreError::Contended { attempts: 40, .. })), "{given_up:?}");
    assert_eq!(count(&one), 40, "only the others");
}

#[test]
fn connections_that_were_ended_while_idle_are_replaced() {
    let Some(schema) = Schema::new() else { return };
    let database = database(schema.open_named());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| database.write(count_up).unwrap());
        }
    });
    assert!(schema.end_connections() > 0);
    assert_eq!(count(&database), 4);
    assert!(schema.end_connections() > 0);
    database.write(count_up).unwrap();
    assert_eq!(count(&database), 5);
}

#[test]
fn a_connection_that_ends_in_the_middle_of_a_change_costs_nothing_and_of_a_look_an_error() {
    let Some(schema) = Schema::new() else { return };
    let database = database(schema.open_named());
    let mut calls = 0;
    database
        .write(|draft| {
            calls += 1;
            if calls == 1 {
                assert!(schema.end_connections() > 0);
            }
            count_up(draft)
        })
        .unwrap();
    assert_eq!((calls, count(&database)), (2, 1));
    let looked = database.read(|tables| {
        assert!(schema.end_connections() > 0);
        tables.get(Table::Counters, b"n")
    });
    assert!(matches!(looked, Err(StoreError::Failed { .. })), "{looked:?}");
    assert_eq!(count(&database), 1);
}

#[test]
fn a_connection_that_ends_at_the_commit_leaves_the_outcome_open_and_is_not_repeated() {
    let Some(schema) = Schema::new() else { return };
    let database = database(schema.open_named());
    // A trigger that runs at the commit ends its own connection.
    let trigger = format!(
        "CREATE FUNCTION {0}.die() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER die AFTER INSERT ON {0}.hooks DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION {0}.die()",
        schema.name
    );
    schema.client().batch_execute(&trigger).unwrap();
    let mut calls = 0;
    let broken = database.write(|draft| {
        calls += 1;
        draft.put(Table::Hooks, b"a", vec![1]);
        Ok::<_, StoreError>(())
    });
    assert!(matches!(broken, Err(StoreError::Unsettled { .. })), "{broken:?}");
    assert_eq!(calls, 1);
    assert_eq!(database.read(|tables| tables.get(Table::Hooks, b"a")), Ok(None));
}

#[test]
fn two_stores_on_one_schema_count_together() {
    const THREADS: u64 = 8;
    const EACH: u64 = 25;
    let Some(schema) = Schema::new() else { return };
    // They also make it together.
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                barrier.wait();
                let database = database(schema.open());
                thread::scope(|scope| {
                    for _ in 0..THREADS {
                        scope.spawn(|| (0..EACH).for_each(|_| database.write(count_up).unwrap()));
                    }
                });
            });
        }
    });
    assert_eq!(count(&database(schema.open())), 2 * THREADS * EACH);
}

#[test]
fn keys_are_ordered_byte_by_byte_and_long_values_and_many_records_come_back() {
    let Some(schema) = Schema::new() else { return };
    let database = database(schema.open());
    let keys = [vec![], vec![0], vec![0, 0], vec![0x61], vec![0x7f], vec![0x80], vec![0xff; 512]];
    let long = vec![5; crate::store::MAX_VALUE_BYTES];
    database
        .write(|draft| {
            for key in keys.iter().rev() {
                draft.put(Table::Events, key, long[..key.len()].to_vec());
            }
            for number in 0..12_000_u32 {
                draft.put(Table::Seen, &number.to_be_bytes(), Vec::new());
            }
            for number in 0..3_u8 {
                draft.put(Table::Enclosures, &[number], long.clone());
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let listed = database.read(|tables| tables.range(Table::Events, b"", b"", 100)).unwrap();
    assert_eq!(listed.into_iter().map(|(key, _)| key).collect::<Vec<_>>(), keys);
    assert_eq!(database.read(|tables| tables.range(Table::Seen, b"", b"", 100_000)).unwrap().len(), 10_000);
    let last =
        database.read(|tables| tables.get_many(Table::Seen, &[11_999_u32.to_be_bytes().to_vec(), vec![1]])).unwrap();
    assert_eq!(last, [Some(Vec::new()), None]);
    assert!(database.read(|tables| tables.get(Table::Enclosures, &[2])).unwrap() == Some(long));
}

#[test]
fn a_commit_is_synced_whatever_the_server_says_and_tables_of_others_are_refused() {
    let Some(schema) = Schema::new() else { return };
    let unsynced = format!("{} options='-c synchronous_commit=off'", schema.connection);
    let server = Server::new(&unsynced).unwrap().with_schema(&schema.name).unwrap();
    let store = Postgres::open(server).unwrap();
    assert_eq!(store.said("SELECT current_setting('synchronous_commit')"), "on");
    assert_eq!(store.said("SELECT current_setting('statement_timeout')"), "30s");
    drop(store);
    let (mut client, name) = (schema.client(), &schema.name);
    client.batch_execute(&format!("DROP TABLE {name}.hooks; CREATE TABLE {name}.hooks (key text)")).unwrap();
    let refused = Postgres::open(schema.server()).unwrap_err();
    assert!(refused.to_string().contains("key text"), "{refused}");
    assert!(client.query(&format!("SELECT * FROM {name}.hooks"), &[]).unwrap().is_empty(), "it is still there");
}

#[test]
fn a_server_that_cannot_be_reached_is_an_error_without_the_password() {
    let server = Server::new("host=127.0.0.1 port=1 user=u password=hidden dbname=d").unwrap();
    let refused = Postgres::open(server).unwrap_err();
    assert!(matches!(refused, StoreError::Failed { .. }));
    assert!(
        !format!("{refused} {refused:?}").contains("hidden") && refused.to_string().contains("127.0.0.1:1"),
        "{refused}"
    );
}

#[test]
fn a_server_is_trusted_under_its_authority_and_its_own_name_alone() {
    let Some(schema) = Schema::new() else { return };
    let Some(authority) = env::var_os(AUTHORITY) else {
        println!("skipped: TLS, for {AUTHORITY} names no file");
        return;
    };
    let encrypted = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(schema.open().said(encrypted), "false", "on this machine");
    let store = Postgres::open(schema.server().with_authority(&authority)).unwrap();
    assert_eq!(store.said(encrypted), "true");
    let required = Server::new(&format!("{} sslmode=require", schema.connection)).unwrap();
    let other_name = Server::new(&schema.connection.replace("127.0.0.1", "localhost")).unwrap();
    for distrusted in [required, other_name.with_authority(&authority)] {
        let refused = Postgres::open(distrusted).unwrap_err().to_string();
        assert!(refused.contains("certificate"), "{refused}");
    }
}

#[test]
#[ignore = "kills the server: tests/postgres.sh runs it with a server of its own"]
fn what_was_acknowledged_outlives_a_server_that_is_killed() {
    const WRITERS: u64 = 8;
    const CRASHES: usize = 3;
    let Some(schema) = Schema::new() else { return };
    let crash = env::var_os(CRASH).expect("a program that kills the server and starts it again");
    let database = database(schema.open());
    let (is_over, acknowledged, failed) = (AtomicBool::new(false), Mutex::new(HashSet::new()), AtomicU64::new(0));
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (database, is_over, acknowledged, failed) = (&database, &is_over, &acknowledged, &failed);
            scope.spawn(move || {
                for number in 0.. {
                    if is_over.load(Ordering::SeqCst) {
                        break;
                    }
                    let key = [writer.to_be_bytes(), u64::to_be_bytes(number)].concat();
                    let made = database.write(|draft| {
                        draft.put(Table::History, &key, key.clone());
                        draft.put(Table::Numbers, &key, Vec::new());
                        Ok::<_, StoreError>(())
                    });
                    if made.is_ok() {
                        assert!(acknowledged.lock().unwrap().insert(key));
                    } else {
                        failed.fetch_add(1, Ordering::SeqCst);
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
        for _ in 0..CRASHES {
            let (before, since) = (acknowledged.lock().unwrap().len(), Instant::now());
            while acknowledged.lock().unwrap().len() < before + 200 {
                assert!(since.elapsed() < Duration::from_mins(1), "it does not come back");
                thread::sleep(Duration::from_millis(20));
            }
            assert!(Command::new(&crash).status().unwrap().success());
        }
        is_over.store(true, Ordering::SeqCst);
    });
    let (acknowledged, failed) = (acknowledged.into_inner().unwrap(), failed.into_inner());
    println!("{} changes acknowledged, {failed} not, {CRASHES} crashes", acknowledged.len());
    assert!(failed > 0, "nobody noticed");
    let keys = acknowledged.into_iter().collect::<Vec<_>>();
    for keys in keys.chunks(1_000) {
        let found = database.read(|tables| tables.get_many(Table::History, keys)).unwrap();
        assert!(found.iter().zip(keys).all(|(value, key)| value.as_ref() == Some(key)));
        let found = database.read(|tables| tables.get_many(Table::Numbers, keys)).unwrap();
        assert!(found.iter().all(Option::is_some));
    }
}
