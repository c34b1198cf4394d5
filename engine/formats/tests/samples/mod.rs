//! Where the sample data lies that is not part of the repository.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of the sample data: in `WHORL_DATA`, else in `shared/data` beside the repository. Says so where there is none.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from).join(name);
    if !folder.is_dir() {
        eprintln!("skipped: no sample data in {}; set WHORL_DATA to the folder that holds it", folder.display());
        return None;
    }
    Some(folder)
}

/// The files of `folder` whose names end in `.ending`, in order.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    paths.sort();
    paths
}
