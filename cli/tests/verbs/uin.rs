//! `whorl uin`.

use crate::whorl::Folder;

#[test]
fn numbers_are_counted_drawn_and_checked() {
    let folder = Folder::new();
    let counted = folder.whorl(&["uin", "capacity", "--length", "6", "--rules", "rules.json", "--json"]);
    assert!(counted.code == 3 && counted.err.contains("rules.json"), "{counted:?}");
    folder.write("rules.json", br#"{"length": 6, "sequence_limit": 3}"#);
    let counted = folder.whorl(&["uin", "capacity", "--rules", "rules.json", "--json"]);
    assert!((50_000..100_000).contains(&counted.json()["numbers"].as_u64().unwrap()), "{counted:?}");
    let drawn = folder.whorl(&["uin", "draw", "--count", "3"]);
    let numbers = drawn.out.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!((numbers.len(), drawn.code), (3, 0), "{drawn:?}");
    for number in &numbers {
        assert_eq!(folder.whorl(&["uin", "check", number]).code, 0, "{number}");
    }
    let refused = folder.whorl(&["uin", "check", "1234567890"]);
    assert!(refused.code == 3 && refused.out.contains("not permitted"), "{refused:?}");
    let long = folder.whorl(&["uin", "capacity", "--length", "99"]);
    assert!(long.code == 3 && long.err.contains("99"), "{long:?}");
}
