//! The text of a calibration: a head of `word value` lines, then the table. Written to be read by people and compared by
//! `diff`; every number is in thousandths, so that parsing and writing are exact inverses.

use std::fmt::Write;
use std::str::{FromStr, SplitWhitespace};

use thiserror::Error;

use super::{Calibration, Knot, PositionScope, Scope, Tail, TailModel};

const HEADLINE: &str = "whorl calibration 1";
const TABLE_HEAD: &str = "score llr -log10(fmr) upper basis";

/// The most rows a table may have; a fitted one has fewer than 200.
const MAX_KNOTS: usize = 4096;

/// The longest text that is read, in bytes: every row of the largest table, twice over.
const MAX_BYTES: usize = MAX_KNOTS * 128;

/// Why a text is no calibration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalibrationError {
    /// Another kind of file, or a later version of this one.
    #[error("a calibration begins with the line {HEADLINE:?}; this begins with {0:?}")]
    Headline(String),
    /// Longer than any calibration.
    #[error("{0} bytes are more than a calibration has, {MAX_BYTES}")]
    TooLong(usize),
    /// A line that should begin with another word, or the end of the text before it.
    #[error("line {line}: expected {expected:?}")]
    Expected {
        /// Line number, from 1.
        line: usize,
        /// The word.
        expected: &'static str,
    },
    /// A field that is no such value.
    #[error("line {line}: {field} cannot be {found:?}")]
    Field {
        /// Line number, from 1.
        line: usize,
        /// Name of the field.
        field: &'static str,
        /// What stands there, cut to 40 characters.
        found: String,
    },
    /// A table that is empty, too long, or does not begin at score 0.
    #[error("the table has {0} rows; it needs 1 to {MAX_KNOTS}, the first for score 0")]
    Table(usize),
    /// Scores that do not rise, or evidence that falls where the score rises.
    #[error("line {line}: scores must rise, and llr and -log10(fmr) must not fall, from row to row")]
    Order {
        /// Line number, from 1.
        line: usize,
    },
}

impl Calibration {
    /// Reads a calibration.
    ///
    /// # Errors
    /// [`CalibrationError`] names the line and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, CalibrationError> {
        if text.len() > MAX_BYTES {
            return Err(CalibrationError::TooLong(text.len()));
        }
        let mut lines = Lines { lines: text.lines(), number: 0 };
        let headline = lines.next().unwrap_or_default();
        if headline != HEADLINE {
            return Err(CalibrationError::Headline(headline.chars().take(40).collect()));
        }
        let scope = Scope {
            modality: lines.value("modality")?,
            positions: lines.value("positions")?,
            extractor: lines.rest("extractor")?.to_owned(),
            comparator: lines.rest("comparator")?.to_owned(),
            corpus: lines.rest("corpus")?.to_owned(),
        };
        let mated_trials = lines.value("mated")?;
        let non_mated_trials = lines.value("non-mated")?;
        let dependence_milli = lines.value::<Milli>("dependence")?.0;
        let tail = Tail {
            threshold: lines.value("tail-above")?,
            exceedances: lines.value("tail-exceedances")?,
            model: tail_model(&mut lines)?,
        };
        if lines.next() != Some(TABLE_HEAD) {
            return Err(CalibrationError::Expected { line: lines.number, expected: TABLE_HEAD });
        }
        let knots = knots(&mut lines)?;
        Ok(Self { scope, mated_trials, non_mated_trials, dependence_milli, tail, knots })
    }

    /// The text that [`Calibration::parse`] reads back as the same calibration.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { scope, tail, .. } = self;
        let head = [
            ("modality", scope.modality.name().to_owned()),
            ("positions", scope.positions.name().to_owned()),
            ("extractor", scope.extractor.clone()),
            ("comparator", scope.comparator.clone()),
            ("corpus", scope.corpus.clone()),
            ("mated", self.mated_trials.to_string()),
            ("non-mated", self.non_mated_trials.to_string()),
            ("dependence", milli(self.dependence_milli)),
            ("tail-above", tail.threshold.to_string()),
            ("tail-exceedances", tail.exceedances.to_string()),
        ];
        let model = match tail.model {
            TailModel::Pareto { scale_milli, shape_milli } => {
                [("tail-scale", milli(scale_milli)), ("tail-shape", milli(shape_milli))]
            }
            TailModel::Binomial { freedom_milli, full } => {
                [("tail-freedom", milli(freedom_milli)), ("tail-full", full.to_string())]
            }
        };
        let mut text = format!("{HEADLINE}\n");
        for (word, value) in head.into_iter().chain(model) {
            writeln!(text, "{word} {value}").expect("a String takes everything");
        }
        writeln!(text, "{TABLE_HEAD}").expect("a String takes everything");
        for knot in &self.knots {
            let basis = if knot.extrapolated { "extrapolated" } else { "counted" };
            let [llr, fmr, upper] = [knot.llr_milli, knot.fmr_milli, knot.upper_milli].map(milli);
            writeln!(text, "{} {llr} {fmr} {upper} {basis}", knot.score).expect("a String takes everything");
        }
        text
    }
}

/// The model of the tail, told by the word it begins with.
fn tail_model(lines: &mut Lines<'_>) -> Result<TailModel, CalibrationError> {
    Ok(if lines.begin_with("tail-freedom") {
        TailModel::Binomial { freedom_milli: lines.value::<Milli>("tail-freedom")?.0, full: lines.value("tail-full")? }
    } else {
        TailModel::Pareto {
            scale_milli: lines.value::<Milli>("tail-scale")?.0,
            shape_milli: lines.value::<Milli>("tail-shape")?.0,
        }
    })
}

fn knots(lines: &mut Lines<'_>) -> Result<Vec<Knot>, CalibrationError> {
    let mut knots: Vec<Knot> = Vec::new();
    while let Some(row) = lines.next() {
        let knot = knot(row, lines.number)?;
        let rises = |before: &Knot| {
            before.score < knot.score && before.llr_milli <= knot.llr_milli && before.fmr_milli <= knot.fmr_milli
        };
        if !knots.last().is_none_or(rises) {
            return Err(CalibrationError::Order { line: lines.number });
        }
        knots.push(knot);
    }
    match knots.first() {
        Some(first) if first.score == 0 && knots.len() <= MAX_KNOTS => Ok(knots),
        _ => Err(CalibrationError::Table(knots.len())),
    }
}

fn knot(row: &str, line: usize) -> Result<Knot, CalibrationError> {
    let mut words = row.split_whitespace();
    let knot = Knot {
        score: word(&mut words, line, "score")?,
        llr_milli: word::<Milli>(&mut words, line, "llr")?.0,
        fmr_milli: word::<Milli>(&mut words, line, "-log10(fmr)")?.0,
        upper_milli: word::<Milli>(&mut words, line, "upper")?.0,
        extrapolated: match words.next() {
            Some("counted") => false,
            Some("extrapolated") => true,
            other => return Err(wrong(line, "basis", other.unwrap_or_default())),
        },
    };
    match words.next() {
        None => Ok(knot),
        Some(more) => Err(wrong(line, "the end of the row", more)),
    }
}

fn word<T: FromStr>(words: &mut SplitWhitespace<'_>, line: usize, field: &'static str) -> Result<T, CalibrationError> {
    let found = words.next().unwrap_or_default();
    found.parse().map_err(|_| wrong(line, field, found))
}

fn wrong(line: usize, field: &'static str, found: &str) -> CalibrationError {
    CalibrationError::Field { line, field, found: found.chars().take(40).collect() }
}

/// The lines of a text, counted.
struct Lines<'a> {
    lines: std::str::Lines<'a>,
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        self.number += 1;
        self.lines.next()
    }

    fn begin_with(&self, word: &str) -> bool {
        self.lines.clone().next().is_some_and(|line| line.starts_with(word))
    }

    /// The rest of the next line, which must begin with `expected`.
    fn rest(&mut self, expected: &'static str) -> Result<&'a str, CalibrationError> {
        let line = self.next().unwrap_or_default();
        let rest = line.strip_prefix(expected).and_then(|rest| rest.strip_prefix(' '));
        rest.ok_or(CalibrationError::Expected { line: self.number, expected })
    }

    fn value<T: FromStr>(&mut self, expected: &'static str) -> Result<T, CalibrationError> {
        let found = self.rest(expected)?;
        found.parse().map_err(|_| wrong(self.number, expected, found))
    }
}

/// A number with exactly three decimals, as thousandths.
struct Milli(i32);

impl FromStr for Milli {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, thousandths) = digits.split_once('.').ok_or(())?;
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|letter| letter.is_ascii_digit());
        if thousandths.len() != 3 || !all_digits(whole) || !all_digits(thousandths) {
            return Err(());
        }
        let whole: i32 = whole.parse().map_err(|_| ())?;
        let thousandths: i32 = thousandths.parse().map_err(|_| ())?;
        let value = whole.checked_mul(1000).and_then(|whole| whole.checked_add(thousandths)).ok_or(())?;
        if sign < 0 && value == 0 { Err(()) } else { Ok(Self(sign * value)) }
    }
}

fn milli(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", value.unsigned_abs() / 1000, value.unsigned_abs() % 1000)
}

impl FromStr for PositionScope {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Any, Self::Same].into_iter().find(|scope| scope.name() == word).ok_or(())
    }
}
