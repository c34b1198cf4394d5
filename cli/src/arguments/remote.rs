//! A server in the place of a folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{Files, Options};

use super::{FaceModel, Meaning};

/// A server that is asked, if one is.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Asking a server")]
pub(crate) struct Remote {
    /// Ask the server at this address (scheme, host and port); the gallery is then one of its galleries, by name,
    /// and its configuration says by which networks and calibrations
    #[arg(long, value_name = "URL")]
    server: Option<String>,

    /// File of the certificates that sign the server's, PEM; needed where the address begins with https
    #[arg(long, value_name = "FILE", requires = "server")]
    server_ca: Option<PathBuf>,

    /// File of the certificate by which the server knows this client, PEM
    #[arg(long, value_name = "FILE", requires_all = ["server_ca", "client_key"])]
    client_cert: Option<PathBuf>,

    /// File of the key of that certificate, PEM
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_key: Option<PathBuf>,

    /// File of the token by which the server knows this client
    #[arg(long, value_name = "FILE", requires = "server")]
    token_file: Option<PathBuf>,
}

impl Remote {
    /// The server, where one is asked.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub(crate) fn client(&self) -> anyhow::Result<Option<Client>> {
        let Some(server) = &self.server else { return Ok(None) };
        let Self { server_ca, client_cert, client_key, token_file, .. } = self.clone();
        let files = Files { authority: server_ca, certificate: client_cert, key: client_key, token: token_file };
        Ok(Some(Client::connect(Options::read(server, &files)?)?))
    }

    /// Whether what was asked for besides can be asked of a server, whose own configuration says what makes and weighs templates.
    ///
    /// # Errors
    /// Where it cannot.
    pub(crate) fn allows(&self, faces: &FaceModel, meaning: &Meaning) -> anyhow::Result<()> {
        if self.server.is_some() && !(faces.is_default() && meaning.is_default()) {
            bail!(
                "--face-model, --runtime, --single-face and --calibration are for galleries on this machine: what a server does is in its \
                 configuration"
            );
        }
        Ok(())
    }
}

/// The name of a gallery on a server, where one on this machine would be a folder.
///
/// # Errors
/// Where it cannot be one.
pub(crate) fn name_of(gallery: &Path) -> anyhow::Result<&str> {
    gallery.to_str().with_context(|| format!("{} names no gallery of a server", gallery.display()))
}
