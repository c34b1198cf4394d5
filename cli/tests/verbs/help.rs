use crate::whorl::Folder;

const VERBS: [&str; 18] = [
    "extract",
    "compare",
    "enrol",
    "identify",
    "verify",
    "dedup",
    "eval",
    "calibrate",
    "synth",
    "bench",
    "plan",
    "gallery",
    "keys",
    "models",
    "config",
    "serve",
    "audit",
    "demo",
];

#[test]
fn help_names_every_verb_and_every_exit_code() {
    let run = Folder::new().whorl(&["--help"]);
    assert_eq!(run.code, 0);
    for verb in VERBS {
        assert!(run.out.contains(verb), "{verb} is not in the help");
    }
    assert!(run.out.contains("Exit codes") && run.out.contains("3  failed"), "{}", run.out);
}

#[test]
fn every_verb_has_a_help_that_shows_how_to_call_it() {
    for verb in VERBS {
        let run = Folder::new().whorl(&[verb, "--help"]);
        assert_eq!(run.code, 0);
        assert!(run.out.contains("Usage: whorl"), "{verb}: {}", run.out);
    }
}

#[test]
fn a_wrong_command_line_ends_with_2_and_says_what_is_wrong() {
    let folder = Folder::new();
    for (arguments, word) in [
        (vec!["dedupe"], "dedup"),
        (vec!["extract", "--out", "x"], "IMAGE"),
        (vec!["extract", "a.png", "--out", "x", "--ppi", "7"], "50..=4000"),
        (vec!["extract", "a.png", "--out", "x", "--position", "toe"], "right-thumb"),
        (vec!["dedup", "--manifest", "m", "--out", "x", "--target-fpir", "2"], "at most 1"),
        (vec!["eval", "--manifest", "m", "--out", "x", "--protocol", "pairs"], "--pairs"),
        (vec!["demo", "--threads", "0"], "1..=1024"),
    ] {
        let run = folder.whorl(&arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(run.err.contains(word), "{arguments:?}: {}", run.err);
    }
}
