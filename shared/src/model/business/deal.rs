//! Deals: what one project buys from another.

use bincode::{Decode, Encode};

use crate::engine::model::Mail;
use crate::model::happen::Happen;
use crate::model::project::Project;

/// What two projects say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum DealMessage {
    /// No longer.
    Cancel,
}

impl Project {
    pub(in crate::model) fn hear_deal(
        &mut self,
        _mail: &Mail,
        _message: DealMessage,
        _now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
    }
}
