//! The shapes of the HTTP API: what the dashboard and the operator commands read.
//!
//! Ids are strings: nodes as peer ids, worlds and projects as 64 hexadecimal digits (a unique
//! prefix of at least 6 digits is accepted wherever an id is asked for). Levels are basis points,
//! money is in cents. All times on the wall are milliseconds since 1970 by the answering node.

use serde::{Deserialize, Serialize};
use shared::model::view::{Event, PersonView, ProjectSummary, ProjectView};
use ts_rs::TS;

/// `GET /api/v1/status`: this node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NodeStatus {
    pub node: String,
    pub name: String,
    pub mesh: String,
    pub version: String,
    pub protocol: u32,
    pub uptime_ms: u64,
    /// Full multiaddrs, with `/p2p/…`, that others can join by.
    pub addresses: Vec<String>,
    pub http: String,
    pub data: String,
    pub peers_connected: u32,
    pub worlds: u32,
    pub projects_run: u32,
    pub people_run: u32,
    pub disk_used_bytes: u64,
    pub disk_free_bytes: u64,
    pub memory_bytes: u64,
    /// What is wrong, in words, with what to do; empty when all is well.
    pub problems: Vec<String>,
}

/// `GET /api/v1/mesh`: every node this one knows, and the links between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeshView {
    pub me: String,
    pub mesh: String,
    pub now_ms: u64,
    pub nodes: Vec<MeshNode>,
    pub links: Vec<Link>,
    /// Oldest first, one a second, at most 900: the last 15 minutes.
    pub history: Vec<MeshSample>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    /// Heard from within the last heartbeats.
    Live,
    /// Known, but not heard from lately.
    Missing,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeshNode {
    pub id: String,
    pub name: String,
    pub state: NodeState,
    pub version: String,
    pub addresses: Vec<String>,
    /// Its dashboard, if it told one and this node may show it.
    pub http: Option<String>,
    pub cores: u32,
    /// Share of its cores in use, in basis points.
    pub load: u16,
    pub memory_bytes: u64,
    pub projects: u32,
    pub people: u32,
    /// Share of all people of the mesh, in basis points.
    pub share: u16,
    pub last_heard_ms: Option<u64>,
    /// Round trip from this node, if connected.
    pub rtt_us: Option<u64>,
    /// `quic` or `tcp`, if connected.
    pub transport: Option<String>,
    /// Why it is missing: each address tried last, and what came of it.
    pub attempts: Vec<DialAttempt>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DialAttempt {
    pub address: String,
    pub at_ms: u64,
    /// None if it worked.
    pub error: Option<String>,
    /// When the next try is due.
    pub next_ms: Option<u64>,
}

/// A connection, as its `from` end tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Link {
    pub from: String,
    pub to: String,
    pub transport: String,
    pub rtt_us: Option<u64>,
}

/// A second of this node's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeshSample {
    pub at_ms: u64,
    pub gossip_sent: u32,
    pub gossip_received: u32,
    pub gossip_duplicate: u32,
    pub gossip_rejected: u32,
    pub rtt_p50_us: Option<u32>,
    pub rtt_p95_us: Option<u32>,
    pub epochs_settled: u32,
    pub steps: u32,
}

/// `GET /api/v1/worlds` (a list) and `GET /api/v1/worlds/{world}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WorldView {
    pub id: String,
    pub name: String,
    pub model: String,
    pub rules: u32,
    pub seed: String,
    /// Every epoch before this one is settled for every project, as far as this node knows.
    pub epoch: u64,
    pub ticks_per_epoch: u32,
    pub lookahead: u32,
    pub checkpoint_interval: u32,
    /// 0: no end.
    pub end: u64,
    pub pace: PaceView,
    pub projects: u32,
    pub people: u32,
    pub commands: u64,
    /// The newest checkpoint that is settled here.
    pub checkpoint: Option<RootView>,
    /// Epochs settled in the last second.
    pub epochs_per_second: u32,
    /// Why it does not move, if it does not.
    pub waiting: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaceView {
    /// Wall time of an epoch; 0: as fast as possible.
    pub epoch_ms: u64,
    pub paused: bool,
}

/// `GET /api/v1/worlds/{world}/root?epoch=E`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RootView {
    pub world: String,
    pub epoch: u64,
    pub root: String,
    /// Digest of the stamps below the epoch.
    pub stamps: String,
}

/// `GET /api/v1/worlds/{world}/projects`: a page of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectRow {
    pub id: String,
    pub world: String,
    /// The epoch after which the summary holds.
    pub epoch: u64,
    pub summary: ProjectSummary,
    /// The node that runs it.
    pub runner: Option<String>,
    pub runner_name: Option<String>,
    /// Nodes that stand by, in order of rank.
    pub standby: Vec<String>,
    /// Set when the project was halted by a fault in a step.
    pub halted: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub total: u64,
    /// Give this as `cursor` to get the next page.
    pub next: Option<String>,
}

/// `GET /api/v1/projects/{project}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectDetail {
    pub row: ProjectRow,
    /// From the runner; none if it does not answer at the moment.
    pub view: Option<ProjectView>,
    /// How old the view is: the epoch after which it holds.
    pub view_epoch: Option<u64>,
    pub refused: Vec<RefusedView>,
}

/// A command the world refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RefusedView {
    pub command: String,
    pub epoch: u64,
    pub reason: String,
}

/// `GET /api/v1/worlds/{world}/shares`: where every project's state is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ShareRow {
    pub project: String,
    pub name: String,
    pub runner: Option<String>,
    pub runner_name: Option<String>,
    /// Why that node runs it, in words.
    pub why: String,
    pub standby: Vec<String>,
    pub settled: u64,
    pub people: u32,
}

/// The answer to every command given: `POST …`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Accepted {
    pub command: String,
    /// The project the command founds or is for.
    pub project: Option<String>,
    pub world: String,
    pub epoch: u64,
    /// On how many other nodes it is on disk too. 0 means here only.
    pub copies: u32,
    pub state: CommandState,
}

/// `GET /api/v1/worlds/{world}/commands/{command}` answers with an [`Accepted`] too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum CommandState {
    /// On disk; it takes effect in its epoch.
    Accepted,
    /// Settled.
    Applied,
    /// Settled, and refused by the world.
    Refused { reason: String },
}

/// `POST /api/v1/worlds` takes a scenario (TOML text, at most 4 MiB) and answers with this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WorldCreated {
    pub world: String,
    pub name: String,
    /// False if the mesh had this very world already.
    pub created: bool,
    pub projects: Vec<String>,
}

/// `POST /api/v1/worlds/{world}/import?name=…&as_of=YYYY-MM-DD` takes a GitLab CSV export and
/// answers with this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Imported {
    pub accepted: Accepted,
    pub people: u32,
    pub open: u32,
    pub history: u32,
    /// Calibrated pace: median person-hours a unit of weight, and closings a week.
    pub hours_per_weight: f64,
    pub closings_per_week: f64,
    /// What was not understood, with its line.
    pub warnings: Vec<String>,
}

/// `POST /api/v1/peers`: join by address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JoinRequest {
    pub address: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Joined {
    pub node: String,
    pub address: String,
    pub transport: String,
    pub took_ms: u64,
}

/// A person and the project they work in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PersonRow {
    pub project: String,
    pub project_name: String,
    pub person: PersonView,
}

/// `GET /api/v1/worlds/{world}/people` and `GET /api/v1/projects/{project}/people`: asked of the
/// nodes that run the projects, page by page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PeoplePage {
    pub items: Vec<PersonRow>,
    /// As the summaries tell it.
    pub total: u64,
    /// Give this as `cursor` to get the next page.
    pub next: Option<String>,
    /// Projects of this page that did not answer: their people are left out.
    pub missing: Vec<String>,
}

/// `POST /api/v1/worlds/{world}/pace`; what is left out stays as it is. Answered with a [`PaceView`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PaceRequest {
    /// Wall time of an epoch; 0: as fast as possible.
    pub epoch_ms: Option<u64>,
    pub paused: Option<bool>,
}

/// `POST /api/v1/shutdown`: the node ends itself cleanly after this answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Stopping {
    pub stopping: bool,
}

/// `GET /healthz` (the process answers) and `GET /readyz` (the node takes part; else 503).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Health {
    pub ok: bool,
    /// Why not, in words; empty when all is well.
    pub reasons: Vec<String>,
}

/// Every error: RFC 9457, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// `about:blank` or a name like `unknown-project`.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What happened, to what, and what to do.
    pub detail: String,
    /// For `ambiguous`: what the name or prefix could mean, as full ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub candidates: Vec<String>,
}

/// What a client says on `GET /api/v1/ws`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Follow a channel. `after` is the last `seq` seen on it, to go on after a cut.
    Subscribe {
        channel: Channel,
        after: Option<u64>,
    },
    Unsubscribe {
        channel: Channel,
    },
    /// Answered with a `pong` of the same number: for the round trip shown.
    Ping {
        nonce: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Channel {
    /// A [`MeshView`] at first with all of the history, then each second one with the newest few
    /// samples of it.
    Mesh,
    /// The [`WorldView`] and the [`ProjectRow`]s that changed.
    World { world: String },
    /// A [`ProjectDetail`] when it changed, at most four a second.
    Project { project: String },
    /// The events of a project as they happen.
    Talk { project: String },
}

/// What the node says on the socket. (It is made, written and dropped: its size costs nothing.)
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ServerMessage {
    Mesh {
        seq: u64,
        mesh: MeshView,
    },
    World {
        seq: u64,
        world: WorldView,
        rows: Vec<ProjectRow>,
        complete: bool,
    },
    Project {
        seq: u64,
        project: String,
        detail: ProjectDetail,
    },
    Talk {
        seq: u64,
        project: String,
        epoch: u64,
        events: Vec<Event>,
    },
    /// A slow reader missed messages up to `seq`; the newest state follows.
    Gap {
        channel: Channel,
        seq: u64,
    },
    Error {
        channel: Option<Channel>,
        problem: Problem,
    },
    Pong {
        nonce: u64,
    },
}
