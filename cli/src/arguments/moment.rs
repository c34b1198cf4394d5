//! Moments as people write them: `2026-11-29`, `2026-11-29T08:30:00Z` (RFC 3339, in UTC).

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Days from 0000-03-01 to 1970-01-01.
const TO_1970: i64 = 719_468;

/// Days of 400 years, after which the calendar repeats.
const ERA_DAYS: i64 = 146_097;

/// Milliseconds since 1970, of a date or of a date with a time.
pub(crate) fn unix_ms(text: &str) -> Result<u64, String> {
    let refused = || format!("\"{text}\" is no moment: write 2026-11-29 or 2026-11-29T08:30:00Z, in UTC, from 1970 on");
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let of_day_ms = match time {
        Some(time) => time.strip_suffix('Z').and_then(time_ms),
        None => Some(0),
    };
    let moment = days(date).zip(of_day_ms).map(|(days, ms)| days * DAY_MS + ms);
    moment.and_then(|ms| u64::try_from(ms).ok()).ok_or_else(refused)
}

/// As RFC 3339 writes it, with milliseconds.
pub(crate) fn shown(unix_ms: u64) -> String {
    let unix_ms = unix_ms.min(i64::MAX as u64) as i64;
    let (days, ms) = (unix_ms / DAY_MS, unix_ms % DAY_MS);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1_000)
}

/// Milliseconds since midnight of `08:30:00`.
fn time_ms(time: &str) -> Option<i64> {
    let parts: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = parts[..] else { return None };
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    (hour < 24 && minute < 60 && second < 60).then_some(((hour * 60 + minute) * 60 + second) * 1_000)
}

/// Days since 1970 of `2026-11-29`.
fn days(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return None };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let found = since_1970(year, month, day);
    // The 31st of a shorter month is a day of the next.
    ((1..=12).contains(&month) && date(found) == (year, month, day)).then_some(found)
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// The day of a date of the Gregorian calendar. Years begin in March, so that the leap day is a year's last (Hinnant,
/// "chrono-compatible low-level date algorithms").
fn since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - TO_1970
}

/// The date of a day: the inverse.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + TO_1970;
    let (era, of_era) = (days.div_euclid(ERA_DAYS), days.rem_euclid(ERA_DAYS));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_shown() {
        for (text, ms) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400_000),
            ("2024-12-31T23:59:59Z", 1_735_689_599_000),
            ("2100-03-01", 4_107_542_400_000),
        ] {
            assert_eq!(unix_ms(text), Ok(ms), "{text}");
            assert!(shown(ms).starts_with(text.trim_end_matches('Z')), "{} {text}", shown(ms));
        }
        assert_eq!(shown(1_735_689_599_042), "2024-12-31T23:59:59.042Z");
    }

    #[test]
    fn every_day_of_400_years_is_read_as_it_is_shown() {
        for day in 0..ERA_DAYS as u64 {
            let ms = day * DAY_MS as u64;
            assert_eq!(unix_ms(&shown(ms)[..10]), Ok(ms));
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for wrong in [
            "",
            "yesterday",
            "2026",
            "2026-11",
            "26-11-29",
            "2026-13-01",
            "2026-02-29",
            "2026-00-10",
            "2026-11-31",
            "1969-12-31",
            "2026-11-29T",
            "2026-11-29T08:30Z",
            "2026-11-29T08:30:00",
            "2026-11-29T24:00:00Z",
            "2026-11-29T08:30:00+01:00",
            "+026-11-29",
        ] {
            assert!(unix_ms(wrong).is_err(), "{wrong}");
        }
    }
}
