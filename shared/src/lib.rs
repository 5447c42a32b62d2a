//! The pure half of Zeromesh.
//!
//! Nothing in this crate reads a clock, a disk, a network, the environment or an unordered
//! collection, and nothing draws a random number that is not seeded: the same calls give the same
//! results on every machine. `clippy.toml` holds the crate to it.
//!
//! - [`engine`] orders signed inputs into the history of a world and says who runs what.
//! - [`model`] is the virtual companies, a [`Model`](engine::model::Model) the engine drives.
//! - [`wire`] is what nodes say to each other, signed and bounded.

pub mod engine;
pub mod id;
pub mod model;
pub mod rng;
pub mod wire;
