use std::fs;
use std::sync::Arc;

use whorl_identity::store::{Database, Embedded};
use whorl_identity::vault::{Vault, keys_in};
use whorl_index::MasterKey;

use crate::whorl::Folder;

/// A folder with a master key and an encrypted gallery.
fn encrypted() -> Folder {
    let folder = Folder::with_people(4, 1, 1);
    assert_eq!(folder.whorl(&["keys", "new", "key"]).code, 0);
    let enrol =
        ["enrol", "--gallery", "gallery", "--manifest", "people/manifest.csv", "--encrypt", "--master-key", "key"];
    let run = folder.whorl(&enrol);
    assert_eq!(run.code, 0, "{run:?}");
    folder
}

#[test]
fn an_encrypted_gallery_is_read_with_its_key_only() {
    let folder = encrypted();
    let print = &folder.samples()[0];
    let found = folder.whorl(&["identify", "--gallery", "gallery", print, "--master-key", "key", "--json"]);
    assert_eq!(found.json()["searches"][0]["candidates"][0]["verdict"], "duplicate", "{found:?}");
    let refused = folder.whorl(&["identify", "--gallery", "gallery", print]);
    assert!(refused.code == 3 && refused.err.contains("--master-key"), "{refused:?}");
    assert_eq!(folder.whorl(&["keys", "new", "other"]).code, 0);
    let refused = folder.whorl(&["gallery", "verify", "gallery", "--master-key", "other"]);
    assert!(refused.code == 3 && refused.err.contains("another master key"), "{refused:?}");
    assert!(folder.whorl(&["keys", "new", "key"]).code == 3, "no key is written over");
}

#[test]
fn another_master_key_takes_the_place_of_the_first() {
    let folder = encrypted();
    assert_eq!(folder.whorl(&["keys", "new", "next"]).code, 0);
    let run = folder.whorl(&["keys", "rotate", "gallery", "--master-key", "key", "--new-key", "next"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(folder.whorl(&["gallery", "verify", "gallery", "--master-key", "key"]).code, 3);
    assert_eq!(folder.whorl(&["gallery", "verify", "gallery", "--master-key", "next"]).code, 0);
}

#[test]
fn another_master_key_takes_the_place_of_that_of_the_identity_layer_unless_a_server_has_it_open() {
    let folder = Folder::new();
    for key in ["key", "next"] {
        assert_eq!(folder.whorl(&["keys", "new", key]).code, 0);
    }
    let place = folder.path("whorl-identity");
    let open = |key: &str| {
        let store = Embedded::open(place.join("identity.redb")).expect("it is nobody else's");
        let database = Database::open(Arc::new(store)).expect("it is a store");
        Vault::open(
            Arc::new(keys_in(&place)),
            &MasterKey::from_file(&folder.path(key)).expect("it is a key"),
            &database,
        )
    };
    let rotate = |old: &str, new: &str| {
        folder.whorl(&["keys", "rotate", "whorl-identity", "--master-key", old, "--new-key", new, "--json"])
    };
    let vault = open("key").expect("it is new");
    let looked_up = vault.blind("uin", "5273140941");
    let refused = rotate("key", "next");
    assert!(refused.code == 3 && refused.err.contains("is being written by another process"), "{refused:?}");
    drop(vault);
    let refused = rotate("next", "key");
    assert!(refused.code == 3 && refused.err.contains("another master key than the one given"), "{refused:?}");
    let turned = rotate("key", "next");
    assert_eq!((turned.code, &turned.json()["keys"]), (0, &1.into()), "{turned:?}");
    assert!(open("key").is_err());
    assert_eq!(open("next").expect("it was turned").blind("uin", "5273140941"), looked_up);
}

#[test]
fn who_was_removed_does_not_come_back_with_a_backup() {
    let folder = encrypted();
    assert_eq!(folder.whorl(&["gallery", "backup", "gallery", "--to", "backup"]).code, 0);
    let info = |gallery: &str| folder.whorl(&["gallery", "info", gallery, "--master-key", "key", "--json"]);
    assert!(info("backup").err.contains("keys"), "a backup has no keys");
    let rows = folder.rows("people/manifest.csv");
    let id = format!("{}/{}", rows[0]["subject"], rows[0]["encounter"]);
    assert_eq!(folder.whorl(&["gallery", "remove", "gallery", &id, "--master-key", "key"]).code, 0);
    assert_eq!(folder.whorl(&["gallery", "restore", "backup", "--to", "restored"]).code, 0);
    fs::create_dir(folder.path("restored/keys")).unwrap();
    fs::copy(folder.path("gallery/keys/table"), folder.path("restored/keys/table")).unwrap();
    assert_eq!(info("restored").json()["references"], 3);
}

#[test]
fn a_gallery_in_the_clear_is_not_taken_for_an_encrypted_one() {
    let folder = Folder::with_people(2, 1, 1);
    let enrol = ["enrol", "--gallery", "gallery", "--manifest", "people/manifest.csv"];
    assert_eq!(folder.whorl(&enrol).code, 0);
    let refused = folder.whorl(&[enrol.as_slice(), &["--encrypt"]].concat());
    assert!(refused.code == 3 && refused.err.contains("whorl keys new"), "{refused:?}");
    assert_eq!(folder.whorl(&["keys", "new", "key"]).code, 0);
    let refused = folder.whorl(&[enrol.as_slice(), &["--encrypt", "--master-key", "key"]].concat());
    assert!(refused.code == 3 && refused.err.contains("not encrypted"), "{refused:?}");
}
