//! The gossip topics of a mesh, as types and as names on the wire.

use std::fmt;

use libp2p::gossipsub::{
    IdentTopic, MaxCountSubscriptionFilter, TopicHash, TopicSubscriptionFilter,
};
use shared::id::WorldId;

/// Topics that one peer may subscribe to: two for each of more worlds than a node can follow.
const TOPICS_PER_PEER_MAX: usize = 4_096;

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

    pub(super) fn ident(&self, mesh: &str) -> IdentTopic {
        IdentTopic::new(self.name(mesh))
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

/// Topics of our mesh, whoever subscribes to them.
pub(super) struct OurTopics {
    mesh: String,
}

/// Lets peers subscribe to topics of our mesh only, and to a bounded number of them: gossipsub keeps
/// every topic a peer names.
pub(super) type TopicFilter = MaxCountSubscriptionFilter<OurTopics>;

pub(super) fn filter(mesh: &str) -> TopicFilter {
    MaxCountSubscriptionFilter {
        filter: OurTopics { mesh: mesh.to_string() },
        max_subscribed_topics: TOPICS_PER_PEER_MAX,
        max_subscriptions_per_request: TOPICS_PER_PEER_MAX,
    }
}

impl TopicSubscriptionFilter for OurTopics {
    fn can_subscribe(&mut self, topic: &TopicHash) -> bool {
        Topic::parse(&self.mesh, topic.as_str()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use shared::id::Hash;

    use super::*;

    #[test]
    fn a_topic_is_read_back_from_its_name_in_its_own_mesh_only() {
        let world = WorldId(Hash([9; 32]));
        for topic in
            [Topic::Status, Topic::Control, Topic::Commands(world), Topic::Bulletins(world)]
        {
            let name = topic.name("lab");
            assert_eq!(Topic::parse("lab", &name), Some(topic), "{name}");
            assert_eq!(Topic::parse("la", &name), None, "{name}");
            assert_eq!(Topic::parse("laboratory", &name), None, "{name}");
        }
        assert_eq!(Topic::parse("lab", "zeromesh/1/lab/commands/nope"), None);
        assert_eq!(Topic::parse("lab", "zeromesh/1/lab/weather"), None);
    }
}
