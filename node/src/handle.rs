//! How the API talks to the core: questions with a place for the answer, and the latest pictures.
//!
//! The core task owns the engine; nobody else touches it. What is read often (the mesh, the worlds,
//! their projects) is published as shared pictures, so that reading costs the core nothing. What
//! changes something, or needs another node, is asked through a bounded channel.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::engine::command::Target;
use shared::engine::genesis::Genesis;
use shared::id::{CommandId, Epoch, ShardId, WorldId};
use shared::model::view::Event;
use tokio::sync::{mpsc, oneshot, watch};

use crate::api::types::{
    Accepted, Joined, MeshView, NodeStatus, ProjectDetail, ProjectRow, RootView, ShareRow,
    WorldView,
};

/// Questions waiting for the core. When it is full the API answers 503 and asks to try again.
pub const ASKS_MAX: usize = 256;

/// Everything the core publishes, replaced as a whole: about four times a second while it changes.
#[derive(Clone, Debug)]
pub struct Picture {
    pub status: NodeStatus,
    /// Without history.
    pub mesh: MeshView,
    pub worlds: BTreeMap<WorldId, WorldPicture>,
    /// True once the node takes part: store open, listening, and joined if it was asked to.
    pub ready: bool,
}

/// A world and its projects (markets are left out), in order of id.
#[derive(Clone, Debug)]
pub struct WorldPicture {
    pub view: WorldView,
    pub projects: BTreeMap<ShardId, ProjectRow>,
    pub shares: Vec<ShareRow>,
    /// Where new projects of this world sell, if it has a market.
    pub market: Option<ShardId>,
}

/// Why the core said no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No such thing (404).
    #[error("{0}")]
    Unknown(String),
    /// It makes no sense (422).
    #[error("{0}")]
    Invalid(String),
    /// Not now: too busy, disk nearly full, shutting down (503).
    #[error("{0}")]
    Unavailable(String),
    /// Not yet, or not any more: an epoch that is not settled or was dropped (409).
    #[error("{0}")]
    NotSettled(String),
    /// Another machine did not do its part (502).
    #[error("{0}")]
    Upstream(String),
}

pub type Answer<T> = oneshot::Sender<Result<T, Denied>>;

/// What the core can be asked.
pub enum Ask {
    /// Accept a command: answered when it is on disk here, and on one more node if one is connected.
    Command {
        world: WorldId,
        target: Target,
        body: Vec<u8>,
        nonce: Option<u64>,
        answer: Answer<Accepted>,
    },
    /// What became of a command.
    CommandState {
        world: WorldId,
        command: CommandId,
        answer: Answer<Accepted>,
    },
    /// Start a world with commands stamped at these epochs. Answers false if it was known already.
    CreateWorld {
        genesis: Genesis,
        /// (epoch, target, body, nonce)
        commands: Vec<(Epoch, Target, Vec<u8>, u64)>,
        /// (epoch_ms, paused)
        pace: (u64, bool),
        answer: Answer<(WorldId, bool)>,
    },
    SetPace {
        world: WorldId,
        epoch_ms: u64,
        paused: bool,
        answer: Answer<()>,
    },
    Root {
        world: WorldId,
        epoch: Epoch,
        answer: Answer<RootView>,
    },
    /// All of a project, from the node that runs it (or here, if that is this node).
    Project {
        project: ShardId,
        answer: Answer<ProjectDetail>,
    },
    /// Something of a project that its view does not show, in the model's encoding: see
    /// [`Query`](shared::model::workshop::read::Query).
    Workshop {
        project: ShardId,
        query: Vec<u8>,
        answer: Answer<Vec<u8>>,
    },
    /// Join by multiaddr.
    Join {
        address: String,
        answer: Answer<Joined>,
    },
    /// End the node cleanly.
    Shutdown {
        answer: Answer<()>,
    },
}

/// The events of one epoch of one project.
#[derive(Clone, Debug)]
pub struct ProjectEvents {
    pub project: ShardId,
    pub epoch: Epoch,
    pub events: Arc<Vec<Event>>,
}

/// A project somebody looks at. While one of these lives, the core keeps its detail fresh (at most
/// four times a second) and its events coming; when the last is dropped it stops.
pub struct Watch {
    pub detail: watch::Receiver<Option<Arc<ProjectDetail>>>,
    pub events: tokio::sync::broadcast::Receiver<ProjectEvents>,
    pub(crate) _alive: mpsc::Sender<()>,
}

impl Watch {
    /// A watch that lasts until it is dropped: then `alive` is closed.
    pub fn new(
        detail: watch::Receiver<Option<Arc<ProjectDetail>>>,
        events: tokio::sync::broadcast::Receiver<ProjectEvents>,
        alive: mpsc::Sender<()>,
    ) -> Self {
        Watch { detail, events, _alive: alive }
    }
}

/// The core, as the API sees it. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    pub asks: mpsc::Sender<Ask>,
    pub picture: watch::Receiver<Arc<Picture>>,
    /// The mesh page's history, oldest first.
    pub history: watch::Receiver<Arc<std::collections::VecDeque<crate::api::types::MeshSample>>>,
    pub watches: mpsc::Sender<(ShardId, oneshot::Sender<Result<Watch, Denied>>)>,
}
