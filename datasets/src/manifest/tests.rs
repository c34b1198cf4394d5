use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;
use whorl_types::LivenessOutcome;

use super::*;

fn file(text: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn read(text: impl AsRef<[u8]>) -> Manifest {
    Manifest::read(&file(text).1, Some(Modality::Fingerprint)).unwrap()
}

fn fault(row: &str) -> RowFault {
    let header = "path,subject,modality,position,encounter,ppi";
    let manifest = read(format!("{header}\ngood.png,p0,,,,\n{row}\nlast.png,p9,,,,\n"));
    let kept: Vec<&str> = manifest.entries.iter().map(|entry| entry.listed.as_str()).collect();
    assert_eq!(kept, ["good.png", "last.png"], "the other rows go on");
    assert_eq!(manifest.faults.len(), 1);
    assert_eq!(manifest.faults[0].line, 3);
    manifest.faults.into_iter().next().unwrap()
}

#[test]
fn a_row_says_everything_and_columns_come_in_any_order() {
    let (folder, path) = file(
        "note,ppi,Subject,path,encounter,position,modality,liveness\nx,500,p1,a/b.png,2-01,left-thumb,fingerprint,live:87:vendor-x\n",
    );
    let manifest = Manifest::read(&path, None).unwrap();
    let expected = Entry {
        path: folder.path().join("a/b.png"),
        listed: "a/b.png".to_owned(),
        line: 2,
        subject: "p1".to_owned(),
        modality: Modality::Fingerprint,
        position: Position::LeftThumb,
        encounter: "2-01".to_owned(),
        ppi: Some(Ppi::STANDARD),
        liveness: "live:87:vendor-x".parse().ok(),
    };
    assert_eq!(manifest.entries, [expected]);
    assert!(manifest.faults.is_empty() && manifest.warnings.is_empty());
}

#[test]
fn what_a_manifest_does_not_say_is_assumed() {
    let manifest = read("path,subject\na.png,p1\n");
    let entry = &manifest.entries[0];
    assert_eq!((entry.modality, entry.position), (Modality::Fingerprint, Position::Unknown));
    assert_eq!((entry.encounter.as_str(), entry.ppi, &entry.liveness), ("1", None, &None));
}

#[test]
fn a_position_says_the_modality_where_nothing_else_does() {
    let manifest = read("path,subject,modality,position\na.png,p1,,left\nb.png,p1,,left-thumb\nc.png,p1,,unknown\n");
    let found: Vec<_> = manifest.entries.iter().map(|entry| entry.modality).collect();
    assert_eq!(found, [Modality::Iris, Modality::Fingerprint, Modality::Fingerprint]);
}

#[test]
fn a_face_has_one_position_and_it_may_be_called_face() {
    let manifest = read("path,subject,modality,position\na.png,p1,face,face\nb.png,p2,face,left\n");
    assert_eq!(manifest.entries[0].position, Position::Face);
    assert_eq!(manifest.faults[0].problem, Problem::WrongPosition { modality: Modality::Face });
}

#[test]
fn quotes_spaces_blank_lines_and_a_byte_order_mark_are_understood() {
    let manifest = read("\u{feff}path, subject\r\n\"a, b.png\" , p1\r\n\r\nc.png,p2\r\n");
    let rows: Vec<_> = manifest.entries.iter().map(|entry| (entry.listed.as_str(), entry.line)).collect();
    assert_eq!(rows, [("a, b.png", 2), ("c.png", 4)]);
}

#[test]
fn every_fault_names_file_line_column_value_and_what_is_allowed() {
    for (row, column, words) in [
        ("a.png,p1,ear,,,", "modality", "fingerprint, iris, face"),
        ("a.png,p1,,right-toe,,", "position", "right-thumb"),
        ("a.png,p1,iris,right-index,,", "position", "allowed are: unknown, right, left"),
        ("a.png,p1,,,,5000", "ppi", "50 to 4000"),
        ("a.png,p1,,,,fine", "ppi", "50 to 4000"),
        (",p1,,,,", "path", "must not be"),
        ("a.png,,,,,", "subject", "must not be empty"),
        ("a.png", "subject", "the row has only 1 fields"),
        ("\"a\nb.png\",p1,,,,", "path", "quote"),
    ] {
        let fault = fault(row);
        let text = fault.to_string();
        assert_eq!(fault.column, column, "{text}");
        assert!(text.contains("people.csv, line 3") && text.contains(words), "{text}");
    }
    let long = fault(&format!("a.png,{},,,,", "x".repeat(65)));
    assert!(long.to_string().contains("at most 64"), "{long}");
    assert_eq!(long.value.len(), 60, "a message does not repeat a whole long value");
}

#[test]
fn a_liveness_that_is_none_is_a_fault_of_its_row() {
    let manifest = read("path,subject,modality,liveness\na.png,p1,iris,spoof:1:x\nb.png,p2,face,attack:4:booth 3\n");
    let fault = &manifest.faults[0];
    assert_eq!((fault.line, fault.column), (2, "liveness"));
    assert!(fault.to_string().contains("\"spoof:1:x\" is no liveness: the outcome \"spoof\""), "{fault}");
    let reported = manifest.entries[0].liveness.as_ref().unwrap();
    assert_eq!((reported.outcome(), reported.source()), (LivenessOutcome::Attack, "booth 3"));
}

#[test]
fn a_row_that_is_no_text_is_left_out_alone() {
    let manifest = read(b"path,subject\na\xff.png,p1\nb.png,p2\n");
    assert_eq!(manifest.faults[0].problem, Problem::NotText);
    assert_eq!(manifest.entries.len(), 1);
}

#[test]
fn without_a_modality_anywhere_a_row_is_at_fault() {
    let manifest = Manifest::read(&file("path,subject\na.png,p1\n").1, None).unwrap();
    assert_eq!(manifest.faults[0].problem, Problem::NoModality);
}

#[test]
fn a_file_listed_twice_counts_once() {
    let manifest = read("path,subject\na.png,p1\nb.png,p1\n./a.png,p1\n");
    assert_eq!(manifest.entries.len(), 2);
    assert_eq!(manifest.faults[0].problem, Problem::ListedTwice { first_line: 2 });
    assert_eq!(manifest.faults[0].line, 4);
}

#[test]
fn a_file_of_two_people_and_two_files_of_one_capture_are_kept_with_a_warning() {
    let manifest = read(
        "path,subject,position\na.png,p1,left-thumb\na.png,p2,left-thumb\nb.png,p1,left-thumb\nc.png,p1,\nd.png,p1,\n",
    );
    assert_eq!(manifest.entries.len(), 5);
    let problems: Vec<_> = manifest.warnings.iter().map(|warning| (warning.line, &warning.problem)).collect();
    assert_eq!(
        problems,
        [
            (3, &Problem::OtherSubject { other: "p1".to_owned(), first_line: 2 }),
            (4, &Problem::SameCapture { first_line: 2 })
        ]
    );
}

#[test]
fn files_that_are_no_manifest_are_refused_with_a_reason() {
    let refused = |text: &[u8]| Manifest::read(&file(text).1, None).unwrap_err().to_string();
    assert!(refused(b"").contains("is empty"));
    assert!(refused(b"file,subject,who\n").contains("has no column path; its first line names: file, subject, who"));
    assert!(refused(b"\x89PNG\r\n\x1a\n\0\0").contains("has no column path, subject"));
    let missing = Manifest::read(std::path::Path::new("/nowhere/people.csv"), None).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/people.csv"), "{missing}");
}

#[test]
fn an_open_quote_does_not_swallow_the_file() {
    let mut text = String::from("path,subject\na.png,p1\n\"b.png,p2\n");
    for row in 0..10_000 {
        writeln!(text, "c{row}.png,p3").unwrap();
    }
    assert!(matches!(
        Manifest::read(&file(text).1, Some(Modality::Face)),
        Err(ManifestError::RowTooLong { line: 3, .. })
    ));
}

#[test]
fn a_first_line_without_end_is_refused() {
    let text = "x".repeat(1 << 20);
    assert!(matches!(Manifest::read(&file(text).1, None), Err(ManifestError::RowTooLong { line: 1, .. })));
}

#[test]
fn a_hundred_thousand_rows_with_one_bad_are_read_but_for_that_one() {
    let mut text = String::from("path,subject,position\n");
    for row in 0..100_000 {
        let position = if row == 77_000 { "nose" } else { "right-index" };
        writeln!(text, "prints/{row:06}.png,p{row:06},{position}").unwrap();
    }
    let manifest = read(text);
    assert_eq!(manifest.entries.len(), 99_999);
    assert_eq!(manifest.faults[0].line, 77_002);
}

#[test]
fn what_is_written_is_read_again() {
    let (_folder, path) = file(
        "path,subject,modality,position,encounter,ppi\n\"a, b.png\",p1,iris,left,2,\nc.png,p2,fingerprint,,x,508\n",
    );
    let manifest = Manifest::read(&path, None).unwrap();
    write(&path, &manifest.entries).unwrap();
    assert_eq!(Manifest::read(&path, None).unwrap().entries, manifest.entries);
}

#[test]
fn the_liveness_is_written_where_somebody_says_it() {
    let (folder, _) = file("");
    let path = folder.path().join("again.csv");
    for (text, header) in [
        (
            "path,subject,liveness\na.png,p1,live:9:x\nb.png,p2,\n",
            "path,subject,modality,position,encounter,ppi,liveness",
        ),
        ("path,subject,liveness\na.png,p1,\n", "path,subject,modality,position,encounter,ppi"),
    ] {
        let manifest = read(text);
        write(&path, &manifest.entries).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap().lines().next(), Some(header));
        let said =
            |manifest: &Manifest| manifest.entries.iter().map(|entry| entry.liveness.clone()).collect::<Vec<_>>();
        assert_eq!(said(&Manifest::read(&path, None).unwrap()), said(&manifest));
    }
}

#[test]
fn pairs_say_yes_or_no_and_maybe_a_fold() {
    let (_folder, path) =
        file("fold,probe,reference,mated\n1,a.png,b.png,1\n,a.png,c.png,No\n2,a.png,d.png,perhaps\nx,a.png,d.png,0\n");
    let list = Pairs::read(&path).unwrap();
    let pairs: Vec<_> = list.pairs.iter().map(|pair| (pair.reference.as_str(), pair.mated, pair.fold)).collect();
    assert_eq!(pairs, [("b.png", true, Some(1)), ("c.png", false, None)]);
    let problems: Vec<_> = list.faults.iter().map(|fault| (fault.line, fault.problem.clone())).collect();
    assert_eq!(problems, [(4, Problem::YesNo), (5, Problem::Fold)]);
}

#[test]
fn real_manifests_have_no_fault() {
    let Some(data) = samples() else { return };
    for name in ["fingerprint-fcj2020", "fingerprint-fvc2004_db3b", "iris-mmu1", "iris-casia1", "face-orl"] {
        let manifest = Manifest::read(&data.join(format!("{name}.csv")), None).unwrap();
        assert!(manifest.faults.is_empty() && manifest.warnings.is_empty(), "{name}: {:?}", manifest.warnings.first());
        assert!(manifest.entries.iter().all(|entry| entry.path.is_file()), "{name}");
    }
    let pairs = Pairs::read(&data.join("face-lfw-pairs.csv")).unwrap();
    assert_eq!((pairs.pairs.len(), pairs.faults.len()), (2791, 0));
}

proptest! {
    #[test]
    fn any_rows_are_read_or_refused_each_with_its_own_line(rows in "([a-z0-9 ,\"\r\n./-]|\u{e9}|\u{0}){0,300}") {
        let (_folder, path) = file(format!("path,subject,modality,position,encounter,ppi\n{rows}"));
        if let Ok(manifest) = Manifest::read(&path, Some(Modality::Iris)) {
            let entries = manifest.entries.iter().map(|entry| entry.line);
            let mut lines: Vec<u64> = entries.chain(manifest.faults.iter().map(|fault| fault.line)).collect();
            lines.sort_unstable();
            let last = 2 + rows.matches('\n').count() as u64;
            prop_assert!(lines.windows(2).all(|pair| pair[0] < pair[1]), "{lines:?}");
            prop_assert!(lines.iter().all(|line| (2..=last).contains(line)), "{lines:?} of {last}");
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let path = file(&bytes).1;
        let _ = Manifest::read(&path, None);
        let _ = Pairs::read(&path);
    }
}
