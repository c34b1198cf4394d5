//! Galleries that many change at once, whose work is done by a small pool of threads.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use population::{id, reference, template};
use rayon::ThreadPool;
use whorl_index::{Encryption, Gallery, Instances, Limits, MasterKey, Memory, Reference};
use whorl_types::LogLikelihoodRatio;
use whorl_types::Position::{
    Face, LeftIndex, LeftLittle, LeftMiddle, LeftRing, LeftThumb, RightIndex, RightLittle, RightMiddle, RightRing,
    RightThumb,
};

const CALLERS: usize = 16;

/// What a caller does, again and again: one change, or something that keeps a pool busy.
type Act = dyn Fn(&Gallery, &ThreadPool, usize, usize) + Send + Sync;

/// Lets callers do things to a gallery at once, each so many times, and says when they are not done in time.
fn all_get_done(gallery: Gallery, each: usize, act: &'static Act) -> Arc<Gallery> {
    let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap());
    let gallery = Arc::new(gallery.on(Arc::clone(&pool)));
    let (done, all) = mpsc::channel();
    for caller in 0..CALLERS {
        let (gallery, pool, done) = (Arc::clone(&gallery), Arc::clone(&pool), done.clone());
        thread::spawn(move || {
            for number in 0..each {
                act(&gallery, &pool, caller, number);
            }
            done.send(()).unwrap();
        });
    }
    drop(done);
    for _ in 0..CALLERS {
        all.recv_timeout(Duration::from_mins(2)).expect("nobody waits for what waits for him");
    }
    gallery
}

fn some(caller: usize, number: usize, count: usize) -> Vec<Reference> {
    (0..count).map(|at| reference(&format!("{at}-{caller}-{number}"), &[Face])).collect()
}

#[test]
fn enrolments_by_one_pool_do_not_wait_for_one_another_for_ever() {
    let gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
    let gallery = all_get_done(gallery, 12, &|gallery, _, caller, number| {
        gallery.enrol(some(caller, number, 100)).unwrap();
    });
    assert!(gallery.snapshot().fetch(&id("99-15-11")).unwrap().is_some());
}

/// A load that is sealed at once: ten fingers each, of as many minutiae as fingers have.
fn load(caller: usize, number: usize) -> Vec<Reference> {
    let fingers = [RightThumb, RightIndex, RightMiddle, RightRing, RightLittle];
    let fingers = fingers.into_iter().chain([LeftThumb, LeftIndex, LeftMiddle, LeftRing, LeftLittle]);
    let templates = fingers.zip(0..).map(|(finger, seed)| (finger, template(seed, 60).into())).collect::<Instances>();
    let reference = |at| Reference { id: id(&format!("{at}-{caller}-{number}")), templates: templates.clone() };
    (0..LOAD).map(reference).collect()
}

/// References of a load.
const LOAD: usize = 1_200;

/// Loads, which are encrypted on all cores while everybody else waits for the writer, beside small changes, compactions, and searches.
#[test]
fn encrypted_loads_beside_changes_and_searches_do_not_wait_for_one_another_for_ever() {
    const EACH: usize = 12;
    const LOADS: usize = 4;
    let encryption = Encryption { master: MasterKey::generate().unwrap(), segments: true };
    let gallery = Gallery::create_with(Arc::new(Memory::new()), Some(&encryption)).unwrap();
    gallery.enrol(load(CALLERS, 0)).unwrap();
    assert_eq!(gallery.snapshot().stats().unsealed, 0, "a load is sealed at once");
    let gallery = all_get_done(gallery, EACH, &|gallery, pool, caller, number| match caller {
        0..2 if number < LOADS => {
            gallery.enrol(load(caller, number)).unwrap();
        }
        0..2 => {}
        2 => {
            gallery.compact().unwrap();
        }
        3..6 => {
            let probes = some(caller, number, 8).into_iter().map(|one| one.templates).collect::<Vec<_>>();
            let weigh = |_: &[_]| LogLikelihoodRatio::new(0.0).unwrap();
            pool.install(|| gallery.snapshot().identify_batch(&probes, &Limits::default(), &weigh)).unwrap();
        }
        _ => {
            gallery.enrol(some(caller, number, 20)).unwrap();
            gallery.remove(some(caller, number, 10).into_iter().map(|one| one.id).collect()).unwrap();
        }
    });
    let snapshot = gallery.snapshot();
    assert_eq!(snapshot.len() as usize, LOAD * (1 + 2 * LOADS) + 10 * EACH * 10);
    assert!(snapshot.verify().is_empty());
}
