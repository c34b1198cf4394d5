//! The folder of a sandbox: keys, tokens and the configuration that it serves with.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;
use whorl_identity::clock::{Clock, SystemClock};
use whorl_identity::credential::IssuerKey;
use whorl_index::MasterKey;

/// Who works here, and what each may do.
pub(super) const PEOPLE: [(&str, &[&str]); 6] = [
    ("olga", &["register"]),
    ("anna", &["adjudicate"]),
    ("berta", &["adjudicate"]),
    ("sonja", &["supervise"]),
    ("oskar", &["officer", "issue", "partners"]),
    ("gateway", &["authenticate"]),
];

/// Who issues the tokens of a sandbox, and for whom.
const ISSUER: &str = "https://sandbox.invalid";
const AUDIENCE: &str = "whorl-sandbox";

/// How long a token of a sandbox holds, in seconds: a day of trying.
const TOKEN_S: u64 = 86_400;

/// The folder of a sandbox.
pub(super) struct Ground {
    folder: PathBuf,
    key: IssuerKey,
}

impl Ground {
    /// Lays it, or finds what an earlier run laid.
    pub(super) fn lay(folder: &Path, listen: &str) -> anyhow::Result<Self> {
        let made = || format!("cannot make the sandbox in \"{}\"", folder.display());
        fs::create_dir_all(folder).with_context(made)?;
        let folder = folder.canonicalize().with_context(made)?;
        let master = folder.join("master-key");
        if !master.exists() {
            MasterKey::generate()?.write_file(&master)?;
        }
        for name in ["issuer.pem", "tokens.pem"] {
            let path = folder.join(name);
            if !path.exists() {
                fs::write(&path, IssuerKey::generate_pem()?.as_bytes()).with_context(made)?;
            }
        }
        let tokens = folder.join("tokens.pem");
        let key = IssuerKey::from_pem(&fs::read_to_string(&tokens).with_context(made)?)?;
        fs::write(folder.join("tokens.json"), key.public().to_json()?).with_context(made)?;
        let ground = Self { folder, key };
        fs::write(ground.config(), configuration(listen)).with_context(made)?;
        Ok(ground)
    }

    /// The file of its configuration.
    pub(super) fn config(&self) -> PathBuf {
        self.folder.join("whorl.toml")
    }

    /// The file that one-time passwords are written into.
    pub(super) fn passwords(&self) -> PathBuf {
        self.folder.join("passwords.jsonl")
    }

    /// The folder of the pictures of its residents.
    pub(super) fn pictures(&self) -> PathBuf {
        self.folder.join("pictures")
    }

    /// A file in it that is kept from run to run.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A token of somebody with these roles.
    pub(super) fn token(&self, name: &str, roles: &[&str]) -> anyhow::Result<String> {
        let now_s = SystemClock.now_ms() / 1_000;
        let claims = [
            ("iss", json!(ISSUER)),
            ("aud", json!(AUDIENCE)),
            ("sub", json!(name)),
            ("roles", json!(roles)),
            ("nbf", json!(now_s)),
            ("exp", json!(now_s + TOKEN_S)),
        ];
        Ok(self.key.sign_token(&claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())?)
    }
}

/// What the server of a sandbox is configured with.
fn configuration(listen: &str) -> String {
    // TOML takes paths in single quotes as they are; the folder has none, for then nothing could be opened there either.
    format!(
        "# A sandbox: try it, and never keep anybody's identity in it. `whorl config print --default` explains every setting.\n\
         [server]\nlisten = \"{listen}\"\noperations_listen = \"127.0.0.1:0\"\n\n\
         [data]\nfolder = 'galleries'\n\n[audit]\nfolder = 'audit'\n\n\
         [log]\nlevel = \"warn\"\n\n\
         [identity]\nenabled = true\nfolder = 'identity'\nmaster_key_file = 'master-key'\ngallery = \"residents\"\n\
         issuer_key_file = 'issuer.pem'\nissuer = \"{ISSUER}\"\npasswords_file = 'passwords.jsonl'\n\n\
         [security]\nauthentication = \"required\"\n\n\
         [security.tokens]\nissuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\njwks_file = 'tokens.json'\n"
    )
}
