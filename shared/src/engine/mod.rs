//! The engine: signed inputs in, the history of a world out. It does no input or output and knows
//! no companies; see DESIGN.md, section 3, for the ideas and the words.

pub mod command;
pub mod genesis;
pub mod model;
