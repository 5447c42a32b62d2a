//! The half of Zeromesh that touches the world.
//!
//! - [`settings`] says how the node is to run, from defaults, file, environment and flags.
//! - [`api`] serves HTTP and WebSockets to the dashboard, the operator commands and programs.
//! - [`cli`] is the command line, over that API.
//! - [`handle`] is the seam between the API and the task that owns the engine.

pub mod api;
pub mod cli;
pub mod handle;
pub mod settings;
