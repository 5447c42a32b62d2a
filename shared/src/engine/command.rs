//! Inputs from outside: what is asked (a command) and from when on (a stamp).

use bincode::{Decode, Encode};

use crate::id::{CommandId, Epoch, Hasher, ShardId, WorldId};
use crate::wire::codec;
use crate::wire::signed::Statement;

/// Bytes in the body of a command.
pub const BODY_BYTES_MAX: usize = 512 * 1024;
/// Beyond this no epoch is ever reached: at a hundred thousand a second it is 350 years away.
pub const EPOCH_MAX: Epoch = 1 << 50;
/// No stamp may be later: whatever follows from it still ends before [`EPOCH_MAX`].
pub const STAMP_EPOCH_MAX: Epoch = 1 << 49;

/// Whom a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Target {
    /// It founds a shard, whose id is the command's.
    Found,
    /// A shard.
    Shard(ShardId),
    /// The world itself: a change of rules, which is in force from the next checkpoint on.
    World,
}

/// An input from outside. Its id does not depend on when it is given or by whom, so the same
/// scenario makes the same world whoever loads it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Command {
    /// The world it is for.
    pub world: WorldId,
    /// The part of it.
    pub target: Target,
    /// What is asked, in the model's encoding (for [`Target::World`]: a [`WorldCommand`]).
    pub body: Vec<u8>,
    /// Tells commands apart that are otherwise the same.
    pub nonce: u64,
}

impl Command {
    /// The id of the command.
    pub fn id(&self) -> CommandId {
        CommandId(Hasher::new("zeromesh/command").bytes(&codec::encode(self)).finish())
    }
}

/// What a world itself can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum WorldCommand {
    /// From the next checkpoint on, these rules are in force.
    Rules(u32),
}

/// A command with the epoch in which it takes effect. Signed by whoever says so; the earliest counts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Stamped {
    /// When.
    pub epoch: Epoch,
    /// What.
    pub command: Command,
}

impl Statement for Stamped {
    const DOMAIN: &'static str = "zeromesh/stamped/1";
    fn check(&self) -> Result<(), &'static str> {
        if self.epoch > STAMP_EPOCH_MAX {
            return Err("the epoch of a stamp is out of all reach");
        }
        if self.command.body.len() > BODY_BYTES_MAX {
            return Err("the body of a command is too large");
        }
        Ok(())
    }
}
