use std::fs;

use crate::whorl::Folder;

#[test]
fn a_print_becomes_a_template_in_every_format() {
    let folder = Folder::with_people(1, 1, 1);
    let print = &folder.samples()[0];
    for (format, ending, magic) in [
        ("whorl", "whorl", b"".as_slice()),
        ("iso19794-2", "fmr", b"FMR\0 20\0"),
        ("ansi378", "ansi-fmr", b"FMR\0 20\0"),
    ] {
        let run = folder.whorl(&[
            "extract",
            print,
            "--out",
            "out",
            "--format",
            format,
            "--position",
            "right-index",
            "--json",
        ]);
        assert_eq!(run.code, 0, "{run:?}");
        let template = &run.json()["templates"][0];
        assert_eq!(template["position"], "right-index");
        assert!(template["minutiae"].as_u64() > Some(10), "{template}");
        let path = template["template"].as_str().unwrap();
        assert!(path.ends_with(ending), "{path}");
        assert!(fs::read(folder.path(path)).unwrap().starts_with(magic), "{format}");
    }
}

#[test]
fn a_trace_shows_every_stage_and_the_minutiae() {
    let folder = Folder::with_people(1, 1, 1);
    let run = folder.whorl(&["extract", &folder.samples()[0], "--out", "out", "--trace", "stages"]);
    assert_eq!(run.code, 0, "{run:?}");
    let folders: Vec<_> = fs::read_dir(folder.path("stages")).unwrap().collect();
    let names = |path| fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names(folders[0].as_ref().unwrap().path()).collect();
    assert!(names.iter().filter(|name| name.contains(".png")).count() >= 3, "{names:?}");
    let svg = fs::read_to_string(folders[0].as_ref().unwrap().path().join("minutiae.svg")).unwrap();
    assert!(svg.contains("data:image/png;base64,") && svg.contains("class=\"mark\""));
}

#[test]
fn images_that_show_no_print_are_refused_by_name_and_the_others_go_on() {
    let folder = Folder::with_people(1, 1, 1);
    let good = &folder.samples()[0];
    folder.write("blank.pgm", [b"P5 300 300 255\n".as_slice(), &vec![255; 90_000]].concat());
    folder.write("empty.png", "");
    folder.write("letter.txt", "Dear Sir or Madam,");
    folder.write("huge.pgm", "P5 100000 100000 255\n");
    let whole = fs::read(folder.path(good)).unwrap();
    folder.write("cut.png", &whole[..whole.len() / 2]);
    let images = [good.as_str(), "blank.pgm", "empty.png", "letter.txt", "huge.pgm", "cut.png", "absent.png", "people"];
    let run = folder.whorl(&[["extract", "--out", "out", "--json"].as_slice(), &images].concat());
    assert_eq!(run.code, 1, "{run:?}");
    let json = run.json();
    assert_eq!(json["templates"].as_array().unwrap().len(), 1);
    assert_eq!(json["left_out"]["count"], 7);
    let reasons: Vec<(String, String)> =
        folder.rows("out/left-out.csv").iter().map(|row| (row["what"].clone(), row["reason"].clone())).collect();
    let expected = [
        ("blank.pgm", "blank"),
        ("empty.png", "empty"),
        ("letter.txt", "unknown-format"),
        ("huge.pgm", "too-large"),
        ("cut.png", "damaged"),
        ("absent.png", "unreadable"),
        ("people", "unreadable"),
    ];
    assert_eq!(reasons, expected.map(|(what, reason)| (what.to_owned(), reason.to_owned())));
    assert!(run.err.contains("left out: 7"), "{}", run.err);
}

#[test]
fn nothing_extracted_is_a_failure() {
    let folder = Folder::new();
    let run = folder.whorl(&["extract", "absent.png", "--out", "out"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("absent.png") && run.err.contains("cannot be read"), "{}", run.err);
}

#[test]
fn images_of_one_name_in_two_folders_do_not_overwrite_each_other() {
    let folder = Folder::with_people(2, 1, 1);
    for (print, name) in folder.samples().iter().zip(["a", "b"]) {
        fs::create_dir(folder.path(name)).unwrap();
        fs::copy(folder.path(print), folder.path(name).join("1.png")).unwrap();
    }
    let run = folder.whorl(&["extract", "a/1.png", "b/1.png", "--out", "out", "--json"]);
    let templates = &run.json()["templates"];
    assert_ne!(templates[0]["template"], templates[1]["template"]);
}
