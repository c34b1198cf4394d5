//! `whorl serve`: the engine behind gRPC and HTTP.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use whorl_api::config::{Config, ConfigError, Environment};
use whorl_api::operations::log;
use whorl_api::server::Opened;

use crate::arguments::FaceModel;
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl serve                                       on 127.0.0.1:7443, for this machine only, with galleries in ./whorl-data
  whorl config print --default > whorl.toml         every setting with its meaning, to begin with
  whorl serve --config whorl.toml
  WHORL_SERVER_LISTEN=0.0.0.0:7443 whorl serve --config whorl.toml

gRPC (package whorl.v1) and HTTP/JSON are served on one address, whose page / describes them; /healthz, /readyz and /metrics on
another. SIGTERM or Ctrl-C ends it: what was begun is answered, and galleries are sealed. Standard output says both addresses
once it serves, with --json for programs; the log goes to standard error.";

/// Serve galleries by gRPC and HTTP
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    /// The configuration, a TOML file; without one, the default. The environment goes before both
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Where it serves.
#[derive(Debug, Serialize)]
struct Serving {
    listen: SocketAddr,
    operations_listen: SocketAddr,
    process: u32,
}

impl Show for Serving {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { listen, operations_listen, process } = self;
        writeln!(out, "serving gRPC and HTTP on {listen}; health and metrics on {operations_listen}; process {process}")
    }
}

impl Serve {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let config = Config::load(self.config.as_deref(), &Environment::of_process())?.config;
        let missing = config.missing_files();
        if !missing.is_empty() {
            return Err(ConfigError::Refused(missing).into());
        }
        log::begin(config.log)?;
        let threads = if config.engine.threads == 0 { threads } else { config.engine.threads };
        let engine = FaceModel::named(config.engine.face_model.clone()).engine(threads)?;
        let opened = Opened::open(&config, engine)?;
        for told in opened.told() {
            console.note(format_args!("{told}"));
        }
        whorl_api::server::serve(&config, opened, |listen, operations_listen| {
            let serving = Serving { listen, operations_listen, process: std::process::id() };
            // Whoever started it may not read it, which is no reason not to serve.
            let _ = console.print(&serving);
        })?;
        Ok(Outcome::Complete)
    }
}
