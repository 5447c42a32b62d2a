//! Printing for people. A reader that has seen enough, as in `up | head`, stops no command halfway.

use std::fmt::Arguments;
use std::io::Write as _;

/// Prints to standard output; that nobody listens is no error.
pub fn print(text: Arguments<'_>) {
    let _ = std::io::stdout().write_fmt(text);
}

/// Like `println!`, but see [`print`].
macro_rules! say {
    () => { $crate::kept::say::print(format_args!("\n")) };
    ($($what:tt)*) => { $crate::kept::say::print(format_args!("{}\n", format_args!($($what)*))) };
}

pub(crate) use say;
