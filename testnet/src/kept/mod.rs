//! A testnet that is kept in a folder while commands come and go.
//!
//! [`folder`] is what is written down of it; [`up`], [`down`], [`status`] and [`logs`] are the
//! commands; [`run`] is a mesh for the time of one program.

pub mod down;
pub mod error;
pub mod folder;
pub mod logs;
pub mod run;
mod say;
mod starter;
pub mod status;
pub mod up;
