//! Galleries whose callers share a small pool of threads.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use population::{id, reference};
use whorl_index::{Gallery, Memory};
use whorl_types::Position::Face;

#[test]
fn enrolments_on_the_threads_of_one_pool_do_not_wait_for_one_another_for_ever() {
    const CALLERS: usize = 16;
    const EACH: usize = 12;
    const TOGETHER: usize = 100;
    let gallery = Arc::new(Gallery::create(Arc::new(Memory::new())).unwrap());
    let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap());
    let (done, all) = mpsc::channel();
    for caller in 0..CALLERS {
        let (gallery, pool, done) = (Arc::clone(&gallery), Arc::clone(&pool), done.clone());
        thread::spawn(move || {
            for number in 0..EACH {
                let some = (0..TOGETHER).map(|at| reference(&format!("{at}-{caller}-{number}"), &[Face])).collect();
                pool.install(|| gallery.enrol(some)).unwrap();
            }
            done.send(()).unwrap();
        });
    }
    for _ in 0..CALLERS {
        all.recv_timeout(Duration::from_mins(1)).expect("nobody waits for what waits for him");
    }
    assert!(gallery.snapshot().fetch(&id("99-15-11")).unwrap().is_some());
}
