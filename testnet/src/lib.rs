//! Meshes to develop against.
//!
//! - [`processes`] starts and torments real nodes on this machine. The `testnet` program keeps a
//!   mesh of them in a folder; the tests in `tests/` start theirs in a temporary one.

pub mod processes;
