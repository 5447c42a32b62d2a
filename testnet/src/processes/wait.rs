//! Waiting for something to become true, with a deadline and a reason when it does not.

use std::fmt;
use std::time::{Duration, Instant};

/// Between two looks. Short against what is waited for (tens of milliseconds at least), long
/// against the cost of a look (one request on loopback).
pub const LOOK_EVERY: Duration = Duration::from_millis(15);

/// What a look found.
#[derive(Debug)]
pub enum Seen<T> {
    Done(T),
    /// Look again. The reason is told if the deadline passes.
    NotYet(String),
    /// It will never be: give up at once.
    Never(String),
}

/// The wait was in vain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct InVain {
    /// What was waited for.
    pub what: String,
    /// How it stood at the last look.
    pub last: String,
    /// The deadline that passed; none if it could not become true any more.
    pub after: Option<Duration>,
}

impl fmt::Display for InVain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.after {
            Some(after) => {
                write!(out, "waited {:.1} s for {}: {}", after.as_secs_f64(), self.what, self.last)
            }
            None => write!(out, "waited for {}, in vain: {}", self.what, self.last),
        }
    }
}

/// Looks until `look` is done. At least one look is taken, however short the deadline.
///
/// # Errors
/// The deadline passed, or `look` said never.
pub fn wait_for<T>(
    what: impl Into<String>,
    deadline: Duration,
    mut look: impl FnMut() -> Seen<T>,
) -> Result<T, InVain> {
    let begun = Instant::now();
    loop {
        match look() {
            Seen::Done(found) => return Ok(found),
            Seen::Never(last) => return Err(InVain { what: what.into(), last, after: None }),
            Seen::NotYet(last) if begun.elapsed() >= deadline => {
                return Err(InVain { what: what.into(), last, after: Some(begun.elapsed()) });
            }
            Seen::NotYet(_) => std::thread::sleep(LOOK_EVERY),
        }
    }
}

/// Looks until `condition` is true.
///
/// # Errors
/// The deadline passed.
pub fn wait_until(
    what: impl Into<String>,
    deadline: Duration,
    mut condition: impl FnMut() -> bool,
) -> Result<(), InVain> {
    wait_for(what, deadline, || {
        if condition() { Seen::Done(()) } else { Seen::NotYet("it is not so".to_owned()) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_in_vain_says_what_for_and_how_it_stood() {
        let vain = wait_for::<()>("rain", Duration::ZERO, || Seen::NotYet("sunny".to_owned()))
            .unwrap_err();
        assert_eq!((vain.what.as_str(), vain.last.as_str()), ("rain", "sunny"));
        assert!(vain.after.is_some());
    }

    #[test]
    fn what_can_never_be_is_not_waited_for() {
        let begun = Instant::now();
        let vain =
            wait_for::<()>("the dead", Duration::from_secs(60), || Seen::Never("gone".into()));
        assert_eq!(vain.unwrap_err().after, None);
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_condition_is_looked_at_until_it_holds() {
        let mut looks = 0;
        wait_until("the third look", Duration::from_secs(10), || {
            looks += 1;
            looks == 3
        })
        .unwrap();
        assert_eq!(looks, 3);
    }
}
