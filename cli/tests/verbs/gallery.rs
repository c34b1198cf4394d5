use std::fs;

use crate::whorl::{Folder, Run};

/// A folder with prints of five people in two encounters, of whom the first encounters are enrolled in `gallery`.
fn with_gallery() -> (Folder, Run) {
    let folder = Folder::with_people(5, 1, 2);
    let manifest = folder.read("people/manifest.csv");
    let (header, rows) = manifest.split_once('\n').expect("a manifest has a header");
    let first: Vec<&str> = rows.lines().filter(|row| row.contains("_1.png")).collect();
    folder.write("people/first.csv", format!("{header}\n{}\n", first.join("\n")));
    let run = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/first.csv", "--json"]);
    (folder, run)
}

#[test]
fn who_was_enrolled_is_identified_by_another_print() {
    let (folder, enrolled) = with_gallery();
    assert_eq!(enrolled.code, 0, "{enrolled:?}");
    assert_eq!(enrolled.json()["references_in_gallery"], 5);
    let prints: Vec<String> = folder.samples().into_iter().filter(|print| print.contains("_2.png")).collect();
    let images: Vec<&str> = prints.iter().map(String::as_str).collect();
    let options = ["identify", "--gallery", "gallery", "--position", "right-index", "--top", "2", "--json"];
    for more in [vec![], vec!["--exact"]] {
        let run = folder.whorl(&[options.as_slice(), &images, &more].concat());
        assert_eq!(run.code, 0, "{run:?}");
        for (print, search) in prints.iter().zip(run.json()["searches"].as_array().unwrap()) {
            let best = &search["candidates"][0];
            let subject = best["reference"].as_str().unwrap().split('/').next().unwrap();
            assert!(print.contains(subject), "{print}: {search}");
            assert_eq!(best["verdict"], "duplicate", "{search}");
            assert_eq!(search["references"], 5);
        }
    }
}

#[test]
fn several_images_together_are_one_search() {
    let (folder, _) = with_gallery();
    let prints = folder.samples();
    let run = folder.whorl(&["identify", "--gallery", "gallery", &prints[0], &prints[1], "--together", "--json"]);
    assert_eq!(run.json()["searches"].as_array().unwrap().len(), 1, "{run:?}");
}

#[test]
fn enrolling_twice_leaves_out_what_is_there() {
    let (folder, _) = with_gallery();
    let run = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/manifest.csv", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let json = run.json();
    assert_eq!((&json["references"], &json["left_out"]["by_reason"]["enrolled-already"]), (&5.into(), &5.into()));
    let run = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/manifest.csv"]);
    assert_eq!(run.code, 3, "{run:?}");
}

#[test]
fn info_counts_and_verify_finds_a_flipped_bit() {
    let (folder, _) = with_gallery();
    let info = folder.whorl(&["gallery", "info", "gallery", "--json"]).json();
    assert_eq!((&info["references"], &info["fingers"]), (&5.into(), &5.into()));
    assert_eq!(folder.whorl(&["gallery", "verify", "gallery"]).code, 0);
    let segment = fs::read_dir(folder.path("gallery")).unwrap().map(|entry| entry.unwrap().path());
    let segment = segment.into_iter().find(|path| path.is_dir()).expect("a gallery has a segment");
    let largest = fs::read_dir(segment).unwrap().map(|entry| entry.unwrap().path());
    let largest = largest.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let mut bytes = fs::read(&largest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&largest, bytes).unwrap();
    let run = folder.whorl(&["gallery", "verify", "gallery", "--json"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(run.json()["whole"], false);
}

/// The gallery in `name`, as it describes itself.
fn info(folder: &Folder, name: &str) -> serde_json::Value {
    let info = folder.whorl(&["gallery", "info", name, "--json"]);
    assert_eq!(info.code, 0, "{info:?}");
    info.json()
}

#[test]
fn who_is_removed_is_not_found_and_is_gone_from_the_files_after_a_compaction() {
    let (folder, _) = with_gallery();
    let holds = |id: &str| {
        let files = fs::read_dir(folder.path("gallery")).unwrap().map(|entry| entry.unwrap().path().join("ids"));
        let ids = files.filter_map(|ids| fs::read(ids).ok()).collect::<Vec<_>>().concat();
        ids.windows(id.len()).any(|window| window == id.as_bytes())
    };
    let rows = folder.rows("people/manifest.csv");
    let ids: Vec<String> = rows.iter().map(|row| format!("{}/{}", row["subject"], row["encounter"])).collect();
    let id = ids.iter().find(|id| holds(id)).expect("somebody is enrolled");
    let run = folder.whorl(&["gallery", "remove", "gallery", id, "nobody/1"]);
    assert!(run.code == 3 && run.err.contains("nobody/1"), "{run:?}");
    assert_eq!(info(&folder, "gallery")["references"], 5, "all or none");
    assert_eq!(folder.whorl(&["gallery", "remove", "gallery", id]).code, 0);
    assert_eq!(info(&folder, "gallery")["references"], 4);
    assert_eq!(folder.whorl(&["gallery", "compact", "gallery"]).code, 0);
    assert!(!holds(id));
    let found = folder.whorl(&["identify", "--gallery", "gallery", &folder.samples()[0], "--top", "9", "--json"]);
    assert!(!found.out.contains(id.as_str()), "{found:?}");
}

#[test]
fn who_is_in_a_gallery_twice_is_found() {
    let folder = Folder::with_people(4, 1, 2);
    assert_eq!(folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/manifest.csv"]).code, 0);
    let run = folder.whorl(&["gallery", "dedup", "gallery", "--out", "pairs.csv", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!((&run.json()["references"], &run.json()["duplicates"]), (&8.into(), &4.into()));
    let rows = folder.rows("pairs.csv");
    let subject = |id: &str| id.split('/').next().unwrap().to_owned();
    let mut duplicates = rows.iter().filter(|row| row["verdict"] == "duplicate");
    assert!(duplicates.all(|row| subject(&row["reference"]) == subject(&row["candidate"])), "{rows:?}");
    assert!(!folder.exists("pairs.csv.progress"));
}

#[test]
fn a_gallery_goes_into_a_backup_and_an_archive_and_comes_back() {
    let (folder, _) = with_gallery();
    let done = |arguments: &[&str]| {
        let run = folder.whorl(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
    };
    done(&["gallery", "backup", "gallery", "--to", "copy"]);
    done(&["gallery", "backup", "gallery", "--to", "copy"]);
    done(&["gallery", "restore", "copy", "--to", "restored"]);
    done(&["gallery", "verify", "restored"]);
    let refused = folder.whorl(&["gallery", "restore", "copy", "--to", "restored"]);
    assert!(refused.code == 3 && refused.err.contains("is a gallery"), "{refused:?}");
    done(&["gallery", "export", "gallery", "--to", "all.tar", "--minutiae"]);
    done(&["gallery", "import", "imported", "--from", "all.tar"]);
    let again = folder.whorl(&["gallery", "import", "imported", "--from", "all.tar"]);
    assert_eq!(again.code, 3, "everybody is there: {again:?}");
    done(&["gallery", "export", "imported", "--to", "again.tar", "--minutiae"]);
    let read = |name| fs::read(folder.path(name)).unwrap();
    assert!(read("all.tar") == read("again.tar"), "nothing is lost on the way");
    for name in ["restored", "imported"] {
        assert_eq!((&info(&folder, name)["references"], &info(&folder, name)["fingers"]), (&5.into(), &5.into()));
    }
    folder.write("cut.tar", &read("all.tar")[..9000]);
    let cut = folder.whorl(&["gallery", "import", "cut", "--from", "cut.tar"]);
    assert!(cut.code == 3 && cut.err.contains("archive"), "{cut:?}");
}

#[cfg(not(feature = "faiss"))]
#[test]
fn an_index_over_faces_names_the_feature_that_it_needs() {
    let (folder, _) = with_gallery();
    let print = folder.samples().remove(0);
    for arguments in [vec!["gallery", "index", "gallery"], vec!["identify", "--gallery", "gallery", "--ann", &print]] {
        let run = folder.whorl(&arguments);
        assert_eq!(run.code, 3, "{arguments:?}: {run:?}");
        assert!(run.err.contains("--features faiss"), "{arguments:?}: {}", run.err);
    }
    let run = folder.whorl(&["gallery", "index", "gallery", "--kind", "ivf", "--links", "8"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("--links is for --kind hnsw"), "{}", run.err);
}

#[test]
fn what_is_no_gallery_is_named_as_such() {
    let folder = Folder::with_people(1, 1, 1);
    for (arguments, word) in [
        (vec!["gallery", "info", "absent"], "absent"),
        (vec!["gallery", "verify", "people"], "people"),
        (vec!["identify", "--gallery", "absent", "x.png"], "absent"),
        (vec!["enrol", "--gallery", "people", "--manifest", "people/manifest.csv"], "no gallery"),
    ] {
        let run = folder.whorl(&arguments);
        assert_eq!(run.code, 3, "{arguments:?}: {run:?}");
        assert!(run.err.contains(word), "{arguments:?}: {}", run.err);
    }
}
