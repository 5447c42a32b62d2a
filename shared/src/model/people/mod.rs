//! People: what they are, what they can do, how they feel, and how they come and go.

pub mod career;
pub mod exchange;
mod feeling;
pub mod names;
pub mod person;
