//! Persons with fingers, eyes and faces together.

use crate::whorl::Folder;

/// Twelve persons with a finger and two eyes, of whom some are enrolled under several names.
fn population() -> Folder {
    let folder = Folder::new();
    let sizes = ["--persons", "12", "--fingers", "1", "--irises", "2", "--twice", "0.25", "--seed", "5"];
    let run = folder.whorl(&[["synth", "--out", "people", "--json"].as_slice(), &sizes].concat());
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!((&run.json()["prints"], &run.json()["photographs"]), (&15.into(), &30.into()));
    folder
}

#[test]
fn fingers_and_eyes_decide_together_and_the_report_shows_both() {
    let folder = population();
    let files = ["--manifest", "people/manifest.csv", "--truth", "people/truth.csv", "--out", "out", "--json"];
    let run = folder.whorl(&[["dedup"].as_slice(), &files].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    assert_eq!((&json["fingers"], &json["irises"]), (&15.into(), &30.into()), "{json}");
    assert_eq!((&json["truth"]["found"], &json["truth"]["false_duplicates"]), (&3.into(), &0.into()), "{json}");
    for pair in folder.rows("out/pairs.csv") {
        for instance in ["fingerprint/right-index=", "iris/right=", "iris/left="] {
            assert!(pair["evidence"].contains(instance), "{pair:?}");
        }
    }
    let page = folder.read("out/report.html");
    for sign in ["class=\"join\"", "class=\"same\"", "class=\"limbus\"", "1 finger, 2 irises", "pictures are shown"] {
        assert!(page.contains(sign), "{sign}");
    }
}

#[test]
fn who_lacks_a_finger_or_an_eye_is_still_found_by_the_rest() {
    let folder = population();
    let manifest = folder.read("people/manifest.csv");
    // Every second reference has no finger, and none has a left eye.
    let kept = |row: &&str| {
        let odd = row.split(',').nth(1).is_some_and(|subject| subject.ends_with(['1', '3', '5', '7', '9']));
        !(row.contains("_left_") || odd && row.contains("right-index"))
    };
    let rows: Vec<&str> = manifest.lines().filter(kept).collect();
    folder.write("people/some.csv", rows.join("\n"));
    let files = ["--manifest", "people/some.csv", "--truth", "people/truth.csv", "--out", "out", "--json"];
    let json = folder.whorl(&[["dedup"].as_slice(), &files].concat()).json();
    assert_eq!((&json["truth"]["found"], &json["truth"]["false_duplicates"]), (&3.into(), &0.into()), "{json}");
}

#[test]
fn a_chosen_modality_restricts_a_manifest_of_both() {
    let folder = population();
    let dedup = ["dedup", "--manifest", "people/manifest.csv", "--out", "out", "--json", "--modality", "iris"];
    let run = folder.whorl(&dedup);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!((&run.json()["fingers"], &run.json()["irises"]), (&0.into(), &30.into()));
    assert_eq!(run.json()["left_out"]["by_reason"]["other-modality"], 15);
    let eval = ["eval", "--manifest", "people/manifest.csv", "--protocol", "all-pairs", "--out", "eval"];
    let run = folder.whorl(&eval);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("choose with --modality"), "{}", run.err);
    assert_ne!(folder.whorl(&[eval.as_slice(), &["--modality", "iris"]].concat()).code, 3);
}

#[test]
fn a_finger_and_an_eye_of_one_person_are_one_search() {
    let folder = population();
    let run = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/manifest.csv"]);
    assert_eq!(run.code, 0, "{run:?}");
    let samples = folder.samples();
    for (image, position) in [("right-index_1", "right-index"), ("right_1", "right")] {
        let image = samples.iter().find(|name| name.contains(&format!("A000000_{image}"))).unwrap();
        folder.whorl(&["extract", image, "--out", "probe", "--position", position]);
    }
    let probe = ["probe/A000000_right-index_1.whorl", "probe/A000000_right_1.whorl"];
    let run = folder.whorl(&["identify", "--gallery", "gallery", probe[0], probe[1], "--together", "--json"]);
    let best = &run.json()["searches"][0]["candidates"][0];
    assert_eq!((&best["reference"], &best["instances"]), (&"A000000/1".into(), &2.into()), "{run:?}");
    let run = folder.whorl(&["compare", probe[0], probe[1]]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("they show different fingers, eyes or faces"), "{}", run.out);
}
