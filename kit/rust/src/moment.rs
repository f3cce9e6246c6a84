//! Moments, from text as RFC 3339 has it.
//!
//! A component needs one form of one thing here, and a library of dates is thirty times this file's size.

use crate::bindings::syncer::Timestamp;

const DAY: i64 = 86_400;

/// A moment from the API's text. The API documents no form, so a text that is no RFC 3339 is no moment.
pub fn moment(text: Option<&str>) -> Option<Timestamp> {
    let mut text = Text(text?.as_bytes());
    let year = text.number(4)?;
    text.letter(b"-")?;
    let month = text.number(2)?;
    text.letter(b"-")?;
    let days = days(year, month, text.number(2)?)?;
    text.letter(b"Tt ")?;
    let hours = text.number(2).filter(|hours| *hours < 24)?;
    text.letter(b":")?;
    let minutes = text.number(2).filter(|minutes| *minutes < 60)?;
    text.letter(b":")?;
    let seconds = text.number(2).filter(|seconds| *seconds < 60)?;
    let nanoseconds = if text.letter(b".").is_some() { text.fraction()? } else { 0 };
    let ahead = match text.letter(b"Zz+-")? {
        sign @ (b'+' | b'-') => {
            let hours = text.number(2).filter(|hours| *hours < 24)?;
            text.letter(b":")?;
            let minutes = text.number(2).filter(|minutes| *minutes < 60)?;
            (hours * 60 + minutes) * if sign == b'+' { 60 } else { -60 }
        }
        _ => 0,
    };
    let seconds = days * DAY + hours * 3600 + minutes * 60 + seconds - ahead;
    text.0.is_empty().then_some(Timestamp { seconds, nanoseconds })
}

/// Days from 1970-01-01 to a day of the Gregorian calendar, if there is such a day.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day < 1 || day > length {
        return None;
    }
    // Counted from March on, so that a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let before_month = (153 * month + 2) / 5;
    // 719,468 days lie between March 1 of the year 0 and the first day of 1970.
    Some(year * 365 + leap_days + before_month + day - 1 - 719_468)
}

/// What is left of a text.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    /// Take one of these letters.
    fn letter(&mut self, letters: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        letters.contains(first).then(|| self.0 = rest)?;
        Some(*first)
    }

    /// Take a number of so many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 10 + i64::from(self.letter(b"0123456789")? - b'0');
        }
        Some(number)
    }

    /// Take the digits of a fraction, as billionths. There may be more of them than count.
    fn fraction(&mut self) -> Option<u32> {
        let mut fraction = 0;
        let mut worth = 100_000_000;
        let mut digit = self.number(1);
        digit?;
        while let Some(found) = digit {
            fraction += found * worth;
            worth /= 10;
            digit = self.number(1);
        }
        u32::try_from(fraction).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_from_rfc_3339_only() {
        for (text, seconds, nanoseconds) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("2024-02-29T12:00:00.5+01:00", 1_709_204_400, 500_000_000),
            ("2000-02-29t23:59:59.1234567891z", 951_868_799, 123_456_789),
            ("1969-12-31 23:59:59-00:30", 1799, 0),
            ("0000-03-01T00:00:00Z", -719_468 * DAY, 0),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ] {
            let moment = moment(Some(text)).expect(text);
            assert_eq!((moment.seconds, moment.nanoseconds), (seconds, nanoseconds), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-00T00:00:00Z",
            "2024-01-01",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+1:00",
            "2024-01-01T00:00:00Zx",
        ] {
            assert!(moment(Some(text)).is_none(), "{text}");
        }
    }
}
