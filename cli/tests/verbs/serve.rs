//! `whorl serve` as a process: it is killed again and again under load, and it is told to stop.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod load;
mod process;

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use whorl_datasets::synthetic::fingerprint::{Conditions, Finger, Sensor};
use whorl_formats::image::encode_png;
use whorl_types::Position;

use crate::whorl::Folder;
use load::{GALLERY, Ledger};
use process::{Served, base64_of};

/// How often an ordinary test kills.
const KILLS: u64 = 12;

/// How often the long one does.
const MANY_KILLS: u64 = 100;

/// How long somebody is waited for who takes a second when the machine has nothing else to do.
const PATIENCE: Duration = Duration::from_mins(1);

const CONFIGURATION: &str = "\
[server]
listen = \"127.0.0.1:0\"
operations_listen = \"127.0.0.1:0\"
[policy]
accept_templates = true
return_templates = true
[security]
rate_per_s = 1000000
burst = 1000000
";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("whorl.toml", CONFIGURATION);
    folder
}

/// Kills a server under load so often, and looks after every kill whether all is there that was acknowledged, and nothing else.
fn kill(times: u64) {
    let folder = folder();
    let mut ledger = Ledger::default();
    let mut served = Served::start(&folder);
    served.ask("/v1/gallery/create-gallery", &json!({ "name": GALLERY })).unwrap();
    for kill in 0..times {
        let heard = ledger.changes();
        // Not before something was acknowledged, and then at a moment that differs.
        let moment = Duration::from_millis(40 + kill * 37 % 160);
        load::run(&mut ledger, kill, &mut served, |served, changes| {
            let began = Instant::now();
            while changes.heard() == 0 && began.elapsed() < PATIENCE {
                thread::sleep(Duration::from_millis(5));
            }
            thread::sleep(moment);
            served.kill();
        });
        assert!(ledger.changes() > heard, "kill {kill}: the load had time to change something");
        served = Served::start(&folder);
        ledger.check(&served, kill);
        let audit = folder.whorl(&["audit", "verify", "--folder", "whorl-audit"]);
        assert_eq!(audit.code, 0, "kill {kill}: {audit:?}");
    }
    ledger.check_all(&served);
    ledger.check_audit(&folder.path("whorl-audit"));
    assert_eq!(served.terminate(), 0);
    println!("{} acknowledged changes survived {times} kills", ledger.changes());
}

#[test]
fn a_server_that_is_killed_under_load_loses_nothing_that_it_acknowledged() {
    kill(KILLS);
}

#[test]
#[ignore = "takes minutes: the same a hundred times"]
fn a_server_that_is_killed_a_hundred_times_loses_nothing_that_it_acknowledged() {
    kill(MANY_KILLS);
}

#[test]
fn a_server_that_is_told_to_stop_answers_what_it_began_and_ends_well() {
    let folder = folder();
    let mut served = Served::start(&folder);
    // There are no certificates to read again, and the signal ends nothing.
    served.hang_up();
    served.ask("/v1/gallery/create-gallery", &json!({ "name": GALLERY })).unwrap();
    // Many pictures, so that it takes a while.
    let picture = Finger::new(1, Position::RightIndex).print(&Conditions::ideal(Sensor::Optical), 1);
    let sample = json!({ "data": base64_of(&encode_png(&picture, None)), "position": "POSITION_RIGHT_INDEX" });
    let request = json!({ "gallery": GALLERY, "samples": vec![sample; 48] });
    let clients = served.clients();
    let asked = thread::spawn(move || clients.ask("/v1/identification/identify", &request));
    let began = Instant::now();
    while !served.metrics().contains("calls_in_progress 1") {
        assert!(began.elapsed() < PATIENCE && !asked.is_finished(), "it is never seen at work");
        thread::sleep(Duration::from_millis(2));
    }
    let code = served.terminate();
    let answer = asked.join().unwrap().expect("what was begun is answered");
    assert_eq!((code, answer["found"]["coverage"].is_object()), (0, true), "{answer}");
    let again = Served::start(&folder);
    assert_eq!(again.ask("/v1/gallery/list-galleries", &json!({})).unwrap()["galleries"][0]["name"], GALLERY);
}
