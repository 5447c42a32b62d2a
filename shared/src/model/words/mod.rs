//! Words: what people say and what work is called, made of facts by small grammars.

pub mod grammar;
pub mod talk;
pub mod title;
