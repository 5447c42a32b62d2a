//! Questions and answers: how a node finds and repairs what gossip lost, and how a newcomer starts.
//!
//! Heads in heartbeats show that two nodes differ. Stamps are compared by digests of ranges, which
//! split until the ranges are small, lowest epochs first. Receipts are asked for where the world
//! waits for them, and anchors where receipts no longer reach back far enough.

use std::sync::Arc;

use super::{Action, Engine, Pending, Record};
use crate::id::{CommandId, Epoch, Hash, NodeId, ShardId, WorldId};
use crate::wire::codec;
use crate::wire::message::{Answer, PAGE_BYTES, Question, SHARDS_ASKED_MAX};
use crate::wire::signed::Signed;

/// A question without an answer for this long is given up: the network gives up earlier.
const ASK_TIMEOUT_MS: u64 = 10_000;
/// Questions under way at once.
const ASKS_MAX: usize = 256;
/// Ranges with at most this many stamps are sent whole.
const STAMPS_WHOLE_MAX: usize = 64;
/// A range of stamps is split into this many parts.
const PARTS: usize = 16;

/// A question under way.
#[derive(Debug)]
pub(super) struct Ask {
    peer: NodeId,
    sent_ms: u64,
    about: About,
}

#[derive(Debug)]
enum About {
    Hello,
    World(WorldId),
    /// The range under way, and those to be compared after it, lowest last.
    Stamps {
        world: WorldId,
        from: Epoch,
        to: Epoch,
        rest: Vec<(Epoch, Epoch)>,
    },
    Receipts(WorldId),
    Anchor(WorldId),
    /// A second copy of a command.
    Keep(Box<Pending>),
}

impl About {
    /// What is asked only once at a time: of anybody, or of this peer.
    fn same(&self, other: &About) -> bool {
        match (self, other) {
            (About::World(a), About::World(b)) => a == b,
            (About::Stamps { world: a, .. }, About::Stamps { world: b, .. }) => a == b,
            (About::Receipts(a), About::Receipts(b)) => a == b,
            (About::Anchor(a), About::Anchor(b)) => a == b,
            _ => false,
        }
    }
}

impl Engine {
    fn ask(&mut self, peer: NodeId, question: Question, about: About) -> bool {
        let busy =
            self.asks.len() >= ASKS_MAX || self.asks.values().any(|ask| ask.about.same(&about));
        if busy {
            return false;
        }
        let ask = self.number();
        self.asks.insert(ask, Ask { peer, sent_ms: self.now, about });
        self.actions.push(Action::Ask { ask, peer, question });
        true
    }

    pub(super) fn ask_hello(&mut self, peer: NodeId) {
        self.ask(peer, Question::Hello, About::Hello);
    }

    pub(super) fn expire_asks(&mut self) {
        let due = self.now.saturating_sub(ASK_TIMEOUT_MS);
        let late: Vec<u64> = self
            .asks
            .iter()
            .filter(|(_, ask)| ask.sent_ms < due)
            .map(|(number, _)| *number)
            .collect();
        for number in late {
            self.answered(number, None);
        }
    }

    /// Compares what a peer says of its worlds with what is known here.
    pub(super) fn compare_heads(&mut self, peer: NodeId) {
        let Some(known) = self.peers.get(&peer).filter(|peer| peer.connected) else { return };
        let heads = known.status.as_ref().map(|status| status.heads.clone()).unwrap_or_default();
        for head in heads {
            let Some(work) = self.worlds.get_mut(&head.world) else {
                self.ask(peer, Question::World(head.world), About::World(head.world));
                continue;
            };
            let digest = work.history.ledger.digest_all();
            let pace = work.pace().map_or(0, |pace| pace.counter);
            if head.pace > pace {
                self.ask(peer, Question::World(head.world), About::World(head.world));
            }
            if head.stamps != digest {
                self.compare_stamps(peer, head.world, vec![(0, Epoch::MAX)], None);
                continue;
            }
            let Some(work) = self.worlds.get_mut(&head.world) else { continue };
            work.compared = true;
            let closed = work.history.closed();
            if head.closed <= closed + u64::from(work.history.genesis.lookahead) {
                work.compare_progress(head.closed);
            } else if head.base > closed {
                let question =
                    Question::Anchor { world: head.world, from: work.anchor_wanted_from() };
                self.ask(peer, question, About::Anchor(head.world));
            } else {
                work.compare_progress(head.closed);
                self.ask_receipts(peer, head.world, Vec::new());
            }
        }
    }

    fn compare_stamps(
        &mut self,
        peer: NodeId,
        world: WorldId,
        mut rest: Vec<(Epoch, Epoch)>,
        after: Option<(Epoch, CommandId)>,
    ) {
        let Some((from, to)) = rest.pop() else { return };
        let Some(work) = self.worlds.get(&world) else { return };
        let digest = work.history.ledger.digest(from, to);
        let question = Question::Stamps { world, from, to, digest, after };
        self.ask(peer, question, About::Stamps { world, from, to, rest });
    }

    fn ask_receipts(&mut self, peer: NodeId, world: WorldId, shards: Vec<ShardId>) -> bool {
        let Some(work) = self.worlds.get(&world) else { return false };
        let from = work.history.closed();
        self.ask(peer, Question::Receipts { world, from, shards }, About::Receipts(world))
    }

    /// Asks for the receipts the worlds wait for: of the runner if there is a connection to it,
    /// else of whoever is there.
    pub(super) fn repair(&mut self) {
        let worlds: Vec<WorldId> = self
            .worlds
            .iter()
            .filter(|(_, work)| !work.wanted.is_empty())
            .map(|(world, _)| *world)
            .collect();
        for world in worlds {
            let Some(work) = self.worlds.get_mut(&world) else { continue };
            let wanted: Vec<ShardId> =
                std::mem::take(&mut work.wanted).into_iter().take(SHARDS_ASKED_MAX).collect();
            let work = &self.worlds[&world];
            let connected = |node: &NodeId| self.peers.get(node).is_some_and(|peer| peer.connected);
            let runner = wanted.iter().find_map(|shard| work.runner(*shard)).filter(connected);
            let ahead = || {
                let closed = work.history.closed();
                let mut best = self
                    .peers
                    .iter()
                    .filter(|(_, peer)| peer.connected)
                    .filter_map(|(node, peer)| {
                        let status = peer.status.as_ref()?;
                        let head = status.heads.iter().find(|head| head.world == world)?;
                        (head.closed >= closed).then_some((head.closed, *node))
                    })
                    .collect::<Vec<_>>();
                best.sort();
                best.pop().map(|(_, node)| node)
            };
            if let Some(peer) = runner.or_else(ahead) {
                self.ask_receipts(peer, world, wanted);
            }
        }
    }

    /// Sends a command that is on disk here to one peer, to be kept there too. Whoever waits is
    /// told then; or at once, if nobody else is there.
    pub(super) fn ask_for_a_copy(&mut self, mut pending: Pending) {
        let Some((command, epoch, stamped)) = pending.command.clone() else { return };
        let world = stamped.command.world;
        let next = self.peers.iter().find(|(node, peer)| {
            let knows = peer
                .status
                .as_ref()
                .is_some_and(|status| status.heads.iter().any(|head| head.world == world));
            peer.connected && knows && !pending.tried.contains(node)
        });
        if let Some(peer) = next.map(|(node, _)| *node).filter(|_| pending.tried.len() < 3) {
            pending.tried.push(peer);
            let question = Question::Keep(vec![stamped.envelope().clone()]);
            let token = pending.token;
            if self.ask(peer, question, About::Keep(Box::new(pending))) {
                return;
            }
            self.tell_accepted(token, command, epoch, 0);
            return;
        }
        self.tell_accepted(pending.token, command, epoch, 0);
    }

    fn tell_accepted(&mut self, token: Option<u64>, command: CommandId, epoch: Epoch, copies: u32) {
        if let Some(token) = token {
            self.actions.push(Action::Tell(super::Notice::Accepted {
                token,
                command,
                epoch,
                copies,
            }));
        }
    }

    // ---- answers to our questions ---------------------------------------------------------

    pub(super) fn answered(&mut self, number: u64, answer: Option<Answer>) {
        let Some(ask) = self.asks.remove(&number) else { return };
        let peer = ask.peer;
        match (ask.about, answer) {
            (About::Hello, Some(Answer::Hello(status))) => {
                if let Ok(status) = status.verify()
                    && status.author() == peer
                {
                    self.heard_status(status);
                }
            }
            (About::World(world), Some(Answer::World(genesis, pace))) => {
                let sound = genesis.id() == world && genesis.check().is_ok();
                if sound && !self.worlds.contains_key(&world) {
                    if self.worlds.len() >= crate::wire::message::WORLDS_MAX {
                        return;
                    }
                    self.add_world(genesis, false);
                }
                if let Some(pace) =
                    pace.and_then(|pace| pace.verify().ok()).filter(|pace| pace.world == world)
                {
                    self.heard_pace(pace);
                }
                self.compare_heads(peer);
            }
            (About::Stamps { world, from, to, rest }, Some(answer)) => {
                self.stamps_answered(peer, world, (from, to), rest, answer);
            }
            (About::Receipts(world), Some(Answer::Receipts(bulletins))) => {
                let Some(work) = self.worlds.get_mut(&world) else { return };
                let before = work.history.closed();
                for bulletin in bulletins {
                    if let Ok(bulletin) = bulletin.verify()
                        && bulletin.world == world
                    {
                        work.heard(Arc::new(bulletin), self.now);
                    }
                }
                if work.history.closed() > before {
                    // There may be more: a heartbeat later would do, but a newcomer is in a hurry.
                    self.compare_heads(peer);
                }
            }
            (About::Anchor(world), Some(Answer::Anchor(Some(anchor)))) => {
                let Some(work) = self.worlds.get_mut(&world) else { return };
                if let Ok(anchor) = anchor.verify()
                    && work.adopt(&anchor)
                {
                    self.compare_heads(peer);
                }
            }
            (About::Keep(pending), Some(Answer::Kept)) => {
                if let Some((command, epoch, _)) = pending.command {
                    self.tell_accepted(pending.token, command, epoch, 1);
                }
            }
            (About::Keep(pending), _) => self.ask_for_a_copy(*pending),
            _ => {}
        }
    }

    fn stamps_answered(
        &mut self,
        peer: NodeId,
        world: WorldId,
        (from, to): (Epoch, Epoch),
        mut rest: Vec<(Epoch, Epoch)>,
        answer: Answer,
    ) {
        let mut after = None;
        match answer {
            Answer::Split(parts) => {
                let Some(work) = self.worlds.get(&world) else { return };
                let differs = |(low, high, digest): &(Epoch, Epoch, Hash)| {
                    let inside =
                        from <= *low && low < high && *high <= to && (*low, *high) != (from, to);
                    inside && work.history.ledger.digest(*low, *high) != *digest
                };
                // The last of the list is asked first: lowest epochs on top.
                rest.extend(
                    parts
                        .iter()
                        .filter(|part| differs(part))
                        .rev()
                        .map(|(low, high, _)| (*low, *high)),
                );
            }
            Answer::Stamps(stamps, next) => {
                let verified = stamps
                    .into_iter()
                    .filter_map(|signed| signed.verify().ok())
                    .filter(|stamped| stamped.command.world == world)
                    .map(Arc::new)
                    .collect();
                self.enter(world, verified, None);
                if let Some(next) = next.filter(|(epoch, _)| (from..to).contains(epoch)) {
                    rest.push((from, to));
                    after = Some(next);
                }
            }
            Answer::Same => {}
            _ => return,
        }
        if rest.is_empty() {
            if let Some(work) = self.worlds.get_mut(&world) {
                work.compared = true;
            }
            self.compare_heads_but_stamps(peer, world);
        } else {
            self.compare_stamps(peer, world, rest, after);
        }
    }

    /// After a comparison of stamps: the peer's digest may be of a moment ago, or it may lack what
    /// is known here; neither keeps this node from catching up.
    fn compare_heads_but_stamps(&mut self, peer: NodeId, world: WorldId) {
        let head = self.peers.get(&peer).and_then(|known| {
            known.status.as_ref()?.heads.iter().find(|head| head.world == world).copied()
        });
        let (Some(head), Some(work)) = (head, self.worlds.get_mut(&world)) else { return };
        let closed = work.history.closed();
        if head.closed <= closed {
            work.compare_progress(head.closed);
        } else if head.base > closed {
            let question = Question::Anchor { world, from: work.anchor_wanted_from() };
            self.ask(peer, question, About::Anchor(world));
        } else {
            work.compare_progress(head.closed);
            self.ask_receipts(peer, world, Vec::new());
        }
    }

    // ---- questions of others --------------------------------------------------------------

    pub(super) fn asked(&mut self, ask: u64, question: Question) {
        let answer = match question {
            Question::Hello => Answer::Hello(self.status().envelope().clone()),
            Question::World(world) => match self.worlds.get(&world) {
                Some(work) => {
                    let pace = work.pace().map(|pace| pace.envelope().clone());
                    Answer::World(work.history.genesis.clone(), pace)
                }
                None => unknown(world),
            },
            Question::Stamps { world, from, to, digest, after } => match self.worlds.get(&world) {
                Some(work) => answer_stamps(&work.history.ledger, from, to, digest, after),
                None => unknown(world),
            },
            Question::Receipts { world, from, shards } => match self.worlds.get(&world) {
                Some(work) if shards.len() <= SHARDS_ASKED_MAX => {
                    Answer::Receipts(work.bulletins_for(from, &shards, PAGE_BYTES))
                }
                Some(_) => Answer::No("too many shards in one question".into()),
                None => unknown(world),
            },
            Question::Anchor { world, from } => match self.worlds.get(&world) {
                Some(work) => Answer::Anchor(work.anchor_for(from, &self.key)),
                None => unknown(world),
            },
            Question::Keep(stamps) => return self.keep(ask, stamps),
            Question::Look { .. } | Question::Ask { .. } => {
                Answer::No("this is answered outside the engine".into())
            }
        };
        self.actions.push(Action::Reply { ask, answer });
    }

    /// Stores what a peer was given, and says so once it is on disk.
    fn keep(&mut self, ask: u64, stamps: Vec<Signed<crate::engine::command::Stamped>>) {
        let verified: Result<Vec<_>, _> = stamps.into_iter().map(Signed::verify).collect();
        let Ok(verified) = verified else {
            return self.actions.push(Action::Reply {
                ask,
                answer: Answer::No("a stamp is not well signed".into()),
            });
        };
        let Some(world) = verified.first().map(|stamped| stamped.command.world) else {
            return self.actions.push(Action::Reply { ask, answer: Answer::Kept });
        };
        if !self.worlds.contains_key(&world) {
            return self.actions.push(Action::Reply { ask, answer: unknown(world) });
        }
        let number = self.number();
        let pending = Pending {
            token: None,
            reply: Some(ask),
            command: None,
            notice: None,
            tried: Vec::new(),
        };
        self.pending.insert(number, pending);
        let of_world = verified.into_iter().filter(|stamped| stamped.command.world == world);
        self.enter(world, of_world.map(Arc::new).collect(), Some(number));
    }

    /// Makes anchors of all worlds, so that a clean end loses no time at the next start.
    pub fn anchor_all(&mut self) -> Vec<Action> {
        for work in self.worlds.values_mut() {
            work.anchor_now(&self.key);
            work.take_actions(&mut self.actions);
        }
        let mut actions = std::mem::take(&mut self.actions);
        actions.retain(|action| {
            matches!(action, Action::Store(Record::Anchor { .. } | Record::DropAnchor { .. }, _))
        });
        actions
    }
}

fn unknown(world: WorldId) -> Answer {
    Answer::No(format!("world {world} is not known here"))
}

/// The stamps of a range that another node may lack.
fn answer_stamps(
    ledger: &crate::engine::ledger::Ledger,
    from: Epoch,
    to: Epoch,
    digest: Hash,
    after: Option<(Epoch, CommandId)>,
) -> Answer {
    if after.is_none() && ledger.digest(from, to) == digest {
        return Answer::Same;
    }
    let count = ledger.range(from, to).take(STAMPS_WHOLE_MAX + 1).count();
    if after.is_none() && count > STAMPS_WHOLE_MAX {
        let parts = ledger.split(from, to, PARTS);
        if parts.len() > 1 {
            return Answer::Split(parts);
        }
    }
    let mut size = 0;
    let mut stamps = Vec::new();
    let low = after.map_or(from, |(epoch, _)| epoch.max(from));
    for stamped in ledger.range(low, to) {
        let place = (stamped.epoch, stamped.command.id());
        if after.is_some_and(|after| place <= after) {
            continue;
        }
        size += codec::encode(stamped.envelope()).len();
        stamps.push((place, stamped.envelope().clone()));
        if size > PAGE_BYTES {
            let next = stamps.last().map(|(place, _)| *place);
            return Answer::Stamps(stamps.into_iter().map(|(_, stamp)| stamp).collect(), next);
        }
    }
    Answer::Stamps(stamps.into_iter().map(|(_, stamp)| stamp).collect(), None)
}
