//! What the machine is told and what it answers with: all that goes in and comes out.

use std::sync::Arc;

use crate::engine::anchor::Anchor;
use crate::engine::command::{Stamped, Target};
use crate::engine::genesis::{Genesis, RulesVersion};
use crate::engine::pace::Pace;
use crate::engine::receipt::Receipt;
use crate::engine::step::StepInput;
use crate::id::{CommandId, Epoch, Hash, NodeId, ShardId, StateHash, WorldId};
use crate::wire::message::{Answer, Gossip, Profile, Question, VerifiedGossip};
use crate::wire::signed::{Signed, Verified};
use crate::wire::topic::Topic;

/// What can be set of an engine's habits. Nothing here changes what comes out of a world.
#[derive(Clone, Debug)]
pub struct Config {
    /// Time between heartbeats. Two a second: a missing node is noticed within two seconds, and
    /// fifty nodes cost each a hundred small messages a second.
    pub heartbeat_ms: u64,
    /// A node not heard from for this long is missing: four heartbeats and a bit, because gossip
    /// may lose one.
    pub live_ms: u64,
    /// How long a stand-by waits for a step that could be made, before it makes it. Failover must
    /// take less than two seconds, ask first and run after; so half a second.
    pub patience_ms: u64,
    /// How many nodes hold the snapshots of a shard, the runner included.
    pub replicas: usize,
    /// The least time between two anchors, and between two snapshots of a shard that a stand-by
    /// fetches: what a restart may have to run again.
    pub anchor_ms: u64,
    /// How long a node that has peers to hear from waits for them before it runs by itself.
    pub hold_ms: u64,
    /// Receipts wait this long for company, while more are on their way.
    pub flush_ms: u64,
    /// History kept in memory, in shards times epochs: 64 bytes each or so.
    pub shard_epochs_kept: u64,
    /// A gap between two polls that is longer than this is a stop of the process or a jump of the
    /// clock: timers do not count it.
    pub jump_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            heartbeat_ms: 500,
            live_ms: 2_250,
            patience_ms: 500,
            replicas: 2,
            anchor_ms: 5_000,
            hold_ms: 0,
            flush_ms: 2,
            shard_epochs_kept: 500_000,
            jump_ms: 1_000,
        }
    }
}

/// Something that happened.
#[derive(Debug)]
pub enum Input {
    /// A connection to a peer of this mesh is up.
    PeerUp(NodeId),
    /// The last connection to a peer is gone.
    PeerDown(NodeId),
    /// Gossip arrived.
    Heard(VerifiedGossip),
    /// A peer asks.
    Asked {
        /// To be named in the reply.
        ask: u64,
        /// What.
        question: Question,
    },
    /// A peer has answered, or not.
    Answered {
        /// The number of the question.
        ask: u64,
        /// None if it failed.
        answer: Option<Answer>,
    },
    /// A job is done.
    Done(Done),
    /// A state was fetched, and its bytes are at hand, or it could not be had.
    Fetched {
        /// Its hash.
        state: StateHash,
        /// Whether it is at hand.
        found: bool,
    },
    /// What was to be stored with this token is on disk, or could not be stored.
    Stored {
        /// The token.
        token: u64,
        /// Whether it is on disk.
        done: bool,
    },
    /// What the operator should know of this node changed.
    Profile(Profile),
    /// A local request: accept a command.
    Submit {
        /// Named in the notice that follows.
        token: u64,
        /// The world.
        world: WorldId,
        /// Whom it is for.
        target: Target,
        /// The body.
        body: Vec<u8>,
        /// Tells equal commands apart.
        nonce: u64,
    },
    /// A local request: start a world.
    Create {
        /// Named in the notice that follows.
        token: u64,
        /// Where it begins.
        genesis: Genesis,
        /// Its first commands, with their epochs.
        commands: Vec<(Epoch, Target, Vec<u8>, u64)>,
        /// (epoch_ms, paused)
        pace: (u64, bool),
    },
    /// A local request: set the pace of a world.
    SetPace {
        /// Named in the notice that follows.
        token: u64,
        /// The world.
        world: WorldId,
        /// Wall time of an epoch; 0 for as fast as possible.
        epoch_ms: u64,
        /// Whether it stands still.
        paused: bool,
    },
}

/// A span of steps to be made on a worker.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// The world's beginning.
    pub genesis: Arc<Genesis>,
    /// The world.
    pub world: WorldId,
    /// The shard.
    pub shard: ShardId,
    /// Where the state comes from.
    pub start: Start,
    /// The inputs.
    pub steps: Vec<StepInput>,
}

/// Where the state before a job comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// The state that the last job of this shard left.
    InHand,
    /// Decoded from a snapshot.
    Snapshot(StateHash),
    /// Made from the founding command.
    Founding {
        /// The first epoch.
        epoch: Epoch,
        /// The rules then.
        rules: RulesVersion,
        /// The command's body.
        body: Vec<u8>,
    },
}

/// What came of a job.
#[derive(Debug)]
pub struct Done {
    /// The number of the job.
    pub id: u64,
    /// The world.
    pub world: WorldId,
    /// The shard.
    pub shard: ShardId,
    /// The receipt; none if the state the job should start from was not there.
    pub receipt: Option<Receipt>,
}

/// Something to do.
#[derive(Debug)]
pub enum Action {
    /// Take part in a topic.
    Subscribe(Topic),
    /// Say it to everybody.
    Publish(Topic, Gossip),
    /// Ask a peer.
    Ask {
        /// To be named in [`Input::Answered`].
        ask: u64,
        /// Whom.
        peer: NodeId,
        /// What.
        question: Question,
    },
    /// Answer a peer.
    Reply {
        /// The number of its question.
        ask: u64,
        /// What.
        answer: Answer,
    },
    /// Run a job. If its receipt names a state, keep the snapshot's bytes until [`Action::Forget`].
    Run(Job),
    /// Drop the state in hand of a shard.
    Drop(WorldId, ShardId),
    /// Drop a snapshot from memory (it may still be in a stored anchor).
    Forget(StateHash),
    /// Get a snapshot from one of these peers, check its hash, keep its bytes.
    Fetch {
        /// Its hash.
        state: StateHash,
        /// Who may have it, best first.
        peers: Vec<NodeId>,
    },
    /// Store it; with a token, answer with [`Input::Stored`] once it is on disk.
    Store(Record, Option<u64>),
    /// Tell the one who asked.
    Tell(Notice),
}

/// Something to be stored.
#[derive(Debug)]
pub enum Record {
    /// A new world.
    World(Genesis),
    /// Commands with their stamps. Where a command was stored with a later stamp, that is given
    /// too, to be replaced.
    Commands(Vec<(Signed<Stamped>, CommandId, Epoch, Option<Epoch>)>, WorldId),
    /// The pace of a world.
    Pace(Signed<Pace>),
    /// An anchor, with those states of it that are at hand, and the roots since the last.
    Anchor {
        /// The world.
        world: WorldId,
        /// Its epoch.
        epoch: Epoch,
        /// The anchor.
        anchor: Signed<Anchor>,
        /// States to be stored with it.
        states: Vec<StateHash>,
        /// Roots by checkpoint.
        roots: Vec<(Epoch, Hash)>,
    },
    /// An anchor is not needed any more, nor are these states of it.
    DropAnchor {
        /// The world.
        world: WorldId,
        /// Its epoch.
        epoch: Epoch,
        /// States that no other stored anchor has.
        states: Vec<StateHash>,
    },
}

/// The answer to a local request, or something the operator should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A command is on disk here, and on so many others.
    Accepted {
        /// The request.
        token: u64,
        /// The command.
        command: CommandId,
        /// When it takes effect.
        epoch: Epoch,
        /// Other nodes that have it on disk.
        copies: u32,
    },
    /// A world is on disk here, or was known.
    Created {
        /// The request.
        token: u64,
        /// The world.
        world: WorldId,
        /// False if it was known.
        new: bool,
    },
    /// A pace is set.
    PaceSet {
        /// The request.
        token: u64,
    },
    /// A request cannot be met, and why.
    Refused {
        /// The request.
        token: u64,
        /// In words.
        why: String,
    },
    /// Two honest runs of the same step disagree: a bug in determinism.
    Alarm {
        /// The world.
        world: WorldId,
        /// The shard.
        shard: ShardId,
        /// The first epoch of the span.
        from: Epoch,
        /// Who said otherwise.
        author: NodeId,
    },
}

/// A world as it was stored.
pub struct Resumed {
    /// Where it begins.
    pub genesis: Genesis,
    /// Its commands.
    pub commands: Vec<Verified<Stamped>>,
    /// Its pace.
    pub pace: Option<Verified<Pace>>,
    /// Its anchors, each with the states that are on disk.
    pub anchors: Vec<(Verified<Anchor>, Vec<StateHash>)>,
    /// Roots by checkpoint.
    pub roots: Vec<(Epoch, Hash)>,
}
