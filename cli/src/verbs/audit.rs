//! `whorl audit`: the log of who did what.

mod show;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use whorl_service::audit::{Anchor, Filter};

use crate::arguments::{Keyed, moment};
use crate::console::Console;
use crate::outcome::Outcome;

const VERIFY_EXAMPLE: &str = "\
Examples:
  whorl audit verify --folder audit
  whorl audit verify --folder audit --anchor 4711:5d41...c592

Ends with exit code 3 where a line was changed, removed, added or moved, or the end was cut off. Who can write the folder can cut off
the end, or write all of it anew, and adapt what stands there: against that, keep the anchor that is printed where he cannot write,
and check with it the next time. The log may be in use meanwhile. No key is needed, sealed or not. No key is needed, also where the log is sealed.";
const SHOW_EXAMPLE: &str = "\
Examples:
  whorl audit show --folder audit --reference 4711/1
  whorl audit show --folder audit --client 'certificate CN=station-7' --since 2026-11-29T08:00:00Z --json
  whorl audit show --folder audit --operation Identify --master-key /etc/whorl/master-key

A server with a master key seals what it records: without the key, show says how many lines those are. Whether the log is as it was written is for `whorl audit verify` to say.";

/// Check and read the log of who did what
#[derive(Debug, Args)]
pub(crate) struct AuditVerb {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Read every line, and name what was changed, removed, moved or cut off
    #[command(after_help = VERIFY_EXAMPLE)]
    Verify {
        #[command(flatten)]
        folder: Folder,

        /// A line that is known from elsewhere, as an earlier check printed it; may be given several times
        #[arg(long = "anchor", value_name = "SEQUENCE:HASH")]
        anchors: Vec<Anchor>,
    },
    /// Print lines
    #[command(after_help = SHOW_EXAMPLE)]
    Show(Show),
}

#[derive(Debug, Args)]
struct Folder {
    /// Folder of the log
    #[arg(long = "folder", value_name = "DIR")]
    path: PathBuf,
}

#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    folder: Folder,

    /// Only what concerns this reference
    #[arg(long, value_name = "ID")]
    reference: Option<String>,

    /// Only what this client did, named as the log names it
    #[arg(long, value_name = "NAME")]
    client: Option<String>,

    /// Only what was done in this gallery
    #[arg(long, value_name = "NAME")]
    gallery: Option<String>,

    /// Only this operation, such as Identify, or whorl.v1.IdentificationService/Identify
    #[arg(long, value_name = "METHOD")]
    operation: Option<String>,

    /// Only what was done then or later, in UTC: 2026-11-29 or 2026-11-29T08:30:00Z
    #[arg(long, value_name = "MOMENT", value_parser = moment::unix_ms)]
    since: Option<u64>,

    /// Only what was done before
    #[arg(long, value_name = "MOMENT", value_parser = moment::unix_ms)]
    before: Option<u64>,

    /// The most lines, the newest
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    most: usize,

    #[command(flatten)]
    keyed: Keyed,
}

impl AuditVerb {
    pub(crate) fn run(&self, console: Console) -> anyhow::Result<Outcome> {
        match &self.task {
            Task::Verify { folder, anchors } => verify::verify(&folder.path, anchors, console),
            Task::Show(asked) => show::show(asked, console),
        }
    }
}

impl Show {
    fn filter(&self) -> Filter {
        Filter {
            reference: self.reference.clone(),
            client: self.client.clone(),
            gallery: self.gallery.clone(),
            method: self.operation.clone(),
            since_unix_ms: self.since,
            before_unix_ms: self.before,
        }
    }
}
