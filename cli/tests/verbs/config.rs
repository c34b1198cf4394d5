//! `whorl config`

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use whorl_identity::credential::IssuerKey;
use whorl_identity::store::{Database, Embedded};
use whorl_identity::vault::{Vault, keys_in};
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
    private(&folder.path("key"));
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

#[test]
fn the_default_rules_are_printed_and_are_themselves_sound_rules() {
    let folder = identity();
    let printed = folder.whorl(&["config", "print", "--default-rules"]);
    assert!(printed.code == 0 && printed.out.contains("[odds.name]"), "{printed:?}");
    folder.write("rules.toml", &printed.out);
    let checked = folder.whorl(&["config", "check", "--config", "whorl.toml"]);
    assert_eq!((checked.code, checked.out.as_str()), (0, "whorl.toml is sound\n"), "{checked:?}");
}

fn private(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("the file is ours");
}

/// What a sound configuration of the identity layer names, but for keys that are drawn.
const NAMED: [(&str, &str); 6] = [
    ("settings.toml", "introducer_below_years = 16\n"),
    ("rules.toml", "duplicate_bits = 9\n"),
    ("salts", "mosip.kernel.tokenid.uin.salt=a\nmosip.kernel.tokenid.partnercode.salt=b\n"),
    ("hook", "drawn by chance, so to speak"),
    ("password", "hidden\n"),
    ("connection", "host=localhost user=whorl\n"),
];

/// A folder with a sound configuration of the identity layer, and what it names.
fn identity() -> Folder {
    let folder = Folder::new();
    for key in ["key", "other"] {
        assert_eq!(folder.whorl(&["keys", "new", key]).code, 0);
    }
    let issuer = IssuerKey::generate_pem().expect("there is chance");
    folder.write("issuer.pem", issuer.as_bytes());
    let public = IssuerKey::from_pem(&issuer).expect("it is a key").public().to_json().expect("it is JSON");
    folder.write("earlier.json", public);
    for (name, content) in NAMED {
        folder.write(name, content);
    }
    configure(&folder, "key", "");
    folder
}

fn configure(folder: &Folder, key: &str, more: &str) {
    folder.write(
        "whorl.toml",
        format!(
            "[identity]\nenabled = true\nmaster_key_file = \"{key}\"\ngallery = \"people\"\nissuer_key_file = \"issuer.pem\"\n\
             earlier_keys_file = \"earlier.json\"\nissuer = \"https://id.example\"\nsettings_file = \"settings.toml\"\n\
             rules_file = \"rules.toml\"\nmosip_salts_file = \"salts\"\nmail_server = \"smtp.example.org:465\"\n\
             mail_from = \"Identity <id@example.org>\"\nmail_user = \"id\"\nmail_password_file = \"password\"\n\
             webhooks = [{{ url = \"https://example.org/hook\", secret_file = \"hook\" }}]\n{more}"
        ),
    );
}

fn check(folder: &Folder) -> crate::whorl::Run {
    folder.whorl(&["config", "check", "--config", "whorl.toml"])
}

/// Every file of a folder with what is in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).expect("it can be read"));
        }
    }
    found
}

#[test]
fn everything_that_the_identity_layer_would_open_is_opened_by_the_check_and_what_is_wrong_is_named() {
    let folder = identity();
    let before = files(&folder.path(""));
    assert_eq!(check(&folder).code, 0, "{:?}", check(&folder));
    assert_eq!(files(&folder.path("")), before, "nothing is made");
    for (name, content, expected) in [
        ("key", "HIDDEN", "is no master key"),
        ("issuer.pem", "HIDDEN", "the file that identity.issuer_key_file names: "),
        ("earlier.json", "HIDDEN", "the file that identity.earlier_keys_file names: "),
        ("settings.toml", "consent_purpos = \"a\"\n", "the file that identity.settings_file names"),
        ("settings.toml", "[uin]\nlength = 1\n", "identity.settings_file: numbers of 1 digits"),
        (
            "rules.toml",
            "[odds.name]\nsame = { m = 2 }\n",
            "rules.toml:2:10: odds.name.same.m is 2, and must be above 0",
        ),
        ("rules.toml", "[odds.name]\nsane = { m = 1 }\n", "did you mean [odds.name.same]?"),
        ("salts", "HIDDEN\n", "the salts that identity.mosip_salts_file names: line 1 is neither"),
        ("hook", "HIDDEN", "identity.webhooks: the secret of number 1 is shorter than 16 bytes"),
    ] {
        let right = fs::read(folder.path(name)).expect("it was just written");
        folder.write(name, content);
        let checked = check(&folder);
        assert!(checked.code == 3 && checked.err.contains(expected), "{name}: {checked:?}");
        assert!(!checked.err.contains("HIDDEN"), "{name}: {checked:?}");
        folder.write(name, right);
    }
    for (more, expected) in [
        ("schema_file = \"hook\"\n", "identity.schema_file"),
        ("schema_file = \"nowhere\"\n", "the file that identity.schema_file names is not there"),
        ("store = \"postgresql\"\nconnection_file = \"hook\"\n", "the connection string cannot be read"),
    ] {
        configure(&folder, "key", more);
        let checked = check(&folder);
        assert!(checked.code == 3 && checked.err.contains(expected), "{more}: {checked:?}");
        assert!(!checked.err.contains("so to speak"), "{checked:?}");
    }
    configure(&folder, "key", "store = \"postgresql\"\nconnection_file = \"connection\"\n");
    assert_eq!(check(&folder).code, 0, "a server is not called: {:?}", check(&folder));
    for name in ["hook", "salts", "issuer.pem"] {
        folder.write(name, "HIDDEN");
    }
    let all = check(&folder).err;
    assert!(["issuer_key_file", "mosip_salts_file", "webhooks"].iter().all(|key| all.contains(key)), "at once: {all}");
}

#[test]
fn the_check_says_whether_the_master_key_opens_the_keys_of_persons_and_those_the_store() {
    let folder = identity();
    let place = folder.path("whorl-identity");
    let master = MasterKey::from_file(&folder.path("key")).expect("it is a key");
    let store = Embedded::open(place.join("identity.redb")).expect("the folder is ours");
    let database = Database::open(Arc::new(store)).expect("it is a store");
    let vault = Vault::open(Arc::new(keys_in(&place)), &master, &database).expect("both are new");
    let checked = check(&folder);
    assert!(checked.code == 0 && checked.err.contains("is open in another process"), "{checked:?}");
    drop((vault, database));
    let before = files(&place);
    configure(&folder, "other", "");
    let checked = check(&folder);
    assert!(checked.code == 3 && checked.err.contains("another master key than the one given"), "{checked:?}");
    configure(&folder, "key", "");
    assert_eq!((check(&folder).code, check(&folder).err.as_str()), (0, ""));
    assert_eq!(files(&place), before, "nothing is changed");
    fs::rename(place.join("identity.redb"), folder.path("away")).expect("both are ours");
    let checked = check(&folder);
    assert!(checked.code == 0 && checked.err.contains("no records that they are for"), "{checked:?}");
    fs::rename(folder.path("away"), place.join("identity.redb")).expect("both are ours");
    fs::remove_dir_all(place.join("keys")).expect("it is ours");
    let checked = check(&folder);
    assert!(checked.code == 3 && checked.err.contains("belongs to another store"), "{checked:?}");
}
