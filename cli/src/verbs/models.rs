//! `whorl models`: the face models of this computer.

mod add;
mod address;
mod card;
mod check;
mod consent;
mod download;
mod list;
mod pull;
mod staging;
mod store;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use whorl_extractors::face::network::Runtime;

use crate::console::Console;
use crate::outcome::Outcome;
use store::Store;

const LIST_EXAMPLE: &str = "Example:\n  whorl models list --json";
const ADD_EXAMPLE: &str = "\
Example:
  whorl models add my-model/model.toml

The description and the files that it names are checked, by their SHA-256 and by a run, and copied.";
const CHECK_EXAMPLE: &str = "\
Examples:
  whorl models check sface                      an installed model
  whorl models check my-model/model.toml        one that is not
  whorl models check sface --runtime opencv     by another runtime, where this build has it";
const PULL_EXAMPLE: &str = "\
Examples:
  whorl models pull extractors/face/models/sface.toml
  whorl models pull https://example.org/model.toml --yes

The licence card is shown first. What was interrupted goes on where it stopped; nothing is installed unless its SHA-256 is right.
Addresses must be https.";

const MODELS_HELP: &str =
    "Folder of the models [default: $WHORL_MODELS, else $XDG_DATA_HOME/whorl/models, else ~/.local/share/whorl/models]";

/// Look after the face models of this computer
#[derive(Debug, Args)]
pub(crate) struct ModelsVerb {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Say which models there are, under which licences, and whether their files are whole
    #[command(after_help = LIST_EXAMPLE)]
    List(Kept),
    /// Install a model whose files are here
    #[command(after_help = ADD_EXAMPLE)]
    Add(Named),
    /// Check the files of a model, run it, and show its licence card
    #[command(after_help = CHECK_EXAMPLE)]
    Check(Named),
    /// Fetch the files of a model and install it
    #[command(after_help = PULL_EXAMPLE)]
    Pull(Pulled),
}

/// Where models are kept.
#[derive(Debug, Args)]
struct Kept {
    // The names of variables are no words of a documentation.
    #[arg(long, value_name = "DIR", help = MODELS_HELP)]
    models: Option<PathBuf>,
}

/// One model.
#[derive(Debug, Args)]
struct Named {
    /// The description of a model, a TOML file; or the name of an installed one
    #[arg(value_name = "MODEL")]
    model: String,

    /// Who runs the networks: rten, or where they are built in opencv, onnxruntime
    #[arg(long, value_name = "RUNTIME", default_value_t = Runtime::Rten)]
    runtime: Runtime,

    #[command(flatten)]
    kept: Kept,
}

/// A model to be fetched.
#[derive(Debug, Args)]
struct Pulled {
    /// Accept the licence without being asked
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    named: Named,
}

/// The description of the model that `named` means, a file or the name of an installed one.
///
/// # Errors
/// Where there is none.
pub(crate) fn find(named: &str) -> anyhow::Result<PathBuf> {
    Store::of(&Kept { models: None })?.find(named)
}

impl ModelsVerb {
    pub(crate) fn run(&self, console: Console) -> anyhow::Result<Outcome> {
        match &self.task {
            Task::List(kept) => list::run(kept, console),
            Task::Add(named) => add::run(named, console),
            Task::Check(named) => check::run(named, console),
            Task::Pull(pulled) => pull::run(pulled, console),
        }
    }
}
