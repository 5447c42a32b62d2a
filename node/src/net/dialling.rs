//! Dialling: what the address book says is due, and what an operator asks for.

use std::time::{Duration, Instant};

use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, DialError};
use libp2p::{Multiaddr, PeerId};
use tokio::sync::oneshot;

use super::book::Target;
use super::dial::{self, Connected, DIAL_TIMEOUT, DialFailed};
use super::handle::lock;
use super::ids::{node_id, peer_id, split_peer};
use super::stats::count;
use super::swarm::Task;

/// A dial under way.
pub(super) struct Dialling {
    /// From the address book, to be told of the outcome.
    pub(super) target: Option<Target>,
    pub(super) asked: Multiaddr,
    expected: Option<PeerId>,
    pub(super) started: Instant,
    /// From an operator, waiting.
    pub(super) answer: Option<oneshot::Sender<Result<Connected, DialFailed>>>,
}

impl Task {
    /// Dials what the address book says is due.
    pub(super) fn dial_due(&mut self) {
        let now = Instant::now();
        let due = lock(&self.shared.book).due(now);
        for target in due {
            let opts = match &target {
                Target::Peer(node, addresses) => DialOpts::peer_id(peer_id(*node))
                    .condition(PeerCondition::DisconnectedAndNotDialing)
                    .addresses(addresses.clone())
                    .build(),
                Target::Address(address) => {
                    DialOpts::unknown_peer_id().address(address.clone()).build()
                }
            };
            let (asked, expected) = match &target {
                Target::Peer(node, addresses) => {
                    (addresses.first().cloned().unwrap_or_else(Multiaddr::empty), Some(*node))
                }
                Target::Address(address) => (address.clone(), None),
            };
            let expected = expected.map(peer_id);
            let dialling =
                Dialling { target: Some(target), asked, expected, started: now, answer: None };
            self.dial(opts, dialling);
        }
    }

    /// Dials for an operator.
    pub(super) fn dial_for(
        &mut self,
        address: Multiaddr,
        answer: oneshot::Sender<Result<Connected, DialFailed>>,
    ) {
        let (bare, expected) = split_peer(&address);
        let own = lock(&self.shared.listening).contains(&bare);
        if own || expected == Some(*self.swarm.local_peer_id()) {
            let _ = answer.send(Err(DialFailed::OwnAddress { address: address.to_string() }));
            return;
        }
        if let Some(peer) = expected
            && self.peers.get(&peer).is_some_and(|peer| peer.confirmed)
            && let Some(connection) = self.best_connection(&peer)
            && let Some(node) = node_id(&peer)
        {
            let (address, transport) = (connection.address.clone(), connection.transport);
            let took = Duration::ZERO;
            let _ = answer.send(Ok(Connected { peer: node, address, transport, took }));
            return;
        }
        let opts = match expected {
            Some(peer) => DialOpts::peer_id(peer)
                .condition(PeerCondition::Always)
                .addresses(vec![bare])
                .build(),
            None => DialOpts::unknown_peer_id().address(bare).build(),
        };
        let answer = Some(answer);
        let started = Instant::now();
        self.dial(opts, Dialling { target: None, asked: address, expected, started, answer });
    }

    fn dial(&mut self, opts: DialOpts, dialling: Dialling) {
        let id = opts.connection_id();
        count(&self.shared.counters.dials);
        let expected = dialling.expected;
        self.dialling.insert(id, dialling);
        if let Err(error) = self.swarm.dial(opts) {
            self.on_dial_error(id, expected, &error);
        }
    }

    pub(super) fn on_dial_error(
        &mut self,
        id: ConnectionId,
        peer: Option<PeerId>,
        error: &DialError,
    ) {
        let now = Instant::now();
        let node = peer.as_ref().and_then(node_id);
        let dialling = self.dialling.remove(&id);
        let mut book = lock(&self.shared.book);
        match error {
            DialError::Transport(errors) => {
                for (address, error) in errors {
                    book.tried(node, address, Some(dial::short(error, address)));
                }
            }
            // Connected or dialled from elsewhere: nothing was tried.
            DialError::DialPeerConditionFalse(_) => {
                let confirmed = |peer| self.peers.get(peer).is_some_and(|state| state.confirmed);
                if let Some(node) = node
                    && peer.as_ref().is_some_and(confirmed)
                {
                    book.connected(node);
                }
            }
            other => {
                if let Some(dialling) = &dialling {
                    let failure = dial::failure(other, &dialling.asked, dialling.expected);
                    book.tried(node, &dialling.asked, Some(failure.to_string()));
                }
            }
        }
        let Some(dialling) = dialling else { return };
        count(&self.shared.counters.dials_failed);
        if let Some(target) = &dialling.target {
            book.failed(target, now);
            // An address on our own list that leads to ourselves.
            if let (DialError::LocalPeerId { .. }, Target::Address(address)) = (error, target) {
                book.found(address, self.shared.me, now);
            }
        }
        drop(book);
        if let Some(answer) = dialling.answer {
            let failure = dial::failure(error, &dialling.asked, dialling.expected);
            let _ = answer.send(Err(failure));
        }
    }

    /// Answers operators whose dial stands but whose peer says nothing.
    pub(super) fn give_up_dials(&mut self) {
        let now = Instant::now();
        let late = |dialling: &Dialling| now - dialling.started > DIAL_TIMEOUT;
        for dialling in self.dialling.values_mut().filter(|dialling| late(dialling)) {
            if let Some(answer) = dialling.answer.take() {
                let address = dialling.asked.to_string();
                let _ = answer.send(Err(DialFailed::NoAnswer { address }));
            }
        }
    }
}
