use crate::whorl::Folder;

const KEYS: [&str; 11] = [
    "genuine",
    "impostor",
    "fta",
    "eer",
    "fnmr_at_fmr",
    "extract_ms_median",
    "comparisons_per_second",
    "template_bytes_mean",
    "corpus_hash",
    "version",
    "protocol",
];

#[test]
fn a_corpus_is_measured_and_the_report_holds_what_was_promised() {
    let folder = Folder::with_people(4, 1, 3);
    for (protocol, genuine, impostor) in [("all-pairs", 12, 54), ("fvc", 12, 6)] {
        let run = folder.whorl(&["eval", "--manifest", "people/manifest.csv", "--protocol", protocol, "--out", "out"]);
        assert_eq!(run.code, 0, "{run:?}");
        let report: serde_json::Value = serde_json::from_str(&folder.read("out/report.json")).unwrap();
        for key in KEYS {
            assert!(report.get(key).is_some(), "{key}");
        }
        assert_eq!((&report["genuine"], &report["impostor"]), (&genuine.into(), &impostor.into()), "{protocol}");
        assert_eq!(report["fnmr_at_fmr"].as_object().unwrap().len(), 6);
        assert_eq!(folder.rows("out/scores.csv").len(), genuine + impostor);
        assert!(folder.exists("out/report.html"));
    }
}

#[test]
fn listed_pairs_with_folds_give_an_accuracy() {
    let folder = Folder::with_people(3, 1, 2);
    let paths: Vec<String> = folder.rows("people/manifest.csv").iter().map(|row| row["path"].clone()).collect();
    let pair = |fold: usize| {
        let [probe, mate, stranger] = [2 * fold, 2 * fold + 1, (2 * fold + 3) % 6].map(|row| &paths[row]);
        format!("{fold},{probe},{mate},1\n{fold},{probe},{stranger},0")
    };
    let pairs = ["fold,probe,reference,mated".to_owned(), pair(0), pair(1), pair(2)].join("\n");
    folder.write("pairs.csv", pairs);
    let with = ["--protocol", "pairs", "--pairs", "pairs.csv", "--out", "out", "--json"];
    let run = folder.whorl(&[["eval", "--manifest", "people/manifest.csv"].as_slice(), &with].concat());
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["accuracy"], 1.0, "{run:?}");
}

#[test]
fn an_image_without_a_template_is_counted_and_the_code_says_so() {
    let folder = Folder::with_people(2, 1, 2);
    let manifest = folder.read("people/manifest.csv");
    folder.write("people/more.csv", format!("{manifest}absent.png,zoe,fingerprint,right-index,1,500\n"));
    let run =
        folder.whorl(&["eval", "--manifest", "people/more.csv", "--protocol", "all-pairs", "--out", "out", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.json()["fta"], 0.2);
}

#[test]
fn a_calibration_is_fitted_and_used() {
    let folder = Folder::with_people(18, 1, 4);
    let run = folder.whorl(&["calibrate", "--manifest", "people/manifest.csv", "--out", "calibration.txt", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!((&run.json()["mated"], &run.json()["non_mated"]), (&108.into(), &2448.into()));
    assert!(folder.read("calibration.txt").starts_with("whorl calibration 1"));
    let with = ["--protocol", "fvc", "--calibration", "calibration.txt", "--out", "out", "--json"];
    let run = folder.whorl(&[["eval", "--manifest", "people/manifest.csv"].as_slice(), &with].concat());
    assert_eq!(run.json()["calibration"]["impostor"], 2448, "{run:?}");
}

#[test]
fn a_corpus_too_small_to_calibrate_on_is_refused_with_the_counts() {
    let folder = Folder::with_people(2, 1, 2);
    let run = folder.whorl(&["calibrate", "--manifest", "people/manifest.csv", "--out", "calibration.txt"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("2 mated and 4 non-mated"), "{}", run.err);
    assert!(!folder.exists("calibration.txt"));
}

#[test]
fn the_same_seed_makes_the_same_people() {
    let prints = [0, 1].map(|_| {
        let folder = Folder::with_people(2, 1, 1);
        let print = std::fs::read(folder.path(&folder.samples()[0])).unwrap();
        (folder.read("people/manifest.csv"), folder.read("people/truth.csv"), print)
    });
    assert!(prints[0] == prints[1]);
}
