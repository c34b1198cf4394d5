use std::collections::BTreeSet;

use crate::whorl::Folder;

/// A folder with a population in which some are enrolled under several names.
fn population(persons: &str) -> Folder {
    let folder = Folder::new();
    let sizes = ["--persons", persons, "--fingers", "2", "--twice", "0.2", "--thrice", "0.1", "--seed", "3"];
    let run = folder.whorl(&[["synth", "--out", "people"].as_slice(), &sizes].concat());
    assert_eq!(run.code, 0, "{run:?}");
    folder
}

#[test]
fn the_duplicates_of_a_small_population_are_found_and_nobody_else() {
    let folder = population("20");
    let truth = ["--truth", "people/truth.csv", "--json"];
    let run =
        folder.whorl(&[["dedup", "--manifest", "people/manifest.csv", "--out", "out"].as_slice(), &truth].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    let truth = &json["truth"];
    // Four people twice are four pairs of names, two people thrice are three pairs each.
    assert_eq!(truth["duplicates"], 10, "{truth}");
    assert_eq!(truth["false_duplicates"], 0, "{truth}");
    assert!(truth["found"].as_u64() >= Some(9), "{truth}");
    assert_eq!(json["clusters"], 6, "{json}");
}

#[test]
fn the_result_is_two_tables_and_a_page_that_needs_nothing_else() {
    let folder = population("10");
    let run = folder.whorl(&["dedup", "--manifest", "people/manifest.csv", "--out", "out"]);
    assert_eq!(run.code, 0, "{run:?}");
    let members = folder.rows("out/clusters.csv");
    let pairs = folder.rows("out/pairs.csv");
    let references: BTreeSet<&String> = members.iter().map(|row| &row["reference"]).collect();
    for pair in pairs.iter().filter(|pair| pair["verdict"] == "duplicate") {
        assert!(references.contains(&pair["reference_a"]) && references.contains(&pair["reference_b"]), "{pair:?}");
        assert!(pair["evidence"].contains("right-index="), "{pair:?}");
    }
    let page = folder.read("out/report.html");
    assert!(page.contains("Cluster 1") && page.contains("data:image/jpeg;base64,") && page.contains("class=\"join\""));
    for elsewhere in ["http://", "https://", "<script", "src=\""] {
        let strays = page.matches(elsewhere).count();
        assert_eq!(strays, 0, "{elsewhere}");
    }
}

#[test]
fn running_it_again_gives_the_same_tables() {
    let folder = population("10");
    for out in ["one", "two"] {
        let threads = if out == "one" { "1" } else { "3" };
        folder.whorl(&["dedup", "--manifest", "people/manifest.csv", "--out", out, "--threads", threads]);
    }
    for table in ["clusters.csv", "pairs.csv"] {
        assert_eq!(folder.read(&format!("one/{table}")), folder.read(&format!("two/{table}")));
    }
}

#[test]
fn encounters_of_one_subject_are_confirmed_and_a_swapped_file_is_contradicted() {
    let folder = Folder::with_people(4, 2, 2);
    let manifest = folder.read("people/manifest.csv");
    // The second encounter of the first subject gets the prints of another person.
    let subjects: Vec<String> = folder.rows("people/manifest.csv").iter().map(|row| row["subject"].clone()).collect();
    let (first, last) = (&subjects[0], &subjects[subjects.len() - 1]);
    let swap = |line: &str| match line.split_once(',') {
        Some((path, rest)) if rest.starts_with(first.as_str()) && path.ends_with("_2.png") => {
            format!("{},{rest}", path.replace(first.as_str(), last))
        }
        _ => line.to_owned(),
    };
    let swapped: Vec<String> = manifest
        .lines()
        .filter(|line| !line.contains(&format!("{last}_")) || line.contains("_1.png"))
        .map(swap)
        .collect();
    folder.write("people/swapped.csv", swapped.join("\n"));
    let run = folder.whorl(&["dedup", "--manifest", "people/swapped.csv", "--out", "out", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let verdict = |subject: &str| {
        let rows = folder.rows("out/pairs.csv");
        let own = rows.into_iter().find(|row| row["subject_a"] == subject && row["subject_b"] == subject);
        own.map(|row| row["verdict"].clone()).unwrap_or_default()
    };
    assert_ne!(verdict(first), "confirmed");
    assert_eq!(run.json()["confirmed"], 2, "{run:?}");
    assert_eq!(run.json()["duplicates"], 1, "{run:?}");
}

#[test]
fn a_gallery_takes_part_and_the_same_enrolment_is_no_finding() {
    let folder = Folder::with_people(4, 1, 2);
    let manifest = folder.read("people/manifest.csv");
    let rows = |encounter: &str| {
        let of_it = manifest.lines().filter(|line| line.starts_with("path") || line.contains(encounter));
        of_it.collect::<Vec<_>>().join("\n")
    };
    folder.write("people/old.csv", rows("_1.png"));
    folder.write("people/new.csv", rows("_2.png").replace(",A", ",B"));
    assert_eq!(folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/old.csv"]).code, 0);
    let with = |manifest: &str| {
        folder.whorl(&["dedup", "--manifest", manifest, "--gallery", "gallery", "--out", "out", "--json"]).json()
    };
    let again = with("people/old.csv");
    // Everybody is held against the three others, and not against themselves in the gallery.
    assert_eq!((&again["duplicates"], &again["compared_with"]), (&0.into(), &3.into()), "{again}");
    let renamed = with("people/new.csv");
    assert_eq!((&renamed["duplicates"], &renamed["clusters"]), (&4.into(), &4.into()), "{renamed}");
    assert!(folder.rows("out/clusters.csv").iter().any(|row| row["source"] == "gallery"));
}

#[test]
fn a_truth_that_contradicts_itself_or_lacks_a_column_is_refused() {
    let folder = population("2");
    for (truth, word) in [("subject,person\na,1\na,2\n", "a is 1 and also 2"), ("subject\na\n", "no column person")] {
        folder.write("truth.csv", truth);
        let run = folder.whorl(&["dedup", "--manifest", "people/manifest.csv", "--out", "out", "--truth", "truth.csv"]);
        assert_eq!(run.code, 3);
        assert!(run.err.contains(word), "{}", run.err);
    }
}

#[test]
fn the_demonstration_says_where_the_report_is_and_how_it_compares_with_the_truth() {
    let folder = Folder::new();
    let run = folder.whorl(&["demo", "--out", "demo", "--persons", "12"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("held against the truth") && run.out.contains("demo/report.html"), "{}", run.out);
    assert!(folder.exists("demo/report.html"));
}
