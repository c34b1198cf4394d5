//! `whorl gallery`: looking after a gallery.

mod backup;
mod change;
mod dedup;
mod exchange;
mod index;
mod info;
mod verify;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use clap::{Args, Subcommand};
use whorl_index::Snapshot;
use whorl_sdk::client::blocking::Client;

use crate::arguments::{Founded, Keyed, Remote, name_of};
use crate::console::Console;
use crate::outcome::Outcome;

/// The longest that a server is waited for that goes over a whole gallery: what any server grants at most.
const LONGEST: Duration = Duration::from_hours(1);

const INFO_EXAMPLE: &str = "\
Examples:
  whorl gallery info national --json
  whorl gallery info national --server https://abis.example.org:7443 --server-ca ca.pem --token-file token";
const VERIFY_EXAMPLE: &str = "\
Example:
  whorl gallery verify national && echo whole

Ends with exit code 3 where anything is damaged. What is damaged is named; restore that segment from a backup.";
const REMOVE_EXAMPLE: &str = "\
Examples:
  whorl gallery remove national 4711/1 4712/1
  whorl gallery remove national 4711/1 --compact     # and nothing of it is left in the files

A search that begins afterwards does not find them. All are removed, or, where one is not enrolled, none.";
const COMPACT_EXAMPLE: &str = "\
Example:
  whorl gallery compact national

Who reads or searches the gallery meanwhile goes on. Backups keep what they hold: make a new one, and remove the old.";
const BACKUP_EXAMPLE: &str = "\
Examples:
  whorl gallery backup national --to /mnt/backup/national
  whorl gallery backup national --to /mnt/backup/national    # again: copies only what is new
  whorl gallery backup national --server http://127.0.0.1:7443    # into the server's own folder for backups

The gallery may be written to meanwhile. Every checksum is looked at, so that damage is not copied, and until the new copy is whole the
one before stays. An encrypted gallery's folder `keys` is not copied: keep one copy of it elsewhere that the next replaces, for whoever was
removed is in every older one.";
const RESTORE_EXAMPLE: &str = "\
Example:
  whorl gallery restore /mnt/backup/national --to national

Of an encrypted gallery, put the newest copy of its folder `keys` into the restored one.";
const REOPEN_EXAMPLE: &str = "\
Example:
  whorl gallery reopen national --server https://abis.example.org:7443 --server-ca ca.pem --token-file token

After a write that failed, a server refuses changes of that gallery as STORAGE_FAILED, for only what the disk holds says what became of
them. This reads it again and writes all of it anew. Searches go on meanwhile. A gallery on this machine is opened anew by each command.";
const DEDUP_EXAMPLE: &str = "\
Examples:
  whorl gallery dedup national --out pairs.csv
  whorl gallery dedup national --out pairs.csv    # again, after it was broken off: goes on where it was

Every reference is held against all before it, as they were when the work began. Where the gallery was changed meanwhile, or other
settings are asked for, a second run begins anew.";
const EXPORT_EXAMPLE: &str = "\
Examples:
  whorl gallery export national --to national.tar
  whorl gallery export national --to national.tar --minutiae    # fingers also as ISO/IEC 19794-2:2005

The archive has parts, each with a manifest.csv and the templates it lists; an unpacked part is enrolled by its manifest as well.";
const IMPORT_EXAMPLE: &str = "\
Examples:
  whorl gallery import elsewhere --from national.tar
  whorl gallery import elsewhere --from national.tar --server https://abis.example.org:7443 --server-ca ca.pem --token-file token

Who is enrolled already is left out; nobody is searched for. After an error a second run goes on where the first ended. A server takes
templates only where its configuration says so (policy.accept_templates), and nobody who has none.";

/// Look after a gallery
#[derive(Debug, Args)]
pub(crate) struct GalleryVerb {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Say how many references, fingers, eyes, faces and bytes a gallery holds
    #[command(after_help = INFO_EXAMPLE)]
    Info(Place),
    /// Read every byte of a gallery, and name what is damaged
    #[command(after_help = VERIFY_EXAMPLE)]
    Verify(Place),
    /// Take references out of a gallery
    #[command(after_help = REMOVE_EXAMPLE)]
    Remove {
        #[command(flatten)]
        place: Place,

        /// Ids of references, as SUBJECT/ENCOUNTER
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,

        /// Also make new files of those that held them, so that nothing of them is left
        #[arg(long)]
        compact: bool,
    },
    /// Make new files without what was removed, and fewer of many small ones
    #[command(after_help = COMPACT_EXAMPLE)]
    Compact(Place),
    /// Copy a gallery while it may be written to
    #[command(after_help = BACKUP_EXAMPLE)]
    Backup {
        #[command(flatten)]
        place: Place,

        /// Folder of the copy: empty, not there, or an earlier copy; a server has its own
        #[arg(long, value_name = "DIR", required_unless_present = "server", conflicts_with = "server")]
        to: Option<PathBuf>,
    },
    /// Have a gallery of a server take changes again after its disk failed and was mended
    #[command(after_help = REOPEN_EXAMPLE)]
    Reopen(Place),
    /// Make a gallery of a backup
    #[command(after_help = RESTORE_EXAMPLE)]
    Restore {
        /// Folder of the backup
        #[arg(value_name = "BACKUP")]
        backup: PathBuf,

        /// Folder of the gallery: empty or not there
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Find everybody who is in a gallery more than once; may be broken off and gone on with
    #[command(after_help = DEDUP_EXAMPLE)]
    Dedup(Box<dedup::Dedup>),
    /// Write everything a gallery holds into a tar archive that needs no Whorl to be read
    #[command(after_help = EXPORT_EXAMPLE)]
    Export {
        #[command(flatten)]
        place: Place,

        /// The archive; one that is there is replaced
        #[arg(long, value_name = "FILE")]
        to: PathBuf,

        /// Also write fingers as minutiae records, ISO/IEC 19794-2:2005, which other systems read; a server always does
        #[arg(long)]
        minutiae: bool,
    },
    /// Enrol everybody of an archive; the gallery is created where there is none
    #[command(after_help = IMPORT_EXAMPLE)]
    Import {
        /// Folder of the gallery, or with --server its name there
        #[arg(value_name = "DIR")]
        gallery: PathBuf,

        #[command(flatten)]
        founded: Founded,

        #[command(flatten)]
        remote: Remote,

        /// The archive
        #[arg(long, value_name = "FILE")]
        from: PathBuf,

        /// Where to list who was left out, if anybody is
        #[arg(long, default_value = "not-imported.csv", value_name = "FILE")]
        left_out: PathBuf,
    },
    Index(index::Index),
}

/// A gallery on this machine, or on a server.
#[derive(Debug, Args)]
struct Place {
    #[command(flatten)]
    folder: Folder,

    #[command(flatten)]
    remote: Remote,
}

/// A gallery of a server.
struct There<'a> {
    client: Client,
    name: &'a str,
}

impl Place {
    /// The gallery on a server, where one is asked.
    fn there(&self) -> anyhow::Result<Option<There<'_>>> {
        there(&self.remote, &self.folder.gallery)
    }
}

/// The gallery on a server, where one is asked. A server goes over a whole gallery for as long as its own configuration lets it.
fn there<'a>(remote: &Remote, gallery: &'a Path) -> anyhow::Result<Option<There<'a>>> {
    let Some(client) = remote.client()? else { return Ok(None) };
    Ok(Some(There { client: client.within(LONGEST), name: name_of(gallery)? }))
}

#[derive(Debug, Args)]
struct Folder {
    /// Folder of the gallery, or with --server its name there
    #[arg(value_name = "DIR")]
    gallery: PathBuf,

    #[command(flatten)]
    keyed: Keyed,
}

impl Folder {
    fn snapshot(&self) -> anyhow::Result<Snapshot> {
        self.keyed.snapshot(&self.gallery)
    }
}

impl GalleryVerb {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        match &self.task {
            Task::Info(place) => match place.there()? {
                Some(there) => info::info_there(&there, console),
                None => info::info(&place.folder, console),
            },
            Task::Verify(place) => match place.there()? {
                Some(there) => verify::verify_there(&there, console),
                None => verify::verify(&place.folder, console),
            },
            Task::Remove { place, ids, compact } => match place.there()? {
                Some(there) => change::change_there(&there, ids, *compact, console),
                None => change::remove(&place.folder, ids, *compact, console),
            },
            Task::Compact(place) => match place.there()? {
                Some(there) => change::change_there(&there, &[], true, console),
                None => change::compact(&place.folder, console),
            },
            Task::Backup { place, to } => match (place.there()?, to) {
                (Some(there), _) => backup::backup_there(&there, console),
                (None, Some(to)) => backup::backup(&place.folder.gallery, to, console),
                (None, None) => bail!("say where to copy it, by --to"),
            },
            Task::Reopen(place) => match place.there()? {
                Some(there) => change::reopen_there(&there, console),
                None => bail!("a gallery on this machine is opened anew by each command: name a server with --server"),
            },
            Task::Restore { backup, to } => backup::restore(backup, to, console),
            Task::Dedup(dedup) => dedup.run(console, threads),
            Task::Export { place, to, minutiae } => match place.there()? {
                Some(there) => exchange::export_from_there(&there, to, console),
                None => exchange::export(&place.folder, to, *minutiae, console),
            },
            Task::Import { gallery, founded, remote, from, left_out } => match there(remote, gallery)? {
                Some(there) => exchange::import_there(&there, from, left_out, console),
                None => exchange::import((gallery, founded), from, left_out, console),
            },
            Task::Index(index) => index.run(console, threads),
        }
    }
}
