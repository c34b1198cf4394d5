//! Numbers as people read them.

use crate::metrics::Interval;

/// A narrow space that does not break: between groups of three digits, and before a unit.
const NARROW: char = '\u{202f}';

/// A whole number in groups of three digits.
#[must_use]
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(NARROW);
        }
        text.push(digit);
    }
    text
}

/// A fraction in per cent, to the hundredth.
#[must_use]
pub fn percent(fraction: f64) -> String {
    format!("{:.2}{NARROW}%", fraction * 100.0)
}

/// Both ends of an interval in per cent.
#[must_use]
pub fn interval(interval: Interval) -> String {
    format!("{:.2} \u{2013} {}", interval.low * 100.0, percent(interval.high))
}

/// A small rate as `1 in 10 000`.
#[must_use]
pub fn one_in(rate: f64) -> String {
    if rate > 0.0 { format!("1 in {}", count((1.0 / rate).round() as u64)) } else { "never".to_owned() }
}

/// Three significant digits, in groups where there are more.
#[must_use]
pub fn significant(value: f64) -> String {
    match value.abs() {
        size if size >= 999.5 => {
            let unit = 10f64.powi(size.log10().floor() as i32 - 2);
            count(((size / unit).round() * unit) as u64)
        }
        size if size >= 99.95 => format!("{value:.0}"),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        let plain = |text: String| text.replace(NARROW, " ");
        assert_eq!(
            [0, 999, 1000, 82_008, 1_234_567].map(count).map(plain),
            ["0", "999", "1 000", "82 008", "1 234 567"]
        );
        assert_eq!(plain(significant(123_456.0)), "123 000");
        assert_eq!([0.123_4, 5.678, 56.78, 567.8].map(significant), ["0.12", "5.68", "56.8", "568"]);
        assert_eq!(plain(one_in(1e-4)), "1 in 10 000");
        assert_eq!(plain(percent(0.012_34)), "1.23 %");
    }
}
