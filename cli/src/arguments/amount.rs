//! Amounts as people write them: `60M`, `100k`, `5m`, `2s`.

/// What may follow a count, and how many it stands for.
const MULTIPLES: [(char, f64); 3] = [('k', 1e3), ('M', 1e6), ('G', 1e9)];

/// What may follow a number of units of time, and how many seconds it is.
const UNITS: [(&str, f64); 5] = [("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("d", 86_400.0)];

/// Counts up to this are exact as floating-point numbers.
const MOST: f64 = 9e15;

/// A whole number of things: `60M`, `100k`, `1.5M`, `2_000`.
pub(crate) fn count(text: &str) -> Result<usize, String> {
    let refused = |why: &str| {
        format!(
            "\"{text}\" is not a count: {why}; write a whole number, or thousands, millions and thousand millions as 100k, 60M, 1.5G"
        )
    };
    let last = text.chars().last().unwrap_or_default();
    let (digits, multiple) = match MULTIPLES.iter().find(|(letter, _)| *letter == last) {
        Some((letter, multiple)) => (text.trim_end_matches(*letter), *multiple),
        None if last == 'm' => return Err(refused("m is for minutes, M for millions")),
        None if last == 'K' => return Err(refused("K is no multiple, k is for thousands")),
        None => (text, 1.0),
    };
    let number = number(digits).ok_or_else(|| refused("it has no number"))? * multiple;
    match number {
        _ if number > MOST => Err(refused("it is too large")),
        // A product such as 1.1 x 1e6 is off by less than this.
        _ if (number - number.round()).abs() > 1e-6 => Err(refused("it is no whole number")),
        _ => Ok(number.round() as usize),
    }
}

/// Seconds: `250ms`, `2s`, `5m`, `1h`.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    let refused = |why| format!("\"{text}\" is not a time: {why}; write 250ms, 2s, 5m, 1h or 1d");
    let letters = text.trim_start_matches(|letter: char| !letter.is_alphabetic());
    let digits = &text[..text.len() - letters.len()];
    let (_, unit) = UNITS
        .iter()
        .find(|(name, _)| *name == letters)
        .ok_or_else(|| refused(if letters.is_empty() { "it has no unit" } else { "its unit is unknown" }))?;
    match number(digits) {
        None => Err(refused("it has no number")),
        Some(number) if number > 0.0 => Ok(number * unit),
        Some(_) => Err(refused("it is nothing")),
    }
}

/// Digits with at most one point, and underscores between them: no sign, no exponent, no `inf`.
fn number(digits: &str) -> Option<f64> {
    let is_plain = digits.starts_with(|letter: char| letter.is_ascii_digit())
        && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter == '_');
    if is_plain { digits.replace('_', "").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_as_people_write_them() {
        let known = [("7", 7), ("0", 0), ("100k", 100_000), ("60M", 60_000_000), ("1.5M", 1_500_000), ("2_000", 2_000)];
        for (text, number) in known.into_iter().chain([("1.1M", 1_100_000), ("2G", 2_000_000_000)]) {
            assert_eq!(count(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn what_is_no_count_is_refused_with_the_reason() {
        let refused =
            [("60m", "minutes"), ("60K", "thousands"), ("", "no number"), ("M", "no number"), ("kk", "no number")];
        for (text, why) in refused.into_iter().chain([("1.5", "whole"), ("-1", "no number"), ("1e9", "no number")]) {
            let error = count(text).unwrap_err();
            assert!(error.contains(why) && error.contains("60M"), "{text}: {error}");
        }
        for text in ["inf", "nan", "9999999999G", "1..5", "1.2.3", "\u{221e}"] {
            assert!(count(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_have_a_unit() {
        for (text, expected) in [("250ms", 0.25), ("2s", 2.0), ("5m", 300.0), ("1.5h", 5_400.0), ("1d", 86_400.0)] {
            assert!((seconds(text).unwrap() - expected).abs() < 1e-9, "{text}");
        }
        for (text, why) in
            [("5", "no unit"), ("5M", "unknown"), ("s", "no number"), ("0s", "nothing"), ("5 m", "no number")]
        {
            let error = seconds(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
