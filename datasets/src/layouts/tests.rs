use whorl_types::Position;

use super::*;
use crate::manifest::{self, Manifest};

fn said(layout: Layout, path: &str) -> Option<(String, Position, String)> {
    names::read(layout, Path::new(path)).map(|said| (said.subject, said.position, said.encounter))
}

#[test]
fn names_are_read_as_their_publishers_meant_them() {
    for (layout, path, subject, position, encounter) in [
        (Layout::Fvc, "101_1", "101", Position::Unknown, "1"),
        (Layout::Fcj, "131_6_5", "131", Position::RightIndex, "5"),
        (Layout::CasiaV1, "001_2_4", "001", Position::Unknown, "2-4"),
        (Layout::CasiaInterval, "S1001L01", "001", Position::LeftEye, "1-01"),
        (Layout::CasiaInterval, "249/R/S2249R10.jpg", "249", Position::RightEye, "2-10"),
        (Layout::Mmu, "7/left/aeval3.bmp", "7", Position::LeftEye, "3"),
        (Layout::Mmu, "MMU/12/right/hockr5.bmp", "12", Position::RightEye, "5"),
        (Layout::Iitd, "004/07_R.bmp", "004", Position::RightEye, "07"),
        (Layout::SubjectEye, "007_R_1_03", "007", Position::RightEye, "1-03"),
    ] {
        assert_eq!(said(layout, path), Some((subject.to_owned(), position, encounter.to_owned())));
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
        (Layout::Mmu, "aeval3.bmp"),
        (Layout::Mmu, "7/middle/aeval3.bmp"),
        (Layout::Mmu, "7/left/aeval.bmp"),
        (Layout::Iitd, "07_R.bmp"),
        (Layout::Iitd, "images/07_R.bmp"),
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
        (Layout::SubjectEye, "iris/casia1", "iris-casia1"),
        (Layout::SubjectEye, "iris/casia-interval", "iris-casia-interval"),
        (Layout::SubjectEye, "iris/mmu1", "iris-mmu1"),
    ] {
        let loaded = layout.load(&data.join(folder), None).unwrap();
        let mut known = Manifest::read(&data.join(format!("{name}.csv")), None).unwrap().entries;
        known.sort_by(|a, b| a.path.cmp(&b.path));
        let facts = |entries: &[Entry]| {
            let facts = |one: &Entry| (one.path.clone(), one.subject.clone(), one.modality, one.position);
            entries.iter().map(facts).collect::<Vec<_>>()
        };
        assert!(facts(&loaded.entries) == facts(&known), "{name}");
    }
}
