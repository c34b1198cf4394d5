//! `whorl config`: the configuration of `whorl serve`.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};
use serde::Serialize;
use whorl_api::config::{Config, ConfigError, DEFAULT_TOML, Environment, Loaded};
use whorl_api::server::Opened;
use whorl_identity::demographic::DEFAULT_RULES_TOML;

use crate::arguments::FaceModel;
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const PRINT_EXAMPLE: &str = "\
Examples:
  whorl config print --default > whorl.toml     every key with its meaning, to begin a file of your own
  whorl config print --default-rules > rules.toml     the same of the rules of demographic comparison, for identity.rules_file
  whorl config print --config whorl.toml        what is in force, and where each value comes from

No secret is shown.";
const CHECK_EXAMPLE: &str = "\
Example:
  whorl config check --config whorl.toml && whorl serve --config whorl.toml

What it names is opened as the server would open it: certificates and keys, the keys of the issuer of tokens, the master key,
networks; and for the identity layer its master key, whether that opens the keys of persons and those the store, schema, settings,
rules, salts, the keys of credentials, the secrets of webhooks, the connection string, the password for the mail server. Nothing is
changed, and a server may be running meanwhile. Galleries and the record of who did what are not opened, for they may be in use; a
database and a mail server are not called. Ends with exit code 3 where anything is wrong; standard error names every fault with its
place and what to do.";

/// Look at the configuration of the server
#[derive(Debug, Args)]
pub(crate) struct ConfigVerb {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Print what is in force, and where each value comes from
    #[command(after_help = PRINT_EXAMPLE)]
    Print {
        #[command(flatten)]
        named: Named,

        /// Print the documented default instead
        #[arg(long, conflicts_with = "config")]
        default: bool,

        /// Print the documented default of the rules of demographic comparison instead
        #[arg(long, conflicts_with_all = ["config", "default"])]
        default_rules: bool,
    },
    /// Say what is wrong
    #[command(after_help = CHECK_EXAMPLE)]
    Check(Named),
}

/// Where the configuration stands.
#[derive(Debug, Args)]
struct Named {
    /// The configuration, a TOML file; without one, the default. The environment goes before both
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// A configuration as text.
#[derive(Debug, Serialize)]
struct Printed {
    toml: String,
}

/// A configuration that can be used.
#[derive(Debug, Serialize)]
struct Sound {
    config: Option<PathBuf>,
    sound: bool,
}

impl ConfigVerb {
    pub(crate) fn run(&self, console: Console) -> anyhow::Result<Outcome> {
        match &self.task {
            Task::Print { default: true, .. } => console.print(&Printed { toml: DEFAULT_TOML.to_owned() })?,
            Task::Print { default_rules: true, .. } => {
                console.print(&Printed { toml: DEFAULT_RULES_TOML.to_owned() })?;
            }
            Task::Print { named, .. } => console.print(&Printed { toml: named.load()?.print() })?,
            Task::Check(named) => {
                let config = named.load()?.config;
                let missing = config.missing_files();
                if !missing.is_empty() {
                    return Err(ConfigError::Refused(missing).into());
                }
                let warnings = Opened::check(&config).map_err(|failed| {
                    let told = failed.iter().map(ToString::to_string).collect::<Vec<_>>();
                    anyhow!("a server would not start with this configuration:\n{}", told.join("\n"))
                })?;
                FaceModel::named(config.engine.face_model.clone()).engine(1).context("engine.face_model")?;
                warnings.into_iter().for_each(Console::warn);
                console.print(&Sound { config: named.config.clone(), sound: true })?;
            }
        }
        Ok(Outcome::Complete)
    }
}

impl Named {
    fn load(&self) -> Result<Loaded, ConfigError> {
        Config::load(self.config.as_deref(), &Environment::of_process())
    }
}

impl Show for Printed {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.toml.as_bytes())
    }
}

impl Show for Sound {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.config {
            Some(path) => writeln!(out, "{} is sound", path.display()),
            None => writeln!(out, "the default is sound"),
        }
    }
}
