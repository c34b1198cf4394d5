//! `whorl keys`: the master keys of encrypted galleries, of sealed audit logs and of the keys of persons.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use serde::Serialize;
use whorl_identity::vault;
use whorl_index::{Files, MasterKey, rotate};
use whorl_service::audit;

use crate::arguments::Keyed;
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const NEW_EXAMPLE: &str = "\
Example:
  whorl keys new /etc/whorl/master-key
  whorl enrol --gallery national --manifest people.csv --encrypt --master-key /etc/whorl/master-key

Who loses the master key loses the gallery: keep a copy where neither the gallery nor its backups are.";
const ROTATE_EXAMPLE: &str = "\
Examples:
  whorl keys new new-key
  whorl keys rotate national --master-key old-key --new-key new-key
  whorl keys rotate whorl-audit --master-key old-key --new-key new-key
  whorl keys rotate whorl-identity --master-key old-identity-key --new-key new-identity-key

A server has one master key of [encryption]: end it, turn the key of each of its galleries and of its audit log, and start it with the
new one. The master key of [identity] is another: end the server, turn it for identity.folder, also where the records lie in PostgreSQL,
and start the server with the new one. Only the folder `keys` of a gallery or of the identity layer, or the file KEYS of a log, is
written anew, whatever their size; copies of those from before are still read with the old key, so replace them. A change that is
broken off leaves one of the two keys in force: try the new one, and if it is refused, begin again.";

/// Look after the master keys of encrypted galleries, audit logs and the keys of persons
#[derive(Debug, Args)]
pub(crate) struct KeysVerb {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Make a master key
    #[command(after_help = NEW_EXAMPLE)]
    New {
        /// The file, which is not there yet
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Put a new master key in the place of that of a gallery, an audit log or the identity layer
    #[command(after_help = ROTATE_EXAMPLE)]
    Rotate {
        /// Folder of the gallery, of the audit log or of the identity layer
        #[arg(value_name = "DIR")]
        folder: PathBuf,

        #[command(flatten)]
        keyed: Keyed,

        /// The new master key
        #[arg(long, value_name = "FILE")]
        new_key: PathBuf,
    },
}

/// What was done.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Done {
    New { file: PathBuf },
    Rotated { gallery: PathBuf, keys: u64 },
    RotatedAudit { audit: PathBuf, keys: u64 },
    RotatedIdentity { identity: PathBuf, keys: u64 },
}

impl KeysVerb {
    pub(crate) fn run(&self, console: Console) -> anyhow::Result<Outcome> {
        let done = match &self.task {
            Task::New { file } => {
                MasterKey::generate()?.write_file(file)?;
                Done::New { file: file.clone() }
            }
            Task::Rotate { folder, keyed, new_key } => turn(folder, keyed, new_key)?,
        };
        console.print(&done)?;
        Ok(Outcome::Complete)
    }
}

fn turn(folder: &Path, keyed: &Keyed, new_key: &Path) -> anyhow::Result<Done> {
    let old = keyed.master()?.context("name the master key of now with --master-key")?;
    let (new, place) = (MasterKey::from_file(new_key)?, folder.to_owned());
    if audit::is_sealed(folder) {
        return Ok(Done::RotatedAudit { audit: place, keys: audit::rotate(folder, &old, &new)? });
    }
    if vault::has_keys(folder) {
        return Ok(Done::RotatedIdentity { identity: place, keys: vault::rotate(folder, &old, &new)? });
    }
    Ok(Done::Rotated { gallery: place, keys: rotate(&Files::new(folder), &old, &new)? })
}

impl Show for Done {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::New { file } => writeln!(out, "{} holds a new master key: keep a copy elsewhere", file.display()),
            Self::Rotated { gallery: place, keys }
            | Self::RotatedAudit { audit: place, keys }
            | Self::RotatedIdentity { identity: place, keys } => {
                writeln!(out, "{} is read with the new master key now; {keys} keys were wrapped again", place.display())
            }
        }
    }
}
