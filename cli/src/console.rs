//! Where words go: results to standard output, notes and progress to standard error.

mod counts;
mod described;
mod omissions;
mod progress;
mod reported;
mod table;

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

use serde::Serialize;

pub(crate) use counts::Counts;
pub(crate) use described::Described;
pub(crate) use omissions::{LeftOut, LeftOutItem};
pub(crate) use progress::Bars;
pub(crate) use reported::Reported;
pub(crate) use table::Table;

/// A result that people read as text and programs as JSON.
pub(crate) trait Show: Serialize {
    /// Writes it for people.
    ///
    /// # Errors
    /// Where `out` cannot be written.
    fn show(&self, out: &mut dyn Write) -> io::Result<()>;
}

/// Standard output and standard error, and how results are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    json: bool,
    quiet: bool,
}

impl Console {
    /// A console that prints results as JSON where `json` is true, and no notes where `quiet` is.
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Prints a result.
    ///
    /// # Errors
    /// Where standard output cannot be written, a broken pipe among the reasons.
    pub(crate) fn print(self, result: &impl Show) -> anyhow::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        if self.json {
            serde_json::to_writer_pretty(&mut out, result)?;
            writeln!(out)?;
        } else {
            result.show(&mut out)?;
        }
        out.flush()?;
        Ok(())
    }

    /// Says something by the way. A closed standard error is nobody's loss.
    pub(crate) fn note(self, text: impl Display) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Says that something was left out; quiet does not silence it.
    pub(crate) fn warn(text: impl Display) {
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Says why the run failed, causes after the colon.
    pub(crate) fn fault(error: &anyhow::Error) {
        let _ = writeln!(io::stderr(), "whorl: {}", in_words(error));
    }

    /// Progress bars for the work that begins now.
    pub(crate) fn bars(self) -> Bars {
        Bars::new(!self.quiet)
    }
}

/// An error and its causes; a cause whose words stand in those before is not said again.
fn in_words(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |said, cause| match said.as_str() {
        "" => cause,
        _ if said.ends_with(&cause) => said,
        _ => format!("{said}: {cause}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_was_said_is_not_said_again() {
        let error =
            anyhow::anyhow!("no such file").context("cannot open a.csv: no such file").context("nothing was done");
        assert_eq!(in_words(&error), "nothing was done: cannot open a.csv: no such file");
    }
}
