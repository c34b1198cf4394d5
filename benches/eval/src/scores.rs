//! The score file: the contract with other tools.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::evaluation::Evaluation;

/// The most lines of a score file that are read.
const MAX_SCORES: usize = 1 << 28;

/// One line of a score file, of Whorl or of another tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The probe, as the manifest lists it.
    pub probe: String,
    /// The reference, as the manifest lists it.
    pub reference: String,
    /// The raw score; where the file has others than whole numbers, its rank among them.
    pub raw: u32,
}

/// Why a score file cannot be read.
#[derive(Debug, Error)]
pub enum ScoreFileError {
    /// It is no CSV, or cannot be opened.
    #[error("{path}: {source}", path = path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: csv::Error,
    },
    /// A column is missing.
    #[error("{path} has no column {column:?}; a score file has probe, reference and raw", path = path.display())]
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
    /// A score that is no finite number.
    #[error("{path}, line {line}: the score {found:?} is no finite number", path = path.display())]
    Raw {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: u64,
        /// What stands there, cut to 40 characters.
        found: String,
    },
    /// More lines than any evaluation writes.
    #[error("{path} has more than {MAX_SCORES} scores", path = path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
}

/// Reads a score file: CSV with the columns `probe`, `reference` and `raw`, in any order beside others; higher is more alike.
///
/// # Errors
/// [`ScoreFileError`] names the file, the line and what is wrong there.
pub fn read(path: &Path) -> Result<Vec<Score>, ScoreFileError> {
    let wrong = |source| ScoreFileError::Csv { path: path.to_owned(), source };
    let mut reader = csv::Reader::from_path(path).map_err(wrong)?;
    let headers = reader.headers().map_err(wrong)?.clone();
    let column = |column: &'static str| {
        let found = headers.iter().position(|header| header.trim() == column);
        found.ok_or(ScoreFileError::Column { path: path.to_owned(), column })
    };
    let [probe, reference, raw] = [column("probe")?, column("reference")?, column("raw")?];
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let field = |place: usize| record.get(place).unwrap_or_default().to_owned();
        let value: Option<f64> = field(raw).trim().parse().ok().filter(|value: &f64| value.is_finite());
        let line = record.position().map_or(0, csv::Position::line);
        let found = || field(raw).chars().take(40).collect();
        values.push(value.ok_or_else(|| ScoreFileError::Raw { path: path.to_owned(), line, found: found() })?);
        names.push((field(probe), field(reference)));
        if values.len() > MAX_SCORES {
            return Err(ScoreFileError::TooLong { path: path.to_owned() });
        }
    }
    let score = |((probe, reference), raw)| Score { probe, reference, raw };
    Ok(names.into_iter().zip(whole(&values)).map(score).collect())
}

/// The values where all are whole scores, else their ranks: every rate depends on the order alone.
fn whole(values: &[f64]) -> Vec<u32> {
    let is_score = |value: &f64| value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(value);
    if values.iter().all(is_score) {
        return values.iter().map(|&value| value as u32).collect();
    }
    let mut rising = values.to_vec();
    rising.sort_unstable_by(f64::total_cmp);
    rising.dedup();
    values.iter().map(|value| rising.partition_point(|other| other < value) as u32).collect()
}

/// `probe,reference,mated,raw,llr`, one comparison a line, paths as the manifest has them. A failed sample has score 0;
/// without a calibration the last column is empty.
pub(crate) fn to_csv(evaluation: &Evaluation) -> String {
    let mut text = String::from("probe,reference,mated,raw,llr\n");
    let listed: Vec<String> = evaluation.samples.iter().map(|sample| quoted(&sample.entry.listed)).collect();
    for trial in &evaluation.trials {
        let [probe, reference] = [trial.probe, trial.reference].map(|place| &listed[place as usize]);
        let mated = u8::from(trial.mated);
        write!(text, "{probe},{reference},{mated},{},", trial.score.get()).expect("a String takes everything");
        if let Some(calibration) = &evaluation.calibration {
            write!(text, "{:.3}", calibration.llr(trial.score).nats()).expect("a String takes everything");
        }
        text.push('\n');
    }
    text
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Score>, ScoreFileError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scores.csv");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn scores_of_other_tools_are_read_by_their_columns_and_ranked_where_they_are_fractions() {
        let scores = read_text("raw,reference,probe,mated\n0.5,b,a,1\n-2,c,a,0\n0.5,c,b,0\n").unwrap();
        assert_eq!(scores.iter().map(|score| score.raw).collect::<Vec<_>>(), [1, 0, 1]);
        assert_eq!(scores[0], Score { probe: "a".to_owned(), reference: "b".to_owned(), raw: 1 });
        assert_eq!(read_text("probe,reference,raw\na,b,17\n").unwrap()[0].raw, 17);
    }

    #[test]
    fn a_damaged_score_file_is_answered_with_the_place() {
        let error = |text: &str| read_text(text).unwrap_err().to_string();
        assert!(error("probe,reference\n").contains("raw"));
        assert!(error("probe,reference,raw\na,b,1\na,c,NaN\n").contains("line 3"));
        assert!(error("probe,reference,raw\na,b\n").contains("scores.csv"));
        assert!(read(Path::new("/nowhere/scores.csv")).is_err());
    }

    #[test]
    fn only_a_field_that_needs_quotes_gets_them() {
        assert_eq!(quoted("a/b 1.png"), "a/b 1.png");
        assert_eq!(quoted("a,\"b\".png"), "\"a,\"\"b\"\".png\"");
    }
}
