//! The axes of a plot.

/// How values lie along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    Linear,
    /// Decades; values at or under the low end lie on it.
    Log,
}

/// One axis: what it shows, from where to where, with ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub(super) name: String,
    low: f64,
    high: f64,
    scale: Scale,
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// Even steps from `low` to `high`, at ticks of about a fifth of it.
    #[must_use]
    pub fn linear(name: &str, low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let step = round_step((high - low) / 5.0);
        let first = (low / step).ceil() as i64;
        let ticks = (first..=(high / step + 1e-9).floor() as i64).map(|tick| tick as f64 * step);
        let ticks = ticks.map(|value| (value, plain(value, step))).collect();
        Self { name: name.to_owned(), low, high, scale: Scale::Linear, ticks }
    }

    /// The same in per cent of fractions.
    #[must_use]
    pub fn percent(name: &str, low: f64, high: f64) -> Self {
        let mut axis = Self::linear(name, low * 100.0, high * 100.0);
        (axis.low, axis.high) = (low, high);
        axis.ticks = axis.ticks.into_iter().map(|(value, text)| (value / 100.0, format!("{text}\u{202f}%"))).collect();
        axis
    }

    /// Decades from `10^low` to `10^high`.
    #[must_use]
    pub fn decades(name: &str, low: i32, high: i32) -> Self {
        let text = |decade: i32| match decade {
            0 => "1".to_owned(),
            -1 => "0.1".to_owned(),
            other => format!("10{}", other.to_string().chars().map(superscript).collect::<String>()),
        };
        let ticks = (low..=high).map(|decade| (10f64.powi(decade), text(decade))).collect();
        Self { name: name.to_owned(), low: 10f64.powi(low), high: 10f64.powi(high), scale: Scale::Log, ticks }
    }

    /// Counts from 0 to `high` in decades; the values to be placed are the counts plus one.
    #[must_use]
    pub fn counts(name: &str, high: u64) -> Self {
        let tens = (0..20).map(|decade| 10u64.pow(decade)).take_while(|&count| count <= high);
        let ticks = std::iter::once(0).chain(tens).map(|count| (count as f64 + 1.0, super::count(count))).collect();
        Self { name: name.to_owned(), low: 1.0, high: (high + 1).max(2) as f64, scale: Scale::Log, ticks }
    }

    /// Where along the axis a value lies: 0 at the low end, 1 at the high end, held within.
    pub(super) fn place(&self, value: f64) -> f64 {
        let share = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => (value.max(self.low) / self.low).log10() / (self.high / self.low).log10(),
        };
        share.clamp(0.0, 1.0)
    }
}

/// The step 1, 2 or 5 times a power of ten nearest above `rough`.
fn round_step(rough: f64) -> f64 {
    let decade = 10f64.powi(rough.log10().floor() as i32);
    let times = [1.0, 2.0, 5.0].into_iter().find(|times| times * decade >= rough * 0.999).unwrap_or(10.0);
    times * decade
}

fn plain(value: f64, step: f64) -> String {
    if step < 1.0 { format!("{value:.*}", (-step.log10()).ceil() as usize) } else { format!("{value:.0}") }
}

fn superscript(letter: char) -> char {
    match letter {
        '-' => '\u{207b}',
        '1' => '\u{b9}',
        '2' => '\u{b2}',
        '3' => '\u{b3}',
        digit => digit.to_digit(10).and_then(|digit| char::from_u32(0x2070 + digit)).unwrap_or(digit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(texts(&Axis::linear("score", 0.0, 96.0)), ["0", "20", "40", "60", "80"]);
        assert_eq!(texts(&Axis::linear("share", 0.0, 0.31)), ["0.0", "0.1", "0.2", "0.3"]);
        assert_eq!(texts(&Axis::decades("FMR", -3, 0)), ["10⁻³", "10⁻²", "0.1", "1"]);
        assert_eq!(
            texts(&Axis::percent("FNMR", 0.0, 0.1)),
            ["0\u{202f}%", "2\u{202f}%", "4\u{202f}%", "6\u{202f}%", "8\u{202f}%", "10\u{202f}%"]
        );
    }

    #[test]
    fn counts_have_a_place_for_zero() {
        let axis = Axis::counts("score", 1500);
        assert_eq!(texts(&axis), ["0", "1", "10", "100", "1\u{202f}000"]);
        assert!(axis.place(1.0) <= 0.0 && axis.place(1501.0) >= 1.0);
    }

    #[test]
    fn values_lie_between_the_ends_and_zero_has_a_place_among_decades() {
        let axis = Axis::decades("FMR", -4, 0);
        assert!((axis.place(1e-2) - 0.5).abs() < 1e-12);
        assert!(axis.place(0.0) <= 0.0 && axis.place(5.0) >= 1.0);
        let even = Axis::linear("score", 10.0, 20.0);
        assert!((even.place(15.0) - 0.5).abs() < 1e-12 && even.place(-3.0) <= 0.0);
        assert!(Axis::linear("score", 0.0, 0.0).place(0.0) <= 0.0);
    }
}
