//! How many changes of one record a second are made durable, with one thread and with many. Run by itself, optimised:
//! `cargo test --release --features postgres store_rate -- --ignored --nocapture`.

use std::thread;
use std::time::{Duration, Instant};

use super::{Database, StoreError, Table, stores};

/// Long enough for some thousand syncs.
const MEASURED: Duration = Duration::from_secs(5);

/// As long as a subject's record.
const VALUE_BYTES: usize = 512;

#[test]
#[ignore = "measures"]
fn store_rate() {
    for (store, _held) in stores() {
        let place = store.place();
        if place == "memory" {
            continue;
        }
        let database = Database::open(store).unwrap();
        for threads in [1_u64, 16] {
            let begun = Instant::now();
            let made = thread::scope(|scope| {
                let writers = (0..threads).map(|thread| {
                    let database = &database;
                    scope.spawn(move || {
                        let mut made = 0_u64;
                        while begun.elapsed() < MEASURED {
                            // Spread like blinded keys.
                            let key = (made * threads + thread).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
                            let put = |draft: &mut crate::store::Draft<'_>| {
                                draft.put(Table::Subjects, &key, vec![7; VALUE_BYTES]);
                                Ok::<_, StoreError>(())
                            };
                            database.write(put).unwrap();
                            made += 1;
                        }
                        made
                    })
                });
                writers.collect::<Vec<_>>().into_iter().map(|writer| writer.join().unwrap()).sum::<u64>()
            });
            assert!(made >= threads);
            println!("{place}, {threads} threads: {:.0} changes a second", made as f64 / begun.elapsed().as_secs_f64());
        }
    }
}
