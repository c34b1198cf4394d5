//! The three layers, what is refused, and what is told of it.

use std::path::Path;

use super::*;

fn load(text: &str) -> Result<Loaded, ConfigError> {
    load_with(text, &Environment::default())
}

fn load_with(text: &str, environment: &Environment) -> Result<Loaded, ConfigError> {
    Config::parse(Some((Path::new("/etc/whorl/whorl.toml"), text)), environment)
}

fn told(text: &str) -> String {
    load(text).expect_err("it is refused").to_string()
}

fn check(text: &str, expected: &str) {
    let told = told(text);
    assert!(told.contains(expected), "{text}\nis told as\n{told}\nwithout\n{expected}");
}

#[test]
fn the_default_toml_is_the_default() {
    let loaded = Config::parse(None, &Environment::default()).expect("the default is sound");
    assert_eq!(loaded.config, Config::default());
}

#[test]
fn every_key_and_section_of_the_default_has_a_comment_and_every_key_says_its_default() {
    let lines: Vec<&str> = DEFAULT_TOML.lines().collect();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let comment: Vec<&str> = lines[..at].iter().rev().take_while(|line| line.starts_with('#')).copied().collect();
        assert!(!comment.is_empty(), "{line} has no comment");
        let Some((_, value)) = line.split_once(" = ") else { continue };
        let comment: String = comment.iter().rev().map(|line| line.trim_start_matches('#')).collect();
        let (_, told) = comment.rsplit_once("Default: ").unwrap_or_else(|| panic!("{line}: no default is told"));
        assert!(told.starts_with(value), "{line}: the comment says {told}");
    }
}

#[test]
fn every_key_of_the_default_is_read() {
    // What is not read keeps the kind that it is given here, and is not complained of.
    let mut unread = Vec::new();
    for setting in Layers::of(&DOCUMENT).expect("the default is TOML").settings() {
        let text = format!("[{}]\n{} = [1979]\n", setting.section, setting.key);
        if load(&text).is_ok() {
            unread.push(setting.name());
        }
    }
    assert_eq!(unread, Vec::<String>::new());
}

#[test]
fn the_environment_goes_before_the_file_and_the_file_before_the_default() {
    let text = "[server]\nmax_message_mib = 5\ndrain_s = 7\n[log]\nformat = \"json\"\n";
    let environment = Environment::of([("WHORL_SERVER_DRAIN_S", "9"), ("WHORL_SECURITY_TOKENS_ROLES_CLAIM", "groups")]);
    let loaded = load_with(text, &environment).expect("it is sound");
    assert_eq!(loaded.config.server.max_message_bytes(), 5 << 20);
    assert_eq!(loaded.config.server.drain.as_secs(), 9);
    assert_eq!(loaded.config.log.format, LogFormat::Json);
    assert_eq!(loaded.config.security.tokens.roles_claim, "groups");
    assert_eq!(loaded.config.engine, Engine::default());
    let printed = loaded.print();
    for line in [
        "max_message_mib = 5                          # file /etc/whorl/whorl.toml:2:1",
        "drain_s = 9                                  # environment WHORL_SERVER_DRAIN_S",
        "reflection = false                           # default",
    ] {
        assert!(printed.contains(line), "{line} is not in\n{printed}");
    }
}

#[test]
fn relative_paths_are_relative_to_the_file() {
    let loaded = load("[data]\nfolder = \"galleries\"\nbackups = \"/mnt/backups\"\n").expect("it is sound");
    assert_eq!(loaded.config.data.folder, Path::new("/etc/whorl/galleries"));
    assert_eq!(loaded.config.data.backups, Path::new("/mnt/backups"));
    assert_eq!(loaded.config.audit.folder, Path::new("/etc/whorl/whorl-audit"));
}

#[test]
fn what_is_printed_means_the_same_again() {
    let text = "[security]\nauthentication = \"required\"\nclients = [{ certificate = \"a \\\"b\\\" \\\\ c\", \
                roles = [\"enrol\", \"audit\"] }]\n[security.tls]\ncertificate = \"c.pem\"\nkey = \"/dev/null\"\n\
                client_ca = \"ca.pem\"\n[search]\ntarget_fpir = 1e-7\n";
    let mut loaded = load(text).expect("it is sound");
    // A key that is no file is not shown, so that it is given another.
    loaded.layers.setting("security.tls", "key").hidden = false;
    let again = load(&loaded.print()).unwrap_or_else(|error| panic!("{error}\n{}", loaded.print()));
    assert_eq!(again.config, loaded.config);
    assert_eq!(again.config.security.clients[0].certificate, "a \"b\" \\ c");
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest() {
    check("[server]\nlistne = \"x\"\n", "whorl.toml:2:1: there is no key `listne` in [server]; did you mean `listen`?");
    check(
        "[server]\n  rate_per_s = 1\n",
        ":2:3: there is no key `rate_per_s` in [server]; did you mean `rate_per_s` in [security]?",
    );
    check("[servr]\nlisten = 1\n", ":1:2: there is no section [servr]; did you mean [server]?");
    check("[server.listen]\n", "there is no section [server.listen]");
    check("listen = 1\n", "`listen` outside of the sections; did you mean `listen` in [server]?");
    check("server = 1\n", "did you mean the section [server]?");
    check("[data]\nquantum = 1\n", "`whorl config print --default` shows all");
    check(
        "[security]\nclients = [{ certificat = \"a\", roles = [] }]",
        "`certificat` in [security.clients]; did you mean `certificate`?",
    );
}

#[test]
fn an_unknown_variable_of_a_section_is_refused_without_its_value() {
    let environment = Environment::of([("WHORL_SERVER_LISTN", "SECRET")]);
    let told = load_with("", &environment).expect_err("it is refused").to_string();
    assert!(told.contains("WHORL_SERVER_LISTN is no key") && told.contains("WHORL_SERVER_LISTEN"), "{told}");
    assert!(!told.contains("SECRET"), "{told}");
}

#[test]
fn variables_of_others_are_nobodys_business() {
    let others = [
        ("WHORL_ISA", "avx2"),
        ("WHORL_MODELS", "m"),
        ("WHORL_DATA", "d"),
        ("WHORL_SERVER_SERVICE_HOST", "10.0.0.1"),
        ("WHORL_SERVER_PORT_7443_TCP", "tcp://10.0.0.1:7443"),
        ("WHORL_ENCRYPTION_KEY", "SECRET"),
    ];
    let text = "[encryption]\nmode = \"all\"\nmaster_key_env = \"WHORL_ENCRYPTION_KEY\"\n";
    load_with(text, &Environment::of(others)).expect("it is sound");
}

#[test]
fn a_value_out_of_its_range_is_told_with_the_range() {
    check("[server]\nmax_message_mib = 0\n", "whorl.toml:2:1: server.max_message_mib is 0, and must be 1 to 256");
    check("[engine]\nthreads = -1\n", "engine.threads is -1, and must be 0 to 1024");
    check("[search]\ntarget_fpir = 1\n", "search.target_fpir is 1, and must be above 0 and below 1");
    check("[search]\ntarget_fmr = nan\n", "search.target_fmr is NaN");
    check("[search]\nmode = \"fast\"\n", "search.mode is \"fast\", and must be one of \"cascade\", \"exact\"");
    check("[server]\nlisten = \"localhost\"\n", "must be an address and a port");
    check("[server]\nreflection = \"yes\"\n", "server.reflection must be true or false");
    check("[server]\nreflection = 1979-05-27\n", "server.reflection must be true or false");
    check("[server]\ndrain_s = 99999999999999999999\n", "server.drain_s must be a whole number");
    check("[data]\nfolder = \"\"\n", "data.folder is empty");
    check(
        "[security]\nclients = [{ certificate = \"a\", roles = [\"root\"] }]\n",
        "security.clients.roles is \"root\"",
    );
    check("[security]\nclients = [3]\n", "security.clients must be a list of tables");
    let environment = Environment::of([("WHORL_ENGINE_QUEUE", "many"), ("WHORL_SECURITY_CLIENTS", "a")]);
    let told = load_with("", &environment).expect_err("it is refused").to_string();
    assert!(told.contains("WHORL_ENGINE_QUEUE: engine.queue must be a whole number"), "{told}");
    assert!(told.contains("WHORL_SECURITY_CLIENTS cannot hold a list"), "{told}");
}

#[test]
fn all_faults_are_told_at_once() {
    let told = told("[server]\nlistne = 1\ndrain_s = 601\n[engine]\nqueue = 0\n");
    assert_eq!(told.lines().count(), 3, "{told}");
}

#[test]
fn what_is_no_toml_is_told_by_its_place_and_not_repeated() {
    let told = told("[encryption]\nmaster_key_file = SECRET\n");
    assert!(told.starts_with("/etc/whorl/whorl.toml:2:"), "{told}");
    assert!(!told.contains("SECRET"), "{told}");
}

#[test]
fn a_door_that_stands_open_is_refused_until_somebody_says_that_he_means_it() {
    const OPEN: &str = "[server]\nlisten = \"0.0.0.0:7443\"\n[security]\n";
    check(OPEN, "anyone could connect");
    check(OPEN, "samples and tokens could be read on the way");
    check(&format!("{OPEN}i_know_that_anyone_can_connect = true\n"), "without TLS");
    let meant = "i_know_that_anyone_can_connect = true\ni_know_that_traffic_is_not_encrypted = true\n";
    load(&format!("{OPEN}{meant}")).expect("it was meant");
    load("[server]\nlisten = \"[::1]:7443\"\n").expect("only this computer reaches it");
}

#[test]
fn values_that_do_not_go_together_are_refused() {
    const REQUIRED: &str = "[security]\nauthentication = \"required\"\n";
    const CLIENTS: &str = "clients = [{ certificate = \"a\", roles = [\"search\"] }]\n";
    check(REQUIRED, "nothing says how");
    check(&format!("{REQUIRED}{CLIENTS}"), "security.clients needs security.tls.client_ca");
    check(&format!("[security]\n{CLIENTS}"), "security.clients would have no effect");
    check("[security.tls]\ncertificate = \"a\"\n", "security.tls.certificate needs security.tls.key");
    check("[security.tls]\nclient_ca = \"a\"\n", "security.tls.client_ca needs security.tls.certificate");
    check(
        &format!("{REQUIRED}[security.tokens]\nissuer = \"a\"\n"),
        "security.tokens.issuer needs security.tokens.audience",
    );
    check("[security.tokens]\njwks_url = \"http://a\"\n", "must begin with https://");
    check("[security.tokens]\njwks_url = \"https://a:b@c/d\"\n", "holds a name or a password");
    check("[encryption]\nmode = \"all\"\n", "encryption.mode needs");
    check("[encryption]\nmaster_key_env = \"A\"\n", "nothing would be encrypted");
    check("[data]\nfolder = \"whorl-audit\"\n", "data.folder and audit.folder are the same");
    check("[server]\nlisten = \"127.0.0.1:9464\"\n", "choose two ports");
}

#[test]
fn a_secret_that_is_written_where_its_path_belongs_is_never_told() {
    let pem = "[security.tls]\nkey = \"\"\"-----BEGIN PRIVATE KEY-----\nSECRET\"\"\"\n";
    let told = told(pem);
    assert!(told.contains("security.tls.key must name a file") && !told.contains("SECRET"), "{told}");
    for key in ["SECRET6Lk9yJ4c2Qe1cVdD6y5sX0sQ2m1uXwqYbM4o0w=", &"5ec7e7".repeat(11)] {
        let told = self::told(&format!("[encryption]\nmode = \"all\"\nmaster_key_env = \"{key}\"\n"));
        assert!(told.contains("must be the name of an environment variable") && !told.contains(key), "{told}");
    }
    let loaded = load("[encryption]\nmode = \"all\"\nmaster_key_file = \"SECRET\"\n").expect("it may be a file later");
    let printed = loaded.print();
    assert!(
        printed.contains("master_key_file = \"(not shown: no such file)\"") && !printed.contains("SECRET"),
        "{printed}"
    );
    assert!(!format!("{loaded:?}").contains("SECRET"), "{loaded:?}");
    let missing = format!("{:?}", loaded.config.missing_files());
    assert!(missing.contains("encryption.master_key_file") && !missing.contains("SECRET"), "{missing}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Config::load(Some(Path::new("/nowhere/whorl.toml")), &Environment::default()).expect_err("not there");
    assert!(error.to_string().starts_with("cannot read /nowhere/whorl.toml: "), "{error}");
}
