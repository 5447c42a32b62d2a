//! The address book: where peers may be found, what came of trying, and when to try again.
//!
//! Plain bookkeeping without I/O: the swarm task asks it what is due and tells it what happened;
//! [`Net::attempts`](super::Net::attempts) shows it to the operator.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use shared::id::NodeId;

use super::ids::{node_id, split_peer};

/// The first wait: a node that restarts is back within a second or so.
const BACKOFF_MIN: Duration = Duration::from_millis(250);
/// The longest wait between two tries.
const BACKOFF_MAX: Duration = Duration::from_secs(30);
/// Addresses kept for a peer: a few interfaces, two transports each.
const ADDRESSES_MAX: usize = 12;
/// Peers kept. Beyond it, those that never answered go first.
const PEERS_MAX: usize = 1_024;
/// Tries under way at once.
const DIALS_MAX: usize = 16;

/// What is dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A peer, at all its addresses.
    Peer(NodeId, Vec<Multiaddr>),
    /// An address of whoever is there.
    Address(Multiaddr),
}

/// What came of the last try of an address, for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Who should be there, if known.
    pub peer: Option<NodeId>,
    pub address: Multiaddr,
    /// Milliseconds since 1970; none if it was not tried yet.
    pub at_ms: Option<u64>,
    /// None if it worked.
    pub error: Option<String>,
    /// When the next try is due, in milliseconds since 1970. None while connected or dialling.
    pub next_ms: Option<u64>,
}

#[derive(Debug)]
struct Address {
    address: Multiaddr,
    tried_ms: Option<u64>,
    error: Option<String>,
    worked: bool,
}

#[derive(Debug)]
struct Entry {
    addresses: Vec<Address>,
    /// Given by the operator: never forgotten.
    kept: bool,
    failures: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting(Instant),
    Dialling,
    Connected,
}

/// A bootstrap address without a peer id.
#[derive(Debug)]
struct Unnamed {
    address: Address,
    /// Who was found there last.
    peer: Option<NodeId>,
    failures: u32,
    state: State,
}

#[derive(Debug)]
pub(super) struct Book {
    me: NodeId,
    peers: BTreeMap<NodeId, Entry>,
    unnamed: Vec<Unnamed>,
}

impl Address {
    fn new(address: Multiaddr) -> Self {
        Address { address, tried_ms: None, error: None, worked: false }
    }

    fn note(&mut self, error: Option<String>) {
        self.tried_ms = Some(unix_ms(SystemTime::now()));
        self.worked |= error.is_none();
        self.error = error;
    }
}

impl Book {
    pub(super) fn new(me: NodeId) -> Self {
        Book { me, peers: BTreeMap::new(), unnamed: Vec::new() }
    }

    /// An address from the operator.
    pub(super) fn bootstrap(&mut self, address: &Multiaddr, now: Instant) {
        match split_peer(address) {
            (bare, Some(peer)) => {
                if let Some(node) = node_id(&peer) {
                    self.learn(node, &bare, now);
                    if let Some(entry) = self.peers.get_mut(&node) {
                        entry.kept = true;
                    }
                }
            }
            (bare, None) => {
                if self.unnamed.len() < ADDRESSES_MAX
                    && self.unnamed.iter().all(|known| known.address.address != bare)
                {
                    let address = Address::new(bare);
                    let state = State::Waiting(now);
                    self.unnamed.push(Unnamed { address, peer: None, failures: 0, state });
                }
            }
        }
    }

    /// An address where this peer may be.
    pub(super) fn learn(&mut self, peer: NodeId, address: &Multiaddr, now: Instant) {
        let (bare, named) = split_peer(address);
        if peer == self.me || named.is_some_and(|named| node_id(&named) != Some(peer)) {
            return;
        }
        if !reachable(&bare) {
            return;
        }
        if !self.peers.contains_key(&peer) && self.peers.len() >= PEERS_MAX && !self.forget_one() {
            return;
        }
        let entry = self.peers.entry(peer).or_insert_with(|| Entry {
            addresses: Vec::new(),
            kept: false,
            failures: 0,
            state: State::Waiting(now),
        });
        if entry.addresses.iter().any(|known| known.address == bare) {
            return;
        }
        if entry.addresses.len() >= ADDRESSES_MAX {
            // What never worked goes first: a node behind a changing address collects stale ones.
            let stale = entry.addresses.iter().position(|known| !known.worked).unwrap_or(0);
            entry.addresses.remove(stale);
        }
        entry.addresses.push(Address::new(bare));
        if let State::Waiting(at) = &mut entry.state {
            *at = now.min(*at);
        }
    }

    fn forget_one(&mut self) -> bool {
        let worst = self
            .peers
            .iter()
            .filter(|(_, entry)| !entry.kept && matches!(entry.state, State::Waiting(_)))
            .max_by_key(|(_, entry)| {
                (!entry.addresses.iter().any(|known| known.worked), entry.failures)
            })
            .map(|(peer, _)| *peer);
        worst.is_some_and(|peer| self.peers.remove(&peer).is_some())
    }

    /// What is to be dialled now; it counts as under way until told otherwise.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Target> {
        let connected: Vec<NodeId> = self
            .peers
            .iter()
            .filter(|(_, entry)| entry.state == State::Connected)
            .map(|(peer, _)| *peer)
            .collect();
        let under_way = self.peers.values().filter(|entry| entry.state == State::Dialling).count()
            + self.unnamed.iter().filter(|entry| entry.state == State::Dialling).count();
        let mut room = DIALS_MAX.saturating_sub(under_way);
        let mut targets = Vec::new();
        for unnamed in &mut self.unnamed {
            let found = unnamed.peer.is_some_and(|peer| connected.contains(&peer));
            if room > 0 && !found && matches!(unnamed.state, State::Waiting(at) if at <= now) {
                unnamed.state = State::Dialling;
                targets.push(Target::Address(unnamed.address.address.clone()));
                room -= 1;
            }
        }
        for (peer, entry) in &mut self.peers {
            if room == 0 {
                break;
            }
            if matches!(entry.state, State::Waiting(at) if at <= now) && !entry.addresses.is_empty()
            {
                entry.state = State::Dialling;
                let addresses = entry.addresses.iter().map(|known| known.address.clone());
                targets.push(Target::Peer(*peer, addresses.collect()));
                room -= 1;
            }
        }
        targets
    }

    /// What came of dialling single addresses.
    pub(super) fn tried(
        &mut self,
        peer: Option<NodeId>,
        address: &Multiaddr,
        error: Option<String>,
    ) {
        let (bare, named) = split_peer(address);
        let peer = peer.or_else(|| named.as_ref().and_then(node_id));
        for unnamed in &mut self.unnamed {
            if unnamed.address.address == bare {
                unnamed.address.note(error.clone());
            }
        }
        let entry = peer.and_then(|peer| self.peers.get_mut(&peer));
        if let Some(known) =
            entry.and_then(|entry| entry.addresses.iter_mut().find(|known| known.address == bare))
        {
            known.note(error);
        }
    }

    /// The dial of this target failed.
    pub(super) fn failed(&mut self, target: &Target, now: Instant) {
        let me = self.me;
        match target {
            Target::Peer(peer, _) => {
                if let Some(entry) = self.peers.get_mut(peer)
                    && entry.state == State::Dialling
                {
                    entry.failures = entry.failures.saturating_add(1);
                    entry.state = State::Waiting(now + backoff(&me, &peer.0, entry.failures));
                }
            }
            Target::Address(address) => {
                for unnamed in &mut self.unnamed {
                    if &unnamed.address.address == address && unnamed.state == State::Dialling {
                        unnamed.failures = unnamed.failures.saturating_add(1);
                        let wait = backoff(&me, address.as_ref(), unnamed.failures);
                        unnamed.state = State::Waiting(now + wait);
                    }
                }
            }
        }
    }

    /// Somebody answered at an address that was dialled without a name.
    pub(super) fn found(&mut self, address: &Multiaddr, peer: NodeId, now: Instant) {
        for unnamed in &mut self.unnamed {
            if &unnamed.address.address == address {
                unnamed.peer = Some(peer);
                unnamed.failures = 0;
                // Due again once that peer is gone; see `due`.
                unnamed.state = State::Waiting(now + BACKOFF_MIN);
            }
        }
        if peer == self.me {
            // Our own address on the list: nobody else will be there while we are.
            self.unnamed.retain(|unnamed| unnamed.peer != Some(peer));
        }
    }

    /// A connection to the peer stands and it is of our mesh.
    pub(super) fn connected(&mut self, peer: NodeId) {
        if let Some(entry) = self.peers.get_mut(&peer) {
            entry.failures = 0;
            entry.state = State::Connected;
        }
    }

    /// The last connection to the peer is gone. It is dialled again soon: at once by the node with
    /// the smaller id, a little later by the other, so that they do not meet half-way.
    pub(super) fn lost(&mut self, peer: NodeId, now: Instant) {
        let me = self.me;
        if let Some(entry) = self.peers.get_mut(&peer) {
            let wait = backoff(&me, &peer.0, 1);
            let wait = if me < peer { wait / 4 } else { wait };
            entry.state = State::Waiting(now + wait);
        }
    }

    /// The peer is not one of ours (another mesh): tried again, but seldom.
    pub(super) fn turned_away(&mut self, peer: NodeId, error: &str, now: Instant) {
        if let Some(entry) = self.peers.get_mut(&peer) {
            entry.failures = entry.failures.max(16);
            entry.state = State::Waiting(now + BACKOFF_MAX);
            for known in &mut entry.addresses {
                known.error = Some(error.to_string());
            }
        }
        for unnamed in &mut self.unnamed {
            if unnamed.peer == Some(peer) {
                unnamed.failures = 16;
                unnamed.state = State::Waiting(now + BACKOFF_MAX);
                unnamed.address.error = Some(error.to_string());
            }
        }
    }

    /// Every address, what came of trying it last, and when it is tried again.
    pub(super) fn attempts(&self, now: Instant) -> Vec<Attempt> {
        let clock_ms = unix_ms(SystemTime::now());
        let next_ms = |state: State| match state {
            State::Waiting(at) => {
                let wait_ms = at.saturating_duration_since(now).as_millis();
                Some(clock_ms.saturating_add(u64::try_from(wait_ms).unwrap_or(u64::MAX)))
            }
            State::Dialling | State::Connected => None,
        };
        let attempt = |peer: Option<NodeId>, known: &Address, state: State| Attempt {
            peer,
            address: known.address.clone(),
            at_ms: known.tried_ms,
            error: known.error.clone(),
            next_ms: next_ms(state),
        };
        let unnamed = self.unnamed.iter().map(|entry| {
            let peer = entry.peer.and_then(|peer| self.peers.get(&peer));
            let connected = peer.is_some_and(|peer| peer.state == State::Connected);
            let state = if connected { State::Connected } else { entry.state };
            attempt(entry.peer, &entry.address, state)
        });
        let named = self.peers.iter().flat_map(|(peer, entry)| {
            entry.addresses.iter().map(|known| attempt(Some(*peer), known, entry.state))
        });
        unnamed.chain(named).collect()
    }
}

/// Addresses that can be dialled at all.
fn reachable(address: &Multiaddr) -> bool {
    let mut parts = address.iter();
    let host = match parts.next() {
        Some(Protocol::Ip4(ip)) => !ip.is_unspecified(),
        Some(Protocol::Ip6(ip)) => !ip.is_unspecified(),
        Some(Protocol::Dns(_) | Protocol::Dns4(_) | Protocol::Dns6(_)) => true,
        _ => false,
    };
    host && matches!(parts.next(), Some(Protocol::Tcp(port) | Protocol::Udp(port)) if port != 0)
}

/// 250 ms, doubled with each failure up to 30 s, give or take a quarter. The jitter comes from a
/// hash of both ids and the count: differing between nodes is all it has to do.
fn backoff(me: &NodeId, target: &[u8], failures: u32) -> Duration {
    let doubled = BACKOFF_MIN.saturating_mul(1 << failures.saturating_sub(1).min(10));
    let base = doubled.min(BACKOFF_MAX);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&me.0).update(target).update(&failures.to_le_bytes());
    let byte = u32::from(hasher.finalize().as_bytes()[0]);
    base * (192 + byte / 2) / 256
}

fn unix_ms(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: NodeId = NodeId([1; 32]);
    const PEER: NodeId = NodeId([2; 32]);

    fn address(text: &str) -> Multiaddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_known_peer_is_dialled_at_once_and_then_ever_more_seldom() {
        let now = Instant::now();
        let mut book = Book::new(ME);
        book.learn(PEER, &address("/ip4/10.0.0.1/tcp/4001"), now);
        let mut at = now;
        let mut waits = Vec::new();
        for _ in 0..10 {
            let due = book.due(at);
            assert_eq!(due.len(), 1);
            assert!(book.due(at).is_empty(), "it is under way");
            book.tried(Some(PEER), &address("/ip4/10.0.0.1/tcp/4001"), Some("refused".into()));
            book.failed(&due[0], at);
            let State::Waiting(next) = book.peers[&PEER].state else { panic!("it waits") };
            waits.push(next - at);
            at = next;
        }
        assert!(waits[0] < Duration::from_millis(320), "{waits:?}");
        assert!(waits[9] > Duration::from_secs(20), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= BACKOFF_MAX * 5 / 4), "{waits:?}");
        let attempts = book.attempts(at);
        assert_eq!(attempts[0].error.as_deref(), Some("refused"));
        assert!(attempts[0].next_ms.is_some());
    }

    #[test]
    fn a_connected_peer_is_left_alone_and_a_lost_one_dialled_soon() {
        let now = Instant::now();
        let mut book = Book::new(ME);
        book.learn(PEER, &address("/ip4/10.0.0.1/tcp/4001"), now);
        book.due(now);
        book.connected(PEER);
        assert!(book.due(now + Duration::from_secs(3_600)).is_empty());
        book.lost(PEER, now);
        assert_eq!(book.due(now + Duration::from_millis(320)).len(), 1);
    }

    #[test]
    fn a_bootstrap_address_without_a_name_rests_while_its_node_is_connected() {
        let now = Instant::now();
        let mut book = Book::new(ME);
        let there = address("/dns4/example.org/tcp/4001");
        book.bootstrap(&there, now);
        assert_eq!(book.due(now), vec![Target::Address(there.clone())]);
        book.found(&there, PEER, now);
        book.learn(PEER, &there, now);
        book.connected(PEER);
        assert!(book.due(now + Duration::from_secs(60)).is_empty());
        book.lost(PEER, now);
        assert_eq!(book.due(now + Duration::from_secs(60)).len(), 2);
    }

    #[test]
    fn the_book_is_bounded_and_forgets_who_never_answered_first() {
        let now = Instant::now();
        let mut book = Book::new(ME);
        let there = address("/ip4/10.0.0.1/tcp/4001");
        for number in 0..(PEERS_MAX as u64 + 50) {
            let mut id = [7; 32];
            id[..8].copy_from_slice(&number.to_le_bytes());
            book.learn(NodeId(id), &there, now);
            if number == 3 {
                book.tried(Some(NodeId(id)), &there, None);
            }
        }
        assert_eq!(book.peers.len(), PEERS_MAX);
        let mut answered = [7; 32];
        answered[..8].copy_from_slice(&3u64.to_le_bytes());
        assert!(book.peers.contains_key(&NodeId(answered)));
        for port in 1..100 {
            book.learn(NodeId(answered), &address(&format!("/ip4/10.0.0.1/tcp/{port}")), now);
        }
        assert_eq!(book.peers[&NodeId(answered)].addresses.len(), ADDRESSES_MAX);
        assert!(book.peers[&NodeId(answered)].addresses.iter().any(|known| known.address == there));
    }

    #[test]
    fn an_address_of_ourselves_of_nobody_or_of_somebody_else_is_not_learnt() {
        let now = Instant::now();
        let mut book = Book::new(ME);
        book.learn(ME, &address("/ip4/10.0.0.1/tcp/4001"), now);
        book.learn(PEER, &address("/ip4/0.0.0.0/tcp/4001"), now);
        book.learn(PEER, &address("/ip4/10.0.0.1/tcp/0"), now);
        let other = super::super::ids::peer_id(NodeId(
            ed25519_dalek::SigningKey::from_bytes(&[3; 32]).verifying_key().to_bytes(),
        ));
        book.learn(PEER, &address(&format!("/ip4/10.0.0.1/tcp/1/p2p/{other}")), now);
        assert!(book.peers.is_empty());
    }
}
