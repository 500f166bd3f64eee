//! Times as Kubernetes reads and prints them (apimachinery `pkg/apis/meta/v1/time.go`).

/// A time of RFC 3339 in UTC and whole seconds. `None` if Go cannot parse it.
pub fn in_utc(text: &str) -> Option<String> {
    let (date, rest) = text.split_once('T')?;
    let (clock, offset) = match rest.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let (clock, zone) = rest.split_at_checked(rest.len().checked_sub(6)?)?;
            (clock, offset_of(zone)?)
        }
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let is_valid = (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !is_valid {
        return None;
    }
    let (mut year, mut month, mut day) = (year, month, day);
    let mut minutes = hour * 60 + minute - offset;
    while minutes < 0 {
        minutes += 1_440;
        (year, month, day) = day_before(year, month, day);
    }
    while minutes >= 1_440 {
        minutes -= 1_440;
        (year, month, day) = day_after(year, month, day);
    }
    Some(format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{second:02}Z", minutes / 60, minutes % 60))
}

/// Three numbers of these lengths.
fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[i32; 3]> {
    let mut parts = text.split(separator);
    let mut out = [0; 3];
    for (number, length) in out.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(out)
}

/// The minutes of an offset such as `+02:00`.
fn offset_of(zone: &str) -> Option<i32> {
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let is_number = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn days_of(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn day_before(year: i32, month: i32, day: i32) -> (i32, i32, i32) {
    match (month, day) {
        (1, 1) => (year - 1, 12, 31),
        (_, 1) => (year, month - 1, days_of(year, month - 1)),
        _ => (year, month, day - 1),
    }
}

fn day_after(year: i32, month: i32, day: i32) -> (i32, i32, i32) {
    match month {
        _ if day < days_of(year, month) => (year, month, day + 1),
        12 => (year + 1, 1, 1),
        _ => (year, month + 1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::in_utc;

    #[test]
    fn times_are_converted_to_utc() {
        for (text, utc) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
            ("2024-02-28T23:59:59.999-00:01", "2024-02-29T00:00:59Z"),
            ("2026-12-31T20:00:00-05:00", "2027-01-01T01:00:00Z"),
        ] {
            assert_eq!(in_utc(text).as_deref(), Some(utc), "{text}");
        }
        for text in
            ["", "2026-01-01", "2026-1-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "x"]
        {
            assert_eq!(in_utc(text), None, "{text}");
        }
    }
}
