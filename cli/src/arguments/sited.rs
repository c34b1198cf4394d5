//! Where the gallery of a measurement is, and what it is made from.

use std::path::PathBuf;

use clap::Args;

/// Where the gallery of a measurement is, and what it is made from.
#[derive(Debug, Clone, Args)]
pub(crate) struct Sited {
    /// Decides the templates
    #[arg(long, value_name = "S", default_value = "1")]
    pub(crate) seed: u64,

    /// Folder in which the gallery is, or is made and stays [default: made where the system has temporary files, and removed]
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}
