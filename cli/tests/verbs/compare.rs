use crate::whorl::Folder;

#[test]
fn two_prints_of_one_finger_match_and_prints_of_two_people_do_not() {
    let folder = Folder::with_people(2, 1, 2);
    let prints = folder.samples();
    let [one, again, other] = [&prints[0], &prints[1], &prints[2]];
    let mated = folder.whorl(&["compare", one, again, "--json"]).json();
    let strangers = folder.whorl(&["compare", one, other, "--json"]).json();
    assert_eq!((mated["decision"].as_str(), strangers["decision"].as_str()), (Some("match"), Some("non-match")));
    assert!(mated["llr"].as_f64() > strangers["llr"].as_f64(), "{mated} {strangers}");
    assert!(mated["fmr"].as_f64() <= Some(1e-4), "{mated}");
}

#[test]
fn the_drawing_holds_both_pictures_and_joins_what_matched() {
    let folder = Folder::with_people(1, 1, 2);
    let prints = folder.samples();
    let run = folder.whorl(&["compare", &prints[0], &prints[1], "--svg", "both.svg", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let matched = run.json()["matched_minutiae"].as_u64().unwrap() as usize;
    let svg = folder.read("both.svg");
    assert_eq!(svg.matches("data:image/png;base64,").count(), 2);
    assert!(matched > 4);
    assert_eq!(svg.matches("<path stroke=\"#").count(), matched);
}

#[test]
fn templates_of_every_format_stand_in_for_images() {
    let folder = Folder::with_people(1, 1, 2);
    let prints = folder.samples();
    for (format, ending) in [("whorl", "whorl"), ("iso19794-2", "fmr"), ("ansi378", "ansi-fmr")] {
        assert_eq!(folder.whorl(&["extract", &prints[0], "--out", "out", "--format", format]).code, 0);
        let stem = prints[0].rsplit_once('/').unwrap().1.trim_end_matches(".png");
        let run = folder.whorl(&["compare", &format!("out/{stem}.{ending}"), &prints[1], "--json"]);
        assert_eq!(run.code, 0, "{run:?}");
        // A record keeps less than a template does, so that its evidence is weaker, but it is evidence.
        let llr = run.json()["llr"].as_f64();
        assert!(llr > Some(if format == "whorl" { 6.0 } else { 0.0 }), "{format}: {run:?}");
    }
}

#[test]
fn people_read_a_table_with_all_four_figures() {
    let folder = Folder::with_people(1, 1, 1);
    let print = &folder.samples()[0];
    let run = folder.whorl(&["compare", print, print]);
    for word in ["raw ", "llr ", "FMR ", "decision  match"] {
        assert!(run.out.contains(word), "{word}: {}", run.out);
    }
}

#[test]
fn a_file_that_cannot_be_compared_is_named_with_the_reason() {
    let folder = Folder::with_people(1, 1, 1);
    folder.write("letter.txt", "Dear Sir or Madam,");
    let run = folder.whorl(&["compare", &folder.samples()[0], "letter.txt"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("letter.txt cannot be compared") && run.err.contains("PNG"), "{}", run.err);
}
