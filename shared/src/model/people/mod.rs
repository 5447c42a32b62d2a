//! People: what they are, what they can do, how they feel, and how they come and go.
//!
//! [`person`] holds the state. Each week moves [`skill`] and `temper`; each evening [`feeling`];
//! `hiring` and `leaving` change who is there, and [`exchange`] moves people between projects.

pub mod absence;
pub mod career;
pub mod dossier;
pub mod exchange;
mod feeling;
pub mod hiring;
pub mod leaving;
mod moving;
pub mod names;
pub mod person;
pub mod relation;
pub mod skill;
pub mod staff;
mod temper;
#[cfg(test)]
mod tests;
