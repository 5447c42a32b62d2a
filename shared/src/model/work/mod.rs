//! Work: tasks, what they really take, how they are chosen, reviewed and put right.

mod board;
mod cache;
mod finish;
mod review;
mod task;

pub use cache::{Cache, Ready};
pub use task::*;
