//! Days of the calendar, without a clock.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Since 1970-01-01.
    days: i64,
}

/// A text that is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date such as 2021-01-31")]
pub struct BadDate(pub String);

impl Date {
    /// The day so many days after 1970-01-01.
    pub fn from_days(days: i64) -> Date {
        Date { days: days.clamp(-700_000, 2_900_000) }
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        self.days
    }

    /// This day of the calendar, if there is one.
    pub fn from_civil(year: i64, month: i64, day: i64) -> Option<Date> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        if !(1..=9_999).contains(&year) || !(1..=length).contains(&day) {
            return None;
        }
        // Counted in years that begin in March, in eras of 400 years (after Hinnant, "chrono-
        // compatible low-level date algorithms").
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Some(Date { days: era * 146_097 + days - 719_468 })
    }

    /// The day of a timestamp as exports write it: `2021-01-31`, with or without a time behind it.
    pub fn from_timestamp(text: &str) -> Result<Date, BadDate> {
        let day = text.trim().split([' ', 'T']).next().unwrap_or_default();
        day.parse()
    }
}

impl FromStr for Date {
    type Err = BadDate;
    fn from_str(text: &str) -> Result<Self, BadDate> {
        let bad = || BadDate(text.chars().take(40).collect());
        let mut parts = text.trim().split('-');
        let mut next = |length: usize| {
            let part = parts.next().filter(|part| part.len() == length)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok())?
        };
        let (Some(year), Some(month), Some(day)) = (next(4), next(2), next(2)) else {
            return Err(bad());
        };
        if parts.next().is_some() {
            return Err(bad());
        }
        Date::from_civil(year, month, day).ok_or_else(bad)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.days + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * years + years / 4 - years / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = years + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written_and_what_is_no_day_is_not() {
        for text in ["1970-01-01", "2000-02-29", "2021-01-01", "1999-12-31", "2024-03-01"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        assert_eq!("1970-01-02".parse::<Date>().unwrap().days(), 1);
        assert_eq!("2021-01-01".parse::<Date>().unwrap().days(), 18_628);
        for text in [
            "",
            "2021",
            "2021-02-29",
            "2021-13-01",
            "21-01-01",
            "2021-1-1",
            "a-b-c",
            "2021-01-01-01",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        for text in ["2021-01-31 22:31:32", "2021-01-31T22:31:32.000Z", " 2021-01-31 22:31:32 UTC"]
        {
            assert_eq!(Date::from_timestamp(text).unwrap().to_string(), "2021-01-31");
        }
    }
}
