use std::fs;
use std::process::Stdio;

use crate::whorl::{Folder, command};

#[test]
fn bad_rows_are_named_by_line_and_the_others_are_done() {
    let folder = Folder::with_people(3, 1, 1);
    let manifest = folder.read("people/manifest.csv");
    let first = manifest.lines().nth(1).unwrap();
    let added = [
        "absent.png,x1,fingerprint,right-index,1,500",
        "also-absent.png,x2,fingerprint,right-toe,1,500",
        "third.png,x3,fingerprint,right-index,1,5000000",
        "fourth.png,x4,face,,1,",
        ",x5,fingerprint,right-index,1,500",
        first,
    ];
    folder.write("people/bad.csv", format!("{manifest}{}\n", added.join("\n")));
    let run = folder.whorl(&["dedup", "--manifest", "people/bad.csv", "--out", "out", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.json()["references"], 3);
    let listed: Vec<(String, String)> =
        folder.rows("out/left-out.csv").iter().map(|row| (row["line"].clone(), row["reason"].clone())).collect();
    for (line, reason) in [
        ("5", "unreadable"),
        ("6", "bad-row"),
        ("7", "bad-row"),
        ("8", "unreadable"),
        ("9", "bad-row"),
        ("10", "listed-twice"),
    ] {
        assert!(listed.contains(&(line.to_owned(), reason.to_owned())), "{line} {reason}: {listed:?}");
    }
    assert!(folder.read("out/report.html").contains("absent.png"));
}

#[test]
fn a_manifest_of_100_000_rows_with_one_good_image_is_done_and_summed_up() {
    let folder = Folder::with_people(1, 1, 1);
    let absent = (1..100_000).map(|row| format!("no/{row}.png,s{row},fingerprint,right-index,1,500"));
    let rows: Vec<String> = folder.read("people/manifest.csv").lines().map(str::to_owned).chain(absent).collect();
    folder.write("people/many.csv", rows.join("\n"));
    let run = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/many.csv", "--json"]);
    assert_eq!(run.code, 1, "{}", run.out);
    let left_out = &run.json()["left_out"];
    assert_eq!(left_out["by_reason"]["unreadable"], 99_999);
    assert_eq!(left_out["first"].as_array().unwrap().len(), 5);
    assert!(run.err.lines().count() < 12, "{}", run.err);
    assert!(folder.read("left-out.csv").lines().count() > 99_999);
}

#[test]
fn a_manifest_that_is_none_is_refused_in_words() {
    let folder = Folder::new();
    folder.write("empty.csv", "");
    folder.write("columns.csv", "file,who\na.png,ann\n");
    folder.write("picture.csv", [0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 255]);
    for (manifest, word) in
        [("empty.csv", "empty"), ("columns.csv", "path"), ("absent.csv", "cannot read"), ("picture.csv", "column")]
    {
        for verb in [
            vec!["enrol", "--gallery", "g"],
            vec!["dedup", "--out", "o"],
            vec!["eval", "--protocol", "fvc", "--out", "o"],
        ] {
            let run = folder.whorl(&[verb.as_slice(), &["--manifest", manifest]].concat());
            assert_eq!(run.code, 3, "{verb:?} {manifest}: {run:?}");
            assert!(run.err.contains(word) && run.err.contains(manifest), "{verb:?} {manifest}: {}", run.err);
        }
    }
    assert!(!folder.exists("g"), "no gallery is made for a manifest that cannot be read");
}

#[test]
fn a_population_without_any_template_is_a_failure() {
    let folder = Folder::new();
    folder.write("people.csv", "path,subject,modality\nabsent.png,ann,fingerprint\n");
    let run = folder.whorl(&["dedup", "--manifest", "people.csv", "--out", "out"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("no template at all") && run.err.contains("absent.png"), "{}", run.err);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let folder = Folder::with_people(1, 1, 1);
    let print = folder.samples().remove(0);
    let mut child = command(&folder.path("."), &["extract", &print, "--out", "out", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let folder = Folder::with_people(1, 1, 1);
    folder.write("file", "in the way");
    let run = folder.whorl(&["extract", &folder.samples()[0], "--out", "file/out"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("file/out"), "{}", run.err);
    let run = folder.whorl(&["dedup", "--manifest", "people/manifest.csv", "--out", "file"]);
    assert_eq!(run.code, 3);
    assert!(fs::metadata(folder.path("file")).unwrap().is_file());
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_left_out_and_never_waited_for() {
    let folder = Folder::with_people(1, 1, 1);
    let pipe = folder.path("people/pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let manifest = folder.read("people/manifest.csv");
    let added = "pipe.png,x1,fingerprint,right-index,1,500\n.,x2,fingerprint,right-index,1,500";
    folder.write("people/odd.csv", format!("{manifest}{added}\n"));
    let run = folder.whorl(&["dedup", "--manifest", "people/odd.csv", "--out", "out"]);
    assert_eq!(run.code, 1, "{run:?}");
    let refused =
        folder.rows("out/left-out.csv").iter().filter(|row| row["detail"].contains("no regular file")).count();
    assert_eq!(refused, 2, "{run:?}");
    let run = folder.whorl(&["eval", "--manifest", "people/odd.csv", "--protocol", "all-pairs", "--out", "out"]);
    assert_eq!(run.code, 1, "{run:?}");
}

#[test]
fn a_manifest_without_rows_is_said_to_list_nobody_and_makes_no_gallery() {
    let folder = Folder::new();
    folder.write("people.csv", "path,subject,modality\n");
    let run = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people.csv"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("people.csv lists nobody"), "{}", run.err);
    assert!(!folder.exists("gallery"));
}
