//! What a presentation attack detection says is taken in and told with the answer.

use crate::whorl::Folder;

#[test]
fn the_liveness_of_a_probe_is_told_with_the_answer_and_changes_nothing() {
    let folder = Folder::with_people(2, 1, 1);
    let print = &folder.samples()[0];
    let enrolled = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/manifest.csv"]);
    assert_eq!(enrolled.code, 0, "{enrolled:?}");
    let reported = serde_json::json!({"outcome": "live", "score": 87, "source": "vendor-x"});
    let with = ["--liveness", "live:87:vendor-x", "--json"];
    let run = |verb: &[&str], flags: &[&str]| folder.whorl(&[verb, flags].concat()).json();
    let identify = ["identify", "--gallery", "gallery", print];
    let (said, unsaid) = (run(&identify, &with), run(&identify, &["--json"]));
    assert_eq!(said["searches"][0]["liveness"], reported);
    assert_eq!(said["searches"][0]["candidates"], unsaid["searches"][0]["candidates"]);
    assert!(unsaid["searches"][0].get("liveness").is_none());
    let compared = run(&["compare", print, print], &with);
    assert_eq!(compared["probe"]["instances"][0]["liveness"], reported);
    assert!(compared["reference"]["instances"][0].get("liveness").is_none(), "it is said of A alone");
    let extracted = run(&["extract", print, "--out", "out"], &with);
    assert_eq!(extracted["templates"][0]["liveness"], reported);
    let told = folder.whorl(&["compare", print, print, "--liveness", "attack::booth 3"]);
    assert!(told.out.contains("A is reported attack by booth 3; the decision does not rest on it"), "{}", told.out);
}

#[test]
fn a_liveness_that_is_none_is_refused_with_the_form_it_has() {
    let folder = Folder::with_people(1, 1, 1);
    let run = folder.whorl(&["extract", &folder.samples()[0], "--out", "out", "--liveness", "yes"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("live:87:vendor-x"), "{}", run.err);
}

#[test]
fn reported_attacks_are_left_out_of_a_gallery_and_of_a_deduplication_by_name() {
    let folder = Folder::with_people(3, 1, 1);
    let manifest = folder.read("people/manifest.csv");
    let said = ["liveness", "live:90:x", "attack:2:x", ""];
    let rows: Vec<String> =
        manifest.lines().enumerate().map(|(at, row)| format!("{row},{}", said.get(at).unwrap_or(&""))).collect();
    folder.write("people/said.csv", rows.join("\n"));
    let enrol = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/said.csv", "--json"]);
    assert_eq!((enrol.code, &enrol.json()["references"]), (1, &serde_json::json!(2)), "{enrol:?}");
    assert_eq!(enrol.json()["left_out"]["by_reason"]["reported-attack"], 1);
    let dedup = ["dedup", "--manifest", "people/said.csv", "--out", "out", "--json"];
    let left = folder.whorl(&dedup).json();
    assert_eq!((&left["references"], &left["liveness"]), (&2.into(), &serde_json::json!({"live": 1})));
    let rows = folder.rows("out/left-out.csv");
    assert_eq!((rows[0]["line"].as_str(), rows[0]["reason"].as_str()), ("3", "reported-attack"));
    let kept = folder.whorl(&[&dedup[..], &["--keep-attacks"]].concat()).json();
    assert_eq!((&kept["references"], &kept["liveness"]), (&3.into(), &serde_json::json!({"attack": 1, "live": 1})));
}
