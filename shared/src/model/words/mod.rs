//! Words: what people say and what work is called, made of facts by small grammars.

pub mod analysis;
pub mod grammar;
mod matter;
mod phrases;
pub mod talk;
#[cfg(test)]
mod tests;
pub mod title;
pub mod tone;
pub mod vocabulary;
pub mod voice;

use bincode::{Decode, Encode};

/// What the words of a project are made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Words {
    pub vocabulary: vocabulary::Vocabulary,
    pub analysis: analysis::TalkAnalysis,
}
