//! A process that writes is killed, again and again: what it said was safe is there, and nothing is half there.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod population;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use population::{Chance, id, reference};
use whorl_index::{Encryption, Files, Gallery, Keeper, MasterKey, Reference, Snapshot};
use whorl_types::Position::{Face, LeftEye, LeftThumb, RightIndex};

/// Names the gallery to the writer; without it the writer is not meant.
const GALLERY: &str = "WHORL_KILL_TEST_GALLERY";
const SEED: &str = "WHORL_KILL_TEST_SEED";
/// Holds the master key of an encrypted gallery.
const KEY: &str = "WHORL_KILL_TEST_KEY";

const KILLS: u64 = 200;
/// Every step is cut off in other tests; here the processes are real.
const ENCRYPTED_KILLS: u64 = 60;
const THREADS: u64 = 3;
const IDS_PER_THREAD: u64 = 12;

/// The reference of this name in this version.
fn versioned(name: &str, version: u64) -> Reference {
    let positions = [&[RightIndex, LeftEye, Face][..], &[LeftThumb], &[]][version as usize % 3];
    Reference { id: id(name), ..reference(&format!("{name}-{version}"), positions) }
}

/// Changes the gallery until it is killed, and says before and after each change what it is: `? name version` and `! name
/// version`, with the version 0 for a removal.
#[test]
#[ignore = "the writer that is killed: started by the test that kills it"]
fn writer() {
    let (Ok(place), Ok(seed)) = (std::env::var(GALLERY), std::env::var(SEED)) else { return };
    let seed = seed.parse::<u64>().unwrap();
    let master = MasterKey::from_environment(KEY).ok();
    let gallery = Arc::new(Gallery::open_with(Arc::new(Files::new(place)), master.as_ref()).unwrap());
    let _keeper = Keeper::start(Arc::clone(&gallery)).unwrap();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (gallery, mut chance) = (&gallery, Chance(seed * THREADS + thread));
            scope.spawn(move || {
                loop {
                    let name = format!("t{thread}-{}", chance.below(IDS_PER_THREAD));
                    let version = 1 + chance.below(1 << 20);
                    let there = gallery.snapshot().contains(&id(&name));
                    let version = if there && chance.below(2) == 0 { 0 } else { version };
                    println!("? {name} {version}");
                    match (there, version) {
                        (_, 0) => gallery.remove(vec![id(&name)]).unwrap(),
                        (true, version) => gallery.replace(versioned(&name, version)).unwrap(),
                        (false, version) => gallery.enrol(vec![versioned(&name, version)]).unwrap(),
                    };
                    println!("! {name} {version}");
                }
            });
        }
        let mut chance = Chance(seed + 1);
        loop {
            thread::sleep(Duration::from_millis(chance.below(12)));
            if chance.below(4) == 0 {
                gallery.compact().unwrap()
            } else {
                gallery.settle().unwrap()
            };
        }
    });
}

/// What is known of each name: the version that was last said to be safe, and one that was tried after it.
type Known = BTreeMap<String, (u64, Option<u64>)>;

/// Starts a writer, kills it at a moment that chance decides, and takes in what it said.
fn write_and_kill(place: &str, key: Option<&str>, seed: u64, known: &mut Known) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "writer", "--nocapture"]).env(GALLERY, place).env(SEED, seed.to_string());
    command.envs(key.map(|key| (KEY, key)));
    let mut writer = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let said = BufReader::new(writer.stdout.take().unwrap());
    let hear = thread::spawn(move || said.lines().map_while(Result::ok).collect::<Vec<_>>());
    thread::sleep(Duration::from_millis(30 + Chance(seed).below(60)));
    writer.kill().unwrap();
    writer.wait().unwrap();
    for line in hear.join().unwrap() {
        let [mark @ ("?" | "!"), name, version] = line.split(' ').collect::<Vec<_>>()[..] else { continue };
        let Ok(version) = version.parse() else { continue };
        let entry = known.entry(name.to_owned()).or_default();
        *entry = if mark == "!" { (version, None) } else { (entry.0, Some(version)) };
    }
}

#[test]
fn a_writer_that_is_killed_hundreds_of_times_loses_nothing_it_acknowledged() {
    kill_again_and_again(KILLS, None);
}

#[test]
fn a_writer_of_an_encrypted_gallery_that_is_killed_loses_nothing_and_brings_nobody_back() {
    kill_again_and_again(ENCRYPTED_KILLS, Some(&"5eed".repeat(16)));
}

fn kill_again_and_again(kills: u64, key: Option<&str>) {
    let directory = tempfile::tempdir().unwrap();
    let (place, key_file) = (directory.path().join("gallery"), directory.path().join("key"));
    let files = Files::new(&place);
    let master = key.map(|key| {
        std::fs::write(&key_file, key).unwrap();
        std::fs::set_permissions(&key_file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        MasterKey::from_file(&key_file).unwrap()
    });
    let encryption = master.clone().map(|master| Encryption { master, segments: true });
    drop(Gallery::create_with(Arc::new(files.clone()), encryption.as_ref()).unwrap());
    let (mut known, mut changes) = (Known::new(), 0);
    for seed in 0..kills {
        write_and_kill(place.to_str().unwrap(), key, seed, &mut known);
        let snapshot =
            Snapshot::open_with(&files, master.as_ref()).unwrap_or_else(|error| panic!("kill {seed}: {error}"));
        assert_eq!(snapshot.verify(), [], "kill {seed}");
        assert!(snapshot.sequence() >= changes, "kill {seed}: went back");
        changes = snapshot.sequence();
        for (name, (safe, tried)) in &mut known {
            let kept = snapshot.fetch(&id(name)).unwrap();
            let is = |version: u64| kept == (version > 0).then(|| versioned(name, version));
            let version = [Some(*safe), *tried].into_iter().flatten().find(|version| is(*version));
            let version =
                version.unwrap_or_else(|| panic!("kill {seed}: {name}, safe {safe}, tried {tried:?}: {kept:?}"));
            (*safe, *tried) = (version, None);
        }
        let there = known.values().filter(|(safe, _)| *safe > 0).count();
        assert_eq!(snapshot.len(), there as u64, "kill {seed}: somebody nobody enrolled");
    }
    println!("{changes} changes survived {kills} kills");
    assert!(changes > kills, "the writer had time to write");
}
