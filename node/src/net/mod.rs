//! The network: one task owns the libp2p swarm and speaks in typed commands and events.
//!
//! The core calls [`start`] and keeps a [`Net`]. This module finds peers, keeps connections to them
//! standing and moves bytes; what the bytes mean, and what follows from them, is none of its business.
//!
//! | file | about |
//! | --- | --- |
//! | `swarm` | the task: commands, events, the clock |
//! | `connections` | who is connected, who they are, who must go |
//! | `gossip` | publishing, verdicts, subscriptions |
//! | `behaviour` | libp2p's protocols and their settings |
//! | `book`, `dialling`, `dial` | where peers are, when to try them, what went wrong |
//! | `ask`, `states` | questions and answers; large states over streams |

mod ask;
mod behaviour;
mod book;
mod connections;
mod dial;
mod dialling;
mod events;
mod gossip;
mod handle;
mod ids;
mod states;
mod stats;
mod swarm;
mod topics;

#[cfg(test)]
mod tests;

pub use ask::{ANSWER_BYTES_MAX, AskError, QUESTION_BYTES_MAX, Reply};
pub use behaviour::GOSSIP_BYTES_MAX;
pub use book::Attempt;
pub use dial::{Connected, DialFailed};
pub use events::{DisconnectReason, GossipId, GossipMessage, NetEvent, Verdict};
pub use handle::{Net, NetConfig, NetError, NetLimits, Peer, PublishError, start};
pub use ids::{Transport, node_id, peer_id};
pub use states::{FetchError, STATE_BYTES_MAX, StateSource};
pub use stats::Stats;
pub use topics::Topic;

use handle::{Command, Shared};
