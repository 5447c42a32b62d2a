//! The labour exchange of a world, kept by its market: people who left one project may join another.

use bincode::{Decode, Encode};

use crate::engine::model::Mail;
use crate::model::happen::Happen;
use crate::model::project::Project;

/// What projects and the exchange say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ExchangeMessage {
    /// A project has no open positions any more.
    Filled,
}

impl Project {
    pub(in crate::model) fn hear_exchange(
        &mut self,
        _mail: &Mail,
        _message: ExchangeMessage,
        _now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
    }
}
