//! Instants as credentials write them: whole seconds, in UTC.

const SECONDS_PER_DAY: u64 = 86_400;

/// The first second of the year 10000, which has no text of four digits.
pub(super) const END_UNIX_S: u64 = 253_402_300_800;

/// Days of 400 years of the Gregorian calendar, after which it begins anew.
const DAYS_PER_CYCLE: u64 = 146_097;

/// The text of a second since 1970 before [`END_UNIX_S`], such as `2026-11-29T15:13:21Z` (RFC 3339, XML Schema `dateTimeStamp`).
pub(super) fn text(unix_s: u64) -> String {
    let (days, second) = (unix_s / SECONDS_PER_DAY, unix_s % SECONDS_PER_DAY);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The second of a text as [`text`] writes it.
pub(super) fn parse(instant: &str) -> Option<u64> {
    let digits = |range| instant.get(range).and_then(|part: &str| part.parse::<u64>().ok());
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
    if year < 1970 || !(1..=12).contains(&month) || day == 0 {
        return None;
    }
    let unix_s = days(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
    // Written again it differs where a part is out of range or the marks between them are others.
    (text(unix_s) == instant).then_some(unix_s)
}

/// The days since 1970 of a date, by counting from a March so that a leap day ends its year.
///
/// H. Hinnant, chrono-Compatible Low-Level Date Algorithms: years of 365 days, and the leap days until then.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before_year = 365 * year + year / 4 - year / 100 + year / 400;
    // From March on, five months have 153 days.
    let before_month = (153 * month + 2) / 5;
    before_year + before_month + day - 1 - EPOCH_DAYS
}

/// The days from the first of March of the year 0 to 1970.
const EPOCH_DAYS: u64 = 719_468;

/// The date so many days after the first day of 1970: the inverse of [`days`].
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + EPOCH_DAYS;
    let (cycle, of_cycle) = (days / DAYS_PER_CYCLE, days % DAYS_PER_CYCLE);
    // Taking out the leap days leaves years of 365 days.
    let year = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / (DAYS_PER_CYCLE - 1)) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (carry, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    (400 * cycle + year + carry, month, day)
}

#[cfg(test)]
mod tests {
    use super::{END_UNIX_S, SECONDS_PER_DAY, parse, text};

    #[test]
    fn known_instants_are_written_and_read() {
        for (unix_s, instant) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_796_051_601, "2026-11-30T15:13:21Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (END_UNIX_S - 1, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!((text(unix_s).as_str(), parse(instant)), (instant, Some(unix_s)));
        }
    }

    #[test]
    fn every_day_until_the_year_10000_is_read_as_written_and_follows_the_day_before() {
        let mut last = String::new();
        for day in 0..END_UNIX_S / SECONDS_PER_DAY {
            let written = text(day * SECONDS_PER_DAY);
            assert!(written > last, "{written}");
            assert_eq!(parse(&written), Some(day * SECONDS_PER_DAY));
            last = written;
        }
    }

    #[test]
    fn what_is_no_instant_is_not_read() {
        for other in [
            "",
            "2026",
            "2026-11-29",
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00+01:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:60Z",
            "1969-12-31T23:59:59Z",
            "2026-01-01T00:00:00Zx",
            "+026-01-01T00:00:00Z",
            "２026-01-01T00:00:00Z",
            "0000-01-00T00:00:00Z",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
