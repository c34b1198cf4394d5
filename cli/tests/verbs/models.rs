//! `whorl models`, with a server of this test's own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::server::{Served, Server};
use crate::whorl::{Folder, Run, command};

const POINTS: &str =
    "[[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]";

/// SHA-256 of the fixtures, as `sha256sum` prints them.
const DETECTOR: &str = "46e0ab28d5257f4620d76851661f351e819cf456c2fe5579604fa37f617c3517";
const EMBEDDER: &str = "1f1e7c7a62fe35f0bd741d5beaec75658e610ed78c70eb38ff4f754042d383fa";

fn fixture(name: &str) -> Vec<u8> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../extractors/tests/fixtures");
    fs::read(fixtures.join(name)).expect("the extractors keep the fixture")
}

/// A description of the fixtures; their addresses begin with `base`, where there is one.
fn described(base: Option<&str>) -> String {
    let url = |name: &str| base.map_or_else(String::new, |base| format!("url = \"{base}/{name}\"\n"));
    format!(
        "name = \"tiny\"\nversion = 3\n\n[licence]\nname = \"MPL-2.0\"\ntext = \"Untrained, of no use.\"\n\n[detector]\n\
         file = \"detector.onnx\"\nsha256 = \"{DETECTOR}\"\n{}decoding = \"yunet\"\nside_px = 64\nfixed = true\n\
         colour = \"bgr\"\nmean = 0.0\nscale = 1.0\nscore = 0.6\n\n[embedder]\nfile = \"embedder.onnx\"\n\
         sha256 = \"{EMBEDDER}\"\n{}width_px = 112\nheight_px = 112\ncolour = \"rgb\"\nmean = 127.5\nscale = 0.0078125\n\
         points = {POINTS}\noutput = \"embedding\"\ndimension = 8\n",
        url("detector.onnx"),
        url("embedder.onnx")
    )
}

/// A server of the fixtures, and a folder with a description that names it.
fn served(embedder: Served) -> (Server, Folder) {
    let server =
        Server::start(vec![("/detector.onnx", Served::Whole(fixture("detector.onnx"))), ("/embedder.onnx", embedder)]);
    let folder = Folder::new();
    folder.write("tiny.toml", described(Some(&server.base())));
    (server, folder)
}

fn pull(folder: &Folder, model: &str) -> Run {
    folder.whorl(&["models", "pull", model, "--yes", "--models", "store", "--json"])
}

fn listed(folder: &Folder) -> Value {
    folder.whorl(&["models", "list", "--models", "store", "--json"]).json()["models"].clone()
}

/// The file that is coming, within the store.
fn partial(folder: &Folder) -> PathBuf {
    folder.path("store/.partial").join(EMBEDDER)
}

#[test]
fn a_model_is_added_listed_and_checked() {
    let folder = Folder::new();
    fs::create_dir(folder.path("here")).unwrap();
    folder.write("here/tiny.toml", described(None));
    for name in ["detector.onnx", "embedder.onnx"] {
        folder.write(&format!("here/{name}"), fixture(name));
    }
    let models = ["--models", "store", "--json"];
    let run = |arguments: &[&str]| folder.whorl(&[&["models"], arguments, &models].concat());
    assert_eq!(run(&["list"]).json()["models"], Value::Array(Vec::new()));
    let added = run(&["add", "here/tiny.toml"]);
    assert_eq!((added.code, &added.json()["before"]), (0, &false.into()), "{added:?}");
    assert_eq!(run(&["add", "here/tiny.toml"]).json()["before"], true);
    let row = &listed(&folder)[0];
    assert_eq!((&row["name"], &row["version"], &row["dimension"]), (&"tiny".into(), &3.into(), &8.into()));
    assert_eq!(
        (&row["licence"], &row["whole"], &row["tells_attacks"]),
        (&"MPL-2.0".into(), &true.into(), &false.into())
    );
    for model in ["tiny", "tiny-3", "here/tiny.toml"] {
        let checked = run(&["check", model]);
        assert_eq!(checked.code, 0, "{checked:?}");
        let json = checked.json();
        assert!(json["detector_ms"].as_f64().unwrap() > 0.0 && json["embedder_ms"].as_f64().unwrap() > 0.0, "{json}");
        assert_eq!(json["extractor"], format!("whorl-face 1 (tiny 3, {})", row["id"].as_str().unwrap()));
    }
    let words = folder.whorl(&["models", "check", "tiny", "--models", "store"]);
    assert!(words.out.contains("Untrained, of no use.") && words.out.contains("licence  MPL-2.0"), "{}", words.out);
    let words = folder.whorl(&["models", "list", "--models", "store"]);
    assert!(words.out.contains("tiny") && words.out.contains("whole"), "{}", words.out);
}

#[test]
fn what_is_wrong_with_a_model_is_named() {
    let folder = Folder::new();
    folder.write("tiny.toml", described(None));
    let run = folder.whorl(&["models", "add", "tiny.toml", "--models", "store"]);
    assert!(run.code == 3 && run.err.contains("detector.onnx"), "{run:?}");
    folder.write("detector.onnx", fixture("detector.onnx"));
    folder.write("embedder.onnx", fixture("detector.onnx"));
    let run = folder.whorl(&["models", "check", "tiny.toml", "--models", "store"]);
    assert!(run.code == 3 && run.err.contains("SHA-256") && run.err.contains(EMBEDDER), "{run:?}");
    folder.write("tiny.toml", described(None).replace("dimension", "dimensoin"));
    let run = folder.whorl(&["models", "add", "tiny.toml", "--models", "store"]);
    assert!(run.code == 3 && run.err.contains("do you mean \"embedder.dimension\"?"), "{run:?}");
    let run = folder.whorl(&["models", "check", "nobody", "--models", "store"]);
    assert!(run.code == 3 && run.err.contains("whorl models list"), "{run:?}");
    assert!(!folder.exists("store/tiny-3"), "nothing is installed");
}

#[test]
fn a_model_that_was_damaged_or_changed_is_listed_as_such() {
    let (_server, folder) = served(Served::Whole(fixture("embedder.onnx")));
    assert_eq!(pull(&folder, "tiny.toml").code, 0);
    folder.write("store/tiny-3/embedder.onnx", "damaged");
    let run = folder.whorl(&["models", "list", "--models", "store", "--json"]);
    assert_eq!((run.code, &run.json()["models"][0]["whole"]), (1, &false.into()), "{run:?}");
    assert!(run.json()["models"][0]["flaws"][0].as_str().unwrap().contains("embedder.onnx"), "{run:?}");
    folder.write("tiny.toml", described(None).replace("Untrained", "Trained"));
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("another tiny 3 is installed"), "{run:?}");
}

#[test]
fn a_model_is_fetched_whole() {
    let (server, folder) = served(Served::Whole(fixture("embedder.onnx")));
    let run = pull(&folder, "tiny.toml");
    assert_eq!(run.code, 0, "{run:?}");
    let bytes = (fixture("detector.onnx").len() + fixture("embedder.onnx").len()) as u64;
    assert_eq!(run.json()["fetched_bytes"], bytes);
    assert_eq!(listed(&folder)[0]["whole"], true);
    assert!(!partial(&folder).exists(), "nothing is left over");
    assert_eq!(pull(&folder, "tiny.toml").json()["before"], true);
    assert_eq!(server.requests().len(), 2, "an installed model is not fetched again");
}

#[test]
fn a_description_is_fetched_with_its_files() {
    let (server, folder) = served(Served::Whole(fixture("embedder.onnx")));
    let text = described(Some(&server.base())).replace("version = 3", "version = 3\ncalibration = \"face.txt\"");
    server.serve("/models/tiny.toml", Served::Whole(text.into_bytes()));
    server.serve("/models/face.txt", Served::Whole(b"calibration".to_vec()));
    server.serve("/tiny", Served::Moved("/models/tiny.toml".to_owned()));
    let run = pull(&folder, &format!("{}/models/tiny.toml", server.base()));
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(folder.read("store/tiny-3/face.txt"), "calibration");
    assert_eq!(pull(&folder, &format!("{}/tiny", server.base())).json()["before"], true);
}

#[test]
fn a_download_that_broke_off_goes_on_where_it_stopped() {
    let whole = fixture("embedder.onnx");
    let (server, folder) = served(Served::BrokenOff(whole.clone(), whole.len() / 2));
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("goes on from there"), "{run:?}");
    assert_eq!(fs::read(partial(&folder)).unwrap(), whole[..whole.len() / 2]);
    assert!(!folder.exists("store/tiny-3"));
    server.serve("/embedder.onnx", Served::Whole(whole.clone()));
    let run = pull(&folder, "tiny.toml");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["fetched_bytes"], (whole.len() - whole.len() / 2) as u64);
    let last = server.requests().pop().unwrap();
    assert!(last.contains(&format!("bytes={}-", whole.len() / 2)), "{last}");
    assert_eq!(listed(&folder)[0]["whole"], true);
}

#[test]
fn a_server_that_ignores_range_is_read_from_the_beginning() {
    let whole = fixture("embedder.onnx");
    let (_server, folder) = served(Served::WithoutRange(whole.clone()));
    fs::create_dir_all(folder.path("store/.partial")).unwrap();
    fs::write(partial(&folder), &whole[..100]).unwrap();
    let run = pull(&folder, "tiny.toml");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(fs::read(folder.path("store/tiny-3/embedder.onnx")).unwrap(), whole);
}

#[test]
fn a_beginning_of_something_else_is_thrown_away() {
    let whole = fixture("embedder.onnx");
    for stale in [vec![7; 100], vec![7; whole.len()], vec![7; whole.len() + 9]] {
        let (_server, folder) = served(Served::Whole(whole.clone()));
        fs::create_dir_all(folder.path("store/.partial")).unwrap();
        fs::write(partial(&folder), stale).unwrap();
        let run = pull(&folder, "tiny.toml");
        assert_eq!(run.code, 0, "{run:?}");
    }
}

#[test]
fn a_file_of_the_wrong_hash_is_never_installed() {
    let (_server, folder) = served(Served::Whole(fixture("detector.onnx")));
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("nothing was installed") && run.err.contains(DETECTOR), "{run:?}");
    assert_eq!(listed(&folder), Value::Array(Vec::new()));
    assert!(!partial(&folder).exists(), "the wrong file is not kept");
}

#[test]
fn a_file_that_is_not_there_or_too_large_is_an_error() {
    let (server, folder) = served(Served::Absent);
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("404"), "{run:?}");
    server.serve("/embedder.onnx", Served::Boasting(600 << 20));
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("is refused"), "{run:?}");
    server.serve("/embedder.onnx", Served::Moved("/embedder.onnx".to_owned()));
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("without end"), "{run:?}");
    server.serve("/embedder.onnx", Served::Moved("http://example.org/embedder.onnx".to_owned()));
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("only https"), "{run:?}");
    assert!(!folder.exists("store/tiny-3"));
}

#[test]
fn without_a_network_it_says_so_and_that_the_shipped_model_needs_none() {
    let (server, folder) = served(Served::Absent);
    let gone = described(Some(&server.base()));
    drop(server);
    folder.write("tiny.toml", gone);
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("is there a network?") && run.err.contains("needs none"), "{run:?}");
}

#[test]
fn other_addresses_than_https_are_refused() {
    let folder = Folder::new();
    for address in ["http://example.org/a.toml", "ftp://example.org/a.toml", "file:///etc/passwd"] {
        let run = pull(&folder, address);
        assert!(run.code == 3 && run.err.contains("only https"), "{run:?}");
    }
    folder.write("tiny.toml", described(Some("http://example.org")));
    let run = pull(&folder, "tiny.toml");
    assert!(run.code == 3 && run.err.contains("only https"), "{run:?}");
}

#[test]
fn a_licence_that_is_not_accepted_fetches_nothing() {
    let (server, folder) = served(Served::Whole(fixture("embedder.onnx")));
    let asked = |answer: &str| {
        let mut child = command(&folder.path(""), &["models", "pull", "tiny.toml", "--models", "store"]);
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Where it ends before it reads, the pipe is closed.
        let _ = child.stdin.take().unwrap().write_all(answer.as_bytes());
        child.wait_with_output().unwrap()
    };
    for refusal in ["n\n", "", "maybe\n", "yes please, unless it is the other one\n"] {
        let output = asked(refusal);
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{words}");
        assert!(words.contains("Untrained, of no use.") && words.contains("was not accepted"), "{words}");
    }
    assert_eq!(server.requests(), Vec::<String>::new(), "nobody was asked for a file");
    let output = asked("y\n");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(listed(&folder)[0]["name"], "tiny");
}

#[test]
fn a_runtime_that_nobody_knows_is_refused_on_the_command_line() {
    let run = Folder::new().whorl(&["models", "check", "tiny", "--runtime", "tensorflow"]);
    assert!(run.code == 2 && run.err.contains("rten"), "{run:?}");
}
