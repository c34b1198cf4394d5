//! Whether somebody accepts a licence.

use std::io::{self, BufRead, Write};

/// The longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 80;

/// Asks on standard error and reads a line of standard input; no answer is no consent.
pub(super) fn ask(question: &str) -> bool {
    let _ = write!(io::stderr(), "{question} [y/N] ");
    let mut answer = String::new();
    let mut bounded = io::Read::take(io::stdin().lock(), MAX_ANSWER_BYTES);
    match bounded.read_line(&mut answer) {
        Ok(_) => matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"),
        Err(_) => false,
    }
}
