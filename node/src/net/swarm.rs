//! The task that owns the swarm: commands in, events out, and the clock.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use libp2p::request_response::{self, OutboundRequestId};
use libp2p::swarm::{ConnectionId, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Swarm, identify, kad, mdns, ping};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::ask::{AskError, Reply};
use super::behaviour::{Behaviour, BehaviourEvent};
use super::connections::{Connection, DeafWaits, PeerState};
use super::dialling::Dialling;
use super::events::{Events, NetEvent};
use super::handle::{GOSSIP_WAITING_BYTES_MAX, lock};
use super::ids::{node_id, peer_id};
use super::stats::count;
use super::topics::Topic;
use super::{Command, Shared};

/// How often the clock is looked at: redials, deaf peers, deadlines. Well below the shortest of them.
const TICK: Duration = Duration::from_millis(100);
/// How long peers are given to hear that this node leaves.
const GOODBYE: Duration = Duration::from_millis(300);
/// Questions of peers that wait for the core. Beyond it they are refused.
const ASKED_MAX: usize = 256;

/// What one peer waits for.
pub(super) type Answer = oneshot::Sender<Result<Vec<u8>, AskError>>;

pub(super) struct Task {
    pub(super) swarm: Swarm<Behaviour>,
    pub(super) shared: Arc<Shared>,
    pub(super) events: Events,
    pub(super) peers: HashMap<PeerId, PeerState>,
    pub(super) connections: HashMap<ConnectionId, Connection>,
    pub(super) dialling: HashMap<ConnectionId, Dialling>,
    /// Connections to be closed at a time.
    pub(super) closing: Vec<(Instant, ConnectionId)>,
    pub(super) deaf_waits: DeafWaits,
    /// When the connections were looked through last.
    pub(super) looked: Instant,
    pub(super) subscribed: BTreeSet<Topic>,
    /// Bytes of gossip that may wait for the core.
    pub(super) gossip_room: Arc<Semaphore>,
    asks: HashMap<OutboundRequestId, Answer>,
    asked_room: Arc<Semaphore>,
    commands: mpsc::Receiver<Command>,
    commands_sender: mpsc::WeakSender<Command>,
}

impl Task {
    pub(super) fn new(
        swarm: Swarm<Behaviour>,
        shared: Arc<Shared>,
        commands_sender: mpsc::WeakSender<Command>,
        commands: mpsc::Receiver<Command>,
        events: Events,
    ) -> Self {
        Task {
            swarm,
            shared,
            events,
            peers: HashMap::new(),
            connections: HashMap::new(),
            dialling: HashMap::new(),
            closing: Vec::new(),
            deaf_waits: DeafWaits::new(),
            looked: Instant::now(),
            subscribed: BTreeSet::new(),
            gossip_room: Arc::new(Semaphore::new(GOSSIP_WAITING_BYTES_MAX)),
            asks: HashMap::new(),
            asked_room: Arc::new(Semaphore::new(ASKED_MAX)),
            commands,
            commands_sender,
        }
    }

    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let shared = self.shared.clone();
        let channel = self.events.channel.clone();
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = channel.closed() => break,
                event = self.swarm.select_next_some() => self.on_event(event),
                Some(command) = self.commands.recv() => self.on_command(command),
                () = shared.wake.notified() => self.on_wake(),
                _ = ticks.tick() => self.on_tick(),
                place = channel.reserve(), if self.events.is_behind() => {
                    drop(place);
                    self.events.catch_up();
                }
            }
        }
        self.say_goodbye().await;
    }

    async fn say_goodbye(&mut self) {
        let peers: Vec<PeerId> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        let closed = async {
            while self.swarm.connected_peers().next().is_some() {
                self.swarm.select_next_some().await;
            }
            // QUIC's farewell leaves with the next turn of its own task.
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let _ = tokio::time::timeout(GOODBYE, closed).await;
        lock(&self.shared.peers).clear();
    }

    pub(super) fn tell(&mut self, event: NetEvent) {
        if !self.events.tell(event) {
            count(&self.shared.counters.events_lost);
        }
    }

    fn on_wake(&mut self) {
        self.sync_topics();
        let kicks = std::mem::take(&mut *lock(&self.shared.kicks));
        for node in kicks {
            self.kick(peer_id(node));
        }
        self.dial_due();
    }

    fn on_tick(&mut self) {
        self.close_due();
        self.dial_due();
        self.give_up_dials();
        self.find_silent();
        self.find_deaf();
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Publish { topic, data, .. } => self.publish(topic, data),
            Command::Report { id, from, verdict } => self.report(id, from, verdict),
            Command::Dial { address, answer } => self.dial_for(address, answer),
            Command::Ask { peer, bytes, answer } => {
                let peer = peer_id(peer);
                if self.peers.get(&peer).is_some_and(|peer| peer.confirmed) {
                    let id = self.swarm.behaviour_mut().ask.send_request(&peer, bytes);
                    self.asks.insert(id, answer);
                } else {
                    let _ = answer.send(Err(AskError::NotConnected));
                }
            }
            Command::Respond { channel, answer } => {
                // It fails if the asker is gone; nobody waits then.
                let _ = self.swarm.behaviour_mut().ask.send_response(channel, answer);
            }
        }
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour(event),
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                endpoint,
                concurrent_dial_errors,
                ..
            } => {
                let failed = concurrent_dial_errors.unwrap_or_default();
                self.on_established(peer_id, connection_id, &endpoint, &failed);
            }
            SwarmEvent::ConnectionClosed {
                peer_id, connection_id, num_established, cause, ..
            } => self.on_closed(peer_id, connection_id, num_established, cause),
            SwarmEvent::OutgoingConnectionError { connection_id, peer_id, error } => {
                self.on_dial_error(connection_id, peer_id, &error);
            }
            SwarmEvent::IncomingConnectionError { error, send_back_addr, .. } => {
                tracing::debug!(%send_back_addr, %error, "an incoming connection failed");
            }
            SwarmEvent::NewListenAddr { address, .. } => {
                lock(&self.shared.listening).push(address.clone());
                self.tell(NetEvent::Listening(address));
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => {
                self.on_not_listening(vec![address], "the interface is gone");
            }
            SwarmEvent::ListenerClosed { addresses, reason, .. } => {
                let reason = reason.err().map_or_else(|| "closed".to_string(), |e| e.to_string());
                self.on_not_listening(addresses, &reason);
            }
            SwarmEvent::ListenerError { error, .. } => {
                tracing::warn!(%error, "a listener had an error");
            }
            _ => {}
        }
    }

    fn on_not_listening(&mut self, addresses: Vec<Multiaddr>, reason: &str) {
        for address in addresses {
            lock(&self.shared.listening).retain(|known| known != &address);
            self.tell(NetEvent::NotListening { address, reason: reason.to_string() });
        }
    }

    fn on_behaviour(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Gossip(event) => self.on_gossip(event),
            BehaviourEvent::Ask(event) => self.on_ask(event),
            BehaviourEvent::Identify(identify::Event::Received {
                connection_id,
                peer_id,
                info,
            }) => {
                self.on_identified(connection_id, peer_id, info);
            }
            BehaviourEvent::Identify(identify::Event::Error { connection_id, peer_id, error }) => {
                tracing::debug!(%peer_id, %error, "a peer did not say who it is");
                self.on_unidentified(connection_id);
            }
            BehaviourEvent::Ping(ping::Event { peer, connection, result }) => {
                self.on_ping(peer, connection, result);
            }
            BehaviourEvent::Kad(kad::Event::RoutingUpdated { peer, addresses, .. }) => {
                if let Some(node) = node_id(&peer) {
                    let now = Instant::now();
                    let mut book = lock(&self.shared.book);
                    for address in addresses.iter() {
                        book.learn(node, address, now);
                    }
                }
            }
            BehaviourEvent::Mdns(mdns::Event::Discovered(found)) => {
                let now = Instant::now();
                let mut book = lock(&self.shared.book);
                for (peer, address) in found {
                    if let Some(node) = node_id(&peer) {
                        book.learn(node, &address, now);
                    }
                }
            }
            _ => {}
        }
    }

    fn on_ask(&mut self, event: request_response::Event<Vec<u8>, Option<Vec<u8>>>) {
        use request_response::{Event, Message};
        match event {
            Event::Message { peer, message: Message::Request { request, channel, .. }, .. } => {
                let room = self.asked_room.clone().try_acquire_owned().ok();
                let (Some(room), Some(from), Some(commands)) =
                    (room, node_id(&peer), self.commands_sender.upgrade())
                else {
                    count(&self.shared.counters.asked_refused);
                    let _ = self.swarm.behaviour_mut().ask.send_response(channel, None);
                    return;
                };
                let reply = Reply::new(channel, commands, room);
                self.tell(NetEvent::Asked { from, bytes: request, reply });
            }
            Event::Message { message: Message::Response { request_id, response }, .. } => {
                if let Some(answer) = self.asks.remove(&request_id) {
                    let _ = answer.send(response.ok_or(AskError::Refused));
                }
            }
            Event::OutboundFailure { request_id, error, .. } => {
                if let Some(answer) = self.asks.remove(&request_id) {
                    let _ = answer.send(Err(error.into()));
                }
            }
            Event::InboundFailure { peer, error, .. } => {
                tracing::debug!(%peer, %error, "a question was not answered");
            }
            Event::ResponseSent { .. } => {}
        }
    }
}
