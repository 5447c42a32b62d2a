//! One node's engine: told what happened, it answers with what to do.
//!
//! It does nothing itself. The driver (a real node, or a simulated one) hands it [`Input`]s and the
//! time, calls [`Engine::poll`], and carries out the [`Action`]s. Time is any clock that does not
//! go back, in milliseconds; nothing that others can see depends on it but who does the work.
//!
//! - this file: the engine's shape, local requests, heartbeats
//! - `peers`: who is there
//! - `sync`: questions and answers that repair what gossip lost
//! - `world`: who runs which shard, jobs, snapshots and anchors of one world

mod io;
mod peers;
mod sync;
mod world;

pub use io::{Action, Config, Done, Input, Job, Notice, Record, Resumed, Start};

use std::collections::BTreeMap;
use std::sync::Arc;

use ed25519_dalek::SigningKey;

use crate::engine::command::{Command, Stamped, Target};
use crate::engine::genesis::{Genesis, RulesVersion};
use crate::engine::history::History;
use crate::engine::ledger::{COMMANDS_MAX, Entered};
use crate::engine::model::Refused;
use crate::engine::pace::{self, EPOCH_MS, Pace};
use crate::id::{CommandId, Epoch, NodeId, ShardId, WorldId};
use crate::wire::message::{Answer, Gossip, Head, Profile, Status, VerifiedGossip, WORLDS_MAX};
use crate::wire::signed::{Statement, Verified, node_id};
use crate::wire::topic::Topic;

pub use peers::Peer;
pub use world::{Why, WorldWork};

/// A command on its way to disk and to a second node.
#[derive(Debug)]
struct Pending {
    token: Option<u64>,
    /// The question of a peer that waits for it.
    reply: Option<u64>,
    command: Option<(CommandId, Epoch, Arc<Verified<Stamped>>)>,
    notice: Option<Notice>,
    tried: Vec<NodeId>,
}

/// Says which models, by which rules, a node can run.
pub type Supports = Arc<dyn Fn(&str, RulesVersion) -> bool + Send + Sync>;

/// One node's engine.
pub struct Engine {
    me: NodeId,
    key: SigningKey,
    config: Config,
    now: u64,
    /// Time that went by while the process stood still.
    skipped_ms: u64,
    started: Option<u64>,
    profile: Profile,
    sequence: u64,
    next_heartbeat: u64,
    peers: BTreeMap<NodeId, Peer>,
    worlds: BTreeMap<WorldId, WorldWork>,
    asks: BTreeMap<u64, sync::Ask>,
    pending: BTreeMap<u64, Pending>,
    next_number: u64,
    supports: Supports,
    actions: Vec<Action>,
}

impl Engine {
    /// An engine for the node with this key. `supports` says which models and rules it can run.
    pub fn new(key: SigningKey, config: Config, supports: Supports) -> Self {
        Engine {
            me: node_id(&key),
            key,
            config,
            now: 0,
            skipped_ms: 0,
            started: None,
            profile: Profile { cores: 1, ..Profile::default() },
            sequence: 0,
            next_heartbeat: 0,
            peers: BTreeMap::new(),
            worlds: BTreeMap::new(),
            asks: BTreeMap::new(),
            pending: BTreeMap::new(),
            next_number: 1,
            supports,
            actions: vec![Action::Subscribe(Topic::Status), Action::Subscribe(Topic::Control)],
        }
    }

    /// Takes up a world that was stored. To be called before the first poll.
    pub fn resume(&mut self, resumed: Resumed) {
        let world = resumed.genesis.id();
        if self.worlds.len() < WORLDS_MAX && !self.worlds.contains_key(&world) {
            let runs = (self.supports)(&resumed.genesis.model, resumed.genesis.rules);
            let mut work = WorldWork::new(self.me, resumed.genesis.clone(), runs);
            work.resume(resumed);
            work.take_actions(&mut self.actions);
            self.worlds.insert(world, work);
        }
    }

    /// Takes note of something that happened. Call [`Engine::poll`] after one or more of these.
    pub fn handle(&mut self, now_ms: u64, input: Input) {
        self.pass(now_ms);
        match input {
            Input::PeerUp(peer) => self.peer_up(peer),
            Input::PeerDown(peer) => self.peer_down(peer),
            Input::Heard(gossip) => self.heard(gossip),
            Input::Asked { ask, question } => self.asked(ask, question),
            Input::Answered { ask, answer } => self.answered(ask, answer),
            Input::Done(done) => {
                if let Some(work) = self.worlds.get_mut(&done.world) {
                    work.done(done, self.now);
                }
            }
            Input::Fetched { state, found } => {
                for work in self.worlds.values_mut() {
                    work.fetched(state, found, self.now);
                }
            }
            Input::Stored { token, done } => self.stored(token, done),
            Input::Profile(profile) => self.profile = profile,
            Input::Submit { token, world, target, body, nonce } => {
                self.submit(token, world, target, body, nonce);
            }
            Input::Create { token, genesis, commands, pace } => {
                self.create(token, genesis, commands, pace)
            }
            Input::SetPace { token, world, epoch_ms, paused } => {
                self.set_pace(token, world, epoch_ms, paused)
            }
        }
    }

    /// What to do now. To be called after inputs, and every few milliseconds without any.
    pub fn poll(&mut self, now_ms: u64) -> Vec<Action> {
        self.pass(now_ms);
        self.expire_asks();
        let started = *self.started.get_or_insert(self.now);
        let held = self.now < started + self.config.hold_ms;
        self.look_at_peers();
        self.repair();
        let supports = self.supports.clone();
        for (world, work) in &mut self.worlds {
            let live = peers::candidates(
                self.me,
                &self.profile,
                &self.peers,
                *world,
                self.now,
                &self.config,
            );
            work.poll(self.now, &self.config, held, live, &self.key, &*supports);
            work.take_actions(&mut self.actions);
        }
        if self.now >= self.next_heartbeat {
            self.next_heartbeat = self.now + self.config.heartbeat_ms;
            let status = self.status();
            self.actions
                .push(Action::Publish(Topic::Status, Gossip::Status(status.envelope().clone())));
        }
        std::mem::take(&mut self.actions)
    }

    /// Counts time, but for the time in which the process stood still: what arrived meanwhile is to
    /// be handled before anybody is found missing.
    fn pass(&mut self, now_ms: u64) {
        let now = now_ms.saturating_sub(self.skipped_ms).max(self.now);
        let gap = now - self.now;
        if self.started.is_some() && gap > self.config.jump_ms {
            self.skipped_ms += gap - 1;
            self.now += 1;
        } else {
            self.now = now;
        }
    }

    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    // ---- what others may look at ----------------------------------------------------------

    /// This node.
    pub fn me(&self) -> NodeId {
        self.me
    }

    /// The worlds.
    pub fn worlds(&self) -> &BTreeMap<WorldId, WorldWork> {
        &self.worlds
    }

    /// The peers, connected or not.
    pub fn peers(&self) -> &BTreeMap<NodeId, Peer> {
        &self.peers
    }

    /// Whether a peer was heard from lately.
    pub fn is_live(&self, peer: NodeId) -> bool {
        self.peers.get(&peer).is_some_and(|peer| peer.live(self.now, &self.config))
    }

    /// Milliseconds since a peer was heard from.
    pub fn silent_ms(&self, peer: NodeId) -> Option<u64> {
        self.peers.get(&peer)?.heard_ms.map(|heard| self.now.saturating_sub(heard))
    }

    fn status(&mut self) -> Verified<Status> {
        self.sequence += 1;
        let heads = self.worlds.iter_mut().map(|(world, work)| Head {
            world: *world,
            ready: work.ready(),
            base: work.history.base(),
            closed: work.history.closed(),
            stamps: work.history.ledger.digest_all(),
            pace: work.pace().map_or(0, |pace| pace.counter),
        });
        let status = Status {
            sequence: self.sequence,
            heads: heads.collect(),
            profile: self.profile.clone(),
        };
        Verified::sign(status, &self.key)
    }

    // ---- local requests -------------------------------------------------------------------

    fn refuse(&mut self, token: u64, why: impl Into<String>) {
        self.actions.push(Action::Tell(Notice::Refused { token, why: why.into() }));
    }

    fn submit(&mut self, token: u64, world: WorldId, target: Target, body: Vec<u8>, nonce: u64) {
        let propagation_ms = peers::propagation_ms(&self.profile, &self.peers);
        let Some(work) = self.worlds.get_mut(&world) else {
            return self.refuse(token, format!("world {world} is not known here"));
        };
        let command = Command { world, target, body, nonce };
        let id = command.id();
        let stamped = match work.history.ledger.get(id) {
            // Given before: the same answer, and nothing happens twice.
            Some(known) => known.clone(),
            None => {
                let epoch = work.stamp_epoch(propagation_ms, self.now);
                let full = work.history.ledger.len() >= COMMANDS_MAX;
                let stamped = Stamped { epoch, command };
                if let Err(why) = stamped.check() {
                    return self.refuse(token, why);
                }
                if full {
                    return self.refuse(token, "this world holds as many commands as it can");
                }
                Arc::new(Verified::sign(stamped, &self.key))
            }
        };
        let epoch = stamped.epoch;
        let number = self.number();
        self.pending.insert(
            number,
            Pending {
                token: Some(token),
                reply: None,
                command: Some((id, epoch, stamped.clone())),
                notice: None,
                tried: Vec::new(),
            },
        );
        self.enter(world, vec![stamped.clone()], Some(number));
        let gossip = Gossip::Command(stamped.envelope().clone());
        self.actions.push(Action::Publish(Topic::Commands(world), gossip));
    }

    /// Enters stamps into a world's ledger, stores what is new, and answers how many were. With a
    /// token, [`Input::Stored`] follows in any case.
    fn enter(
        &mut self,
        world: WorldId,
        stamped: Vec<Arc<Verified<Stamped>>>,
        token: Option<u64>,
    ) -> usize {
        let Some(work) = self.worlds.get_mut(&world) else { return 0 };
        let mut entered = Vec::new();
        let mut records = Vec::new();
        for stamped in stamped {
            let id = stamped.command.id();
            let was = match work.history.ledger.enter(stamped.clone()) {
                Entered::New => None,
                Entered::Earlier(was) => Some(was),
                Entered::Known | Entered::Full => continue,
            };
            entered.push((id, was));
            records.push((stamped.envelope().clone(), id, stamped.epoch, was));
        }
        let count = entered.len();
        if count > 0 {
            work.commands_entered(&entered);
        }
        if count > 0 || token.is_some() {
            self.actions.push(Action::Store(Record::Commands(records, world), token));
        }
        count
    }

    fn create(
        &mut self,
        token: u64,
        genesis: Genesis,
        commands: Vec<(Epoch, Target, Vec<u8>, u64)>,
        pace: (u64, bool),
    ) {
        if let Err(error) = genesis.check() {
            return self.refuse(token, error.to_string());
        }
        if !(self.supports)(&genesis.model, genesis.rules) {
            let (model, rules) = (&genesis.model, genesis.rules);
            return self.refuse(
                token,
                format!("this version cannot run model `{model}` by rules {rules}"),
            );
        }
        let world = genesis.id();
        if self.worlds.contains_key(&world) {
            return self.actions.push(Action::Tell(Notice::Created { token, world, new: false }));
        }
        if self.worlds.len() >= WORLDS_MAX {
            return self.refuse(token, format!("a node takes part in at most {WORLDS_MAX} worlds"));
        }
        let stamped = commands.into_iter().map(|(epoch, target, body, nonce)| Stamped {
            epoch,
            command: Command { world, target, body, nonce },
        });
        let stamped: Vec<Stamped> = stamped.collect();
        if let Some(why) = stamped.iter().find_map(|stamped| stamped.check().err()) {
            return self.refuse(token, why);
        }
        self.add_world(genesis, true);
        let sign = |stamped| Arc::new(Verified::sign(stamped, &self.key));
        let stamped: Vec<_> = stamped.into_iter().map(sign).collect();
        let number = self.number();
        let notice = Notice::Created { token, world, new: true };
        let pending = Pending {
            token: Some(token),
            reply: None,
            command: None,
            notice: Some(notice),
            tried: Vec::new(),
        };
        self.pending.insert(number, pending);
        self.change_pace(world, pace.0, pace.1);
        self.enter(world, stamped, Some(number));
        // Others learn of the world by the next heartbeat.
        self.next_heartbeat = self.now;
    }

    /// Starts to take part in a world.
    fn add_world(&mut self, genesis: Genesis, ready: bool) {
        let world = genesis.id();
        let runs = (self.supports)(&genesis.model, genesis.rules);
        self.actions.push(Action::Store(Record::World(genesis.clone()), None));
        let mut work = WorldWork::new(self.me, genesis, runs);
        if ready {
            work.make_ready();
        }
        work.take_actions(&mut self.actions);
        self.worlds.insert(world, work);
    }

    fn set_pace(&mut self, token: u64, world: WorldId, epoch_ms: u64, paused: bool) {
        if !self.worlds.contains_key(&world) {
            return self.refuse(token, format!("world {world} is not known here"));
        }
        if epoch_ms > pace::EPOCH_MS_MAX {
            return self.refuse(token, "an epoch takes at most a day (86400000 ms)");
        }
        let number = self.number();
        let pending = Pending {
            token: Some(token),
            reply: None,
            command: None,
            notice: Some(Notice::PaceSet { token }),
            tried: Vec::new(),
        };
        self.pending.insert(number, pending);
        if let Some(record) = self.change_pace(world, epoch_ms, paused) {
            self.actions.push(Action::Store(record, Some(number)));
        }
    }

    /// Signs and spreads a new pace.
    fn change_pace(&mut self, world: WorldId, epoch_ms: u64, paused: bool) -> Option<Record> {
        let work = self.worlds.get_mut(&world)?;
        let counter = work.pace().map_or(0, |pace| pace.counter).saturating_add(1);
        let pace = Verified::sign(Pace { world, counter, epoch_ms, paused }, &self.key);
        let envelope = pace.envelope().clone();
        work.set_pace(pace);
        self.actions.push(Action::Store(Record::Pace(envelope.clone()), None));
        self.actions.push(Action::Publish(Topic::Control, Gossip::Pace(envelope.clone())));
        Some(Record::Pace(envelope))
    }

    /// Something is on disk (or is not): whoever waits is told, after a second copy if there can be one.
    fn stored(&mut self, number: u64, done: bool) {
        let Some(pending) = self.pending.remove(&number) else { return };
        if !done {
            let why = "it could not be stored: see this node's log, and free some disk space";
            if let Some(token) = pending.token {
                self.refuse(token, why);
            }
            if let Some(ask) = pending.reply {
                self.actions.push(Action::Reply { ask, answer: Answer::No(why.into()) });
            }
            return;
        }
        if let Some(ask) = pending.reply {
            self.actions.push(Action::Reply { ask, answer: Answer::Kept });
        }
        if let Some(notice) = pending.notice.clone() {
            self.actions.push(Action::Tell(notice));
        }
        if pending.command.is_some() {
            self.ask_for_a_copy(pending);
        }
    }

    // ---- gossip ---------------------------------------------------------------------------

    fn heard(&mut self, gossip: VerifiedGossip) {
        match gossip {
            VerifiedGossip::Status(status) => self.heard_status(status),
            VerifiedGossip::Pace(pace) => self.heard_pace(pace),
            VerifiedGossip::Command(stamped) => {
                self.enter(stamped.command.world, vec![Arc::new(stamped)], None);
            }
            VerifiedGossip::Bulletin(bulletin) => {
                if let Some(work) = self.worlds.get_mut(&bulletin.world) {
                    work.heard(Arc::new(bulletin), self.now);
                }
            }
        }
    }

    fn heard_pace(&mut self, pace: Verified<Pace>) {
        if let Some(work) = self.worlds.get_mut(&pace.world) {
            let newer = work.pace().is_none_or(|known| pace::order(&pace) > pace::order(known));
            if newer {
                self.actions.push(Action::Store(Record::Pace(pace.envelope().clone()), None));
                work.set_pace(pace);
            }
        }
    }
}

/// The pace of a world nobody has set one for.
fn pace_or_default(pace: Option<&Verified<Pace>>) -> (u64, bool) {
    pace.map_or((EPOCH_MS, false), |pace| (pace.epoch_ms, pace.paused))
}

/// Which of these epochs, in growing order, to drop so that what is left thins out with age: of
/// those that are 2^k to 2^(k+1) older than the newest, the oldest stays, until it is older still.
fn thin(epochs: impl Iterator<Item = Epoch>) -> Vec<Epoch> {
    let epochs: Vec<Epoch> = epochs.collect();
    let Some(newest) = epochs.last().copied() else { return Vec::new() };
    let age_class = |epoch: Epoch| (newest - epoch).checked_ilog2();
    epochs
        .windows(2)
        .filter(|pair| pair[1] != newest && age_class(pair[0]) == age_class(pair[1]))
        .map(|pair| pair[1])
        .collect()
}

/// What a look at the engine needs of a world.
impl Engine {
    /// The commands that were refused in what settled since this was asked last.
    pub fn take_refused(&mut self) -> Vec<(ShardId, Epoch, Refused)> {
        self.worlds.values_mut().flat_map(|work| work.history.take_refused()).collect()
    }

    /// The history of a world.
    pub fn history(&self, world: WorldId) -> Option<&History> {
        self.worlds.get(&world).map(|work| &work.history)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_thins_out_with_age() {
        let mut kept: Vec<Epoch> = Vec::new();
        for epoch in 1..=1_000 {
            kept.push(epoch);
            let drop = thin(kept.iter().copied());
            kept.retain(|epoch| !drop.contains(epoch));
            assert!(kept.len() <= 14, "{kept:?}");
            assert!(kept.contains(&epoch));
        }
        assert!(kept[0] <= 500, "something old is left: {kept:?}");
    }
}
