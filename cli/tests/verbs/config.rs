//! `whorl config`

use whorl_index::MasterKey;
use whorl_service::audit::{Audit, Entry};

use crate::whorl::{Folder, command};

#[test]
fn the_default_is_printed_with_its_comments_and_is_itself_a_sound_configuration() {
    let folder = Folder::new();
    let printed = folder.whorl(&["config", "print", "--default"]);
    assert_eq!(printed.code, 0, "{printed:?}");
    assert!(printed.out.contains("# The largest message that is taken in"), "{}", printed.out);
    folder.write("whorl.toml", &printed.out);
    let checked = folder.whorl(&["config", "check", "--config", "whorl.toml"]);
    assert_eq!((checked.code, checked.out.as_str()), (0, "whorl.toml is sound\n"), "{checked:?}");
}

#[test]
fn what_is_in_force_is_printed_with_its_origin() {
    let folder = Folder::new();
    folder.write("whorl.toml", "[server]\ndrain_s = 5\n");
    let output = command(folder.path("").as_path(), &["config", "print", "--config", "whorl.toml"])
        .env("WHORL_LOG_LEVEL", "debug")
        .output()
        .expect("the binary was built");
    let printed = String::from_utf8(output.stdout).expect("whorl writes UTF-8");
    for (key, origin) in [
        ("drain_s = 5", "# file whorl.toml:2:1"),
        ("level = \"debug\"", "# environment WHORL_LOG_LEVEL"),
        ("threads = 0", "# default"),
    ] {
        let line = printed.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{key}: {printed}"));
        assert!(line.ends_with(origin), "{line}");
    }
}

#[test]
fn a_configuration_that_is_wrong_is_refused_with_what_is_wrong() {
    let folder = Folder::new();
    folder.write("whorl.toml", "[server]\nlisten = \"0.0.0.0:7443\"\n");
    let checked = folder.whorl(&["config", "check", "--config", "whorl.toml"]);
    assert_eq!(checked.code, 3, "{checked:?}");
    assert!(checked.err.starts_with("whorl: ") && checked.err.contains("anyone could connect"), "{}", checked.err);
    folder.write("whorl.toml", "[server]\nlistne = 1\n");
    let printed = folder.whorl(&["config", "print", "--config", "whorl.toml"]);
    assert_eq!(printed.code, 3, "{printed:?}");
    assert!(printed.err.contains("whorl.toml:2:1: there is no key `listne`") && printed.err.contains("`listen`"));
}

#[test]
fn a_file_or_variable_that_is_named_and_missing_is_found_by_the_check() {
    let folder = Folder::new();
    folder.write("whorl.toml", "[security.tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n");
    assert_eq!(folder.whorl(&["config", "print", "--config", "whorl.toml"]).code, 0);
    let checked = folder.whorl(&["config", "check", "--config", "whorl.toml"]);
    assert_eq!(checked.code, 3, "{checked:?}");
    assert!(checked.err.contains("security.tls.certificate names is not there"), "{}", checked.err);
    folder.write("whorl.toml", "[encryption]\nmode = \"all\"\nmaster_key_env = \"NOT_SET_ANYWHERE\"\n");
    let checked = folder.whorl(&["config", "check", "--config", "whorl.toml"]);
    assert_eq!(checked.code, 3, "{checked:?}");
    assert!(checked.err.contains("no variable NOT_SET_ANYWHERE"), "{}", checked.err);
}

#[test]
fn what_is_named_is_opened_as_the_server_would_and_everything_that_fails_is_named() {
    let folder = Folder::new();
    let check = || folder.whorl(&["config", "check", "--config", "whorl.toml"]);
    for name in ["c.pem", "k.pem", "keys.json", "key"] {
        folder.write(name, "no such thing");
    }
    std::fs::set_permissions(folder.path("key"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("the file is ours");
    folder.write(
        "whorl.toml",
        "[encryption]\nmode = \"all\"\nmaster_key_file = \"key\"\n[security]\nauthentication = \"required\"\n\
         [security.tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n\
         [security.tokens]\nissuer = \"https://login.example\"\naudience = \"whorl\"\njwks_file = \"keys.json\"\n",
    );
    let checked = check();
    assert_eq!(checked.code, 3, "{checked:?}");
    for (file, what) in
        [("c.pem", "no certificate"), ("keys.json", "no JSON Web Key Set"), ("key\"", "is no master key")]
    {
        assert!(checked.err.contains(file) && checked.err.contains(what), "{what}: {}", checked.err);
    }
    folder.write("whorl.toml", "[engine]\nface_model = \"nobody-has-this\"\n");
    let checked = check();
    assert!(checked.code == 3 && checked.err.contains("face_model"), "{checked:?}");
}

#[test]
fn a_record_that_is_sealed_under_another_master_key_is_found_by_the_check() {
    let folder = Folder::new();
    for key in ["key", "other"] {
        assert_eq!(folder.whorl(&["keys", "new", key]).code, 0);
    }
    let master = MasterKey::from_file(&folder.path("key")).expect("it was just made");
    let audit = Audit::open_with(&folder.path("whorl-audit"), Some(&master)).expect("a log can be begun");
    audit.record(&Entry::default()).expect("there is room for a line");
    drop(audit);
    for (key, code) in [("key", 0), ("other", 3)] {
        folder.write("whorl.toml", format!("[encryption]\nmode = \"journal\"\nmaster_key_file = \"{key}\"\n"));
        let checked = folder.whorl(&["config", "check", "--config", "whorl.toml"]);
        assert_eq!(checked.code, code, "{key}: {checked:?}");
    }
}
