//! `whorl sandbox`.

use crate::whorl::Folder;

#[test]
fn a_tour_goes_through_everything_and_can_be_taken_again() {
    let folder = Folder::new();
    let tour = ["sandbox", "--tour", "--residents", "2", "--listen", "127.0.0.1:0", "--quiet"];
    for _ in 0..2 {
        let run = folder.whorl(&tour);
        assert_eq!(run.code, 0, "{}", run.err);
        for shown in [
            "get-evidence-file",
            "CASE_STATUS_SETTLED",
            "IDA-MLC-019",
            "isAuthentic",
            "image/svg+xml",
            "The tour is over",
        ] {
            assert!(run.out.contains(shown), "{shown} is not shown");
        }
    }
    assert!(folder.exists("whorl-sandbox/card.svg"));
    let odd = folder.whorl(&["sandbox", "--listen", "nowhere", "--quiet"]);
    assert!(odd.code == 3 && odd.err.contains("server.listen"), "{odd:?}");
}
