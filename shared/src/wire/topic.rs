//! The gossip topics of a mesh, as types and as names on the wire.

use std::fmt;

use crate::id::WorldId;

/// What gossip is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Heartbeats: load, capacity, version, addresses, heads.
    Status,
    /// Pace and, later, evidence and votes.
    Control,
    /// Commands and stamps of a world.
    Commands(WorldId),
    /// Receipts of a world.
    Bulletins(WorldId),
}

impl Topic {
    /// The name on the wire. The mesh is part of it, because gossipsub's own protocol prefix cannot
    /// be changed without losing version 1.2.
    pub fn name(&self, mesh: &str) -> String {
        match self {
            Topic::Status => format!("zeromesh/1/{mesh}/status"),
            Topic::Control => format!("zeromesh/1/{mesh}/control"),
            Topic::Commands(world) => format!("zeromesh/1/{mesh}/commands/{world}"),
            Topic::Bulletins(world) => format!("zeromesh/1/{mesh}/bulletins/{world}"),
        }
    }

    /// The topic with this name, if it is one of this mesh.
    pub fn parse(mesh: &str, name: &str) -> Option<Topic> {
        let rest = name.strip_prefix("zeromesh/1/")?.strip_prefix(mesh)?.strip_prefix('/')?;
        match rest.split_once('/') {
            None if rest == "status" => Some(Topic::Status),
            None if rest == "control" => Some(Topic::Control),
            Some(("commands", world)) => world.parse().ok().map(Topic::Commands),
            Some(("bulletins", world)) => world.parse().ok().map(Topic::Bulletins),
            _ => None,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Topic::Status => f.write_str("status"),
            Topic::Control => f.write_str("control"),
            Topic::Commands(world) => write!(f, "commands/{}", world.short()),
            Topic::Bulletins(world) => write!(f, "bulletins/{}", world.short()),
        }
    }
}
