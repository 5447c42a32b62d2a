//! Meshes to develop against.

pub mod campaign;
pub mod sim;
