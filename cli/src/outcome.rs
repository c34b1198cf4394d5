//! How a run ended, as the shell sees it.

use std::io;
use std::process::ExitCode;

/// How a run ended. A wrong command line ends with 2, by clap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything that was asked for was done.
    Complete,
    /// Something was left out, and said so.
    Partial,
    /// Nothing was done, or what was found is not sound.
    Failed,
}

/// What `--help` says of the exit codes.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  everything was done
  1  done, but something was left out; standard error says what
  2  the command line is wrong
  3  failed: nothing was done, or a check did not pass";

impl Outcome {
    /// The outcome of work in which `done` succeeded and `left_out` did not.
    pub(crate) fn of(done: usize, left_out: usize) -> Self {
        match (done, left_out) {
            (_, 0) => Self::Complete,
            (0, _) => Self::Failed,
            _ => Self::Partial,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Complete => 0,
            Outcome::Partial => 1,
            Outcome::Failed => 3,
        })
    }
}

/// Whether the reader of standard output went away (`whorl ... | head`), which is no fault of the run.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        kind.or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_something_out_is_partial_and_doing_nothing_is_failure() {
        assert_eq!(Outcome::of(3, 0), Outcome::Complete);
        assert_eq!(Outcome::of(2, 1), Outcome::Partial);
        assert_eq!(Outcome::of(0, 1), Outcome::Failed);
        assert_eq!(Outcome::of(0, 0), Outcome::Complete);
    }

    #[test]
    fn a_broken_pipe_is_recognised_through_json_and_context() {
        let pipe = || io::Error::from(io::ErrorKind::BrokenPipe);
        let json = serde_json::Error::io(pipe());
        assert!(is_broken_pipe(&anyhow::Error::new(pipe()).context("printing")));
        assert!(is_broken_pipe(&anyhow::Error::new(json)));
        assert!(!is_broken_pipe(&anyhow::anyhow!("the disk is full")));
    }
}
