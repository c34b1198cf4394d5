//! Birth dates, as far as they are known.

use super::level::Level;

/// A birth date; what is not known of it is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Birth {
    /// 1 to 9999, or 0 where nothing is known.
    pub year: u16,
    /// 1 to 12, or 0.
    pub month: u8,
    /// 1 to 31, or 0.
    pub day: u8,
}

/// The most years by which registers that only guess an age are taken to mean the same year.
const NEAR_YEARS: u16 = 2;

impl Birth {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, with `-`, `/` or `.` between; what follows a `T` is a time and left out. Anything else
    /// is not known. With `first_of_january_is_unknown`, that day stands for a year only, as in registers that must have a day.
    #[must_use]
    pub fn read(text: &str, first_of_january_is_unknown: bool) -> Self {
        let date = text.trim().split(['T', ' ']).next().unwrap_or_default();
        let mut parts = date.split(['-', '/', '.']);
        let mut part = |most: u16| {
            parts.next().and_then(|part| part.parse::<u16>().ok()).filter(|part| *part <= most).unwrap_or(0)
        };
        let (year, month, day) = (part(9_999), part(12) as u8, part(31) as u8);
        match (month, day) {
            _ if year == 0 => Self::default(),
            (1, 1) if first_of_january_is_unknown => Self { year, month: 0, day: 0 },
            (0, _) => Self { year, month: 0, day: 0 },
            _ => Self { year, month, day },
        }
    }

    /// Whether all of it is known.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.year != 0 && self.month != 0 && self.day != 0
    }

    pub(super) fn compare(self, other: Self) -> Level {
        if self.year == 0 || other.year == 0 {
            return Level::Missing;
        }
        let years = self.year.abs_diff(other.year);
        if !self.is_whole() || !other.is_whole() {
            let months = self.month == 0 || other.month == 0 || self.month == other.month;
            return match years {
                0 if months => Level::YearOnly,
                1..=NEAR_YEARS => Level::YearNear,
                _ => Level::Apart,
            };
        }
        let (same_month, same_day) = (self.month == other.month, self.day == other.day);
        let digits = digits_apart(self, other);
        match (years, same_month, same_day) {
            (0, true, true) => Level::Same,
            (0, _, _) if self.month == other.day && self.day == other.month => Level::Swapped,
            (0, true, false) if digits == 1 || self.day.abs_diff(other.day) == 1 => Level::Near,
            (0, false, true) if digits == 1 || self.month.abs_diff(other.month) == 1 => Level::Near,
            (1.., true, true) if years <= NEAR_YEARS || year_mistyped(self.year, other.year) => Level::Near,
            _ if digits == 2 && years > 0 => Level::Far,
            (0, _, _) => Level::YearNear,
            _ => Level::Apart,
        }
    }
}

/// One digit another, or the last two exchanged.
fn year_mistyped(one: u16, other: u16) -> bool {
    let digits = |year: u16| [year / 1_000, year / 100 % 10, year / 10 % 10, year % 10];
    let (one, other) = (digits(one), digits(other));
    let differing = one.iter().zip(&other).filter(|(one, other)| one != other).count();
    differing == 1 || (differing == 2 && one[2] == other[3] && one[3] == other[2])
}

/// Of the eight digits of two whole dates, how many differ.
fn digits_apart(one: Birth, other: Birth) -> usize {
    let digits = |birth: Birth| {
        let mut number = u32::from(birth.year) * 10_000 + u32::from(birth.month) * 100 + u32::from(birth.day);
        std::array::from_fn::<u32, 8, _>(|_| {
            let digit = number % 10;
            number /= 10;
            digit
        })
    };
    digits(one).iter().zip(&digits(other)).filter(|(one, other)| one != other).count()
}
