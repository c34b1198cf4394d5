//! The `whorl` command: thin verbs over the crates.
//!
//! - [`verbs`]: one file a verb, its arguments beside what it does;
//! - [`console`]: results on standard output, as a table or as JSON; notes and progress on standard error;
//! - [`draw`]: prints and matched pairs as SVG.
//!
//! What this crate is not: it decides nothing. What an operation does is written in the crates below.

mod arguments;
mod console;
mod draw;
mod outcome;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::console::Console;
use crate::outcome::Outcome;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(arguments.json, arguments.quiet);
    match verbs::run(&arguments, console) {
        Ok(outcome) => outcome.into(),
        Err(error) if outcome::is_broken_pipe(&error) => Outcome::Complete.into(),
        Err(error) => {
            Console::fault(&error);
            Outcome::Failed.into()
        }
    }
}
