//! Words: what people say and what work is called, made of facts by small grammars.

pub mod grammar;
pub mod talk;
pub mod title;
pub mod vocabulary;

use bincode::{Decode, Encode};

/// What the words of a project are made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Words {
    pub vocabulary: vocabulary::Vocabulary,
}
