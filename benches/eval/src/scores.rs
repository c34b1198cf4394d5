//! The score file: the contract with other tools.

use std::fmt::Write;

use crate::evaluation::Evaluation;

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

    #[test]
    fn only_a_field_that_needs_quotes_gets_them() {
        assert_eq!(quoted("a/b 1.png"), "a/b 1.png");
        assert_eq!(quoted("a,\"b\".png"), "\"a,\"\"b\"\".png\"");
    }
}
