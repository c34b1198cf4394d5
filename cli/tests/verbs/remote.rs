//! The verbs on a gallery of a server, which is the binary as well.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::whorl::{Folder, Run, command};

/// A server on the local host, in the folder of the test; it is told to stop when the test ends.
struct Served {
    process: Child,
    address: String,
}

impl Served {
    fn start(folder: &Folder) -> Self {
        folder.write(
            "whorl.toml",
            "[server]\nlisten = \"127.0.0.1:0\"\noperations_listen = \"127.0.0.1:0\"\ndrain_s = 1\n[data]\nmin_free_mib = 16\n\
             [policy]\nduplicate_check = \"unless-duplicate\"\naccept_templates = true\n",
        );
        let mut process = command(&folder.path(""), &["serve", "--config", "whorl.toml", "--threads", "1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary was built");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("it is piped")).read_line(&mut line).expect("it says where it is");
        let word = line.split_whitespace().find(|word| word.contains(':')).expect("an address").trim_end_matches(';');
        Self { address: format!("http://{word}"), process }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has then seen.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Asking<'a> {
    folder: &'a Folder,
    served: Served,
}

impl Asking<'_> {
    /// Runs a verb against the server, and reads what it says.
    fn ask(&self, arguments: &[&str]) -> Run {
        self.folder.whorl(&[arguments, &["--server", &self.served.address, "--json"]].concat())
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let run = self.ask(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        run.json()
    }
}

#[test]
fn a_gallery_of_a_server_is_filled_searched_and_looked_after() {
    let folder = Folder::with(4, ["2", "1"], 2);
    let manifest = folder.read("people/manifest.csv");
    let rows = |encounter: &str| {
        let (header, rows) = manifest.split_once('\n').expect("a manifest has a header");
        let rows = rows.lines().filter(|row| row.contains(&format!("_{encounter}.png"))).collect::<Vec<_>>();
        format!("{header}\n{}\n", rows.join("\n"))
    };
    folder.write("people/first.csv", rows("1"));
    folder.write("people/second.csv", rows("2"));
    let server = Asking { served: Served::start(&folder), folder: &folder };

    let enrolled = server.json(&["enrol", "--gallery", "nation", "--manifest", "people/first.csv"]);
    assert_eq!([&enrolled["references"], &enrolled["references_in_gallery"], &enrolled["templates"]], [4, 4, 12]);
    let again = server.ask(&["enrol", "--gallery", "nation", "--manifest", "people/first.csv"]);
    assert_eq!((again.code, &again.json()["left_out"]["by_reason"]["already-enrolled"]), (3, &Value::from(4)));
    let twice = server.ask(&["enrol", "--gallery", "nation", "--manifest", "people/second.csv"]);
    assert_eq!((twice.code, &twice.json()["left_out"]["by_reason"]["duplicate"]), (3, &Value::from(4)), "{twice:?}");

    let row = rows("2").lines().find(|row| row.contains("right-index")).expect("a finger").to_owned();
    let fields = row.split(',').collect::<Vec<_>>();
    let (print, who) = (format!("people/{}", fields[0]), format!("{}/1", fields[1]));
    let captured = ["--position", "right-index", "--gallery", "nation"];
    let found = server.json(&[&["identify", print.as_str(), "--exact", "--top", "1"][..], &captured].concat());
    let search = &found["searches"][0];
    assert_eq!(
        (&search["candidates"][0]["reference"], &search["guarantee"]),
        (&who.as_str().into(), &"exhaustive".into())
    );
    let claim = [&["verify", print.as_str(), "--reference", &who][..], &captured].concat();
    assert_eq!(server.json(&claim)["decision"], "match");
    let nobody = server.ask(&[&["verify", print.as_str(), "--reference", "nobody"][..], &captured].concat());
    assert!(nobody.code == 3 && nobody.err.contains("NOT_ENROLLED"), "{nobody:?}");

    assert_eq!(server.json(&["gallery", "info", "nation"])["references"], 4);
    assert_eq!(server.json(&["gallery", "verify", "nation"])["whole"], true);
    let pairs = server.json(&["gallery", "dedup", "nation", "--out", "pairs.csv"]);
    assert_eq!([&pairs["references"], &pairs["duplicates"]], [4, 0]);
    assert_eq!(folder.read("pairs.csv").lines().next(), Some("reference,candidate,verdict,llr"));
    assert_eq!(server.json(&["gallery", "backup", "nation"])["sequence"], 4);
    assert_eq!(server.json(&["gallery", "export", "nation", "--to", "nation.tar"])["templates"], 12);
    let there = server.json(&["gallery", "import", "copy", "--from", "nation.tar"]);
    assert_eq!([&there["references"], &there["templates"], &there["left_out"]["count"]], [4, 12, 0]);
    let again = server.ask(&["gallery", "import", "copy", "--from", "nation.tar"]);
    assert_eq!((again.code, &again.json()["left_out"]["by_reason"]["already-enrolled"]), (3, &Value::from(4)));
    assert_eq!(server.json(&["gallery", "reopen", "copy"])["references"], 4);
    let imported = folder.whorl(&["gallery", "import", "here", "--from", "nation.tar", "--json"]);
    assert_eq!((imported.code, &imported.json()["references"]), (0, &Value::from(4)));
    let local =
        folder.whorl(&[&["verify", "--gallery", "here", "--json", &print][..], &["--reference", &who]].concat());
    assert_eq!((local.code, &local.json()["decision"]), (0, &"match".into()), "{local:?}");
    let removed = server.json(&["gallery", "remove", "nation", &who, "--compact"]);
    assert_eq!([&removed["removed"], &removed["references"], &removed["removed_still_there"]], [1, 3, 0]);
}

#[test]
fn a_server_compares_two_files_as_they_are_compared_here() {
    let folder = Folder::with_people(2, 1, 2);
    let prints = folder.samples();
    let server = Asking { served: Served::start(&folder), folder: &folder };
    for other in [&prints[1], &prints[2]] {
        let there = server.json(&["compare", &prints[0], other]);
        let here = folder.whorl(&["compare", &prints[0], other, "--json"]).json();
        for same in ["raw", "llr", "fmr", "decision", "instances", "left_out"] {
            assert_eq!(there[same], here[same], "{same}");
        }
    }
    let shown = folder.whorl(&["compare", &prints[0], &prints[1], "--server", &server.served.address]);
    assert!(shown.code == 0 && shown.out.contains("decision  match"), "{shown:?}");
    let drawn = server.ask(&["compare", &prints[0], &prints[1], "--svg", "both.svg"]);
    assert!(drawn.code == 3 && drawn.err.contains("--svg"), "{drawn:?}");
}

#[test]
fn what_cannot_be_asked_of_a_server_is_refused_and_who_does_not_answer_is_named() {
    let folder = Folder::new();
    let nobody = folder.whorl(&["gallery", "info", "nation", "--server", "http://127.0.0.1:9"]);
    assert!(nobody.code == 3 && nobody.err.contains("cannot connect to http://127.0.0.1:9"), "{nobody:?}");
    let local = folder.whorl(&["dedup", "--manifest", "m.csv", "--out", "o", "--server", "http://127.0.0.1:9"]);
    assert!(local.code == 3 && local.err.contains("whorl gallery dedup"), "{local:?}");
    let reopened = folder.whorl(&["gallery", "reopen", "nation"]);
    assert!(reopened.code == 3 && reopened.err.contains("--server"), "{reopened:?}");
    let secret =
        folder.whorl(&["gallery", "info", "nation", "--server", "http://10.0.0.1:7443", "--token-file", "token"]);
    assert!(secret.code == 3 && secret.err.contains("in the clear"), "{secret:?}");
    let alone = folder.whorl(&["gallery", "info", "nation", "--token-file", "token"]);
    assert!(alone.code == 2 && alone.err.contains("--server"), "{alone:?}");
    let ignored = ["identify", "--gallery", "nation", "a.png", "--server", "http://127.0.0.1:9", "--calibration", "c"];
    let ignored = folder.whorl(&ignored);
    assert!(ignored.code == 3 && ignored.err.contains("--calibration"), "{ignored:?}");
}
