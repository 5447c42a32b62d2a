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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ed25519_dalek::SigningKey;

    use super::*;
    use crate::engine::machine::Input;
    use crate::wire::message::VerifiedGossip;
    use crate::wire::signed::node_id;

    fn engine() -> Engine {
        Engine::new(SigningKey::from_bytes(&[1; 32]), Config::default(), Arc::new(|_, _| true))
    }

    fn status(key: &SigningKey, sequence: u64) -> Input {
        let status = Status { sequence, profile: Profile::default(), heads: Vec::new() };
        Input::Heard(VerifiedGossip::Status(Verified::sign(status, key)))
    }

    #[test]
    fn a_status_that_is_played_again_does_not_make_a_node_live() {
        let key = SigningKey::from_bytes(&[2; 32]);
        let node = node_id(&key);
        let mut engine = engine();
        engine.poll(0);
        engine.handle(0, Input::PeerUp(node));
        engine.handle(10, status(&key, 5));
        assert!(engine.is_live(node));
        for now in (20..5_000).step_by(20) {
            engine.handle(now, status(&key, 5));
            engine.handle(now, status(&key, 4));
            engine.poll(now);
        }
        assert!(!engine.is_live(node), "only something new is a sign of life");
        engine.handle(5_000, status(&key, 6));
        assert!(engine.is_live(node));
    }

    #[test]
    fn a_node_that_lost_its_store_may_count_from_one_again() {
        let key = SigningKey::from_bytes(&[2; 32]);
        let node = node_id(&key);
        let mut engine = engine();
        engine.poll(0);
        engine.handle(0, Input::PeerUp(node));
        engine.handle(10, status(&key, 500));
        engine.handle(20, Input::PeerDown(node));
        engine.handle(30, Input::PeerUp(node));
        engine.handle(40, status(&key, 1));
        assert!(engine.is_live(node));
    }

    #[test]
    fn a_process_that_stood_still_finds_nobody_missing_before_it_has_heard_what_came() {
        let key = SigningKey::from_bytes(&[2; 32]);
        let node = node_id(&key);
        let mut engine = engine();
        engine.poll(0);
        engine.handle(0, Input::PeerUp(node));
        engine.handle(10, status(&key, 1));
        engine.poll(20);
        // A minute later by the clock, in which this process did not run.
        engine.poll(60_020);
        assert!(engine.is_live(node));
        for now in (60_040..65_000).step_by(20) {
            engine.poll(now);
        }
        assert!(!engine.is_live(node), "from here on time counts again");
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let mut engine = engine();
        engine.poll(0);
        for number in 0..2 * PEERS_MAX as u64 {
            let mut seed = [7; 32];
            seed[..8].copy_from_slice(&number.to_le_bytes());
            engine.handle(number, status(&SigningKey::from_bytes(&seed), 1));
            engine.poll(number);
        }
        assert!(engine.peers().len() <= PEERS_MAX);
    }
}
