//! The half of Zeromesh that touches the world.
//!
//! - [`settings`] says how the node is to run, from defaults, file, environment and flags.
//! - [`core`] is a running node: the task that owns the engine, and what it works with.
//! - [`net`] is the network, [`store`] the disk, [`runner`] the worker threads, [`key`] the node's key.
//! - [`api`] serves HTTP and WebSockets to the dashboard, the operator commands and programs.
//! - [`handle`] is the seam between the API and the core.
//! - [`cli`] is the command line, over the API.
//! - [`simulate`] runs a world alone, without network or store.

pub mod api;
pub mod cli;
pub mod core;
pub mod handle;
pub mod key;
pub mod net;
pub mod runner;
pub mod settings;
pub mod simulate;
pub mod store;
