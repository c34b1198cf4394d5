use std::fs;

use whorl_index::MasterKey;
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

/// A folder with a master key in `key`, and a log in `audit` of a line in the clear and two that are sealed.
fn with_sealed_log() -> Folder {
    let folder = Folder::new();
    assert_eq!(folder.whorl(&["keys", "new", "key"]).code, 0);
    let key = MasterKey::from_file(&folder.path("key")).expect("it was just made");
    for (number, master) in [(1, None), (2, Some(&key)), (3, Some(&key))] {
        let audit = Audit::open_with(&folder.path("audit"), master).expect("a log can be opened");
        let entry = Entry {
            client: format!("certificate CN=station-{number}"),
            method: format!("whorl.v1.VerificationService/{}", if number == 2 { "Compare" } else { "Verify" }),
            references: vec![format!("{number}/1")],
            outcome: "OK".to_owned(),
            request: format!("r-{number}"),
            ..Entry::default()
        };
        audit.record(&entry).expect("there is room for a line");
    }
    folder
}

#[test]
fn a_sealed_log_is_verified_without_a_key_and_shown_with_it() {
    let folder = with_sealed_log();
    let verified = folder.whorl(&["audit", "verify", "--folder", "audit"]);
    assert!(verified.code == 0 && verified.out.contains("audit is whole: 3 lines"), "{verified:?}");
    let show = |more: &[&str]| folder.whorl(&[&["audit", "show", "--folder", "audit"], more].concat());
    let without = show(&[]);
    assert!(without.code == 1 && without.out.contains("r-1") && !without.out.contains("station-2"), "{without:?}");
    assert!(without.err.contains("2 lines are sealed") && without.err.contains("--master-key"), "{without:?}");
    let all = show(&["--master-key", "key"]);
    assert!(all.code == 0 && all.out.lines().count() == 3 && all.out.contains("station-2"), "{all:?}");
    let compared = show(&["--master-key", "key", "--operation", "Compare", "--json"]).json();
    assert_eq!((&compared["found"], &compared["lines"][0]["request"]), (&1.into(), &"r-2".into()));
    assert_eq!(show(&["--master-key", "key", "--client", "certificate CN=station-3"]).out.lines().count(), 1);
    assert_eq!(folder.whorl(&["keys", "new", "other"]).code, 0);
    let wrong = show(&["--master-key", "other"]);
    assert!(wrong.code == 3 && wrong.err.contains("another master key"), "{wrong:?}");
}

#[test]
fn the_master_key_of_a_log_is_turned() {
    let folder = with_sealed_log();
    assert_eq!(folder.whorl(&["keys", "new", "next"]).code, 0);
    let turned = folder.whorl(&["keys", "rotate", "audit", "--master-key", "key", "--new-key", "next", "--json"]);
    assert_eq!((turned.code, &turned.json()["keys"]), (0, &1.into()), "{turned:?}");
    assert_eq!(folder.whorl(&["audit", "show", "--folder", "audit", "--master-key", "key"]).code, 3);
    let shown = folder.whorl(&["audit", "show", "--folder", "audit", "--master-key", "next"]);
    assert_eq!((shown.code, shown.out.lines().count()), (0, 3), "{shown:?}");
    assert_eq!(folder.whorl(&["audit", "verify", "--folder", "audit"]).code, 0);
}
