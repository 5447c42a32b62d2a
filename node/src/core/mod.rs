//! The core: one task that owns the engine and carries out what it says.
//!
//! Everything that happens comes to it through one channel as an [`Event`]: from the network, the
//! workers, the store, the API. It hands inputs to the engine, takes actions, and publishes
//! pictures. It decides nothing about worlds.
//!
//! | file | about |
//! | --- | --- |
//! | `start` | a node from its settings to the end of its life |
//! | `driver` | the task: events in, actions out |
//! | `gossip` | checking signatures away from the network and from this task |
//! | `disk` | what is stored, and what is loaded at the start |
//! | `requests` | what the API asks |
//! | `looks` | what people look at: views and events, from here or from the runner |
//! | `picture` | what the node publishes of itself, the mesh and the worlds |
//! | `vitals` | processor, memory and disk of this process |

mod disk;
mod driver;
mod gossip;
mod looks;
mod picture;
mod requests;
mod start;
mod vitals;

use std::sync::Arc;

use shared::engine::machine::{Input, Supports};
use shared::wire::message::Question;
use tokio::sync::oneshot;

use crate::handle::{Ask, Denied, Watch};
use crate::net::{NetEvent, Reply};

pub use start::run;

/// Something that happened.
enum Event {
    /// For the engine, as it is.
    Input(Input),
    /// From the network.
    Net(NetEvent),
    /// A peer's question, read.
    Asked { question: Question, reply: Reply },
    /// From the API.
    Ask(Ask),
    /// Somebody wants to watch a project.
    Watch(shared::id::ShardId, oneshot::Sender<Result<Watch, Denied>>),
    /// The answer to a join.
    Joined(
        oneshot::Sender<Result<crate::api::types::Joined, Denied>>,
        Result<crate::net::Connected, crate::net::DialFailed>,
    ),
}

/// Events that wait for the core. What sends most, the network, drops gossip before this fills up.
const EVENTS_MAX: usize = 16_384;

/// Which models and rules this build runs.
fn supports() -> Supports {
    use shared::engine::model::Model;
    use shared::model::Companies;
    Arc::new(|model, rules| model == Companies.name() && Companies.supports(rules))
}
