//! Meshes to develop against.

pub mod sim;
