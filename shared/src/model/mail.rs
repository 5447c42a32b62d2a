//! Mail: what projects and markets say to each other, across shards.
//!
//! Nothing else crosses from one shard to another, so whatever must not be lost between two
//! companies (customers, people, money) travels as one of these, and comes back if nobody is there.

use bincode::{Decode, Encode};

use super::business::deal::DealMessage;
use super::business::market::MarketMessage;
use super::people::exchange::ExchangeMessage;
use crate::wire::codec;

/// Bytes of a message; longer ones are nonsense.
pub const MESSAGE_BYTES_MAX: usize = 2_048;

/// A message between two shards.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Message {
    /// Offers and customers: between a project and its market.
    Market(MarketMessage),
    /// People who look for work and positions that look for people: by way of the market.
    Exchange(ExchangeMessage),
    /// What two projects agree on and pay each other.
    Deal(DealMessage),
}

impl Message {
    /// The message as it travels.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// The message of these bytes; none if they make no sense.
    pub fn from_bytes(bytes: &[u8]) -> Option<Message> {
        if bytes.len() > MESSAGE_BYTES_MAX {
            return None;
        }
        codec::decode(bytes).ok()
    }
}
