//! Anchors: all it takes to go on from a checkpoint without what came before it.

use bincode::{Decode, Encode};

use super::model::Outgoing;
use super::receipt::End;
use crate::id::{Epoch, Hash, Lineage, ShardId, StateHash, WorldId};
use crate::wire::signed::Statement;

/// A world at a checkpoint: names of states, and the messages that are still on their way.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Anchor {
    /// The world.
    pub world: WorldId,
    /// The checkpoint.
    pub epoch: Epoch,
    /// The digest of the stamps below it: the anchor fits a ledger with the same.
    pub stamps: Hash,
    /// The root at the checkpoint.
    pub root: Hash,
    /// All shards founded before it.
    pub shards: Vec<AnchorShard>,
}

/// A shard at an anchor.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AnchorShard {
    /// Which.
    pub id: ShardId,
    /// Its first epoch.
    pub founded: Epoch,
    /// Its lineage at the anchor, or at its end.
    pub lineage: Lineage,
    /// The hash of its state then.
    pub state: StateHash,
    /// The epoch after its last, and why, if it has ended.
    pub end: Option<(Epoch, End)>,
    /// What it sent in the last two lookaheads before the anchor: the messages still under way,
    /// and those that may yet come back.
    pub outboxes: Vec<(Epoch, Vec<Outgoing>)>,
    /// Its summary, for viewers.
    pub summary: Vec<u8>,
}

impl Statement for Anchor {
    const DOMAIN: &'static str = "zeromesh/anchor/1";
    fn check(&self) -> Result<(), &'static str> {
        if self.epoch > super::command::EPOCH_MAX {
            return Err("the epoch of an anchor is out of all reach");
        }
        let ordered = self.shards.windows(2).all(|pair| pair[0].id < pair[1].id);
        let sound = self.shards.iter().all(|shard| {
            let from = self.epoch.saturating_sub(2 * 64).max(shard.founded);
            shard.founded < self.epoch
                && shard
                    .end
                    .as_ref()
                    .is_none_or(|(at, _)| (shard.founded + 1..=self.epoch).contains(at))
                && shard.outboxes.windows(2).all(|pair| pair[0].0 < pair[1].0)
                && shard.outboxes.iter().all(|(at, _)| (from..self.epoch).contains(at))
        });
        if ordered && sound { Ok(()) } else { Err("an anchor is out of order") }
    }
}
