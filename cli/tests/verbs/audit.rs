use std::fs;

use whorl_service::audit::{Anchor, Audit, Entry};

use crate::whorl::Folder;

/// A folder with a log of three lines in `audit`, and the last of them.
fn with_log() -> (Folder, Anchor) {
    let folder = Folder::new();
    let audit = Audit::open(&folder.path("audit")).expect("a log can be begun");
    for number in 1..=3 {
        let entry = Entry {
            client: format!("certificate CN=station-{}", number % 2),
            method: "whorl.v1.VerificationService/Verify".to_owned(),
            gallery: Some("national".to_owned()),
            references: vec![format!("{number}/1")],
            purpose: Some("a card\nwas \u{1b}[2Jlost".to_owned()),
            outcome: "OK".to_owned(),
            request: format!("r-{number}"),
            detail: None,
        };
        audit.record(&entry).expect("there is room for a line");
    }
    let last = audit.last();
    (folder, last)
}

#[test]
fn a_whole_log_is_whole_and_its_anchor_holds_later() {
    let (folder, last) = with_log();
    let run = folder.whorl(&["audit", "verify", "--folder", "audit"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("audit is whole: 3 lines") && run.out.contains(&format!("anchor {last}")), "{}", run.out);
    let again = folder.whorl(&["audit", "verify", "--folder", "audit", "--anchor", &last.to_string(), "--json"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(again.json()["anchor"], last.to_string());
    assert_eq!(again.json()["whole"], true);
}

#[test]
fn a_broken_log_ends_with_3_and_says_where() {
    let (folder, last) = with_log();
    let file = folder.path("audit").join("00000001.jsonl");
    let changed = fs::read_to_string(&file).unwrap().replacen("2/1", "9/1", 1);
    fs::write(&file, changed).unwrap();
    let run = folder.whorl(&["audit", "verify", "--folder", "audit"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("broken: 00000001.jsonl line 2"), "{}", run.out);
    let shown = folder.whorl(&["audit", "show", "--folder", "audit"]);
    assert_eq!(shown.code, 1, "{shown:?}");
    assert!(shown.err.contains("1 damaged lines"), "{}", shown.err);
    let other = Anchor { sequence: 9, ..last }.to_string();
    let cut = folder.whorl(&["audit", "verify", "--folder", "audit", "--anchor", &other]);
    assert!(cut.code == 3 && cut.out.contains("cut off"), "{cut:?}");
}

#[test]
fn lines_are_shown_by_reference_client_and_time() {
    let (folder, _) = with_log();
    let show = |more: &[&str]| folder.whorl(&[&["audit", "show", "--folder", "audit"], more].concat());
    let all = show(&[]);
    assert_eq!((all.code, all.out.lines().count()), (0, 3), "{all:?}");
    assert!(!all.out.contains('\u{1b}'), "no text of a client may move the cursor");
    assert!(show(&["--reference", "2/1"]).out.contains("r-2"));
    let of_one = show(&["--client", "certificate CN=station-1", "--json"]).json();
    assert_eq!((&of_one["found"], of_one["lines"].as_array().map(Vec::len)), (&2.into(), Some(2)));
    assert_eq!(of_one["lines"][0]["hash"].as_str().map(str::len), Some(64));
    assert_eq!(show(&["--since", "2999-01-01"]).out, "");
    let newest = show(&["--most", "1"]);
    assert!(newest.out.contains("r-3") && newest.err.contains("2 older lines"), "{newest:?}");
}

#[test]
fn what_is_no_log_or_no_anchor_is_refused() {
    let (folder, _) = with_log();
    assert_eq!(folder.whorl(&["audit", "verify", "--folder", "nowhere"]).code, 3);
    assert_eq!(folder.whorl(&["audit", "verify", "--folder", "audit", "--anchor", "7"]).code, 2);
    assert_eq!(folder.whorl(&["audit", "show", "--folder", "audit", "--since", "yesterday"]).code, 2);
}
