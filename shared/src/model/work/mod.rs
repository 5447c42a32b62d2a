//! Work: tasks, what they really take, how they are chosen, reviewed and put right.

mod board;
mod finish;
mod review;
mod task;

pub use task::*;
