//! Who is connected, who they are, and who must go.
//!
//! A connection counts once identify has said that the peer is of our mesh. Until then nothing is
//! told of it. Three kinds of peers are disconnected although their connection stands: strangers;
//! peers that restarted behind it; and peers that are deaf (see `find_deaf`).

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::time::{Duration, Instant};

use libp2p::core::ConnectedPoint;
use libp2p::core::transport::TransportError;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{ConnectionError, ConnectionId};
use libp2p::{Multiaddr, PeerId, identify, ping};
use shared::id::NodeId;

use super::behaviour;
use super::book::Target;
use super::dial::{self, Connected, DialFailed};
use super::events::{DisconnectReason, NetEvent};
use super::handle::{Peer, lock};
use super::ids::{Transport, node_id, peer_id, split_peer};
use super::stats::count;
use super::swarm::Task;
use super::topics::Topic;

/// A peer connected for this long without a topic is deaf: gossipsub sends its subscriptions on the
/// first connection of a peer only (rust-libp2p#5097), so a peer that came back while its dead
/// connection stood here was never sent ours, nor we its.
const DEAF_AFTER: Duration = Duration::from_secs(2);
/// One that stays deaf is dialled again ever more seldom, up to this.
const DEAF_AFTER_MAX: Duration = Duration::from_secs(60);
/// A peer that has not said who it is by then is not one of ours.
const IDENTIFY_TIMEOUT: Duration = Duration::from_secs(5);
/// The one who dialled is given time to hear from us which mesh this is, to tell its operator.
const STRANGER_GRACE: Duration = Duration::from_secs(1);
/// And the other way round: the one who dialled waits until the other knows as well.
const STRANGER_GRACE_DIALLED: Duration = Duration::from_millis(250);
/// Pings are answered within a second or not at all. TCP does not notice a pulled cable or a stopped
/// process by itself, and libp2p's own count of lost pings takes a quarter of a minute (measured).
const SILENT_AFTER: Duration = Duration::from_secs(5);
/// Addresses taken from what a peer says of itself.
const ADDRESSES_SAID_MAX: usize = 8;

/// One connection.
pub(super) struct Connection {
    peer: PeerId,
    pub(super) address: Multiaddr,
    pub(super) transport: Transport,
    outbound: bool,
    since: Instant,
    /// When a ping was answered last.
    answered: Instant,
    /// The start of the peer's process, once it said so.
    boot: Option<String>,
    identified: bool,
}

/// A peer with at least one connection.
#[derive(Default)]
pub(super) struct PeerState {
    /// It is of our mesh and the core was told of it.
    pub(super) confirmed: bool,
    pub(super) topics: BTreeSet<Topic>,
    since: Option<Instant>,
    /// Why it is being disconnected by us.
    leaving: Option<DisconnectReason>,
}

/// `zeromesh/0.1.0/<boot>`: the agent to show, and the start of the process.
fn split_agent(agent: &str) -> (String, Option<String>) {
    let short = |text: &str| text.chars().take(64).collect::<String>();
    match agent.rsplit_once('/') {
        Some((agent, boot)) if agent.starts_with("zeromesh/") => (short(agent), Some(short(boot))),
        _ => (short(agent), None),
    }
}

/// The mesh a protocol name is of.
fn mesh_of(protocol: &str) -> Option<&str> {
    let (mesh, version) = protocol.strip_prefix("/zeromesh/")?.split_once('/')?;
    version.parse::<u32>().is_ok().then_some(mesh)
}

fn is_loopback(address: &Multiaddr) -> bool {
    match address.iter().next() {
        Some(Protocol::Ip4(ip)) => ip.is_loopback(),
        Some(Protocol::Ip6(ip)) => ip.is_loopback(),
        _ => false,
    }
}

impl Task {
    pub(super) fn close_due(&mut self) {
        let now = Instant::now();
        let (due, later) = self.closing.drain(..).partition(|(at, _)| *at <= now);
        self.closing = later;
        let due: Vec<(Instant, ConnectionId)> = due;
        for (_, id) in due {
            self.swarm.close_connection(id);
        }
    }

    pub(super) fn on_established(
        &mut self,
        peer: PeerId,
        id: ConnectionId,
        endpoint: &ConnectedPoint,
        failed: &[(Multiaddr, TransportError<io::Error>)],
    ) {
        let now = Instant::now();
        let (address, _) = split_peer(endpoint.get_remote_address());
        let connection = Connection {
            peer,
            transport: Transport::of(&address),
            address,
            outbound: endpoint.is_dialer(),
            since: now,
            answered: now,
            boot: None,
            identified: false,
        };
        self.connections.insert(id, connection);
        self.peers.entry(peer).or_default().since.get_or_insert(now);
        if !failed.is_empty() {
            let mut book = lock(&self.shared.book);
            for (address, error) in failed {
                book.tried(node_id(&peer), address, Some(dial::short(error, address)));
            }
        }
    }

    pub(super) fn on_closed(
        &mut self,
        peer: PeerId,
        id: ConnectionId,
        remaining: u32,
        cause: Option<ConnectionError>,
    ) {
        let now = Instant::now();
        let connection = self.connections.remove(&id);
        let node = node_id(&peer);
        // A dial that stood and was closed before the peer said who it is.
        if let Some(dialling) = self.dialling.remove(&id) {
            let mut book = lock(&self.shared.book);
            let error = "it closed the connection before it said who it is".to_string();
            book.tried(node, &dialling.asked, Some(error));
            if let Some(target) = &dialling.target {
                book.failed(target, now);
            }
            if let Some(answer) = dialling.answer {
                let address = dialling.asked.to_string();
                let _ = answer.send(Err(DialFailed::Closed { address }));
            }
        }
        if remaining > 0 {
            self.show_peer(peer);
            return;
        }
        let Some(state) = self.peers.remove(&peer) else { return };
        let Some(node) = node else { return };
        lock(&self.shared.peers).remove(&node);
        if state.confirmed {
            lock(&self.shared.book).lost(node, now);
            let reason = state.leaving.unwrap_or_else(|| match cause {
                None => DisconnectReason::Closed,
                Some(ConnectionError::IO(error)) => said(&error),
                Some(error) => DisconnectReason::Lost(error.to_string()),
            });
            let address = connection.map(|connection| connection.address);
            tracing::info!(peer = %node, address = ?address, %reason, "disconnected");
            self.tell(NetEvent::Disconnected { peer: node, reason });
        }
    }

    pub(super) fn on_identified(&mut self, id: ConnectionId, peer: PeerId, info: identify::Info) {
        let now = Instant::now();
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let (agent, boot) = split_agent(&info.agent_version);
        let again = connection.identified;
        connection.identified = true;
        connection.boot.clone_from(&boot);
        let ours = behaviour::protocol(&self.shared.mesh);
        if info.protocol_version != ours {
            self.turn_away(id, peer, &info.protocol_version);
            return;
        }
        let Some(node) = node_id(&peer) else { return };
        let (address, outbound) = (connection.address.clone(), connection.outbound);
        let transport = connection.transport;
        self.learn_addresses(node, &address, outbound, &info.listen_addrs, again);
        let dialling = self.dialling.remove(&id);
        let mut book = lock(&self.shared.book);
        if let Some(Target::Address(address)) = dialling.as_ref().and_then(|d| d.target.as_ref()) {
            book.found(address, node, now);
        }
        book.connected(node);
        drop(book);

        let restarted = self.connections.values().any(|other| {
            other.peer == peer && other.boot.is_some() && boot.is_some() && other.boot != boot
        });
        let state = self.peers.entry(peer).or_default();
        let restarted = restarted && state.leaving.is_none();
        let first = !state.confirmed;
        state.confirmed = true;
        if first {
            let since = now;
            let shown = Peer { node, transport, address: address.clone(), agent, rtt: None, since };
            lock(&self.shared.peers).insert(node, shown);
            tracing::info!(peer = %node, %address, "connected");
            self.tell(NetEvent::Connected { peer: node, transport, address: address.clone() });
        }
        // Only now: whoever hears of the connection may use it at once.
        if let Some(dialling) = dialling
            && let Some(answer) = dialling.answer
        {
            let took = now - dialling.started;
            let _ = answer.send(Ok(Connected { peer: node, address, transport, took }));
        }
        if restarted {
            // Its former connection stands, so gossipsub told it nothing on the new one. All of
            // them go, and the next is a first one again.
            count(&self.shared.counters.restarted_peers);
            self.disconnect(peer, DisconnectReason::Restarted);
        }
    }

    /// Remembers where the peer can be reached.
    fn learn_addresses(
        &mut self,
        node: NodeId,
        address: &Multiaddr,
        outbound: bool,
        said: &[Multiaddr],
        again: bool,
    ) {
        let now = Instant::now();
        let near = is_loopback(address);
        let mut book = lock(&self.shared.book);
        if outbound {
            book.learn(node, address, now);
            book.tried(Some(node), address, None);
        }
        // A loopback address is of use only to those who came over loopback themselves.
        let said = said.iter().filter(|said| near || !is_loopback(said)).take(ADDRESSES_SAID_MAX);
        let kad = &mut self.swarm.behaviour_mut().kad;
        for address in said {
            book.learn(node, address, now);
            kad.add_address(&peer_id(node), address.clone());
        }
        drop(book);
        if outbound && !again {
            self.tell(NetEvent::Address { peer: node, address: address.clone() });
        }
    }

    fn turn_away(&mut self, id: ConnectionId, peer: PeerId, protocol: &str) {
        let now = Instant::now();
        count(&self.shared.counters.strangers);
        let theirs: String = protocol.chars().take(80).collect();
        let ours = self.shared.mesh.clone();
        let mesh = mesh_of(&theirs).map(str::to_string);
        let failed = match &mesh {
            Some(mesh) if *mesh != ours => DialFailed::WrongMesh { theirs: mesh.clone(), ours },
            _ => DialFailed::WrongProtocol {
                theirs: theirs.clone(),
                ours: behaviour::protocol(&ours),
            },
        };
        let outbound = self.connections.get(&id).is_some_and(|connection| connection.outbound);
        let grace = if outbound { STRANGER_GRACE_DIALLED } else { STRANGER_GRACE };
        self.closing.push((now + grace, id));
        let dialling = self.dialling.remove(&id);
        if let Some(node) = node_id(&peer) {
            let mut book = lock(&self.shared.book);
            if let Some(Target::Address(address)) =
                dialling.as_ref().and_then(|d| d.target.as_ref())
            {
                book.found(address, node, now);
            }
            book.turned_away(node, &failed.to_string(), now);
            drop(book);
            self.tell(NetEvent::Stranger { peer: node, mesh, protocol: theirs });
        }
        if let Some(answer) = dialling.and_then(|dialling| dialling.answer) {
            let _ = answer.send(Err(failed));
        }
    }

    /// The peer does not speak identify: none of ours.
    pub(super) fn on_unidentified(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get(&id) else { return };
        if !connection.identified {
            self.closing.push((Instant::now(), id));
        }
    }

    pub(super) fn on_ping(
        &mut self,
        peer: PeerId,
        id: ConnectionId,
        result: Result<Duration, ping::Failure>,
    ) {
        match result {
            Ok(rtt) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.answered = Instant::now();
                }
                let Some(node) = node_id(&peer) else { return };
                if let Some(shown) = lock(&self.shared.peers).get_mut(&node) {
                    shown.rtt = Some(rtt);
                    self.events.mention(NetEvent::Rtt { peer: node, rtt });
                }
            }
            // Counted by `find_silent`.
            Err(error) => tracing::debug!(%peer, %error, "a ping failed"),
        }
    }

    /// Closes connections that nobody answers on, and those whose peer does not say who it is.
    pub(super) fn find_silent(&mut self) {
        let now = Instant::now();
        // If this node itself stood still it says nothing about its peers.
        let late = now - std::mem::replace(&mut self.looked, now) > SILENT_AFTER / 2;
        let mut silent = Vec::new();
        for (id, connection) in &mut self.connections {
            if late {
                connection.answered = now;
            } else if now - connection.answered > SILENT_AFTER {
                silent.push((*id, connection.peer));
            } else if !connection.identified && now - connection.since > IDENTIFY_TIMEOUT {
                self.closing.push((now, *id));
            }
        }
        for (id, peer) in silent {
            count(&self.shared.counters.silent_peers);
            if let Some(state) = self.peers.get_mut(&peer) {
                state.leaving.get_or_insert(DisconnectReason::Silent);
            }
            self.swarm.close_connection(id);
        }
    }

    /// Disconnects peers of ours that are connected without a topic; the address book dials them
    /// again.
    pub(super) fn find_deaf(&mut self) {
        let now = Instant::now();
        self.deaf_waits.retain(|_, (_, until)| *until > now);
        let deaf: Vec<PeerId> = self
            .peers
            .iter()
            .filter(|(peer, state)| {
                let wait = self.deaf_waits.get(peer).map_or(DEAF_AFTER, |(wait, _)| *wait);
                state.confirmed
                    && state.leaving.is_none()
                    && state.topics.is_empty()
                    && state.since.is_some_and(|since| now - since > wait)
            })
            .map(|(peer, _)| *peer)
            .collect();
        for peer in deaf {
            count(&self.shared.counters.deaf_peers);
            let wait = self.deaf_waits.get(&peer).map_or(DEAF_AFTER, |(wait, _)| *wait);
            let longer = (wait * 2).min(DEAF_AFTER_MAX);
            self.deaf_waits.insert(peer, (longer, now + 4 * longer));
            self.disconnect(peer, DisconnectReason::Deaf);
        }
    }

    pub(super) fn kick(&mut self, peer: PeerId) {
        if self.peers.get(&peer).is_some_and(|state| state.confirmed) {
            self.disconnect(peer, DisconnectReason::Kicked);
        }
    }

    fn disconnect(&mut self, peer: PeerId, reason: DisconnectReason) {
        if let Some(state) = self.peers.get_mut(&peer) {
            state.leaving = Some(reason);
        }
        let _ = self.swarm.disconnect_peer_id(peer);
    }

    /// QUIC before TCP, then the oldest.
    pub(super) fn best_connection(&self, peer: &PeerId) -> Option<&Connection> {
        let of_peer = self.connections.values().filter(|connection| &connection.peer == peer);
        of_peer
            .filter(|connection| connection.identified)
            .min_by_key(|connection| (connection.transport == Transport::Tcp, connection.since))
    }

    /// Shows the connection that is left.
    fn show_peer(&mut self, peer: PeerId) {
        let best = self.best_connection(&peer).map(|best| (best.transport, best.address.clone()));
        if let Some((transport, address)) = best
            && let Some(node) = node_id(&peer)
            && let Some(shown) = lock(&self.shared.peers).get_mut(&node)
        {
            shown.transport = transport;
            shown.address = address;
        }
    }
}

/// How a connection ended, from its error.
fn said(error: &io::Error) -> DisconnectReason {
    let text = error.to_string();
    match error.kind() {
        io::ErrorKind::UnexpectedEof => DisconnectReason::Closed,
        // QUIC's and yamux's words for it.
        _ if text.contains("closed by peer") || text.contains("connection is closed") => {
            DisconnectReason::Closed
        }
        _ => DisconnectReason::Lost(text),
    }
}

/// How long peers that stay deaf are left alone, and until when that is remembered.
pub(super) type DeafWaits = HashMap<PeerId, (Duration, Instant)>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mesh_and_a_start_are_read_from_what_identify_says() {
        assert_eq!(mesh_of(&behaviour::protocol("lab")), Some("lab"));
        assert_eq!(mesh_of("/ipfs/0.1.0"), None);
        assert_eq!(
            split_agent("zeromesh/0.1.0/00ff"),
            ("zeromesh/0.1.0".to_string(), Some("00ff".to_string()))
        );
        assert_eq!(split_agent("kubo/0.30"), ("kubo/0.30".to_string(), None));
    }
}
