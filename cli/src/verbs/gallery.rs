//! `whorl gallery`: looking after a gallery.

mod backup;
mod change;
mod dedup;
mod exchange;
mod index;
mod info;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use whorl_index::Snapshot;

use crate::arguments::{Founded, Keyed};
use crate::console::Console;
use crate::outcome::Outcome;

const INFO_EXAMPLE: &str = "Example:\n  whorl gallery info national --json";
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

The gallery may be written to meanwhile. Every checksum is looked at, so that damage is not copied, and until the new copy is whole the
one before stays. An encrypted gallery's folder `keys` is not copied: keep one copy of it elsewhere that the next replaces, for whoever was
removed is in every older one.";
const RESTORE_EXAMPLE: &str = "\
Example:
  whorl gallery restore /mnt/backup/national --to national

Of an encrypted gallery, put the newest copy of its folder `keys` into the restored one.";
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
Example:
  whorl gallery import elsewhere --from national.tar

Who is enrolled already is left out. After an error a second run goes on where the first ended.";

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
    Info(Folder),
    /// Read every byte of a gallery, and name what is damaged
    #[command(after_help = VERIFY_EXAMPLE)]
    Verify(Folder),
    /// Take references out of a gallery
    #[command(after_help = REMOVE_EXAMPLE)]
    Remove {
        #[command(flatten)]
        folder: Folder,

        /// Ids of references, as SUBJECT/ENCOUNTER
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,

        /// Also make new files of those that held them, so that nothing of them is left
        #[arg(long)]
        compact: bool,
    },
    /// Make new files without what was removed, and fewer of many small ones
    #[command(after_help = COMPACT_EXAMPLE)]
    Compact(Folder),
    /// Copy a gallery while it may be written to
    #[command(after_help = BACKUP_EXAMPLE)]
    Backup {
        /// Folder of the gallery
        #[arg(value_name = "DIR")]
        gallery: PathBuf,

        /// Folder of the copy: empty, not there, or an earlier copy
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
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
        folder: Folder,

        /// The archive; one that is there is replaced
        #[arg(long, value_name = "FILE")]
        to: PathBuf,

        /// Also write fingers as minutiae records, ISO/IEC 19794-2:2005, which other systems read
        #[arg(long)]
        minutiae: bool,
    },
    /// Enrol everybody of an archive; the gallery is created where there is none
    #[command(after_help = IMPORT_EXAMPLE)]
    Import {
        /// Folder of the gallery
        #[arg(value_name = "DIR")]
        gallery: PathBuf,

        #[command(flatten)]
        founded: Founded,

        /// The archive
        #[arg(long, value_name = "FILE")]
        from: PathBuf,

        /// Where to list who was left out, if anybody is
        #[arg(long, default_value = "not-imported.csv", value_name = "FILE")]
        left_out: PathBuf,
    },
    Index(index::Index),
}

#[derive(Debug, Args)]
struct Folder {
    /// Folder of the gallery
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
            Task::Info(folder) => info::info(folder, console),
            Task::Verify(folder) => verify::verify(folder, console),
            Task::Remove { folder, ids, compact } => change::remove(folder, ids, *compact, console),
            Task::Compact(folder) => change::compact(folder, console),
            Task::Backup { gallery, to } => backup::backup(gallery, to, console),
            Task::Restore { backup, to } => backup::restore(backup, to, console),
            Task::Dedup(dedup) => dedup.run(console, threads),
            Task::Export { folder, to, minutiae } => exchange::export(folder, to, *minutiae, console),
            Task::Import { gallery, founded, from, left_out } => {
                exchange::import((gallery, founded), from, left_out, console)
            }
            Task::Index(index) => index.run(console, threads),
        }
    }
}
