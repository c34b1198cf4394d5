use super::*;
use crate::manifest::{self, Manifest};

fn said(layout: Layout, stem: &str) -> Option<(String, Position, String)> {
    layout.read(stem).map(|said| (said.subject, said.position, said.encounter))
}

#[test]
fn names_are_read_as_their_publishers_meant_them() {
    for (layout, stem, subject, position, encounter) in [
        (Layout::Fvc, "101_1", "101", Position::Unknown, "1"),
        (Layout::Fcj, "131_6_5", "131", Position::RightIndex, "5"),
        (Layout::CasiaV1, "001_2_4", "001", Position::Unknown, "2-4"),
        (Layout::CasiaInterval, "S1001L01", "001", Position::LeftEye, "1-01"),
        (Layout::SubjectEye, "007_R_1_03", "007", Position::RightEye, "1-03"),
    ] {
        assert_eq!(said(layout, stem), Some((subject.to_owned(), position, encounter.to_owned())));
    }
}

#[test]
fn other_names_are_not_guessed_at() {
    for (layout, stem) in [
        (Layout::Fvc, "101"),
        (Layout::Fvc, "101_1_2"),
        (Layout::Fvc, "a_1"),
        (Layout::Fcj, "101_9_1"),
        (Layout::CasiaV1, "001__1"),
        (Layout::CasiaInterval, "S1"),
        (Layout::CasiaInterval, "S1001Q01"),
        (Layout::CasiaInterval, "Sé01L01"),
        (Layout::SubjectEye, "007_Z_1_03"),
    ] {
        assert_eq!(said(layout, stem), None, "{layout:?} {stem}");
    }
}

#[test]
fn a_folder_becomes_a_manifest_sorted_by_path() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("b/c")).unwrap();
    for name in ["b/c/102_1.TIF", "101_2.png", "101_1.png", "readme.txt", "thumbnail.png"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let loaded = Layout::Fvc.load(folder.path(), Some(Ppi::STANDARD)).unwrap();
    let listed: Vec<&str> = loaded.entries.iter().map(|entry| entry.listed.as_str()).collect();
    assert_eq!(listed, ["101_1.png", "101_2.png", "b/c/102_1.TIF"]);
    assert_eq!(loaded.unnamed, [folder.path().join("thumbnail.png")]);

    let written = folder.path().join("manifest.csv");
    manifest::write(&written, &loaded.entries).unwrap();
    let read: Vec<Entry> = Manifest::read(&written, None).unwrap().entries;
    assert!(read.iter().zip(&loaded.entries).all(|(read, loaded)| read.path == loaded.path && read.ppi == loaded.ppi));
}

#[test]
fn a_folder_without_such_names_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("photo.jpg"), "").unwrap();
    let error = Layout::CasiaV1.load(folder.path(), None).unwrap_err();
    assert!(matches!(error, LayoutError::Nothing { unnamed: 1, .. }), "{error}");
    assert!(matches!(Layout::Fvc.load(&folder.path().join("none"), None), Err(LayoutError::Unreadable { .. })));
}

#[test]
fn real_folders_give_the_manifests_that_came_with_them() {
    let Some(data) = crate::manifest::samples() else { return };
    for (layout, folder, name) in [
        (Layout::Fvc, "fingerprint/fvc2002_db3b", "fingerprint-fvc2002_db3b"),
        (Layout::Fcj, "fingerprint/fcj2020", "fingerprint-fcj2020"),
        (Layout::SubjectEye, "iris/casia-interval", "iris-casia-interval"),
    ] {
        let loaded = layout.load(&data.join(folder), None).unwrap();
        let mut known = Manifest::read(&data.join(format!("{name}.csv")), None).unwrap().entries;
        known.sort_by(|a, b| a.path.cmp(&b.path));
        let facts = |entries: &[Entry]| {
            entries.iter().map(|one| (one.path.clone(), one.subject.clone(), one.position)).collect::<Vec<_>>()
        };
        assert!(facts(&loaded.entries) == facts(&known), "{name}");
    }
}
