//! Who is there: peers, their last words, and who can run the shards of a world.

use std::collections::BTreeMap;

use super::{Config, Engine};
use crate::engine::placement::Candidate;
use crate::id::{NodeId, WorldId};
use crate::wire::message::{Profile, Status};
use crate::wire::signed::Verified;

/// Peers remembered, connected or not.
pub const PEERS_MAX: usize = 1_024;
/// What is taken for the time a message takes to everybody when nothing was measured.
const PROPAGATION_MS: u64 = 5;
/// A peer that is not connected and was silent this long may start to count its statuses anew.
const FORGET_SEQUENCE_MS: u64 = 10_000;

/// A peer.
#[derive(Clone, Debug, Default)]
pub struct Peer {
    /// Whether this node has a connection to it.
    pub connected: bool,
    /// When it was last heard from, directly or through others.
    pub heard_ms: Option<u64>,
    /// The last it said of itself.
    pub status: Option<Verified<Status>>,
}

impl Peer {
    /// Whether it was heard from lately.
    pub fn live(&self, now: u64, config: &Config) -> bool {
        self.heard_ms.is_some_and(|heard| now <= heard + config.live_ms)
    }
}

/// The nodes that can run shards of a world now, this one included, in order of id.
pub(super) fn candidates(
    me: NodeId,
    profile: &Profile,
    peers: &BTreeMap<NodeId, Peer>,
    world: WorldId,
    now: u64,
    config: &Config,
) -> Vec<Candidate> {
    let mut all = vec![Candidate { node: me, weight: profile.cores }];
    for (node, peer) in peers {
        let Some(status) = peer.status.as_ref().filter(|_| peer.live(now, config)) else {
            continue;
        };
        if status.heads.iter().any(|head| head.world == world && head.ready) {
            all.push(Candidate { node: *node, weight: status.profile.cores });
        }
    }
    all.sort();
    all
}

/// About how long a message takes to reach everybody: the longest half round trip, twice over for
/// relays.
pub(super) fn propagation_ms(profile: &Profile, peers: &BTreeMap<NodeId, Peer>) -> u64 {
    if !peers.values().any(|peer| peer.connected) {
        return 0;
    }
    let slowest = profile.links.iter().map(|(_, _, rtt_us)| u64::from(*rtt_us) / 1_000).max();
    slowest.unwrap_or(0).max(PROPAGATION_MS)
}

impl Engine {
    pub(super) fn peer_up(&mut self, node: NodeId) {
        if node == self.me || (self.peers.len() >= PEERS_MAX && !self.peers.contains_key(&node)) {
            return;
        }
        let peer = self.peers.entry(node).or_default();
        // It may have lost its store, and count from one again.
        *peer = Peer { connected: true, ..Peer::default() };
        self.ask_hello(node);
    }

    pub(super) fn peer_down(&mut self, node: NodeId) {
        if let Some(peer) = self.peers.get_mut(&node) {
            peer.connected = false;
            // Whoever still hears from it will pass on its next status.
            peer.heard_ms = None;
        }
    }

    pub(super) fn heard_status(&mut self, status: Verified<Status>) {
        let node = status.author();
        if node == self.me || (self.peers.len() >= PEERS_MAX && !self.peers.contains_key(&node)) {
            return;
        }
        let now = self.now;
        let peer = self.peers.entry(node).or_default();
        let known = peer.status.as_ref().map_or(0, |known| known.sequence);
        let forgotten =
            !peer.connected && peer.heard_ms.is_none_or(|heard| now > heard + FORGET_SEQUENCE_MS);
        if status.sequence <= known && !forgotten {
            return;
        }
        peer.heard_ms = Some(now);
        peer.status = Some(status);
        self.compare_heads(node);
    }

    /// Forgets the oldest of the peers that are gone, so that strangers cannot fill the memory.
    pub(super) fn look_at_peers(&mut self) {
        if self.peers.len() >= PEERS_MAX {
            let gone = self.peers.iter().filter(|(_, peer)| !peer.connected);
            if let Some(node) = gone.min_by_key(|(_, peer)| peer.heard_ms).map(|(node, _)| *node) {
                self.peers.remove(&node);
            }
        }
    }
}
