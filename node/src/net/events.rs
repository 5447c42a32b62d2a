//! What the network tells the core, and how it is told.
//!
//! The channel is bounded. Gossip and round trips are dropped and counted when the core is slow:
//! gossip may be lost anyway, and anti-entropy repairs it. All else waits in a bounded backlog, so
//! that the core's picture of who is connected stays true without the swarm ever waiting.

use std::collections::VecDeque;
use std::time::Duration;

use libp2p::Multiaddr;
use libp2p::gossipsub::MessageId;
use shared::id::NodeId;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::ask::Reply;
use super::ids::Transport;
use super::topics::Topic;

/// Events that wait for the core.
pub(super) const EVENTS_MAX: usize = 4_096;
/// Places of these that gossip may not take.
const RESERVED: usize = 512;
/// Events that wait for a place in the channel. Beyond it the oldest is lost, and counted.
const BACKLOG_MAX: usize = 4_096;

/// The name of a gossiped message, for its verdict.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GossipId(pub(super) MessageId);

/// What the core thinks of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Forward it.
    Accept,
    /// Nobody's fault, but do not forward it.
    Ignore,
    /// It is not valid; the peer that forwarded it should have known.
    Reject,
}

/// A message that came. Give a [`Verdict`] within two seconds: it is not forwarded before, and
/// forgotten after about six.
#[derive(Debug)]
pub struct GossipMessage {
    /// Who forwarded it; who wrote it is in the envelope.
    pub from: NodeId,
    pub id: GossipId,
    pub topic: Topic,
    pub data: Vec<u8>,
    /// Bounds the bytes of messages that wait for the core.
    pub(super) _room: OwnedSemaphorePermit,
}

/// Why the last connection to a peer is gone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisconnectReason {
    #[error("the node closed the connection")]
    Closed,
    #[error("the connection was lost: {0}")]
    Lost(String),
    #[error("it was connected without topics, and is dialled again")]
    Deaf,
    #[error("it restarted behind a connection that still stood, and is dialled again")]
    Restarted,
    #[error("it answered no pings")]
    Silent,
    #[error("this node disconnected it, and dials it again")]
    Kicked,
}

/// What happened.
#[derive(Debug)]
pub enum NetEvent {
    /// This node can be reached here (without `/p2p/…`).
    Listening(Multiaddr),
    /// It cannot any more.
    NotListening {
        address: Multiaddr,
        reason: String,
    },
    /// A node of our mesh is connected. Only nodes that said who they are are told of.
    Connected {
        peer: NodeId,
        transport: Transport,
        address: Multiaddr,
    },
    /// The last connection to it is gone.
    Disconnected {
        peer: NodeId,
        reason: DisconnectReason,
    },
    /// A round trip was measured.
    Rtt {
        peer: NodeId,
        rtt: Duration,
    },
    /// A peer listens to a topic: what is published there reaches it from now on.
    Subscribed {
        peer: NodeId,
        topic: Topic,
    },
    Unsubscribed {
        peer: NodeId,
        topic: Topic,
    },
    /// A message.
    Gossip(GossipMessage),
    /// A peer asks.
    Asked {
        from: NodeId,
        bytes: Vec<u8>,
        reply: Reply,
    },
    /// A node of another mesh, or no node of ours at all, was turned away.
    Stranger {
        peer: NodeId,
        mesh: Option<String>,
        protocol: String,
    },
    /// The peer answered at this address: worth remembering.
    Address {
        peer: NodeId,
        address: Multiaddr,
    },
}

/// The sending side.
pub(super) struct Events {
    pub(super) channel: mpsc::Sender<NetEvent>,
    backlog: VecDeque<NetEvent>,
}

impl Events {
    pub(super) fn new(channel: mpsc::Sender<NetEvent>) -> Self {
        Events { channel, backlog: VecDeque::new() }
    }

    pub(super) fn is_behind(&self) -> bool {
        !self.backlog.is_empty()
    }

    /// Tells something that must not be lost. Answers false if the oldest such thing was.
    pub(super) fn tell(&mut self, event: NetEvent) -> bool {
        self.backlog.push_back(event);
        self.catch_up();
        if self.backlog.len() > BACKLOG_MAX {
            self.backlog.pop_front();
            return false;
        }
        true
    }

    /// Tells something that may be lost. Answers false if it was.
    pub(super) fn mention(&mut self, event: NetEvent) -> bool {
        if !self.backlog.is_empty() || self.channel.capacity() <= RESERVED {
            return false;
        }
        self.channel.try_send(event).is_ok()
    }

    /// Moves the backlog on as far as there is room.
    pub(super) fn catch_up(&mut self) {
        while !self.backlog.is_empty() {
            match self.channel.try_reserve() {
                Ok(place) => {
                    if let Some(event) = self.backlog.pop_front() {
                        place.send(event);
                    }
                }
                Err(_) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rtt(number: u64) -> NetEvent {
        NetEvent::Rtt { peer: NodeId([0; 32]), rtt: Duration::from_micros(number) }
    }

    #[tokio::test]
    async fn a_slow_core_loses_what_may_be_lost_and_nothing_else() {
        let (sender, mut receiver) = mpsc::channel(EVENTS_MAX);
        let mut events = Events::new(sender);
        let mentioned = (0..2 * EVENTS_MAX as u64).filter(|n| events.mention(rtt(*n))).count();
        assert_eq!(mentioned, EVENTS_MAX - RESERVED);
        for _ in 0..RESERVED + 100 {
            let peer = NodeId([0; 32]);
            assert!(events.tell(NetEvent::Subscribed { peer, topic: Topic::Status }));
        }
        assert!(events.is_behind());
        let mut told = 0;
        while let Ok(event) = receiver.try_recv() {
            told += usize::from(matches!(event, NetEvent::Subscribed { .. }));
            events.catch_up();
        }
        assert_eq!(told, RESERVED + 100);
    }
}
