//! Meshes to develop against.
//!
//! - [`processes`] starts and torments real nodes on this machine. The `testnet` program keeps a
//!   mesh of them in a folder; tests start theirs in a temporary one.
//! - [`sim`] is many nodes in one process and in virtual time, with every fault that a seed can draw;
//!   [`campaign`] runs it over many seeds.

pub mod campaign;
pub mod processes;
pub mod sim;
