//! Dates. Today's comes from the host, because the library has no clock.

use crate::host::Host;

/// Returns today in UTC, `2026-11-24`; `None` if the host has no clock. `SOURCE_DATE_EPOCH` overrides the clock
/// (<https://reproducible-builds.org/specs/source-date-epoch/>).
pub(crate) fn today(host: &dyn Host) -> Result<Option<String>, String> {
    let seconds = match host.variable("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) {
        Some(text) => Some(text.parse::<u64>().ok().filter(|seconds| *seconds <= MOST).ok_or_else(|| {
            format!("SOURCE_DATE_EPOCH must be a number of seconds since 1970, not {text:?}")
        })?),
        None => host.now(),
    };
    Ok(seconds.map(date))
}

/// The last second of the year 9999, the last with four digits.
const MOST: u64 = 253_402_300_799;

/// Returns the date of a second, after Howard Hinnant's `civil_from_days`: years begin in March, so that the day
/// that leap years add is their last.
fn date(seconds: u64) -> String {
    /// From 0000-03-01 to 1970-01-01.
    const SHIFT: u64 = 719_468;
    const DAYS_IN_ERA: u64 = 146_097;
    let days = (seconds.min(MOST) / 86_400).saturating_add(SHIFT);
    let (era, day) = (days / DAYS_IN_ERA, days % DAYS_IN_ERA);
    let year =
        day.saturating_sub(day / 1460).saturating_add(day / 36_524).saturating_sub(day / 146_096) / 365;
    let before = year.saturating_mul(365).saturating_add(year / 4).saturating_sub(year / 100);
    let day = day.saturating_sub(before);
    let month = day.saturating_mul(5).saturating_add(2) / 153;
    let day = day.saturating_sub(month.saturating_mul(153).saturating_add(2) / 5).saturating_add(1);
    let (month, late) = if month < 10 { (month.saturating_add(3), 0) } else { (month.saturating_sub(9), 1) };
    let year = era.saturating_mul(400).saturating_add(year).saturating_add(late);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Whether a text is a date of the calendar, `2026-11-24`.
pub(crate) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut part = |len: usize| {
        let digits =
            parts.next().filter(|part| part.len() == len && part.bytes().all(|b| b.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else { return false };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    parts.next().is_none() && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::{date, is_date};

    #[test]
    fn seconds_become_dates() {
        for (seconds, want) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_709_164_800, "2024-02-29"),
            (4_107_542_399, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
            (1_795_478_400, "2026-11-24"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(date(seconds), want);
        }
        // Every day of four centuries follows the one before.
        let mut days = (0..146_097_u64).map(|day| date(day * 86_400));
        let mut before = days.next().unwrap();
        for day in days {
            assert!(day > before && is_date(&day), "{before} {day}");
            before = day;
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for good in ["2026-01-31", "2024-02-29", "2000-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "26-01-01",
            "2026-01-01-",
            "+026-01-01",
            "",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
