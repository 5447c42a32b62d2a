//! The engine: signed inputs in, the history of a world out. It does no input or output and knows
//! no companies.

pub mod anchor;
pub mod command;
pub mod genesis;
pub mod history;
pub mod ledger;
pub mod machine;
pub mod model;
pub mod pace;
pub mod phold;
pub mod placement;
pub mod receipt;
pub mod solo;
pub mod step;
