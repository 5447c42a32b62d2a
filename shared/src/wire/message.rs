//! What is gossiped, asked and answered.
//!
//! Gossip goes to everybody and may be lost. Questions go to one peer and are answered once.
//! Everything that is stored or passed on is signed; bounds are checked when it is verified.

use bincode::{Decode, Encode};

use super::signed::{BadEnvelope, Signed, Statement, Verified};
use super::topic::Topic;
use crate::engine::anchor::Anchor;
use crate::engine::command::Stamped;
use crate::engine::genesis::Genesis;
use crate::engine::pace::Pace;
use crate::engine::receipt::Bulletin;
use crate::id::{CommandId, Epoch, Hash, NodeId, ShardId, WorldId};

/// The largest message on the wire, the same for the whole mesh: gossip libraries fall silent on
/// the sender's side when a receiver's limit is smaller.
pub const MESSAGE_BYTES_MAX: usize = 1024 * 1024;
/// The largest answer to a question.
pub const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Changes with everything that makes nodes unable to talk.
pub const PROTOCOL: u32 = 1;
/// Worlds one node takes part in.
pub const WORLDS_MAX: usize = 64;
/// An answer of stamps or bulletins is closed once it holds this much.
pub const PAGE_BYTES: usize = 1024 * 1024;

/// What a node says of itself, twice a second.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Status {
    /// Grows with every status of a node while it runs.
    pub sequence: u64,
    /// What its operator should know of it.
    pub profile: Profile,
    /// How far it is in each world.
    pub heads: Vec<Head>,
}

/// A node as its operator sees it. The engine uses the weight alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Profile {
    /// A name for people.
    pub name: String,
    /// The version of the program.
    pub version: String,
    /// Cores it may use: its weight in placement.
    pub cores: u16,
    /// The share of them in use, in basis points.
    pub load: u16,
    /// Resident memory.
    pub memory_bytes: u64,
    /// Multiaddrs it can be reached at.
    pub addresses: Vec<String>,
    /// Its dashboard.
    pub http: Option<String>,
    /// Projects it runs.
    pub projects: u32,
    /// People it runs.
    pub people: u32,
    /// Its connections: peer, whether by QUIC, and round trip in microseconds.
    pub links: Vec<(NodeId, bool, u32)>,
}

/// How far a node is in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Head {
    /// The world.
    pub world: WorldId,
    /// Whether it is in step and can run shards.
    pub ready: bool,
    /// The first epoch it can still give receipts of.
    pub base: Epoch,
    /// The first epoch that is not settled for every shard.
    pub closed: Epoch,
    /// The digest of all its stamps.
    pub stamps: Hash,
    /// The counter of its pace.
    pub pace: u64,
}

impl Statement for Status {
    const DOMAIN: &'static str = "zeromesh/status/1";
    fn check(&self) -> Result<(), &'static str> {
        let profile = &self.profile;
        let texts = [&profile.name, &profile.version];
        let short =
            texts.iter().all(|text| text.len() <= 64 && !text.chars().any(char::is_control));
        let addresses =
            profile.addresses.len() <= 32 && profile.addresses.iter().all(|text| text.len() <= 256);
        let http = profile.http.as_ref().is_none_or(|text| text.len() <= 256);
        if !short
            || !addresses
            || !http
            || profile.links.len() > 256
            || self.heads.len() > WORLDS_MAX
        {
            return Err("a status has too much in it");
        }
        Ok(())
    }
}

/// What is gossiped: on which topic follows from which kind.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Gossip {
    /// A heartbeat.
    Status(Signed<Status>),
    /// A pace of a world.
    Pace(Signed<Pace>),
    /// A command and when it takes effect.
    Command(Signed<Stamped>),
    /// What came of steps.
    Bulletin(Signed<Bulletin>),
}

/// Gossip whose signature, encoding and bounds were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifiedGossip {
    /// A heartbeat.
    Status(Verified<Status>),
    /// A pace of a world.
    Pace(Verified<Pace>),
    /// A command and when it takes effect.
    Command(Verified<Stamped>),
    /// What came of steps.
    Bulletin(Verified<Bulletin>),
}

impl Gossip {
    /// Checks signature, encoding and bounds.
    pub fn verify(self) -> Result<VerifiedGossip, BadEnvelope> {
        Ok(match self {
            Gossip::Status(signed) => VerifiedGossip::Status(signed.verify()?),
            Gossip::Pace(signed) => VerifiedGossip::Pace(signed.verify()?),
            Gossip::Command(signed) => VerifiedGossip::Command(signed.verify()?),
            Gossip::Bulletin(signed) => VerifiedGossip::Bulletin(signed.verify()?),
        })
    }
}

impl VerifiedGossip {
    /// The kind of topic it belongs on.
    pub fn topic(&self) -> Topic {
        match self {
            VerifiedGossip::Status(_) => Topic::Status,
            VerifiedGossip::Pace(_) => Topic::Control,
            VerifiedGossip::Command(stamped) => Topic::Commands(stamped.command.world),
            VerifiedGossip::Bulletin(bulletin) => Topic::Bulletins(bulletin.world),
        }
    }
}

/// What one node asks another.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Question {
    /// Who are you, and how far are you?
    Hello,
    /// How does this world begin, and what is its pace?
    World(WorldId),
    /// Which stamps have you in this range that I may not have? My digest of it is this.
    Stamps {
        /// The world.
        world: WorldId,
        /// The first epoch.
        from: Epoch,
        /// The epoch after the last.
        to: Epoch,
        /// The asker's digest of the range.
        digest: Hash,
        /// Go on behind this stamp.
        after: Option<(Epoch, CommandId)>,
    },
    /// Give me bulletins with receipts of these shards (or of any, if none is named) that are
    /// about this epoch or later ones.
    Receipts {
        /// The world.
        world: WorldId,
        /// The first epoch of interest.
        from: Epoch,
        /// The shards, at most [`SHARDS_ASKED_MAX`].
        shards: Vec<ShardId>,
    },
    /// Give me your newest anchor, if it is at this epoch or later.
    Anchor {
        /// The world.
        world: WorldId,
        /// The first epoch of interest.
        from: Epoch,
    },
    /// Store these commands and say so when they are on disk.
    Keep(Vec<Signed<Stamped>>),
    /// All there is to see of a shard you run: answered outside the engine.
    Look {
        /// The world.
        world: WorldId,
        /// The shard.
        shard: ShardId,
        /// Leave out events of epochs before this one.
        events_from: Epoch,
    },
    /// Something of a shard you run that a look does not show: answered outside the engine.
    Ask {
        /// The world.
        world: WorldId,
        /// The shard.
        shard: ShardId,
        /// The question in the model's encoding: small, the model bounds it.
        query: Vec<u8>,
    },
}

/// The shards of one question for receipts.
pub const SHARDS_ASKED_MAX: usize = 256;

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Answer {
    /// To [`Question::Hello`].
    Hello(Signed<Status>),
    /// To [`Question::World`].
    World(Genesis, Option<Signed<Pace>>),
    /// To [`Question::Stamps`]: nothing is missing.
    Same,
    /// To [`Question::Stamps`]: too many for one answer; these are the digests of its parts.
    Split(Vec<(Epoch, Epoch, Hash)>),
    /// To [`Question::Stamps`]: all of the range, or its next part.
    Stamps(Vec<Signed<Stamped>>, Option<(Epoch, CommandId)>),
    /// To [`Question::Receipts`].
    Receipts(Vec<Signed<Bulletin>>),
    /// To [`Question::Anchor`].
    Anchor(Option<Signed<Anchor>>),
    /// To [`Question::Keep`]: they are on disk.
    Kept,
    /// To [`Question::Look`]: the view and the events, in the model's encoding.
    Look {
        /// The epoch after which the view holds.
        epoch: Epoch,
        /// What the model shows of the shard.
        view: Vec<u8>,
        /// Recorded events by epoch.
        events: Vec<(Epoch, Vec<Vec<u8>>)>,
    },
    /// To [`Question::Ask`]: in the model's encoding, or why there is nothing to say.
    Said(Result<Vec<u8>, String>),
    /// No, and why.
    No(String),
}
