//! The gossip topics of a mesh as gossipsub knows them.

use libp2p::gossipsub::{
    IdentTopic, MaxCountSubscriptionFilter, TopicHash, TopicSubscriptionFilter,
};
pub use shared::wire::topic::Topic;

/// Topics that one peer may subscribe to: two for each of more worlds than a node can follow.
const TOPICS_PER_PEER_MAX: usize = 4_096;

/// The topic as gossipsub takes it.
pub(super) fn ident(topic: &Topic, mesh: &str) -> IdentTopic {
    IdentTopic::new(topic.name(mesh))
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
    use shared::id::{Hash, WorldId};

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
