//! Real swarms on loopback. No sleeps: what is awaited has a deadline.

mod asking;
mod dialling;
mod gossiping;
mod rejoining;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use libp2p::Multiaddr;
use shared::id::NodeId;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{Net, NetConfig, NetError, NetEvent, NetLimits, StateSource, Topic, Transport, start};

/// Longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

const QUIC: &str = "/ip4/127.0.0.1/udp/0/quic-v1";
const TCP: &str = "/ip4/127.0.0.1/tcp/0";

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn node(number: u8) -> NodeId {
    NodeId(key(number).verifying_key().to_bytes())
}

fn config(listen: &[&str]) -> NetConfig {
    NetConfig {
        mesh: "test".to_string(),
        listen: listen.iter().map(|text| text.parse().expect("an address")).collect(),
        bootstrap: Vec::new(),
        mdns: false,
        limits: NetLimits::default(),
    }
}

fn no_states() -> StateSource {
    Arc::new(|_| None)
}

/// A node under test. Dropped, it ends without a goodbye.
struct Node {
    net: Net,
    events: mpsc::Receiver<NetEvent>,
    /// What came while something else was awaited.
    seen: VecDeque<NetEvent>,
    stop: CancellationToken,
}

impl Node {
    fn start(number: u8, config: NetConfig) -> Result<Node, NetError> {
        Node::serving(number, config, no_states())
    }

    fn serving(number: u8, config: NetConfig, states: StateSource) -> Result<Node, NetError> {
        let stop = CancellationToken::new();
        let (net, events) = start(config, &key(number), states, stop.clone())?;
        net.subscribe(Topic::Status);
        Ok(Node { net, events, seen: VecDeque::new(), stop })
    }

    /// Starts and waits until it listens.
    async fn listening(number: u8, listen: &[&str]) -> Node {
        let mut node = Node::start(number, config(listen)).expect("it starts");
        for _ in listen {
            node.wait("listening", |event| matches!(event, NetEvent::Listening(_)).then_some(()))
                .await;
        }
        node
    }

    fn address(&self, transport: Transport) -> Multiaddr {
        let of = |address: &&Multiaddr| Transport::of(address) == transport;
        self.net.listening().iter().find(of).cloned().expect("it listens there")
    }

    /// The next event this picks, also among those already seen.
    async fn wait<T>(&mut self, what: &str, mut pick: impl FnMut(&NetEvent) -> Option<T>) -> T {
        if let Some((index, found)) =
            self.seen.iter().enumerate().find_map(|(index, event)| Some((index, pick(event)?)))
        {
            self.seen.remove(index);
            return found;
        }
        let deadline = Instant::now() + DEADLINE;
        loop {
            let event = match timeout_at(deadline, self.events.recv()).await {
                Ok(Some(event)) => event,
                Ok(None) => panic!("the network ended while waiting for {what}"),
                Err(_) => panic!("no {what} within {DEADLINE:?}; seen: {:?}", self.seen),
            };
            if let Some(found) = pick(&event) {
                return found;
            }
            // Round trips would only fill the picture.
            if !matches!(event, NetEvent::Rtt { .. }) {
                self.seen.push_back(event);
            }
        }
    }

    async fn connected(&mut self, peer: NodeId) -> Transport {
        self.wait("connection", |event| match event {
            NetEvent::Connected { peer: other, transport, .. } if *other == peer => {
                Some(*transport)
            }
            _ => None,
        })
        .await
    }

    async fn subscribed(&mut self, peer: NodeId, topic: Topic) {
        self.wait("subscription", |event| match event {
            NetEvent::Subscribed { peer: p, topic: t } if (*p, *t) == (peer, topic) => Some(()),
            _ => None,
        })
        .await;
    }

    /// The next message, by what it says.
    async fn heard(&mut self) -> Vec<u8> {
        self.wait("gossip", |event| match event {
            NetEvent::Gossip(message) => Some(message.data.clone()),
            _ => None,
        })
        .await
    }
}

/// Two nodes, connected and subscribed both ways.
async fn pair(transport: Transport) -> (Node, Node) {
    let listen = match transport {
        Transport::Quic => QUIC,
        Transport::Tcp => TCP,
    };
    let mut a = Node::listening(1, &[listen]).await;
    let mut b = Node::listening(2, &[listen]).await;
    let address = a.address(transport).to_string();
    let connected = b.net.dial(&address).await.expect("it connects");
    assert_eq!((connected.peer, connected.transport), (node(1), transport));
    a.subscribed(node(2), Topic::Status).await;
    b.subscribed(node(1), Topic::Status).await;
    (a, b)
}
