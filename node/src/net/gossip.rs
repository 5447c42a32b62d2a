//! Gossip: publishing, verdicts, and who listens to what.

use libp2p::PeerId;
use libp2p::gossipsub::{self, MessageAcceptance, PublishError};

use super::events::{GossipId, GossipMessage, NetEvent, Verdict};
use super::handle::lock;
use super::ids::{node_id, peer_id};
use super::stats::count;
use super::swarm::Task;
use super::topics::{Topic, ident};
use shared::id::NodeId;

impl Task {
    /// Makes the subscriptions what the core wants them to be.
    pub(super) fn sync_topics(&mut self) {
        let wanted = lock(&self.shared.wanted).clone();
        let gossip = &mut self.swarm.behaviour_mut().gossip;
        for topic in self.subscribed.difference(&wanted) {
            gossip.unsubscribe(&ident(topic, &self.shared.mesh));
        }
        for topic in wanted.difference(&self.subscribed) {
            if let Err(error) = gossip.subscribe(&ident(topic, &self.shared.mesh)) {
                // Our own filter lets our own topics through; what is left are full queues, and the
                // topic is in the next hello.
                tracing::warn!(%topic, %error, "a subscription was not told to all peers");
            }
        }
        self.subscribed = wanted;
    }

    pub(super) fn publish(&mut self, topic: Topic, data: Vec<u8>) {
        let counters = self.shared.counters.clone();
        let bytes = data.len() as u64;
        let topic = ident(&topic, &self.shared.mesh);
        match self.swarm.behaviour_mut().gossip.publish(topic, data) {
            Ok(_) => {
                count(&counters.gossip_sent);
                self.shared.add(|counters| &counters.gossip_sent_bytes, bytes);
            }
            Err(PublishError::NoPeersSubscribedToTopic) => count(&counters.gossip_unheard),
            Err(PublishError::Duplicate) => count(&counters.gossip_repeated),
            Err(PublishError::AllQueuesFull(_)) => count(&counters.gossip_queues_full),
            // The size was checked in `Net::publish` and nothing is signed or transformed here.
            Err(error) => tracing::error!(%error, "a message was not published"),
        }
    }

    pub(super) fn report(&mut self, id: GossipId, from: NodeId, verdict: Verdict) {
        let acceptance = match verdict {
            Verdict::Accept => MessageAcceptance::Accept,
            Verdict::Ignore => MessageAcceptance::Ignore,
            Verdict::Reject => MessageAcceptance::Reject,
        };
        if verdict == Verdict::Reject {
            count(&self.shared.counters.gossip_rejected);
        }
        let gossip = &mut self.swarm.behaviour_mut().gossip;
        gossip.report_message_validation_result(&id.0, &peer_id(from), acceptance);
    }

    pub(super) fn on_gossip(&mut self, event: gossipsub::Event) {
        match event {
            gossipsub::Event::Message { propagation_source, message_id, message } => {
                self.on_message(propagation_source, message_id, message);
            }
            gossipsub::Event::Subscribed { peer_id, topic } => {
                self.on_subscription(peer_id, topic.as_str(), true);
            }
            gossipsub::Event::Unsubscribed { peer_id, topic } => {
                self.on_subscription(peer_id, topic.as_str(), false);
            }
            gossipsub::Event::SlowPeer { peer_id, .. } => {
                count(&self.shared.counters.slow_peers);
                tracing::debug!(%peer_id, "a peer cannot keep up with gossip");
            }
            gossipsub::Event::GossipsubNotSupported { peer_id } => {
                tracing::debug!(%peer_id, "a peer does not gossip");
            }
        }
    }

    fn on_message(
        &mut self,
        source: PeerId,
        id: gossipsub::MessageId,
        message: gossipsub::Message,
    ) {
        let counters = self.shared.counters.clone();
        count(&counters.gossip_received);
        self.shared.add(|counters| &counters.gossip_received_bytes, message.data.len() as u64);
        let topic = Topic::parse(&self.shared.mesh, message.topic.as_str());
        let bytes = u32::try_from(message.data.len().max(1)).unwrap_or(u32::MAX);
        let room = self.gossip_room.clone().try_acquire_many_owned(bytes).ok();
        let heard = match (node_id(&source), topic, room) {
            (Some(from), Some(topic), Some(room)) => {
                let data = message.data;
                let id = GossipId(id.clone());
                let message = GossipMessage { from, id, topic, data, _room: room };
                self.events.mention(NetEvent::Gossip(message))
            }
            _ => false,
        };
        if !heard {
            count(&counters.gossip_dropped);
            let gossip = &mut self.swarm.behaviour_mut().gossip;
            gossip.report_message_validation_result(&id, &source, MessageAcceptance::Ignore);
        }
    }

    fn on_subscription(&mut self, peer: PeerId, topic: &str, subscribed: bool) {
        let (Some(node), Some(topic)) = (node_id(&peer), Topic::parse(&self.shared.mesh, topic))
        else {
            return;
        };
        let state = self.peers.entry(peer).or_default();
        if subscribed {
            state.topics.insert(topic);
            self.tell(NetEvent::Subscribed { peer: node, topic });
        } else {
            state.topics.remove(&topic);
            self.tell(NetEvent::Unsubscribed { peer: node, topic });
        }
    }
}
