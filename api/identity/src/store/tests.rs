//! One suite for every store.

#[cfg(feature = "postgres")]
mod postgres;
mod rate;

use std::any::Any;
use std::sync::Arc;
use std::thread;

use super::{Crash, Database, Embedded, MAX_KEY_BYTES, Memory, Store, StoreError, Table, Tables};

/// A change that is given up, as a module above would.
#[derive(Debug, PartialEq)]
enum Fault {
    Refused,
    Store(StoreError),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A store, and what must live as long as it.
type Held = (Arc<dyn Store>, Box<dyn Any>);

fn stores() -> Vec<Held> {
    let folder = tempfile::tempdir().unwrap();
    let embedded = Embedded::open(folder.path().join("identity.redb")).unwrap();
    let here: [Held; 2] = [(Arc::new(Memory::new()), Box::new(())), (Arc::new(embedded), Box::new(folder))];
    here.into_iter().chain(on_server()).collect()
}

#[cfg(feature = "postgres")]
fn on_server() -> Option<Held> {
    let schema = postgres::Schema::new()?;
    Some((Arc::new(schema.open()), Box::new(schema)))
}

#[cfg(not(feature = "postgres"))]
fn on_server() -> Option<Held> {
    None
}

fn everywhere(test: impl Fn(Database)) {
    for (store, _held) in stores() {
        test(Database::open(store).unwrap());
    }
}

fn count(database: &Database) -> u64 {
    let counted = database.read(|tables| tables.get(Table::Counters, b"n")).unwrap();
    counted.map_or(0, |bytes| u64::from_be_bytes(bytes.try_into().unwrap()))
}

/// Counts one up.
fn count_up(draft: &mut super::Draft<'_>) -> Result<(), StoreError> {
    let counted = draft.get(Table::Counters, b"n")?;
    let counted = counted.map_or(0, |bytes| u64::from_be_bytes(bytes.try_into().unwrap()));
    draft.put(Table::Counters, b"n", (counted + 1).to_be_bytes().to_vec());
    Ok(())
}

fn keys(tables: &dyn Tables, from: &[u8], to: &[u8], most: usize) -> Vec<String> {
    let listed = tables.range(Table::Events, from, to, most).unwrap();
    listed.into_iter().map(|(key, _)| String::from_utf8(key).unwrap()).collect()
}

#[test]
fn what_was_written_reads_back_and_who_writes_sees_it_at_once() {
    everywhere(|database| {
        database
            .write(|draft| {
                draft.put(Table::Subjects, b"a", b"one".to_vec());
                draft.put(Table::Subjects, b"b", Vec::new());
                assert_eq!(draft.get(Table::Subjects, b"a")?.as_deref(), Some(&b"one"[..]));
                draft.delete(Table::Subjects, b"b");
                assert_eq!(draft.get(Table::Subjects, b"b")?, None);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let wanted = [b"b".to_vec(), b"a".to_vec()];
        let found = database.read(|tables| tables.get_many(Table::Subjects, &wanted)).unwrap();
        assert_eq!(found, [None, Some(b"one".to_vec())]);
        assert_eq!(database.read(|tables| tables.get(Table::Profiles, b"a")).unwrap(), None, "of another table");
    });
}

#[test]
fn a_range_is_in_the_order_of_its_keys_and_holds_what_is_being_changed() {
    everywhere(|database| {
        let put = |names: &[&str]| {
            database
                .write(|draft| {
                    for name in names {
                        draft.put(Table::Events, name.as_bytes(), vec![1]);
                    }
                    Ok::<_, StoreError>(())
                })
                .unwrap();
        };
        put(&["ac", "aa", "b", "ab", "\u{7f}"]);
        database
            .write(|draft| {
                draft.delete(Table::Events, b"ab");
                draft.put(Table::Events, b"abc", vec![2]);
                draft.put(Table::Hooks, b"aa", vec![2]);
                assert_eq!(keys(draft, b"a", b"b", 10), ["aa", "abc", "ac"]);
                assert_eq!(keys(draft, b"aa", b"", 2), ["aa", "abc"]);
                let beginning = (draft as &dyn Tables).beginning(Table::Events, b"ab", 10)?;
                assert_eq!(beginning, [(b"abc".to_vec(), vec![2])]);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        database
            .read(|tables| {
                assert_eq!(keys(tables, b"ab", b"", 10), ["abc", "ac", "b", "\u{7f}"]);
                assert_eq!(keys(tables, b"c", b"b", 10), [""; 0]);
                Ok::<_, StoreError>(())
            })
            .unwrap();
    });
}

#[test]
fn a_change_that_is_given_up_leaves_nothing() {
    everywhere(|database| {
        let refused = database.write(|draft| {
            draft.put(Table::Subjects, b"a", vec![1]);
            Err::<(), _>(Fault::Refused)
        });
        assert_eq!(refused, Err(Fault::Refused));
        assert_eq!(database.read(|tables| tables.get(Table::Subjects, b"a")).unwrap(), None);
        let key = vec![0; MAX_KEY_BYTES + 1];
        let long = database.write(|draft| {
            draft.put(Table::Subjects, b"a", vec![1]);
            draft.put(Table::Subjects, &key, vec![1]);
            Ok::<_, StoreError>(())
        });
        assert!(matches!(long, Err(StoreError::LongKey { bytes: 513, .. })), "{long:?}");
        assert_eq!(database.read(|tables| tables.get(Table::Subjects, b"a")).unwrap(), None);
    });
}

#[test]
fn of_many_who_count_at_once_nobody_is_lost_and_a_refusal_takes_nobody_along() {
    const THREADS: u64 = 8;
    const EACH: u64 = 25;
    everywhere(|database| {
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for turn in 0..EACH * 2 {
                        let counted = database.write(|draft| {
                            count_up(draft)?;
                            if turn % 2 == 0 { Ok(()) } else { Err(Fault::Refused) }
                        });
                        assert_eq!(counted.is_ok(), turn % 2 == 0);
                    }
                });
            }
        });
        assert_eq!(count(&database), THREADS * EACH);
    });
}

#[test]
fn a_file_that_is_opened_again_has_what_was_acknowledged_and_no_two_open_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("identity.redb");
    let database = Database::open(Arc::new(Embedded::open(&path).unwrap())).unwrap();
    database
        .write(|draft| {
            draft.put(Table::Subjects, b"a", vec![1]);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let second = Embedded::open(&path).unwrap_err();
    assert!(matches!(second, StoreError::Failed { .. }), "{second}");
    drop(database);
    let again = Database::open(Arc::new(Embedded::open(&path).unwrap())).unwrap();
    assert_eq!(again.read(|tables| tables.get(Table::Subjects, b"a")).unwrap(), Some(vec![1]));
}

#[test]
fn a_store_of_a_newer_whorl_is_refused() {
    for (store, _held) in stores() {
        Database::open(Arc::clone(&store))
            .unwrap()
            .write(|draft| {
                draft.put(Table::Meta, b"version", 99_u32.to_be_bytes().to_vec());
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let refused = Database::open(store).unwrap_err();
        assert!(matches!(refused, StoreError::Version { found: 99, known: 1, .. }), "{refused}");
    }
}

#[test]
fn a_process_that_dies_at_a_change_leaves_it_whole_or_not_at_all() {
    for (crash, there) in [(Crash::Before, None), (Crash::After, Some(vec![1]))] {
        let memory = Memory::new();
        let database = Database::open(Arc::new(memory.clone())).unwrap();
        memory.die_at(memory.changes(), crash);
        let put = |draft: &mut super::Draft<'_>| {
            draft.put(Table::Subjects, b"a", vec![1]);
            Ok::<_, StoreError>(())
        };
        assert!(database.write(put).is_err() && database.write(put).is_err(), "dead is dead");
        let next = Database::open(Arc::new(memory.reborn())).unwrap();
        assert_eq!(next.read(|tables| tables.get(Table::Subjects, b"a")).unwrap(), there);
    }
}
