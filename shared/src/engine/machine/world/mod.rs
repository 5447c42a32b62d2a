//! One world at work on one node: who runs which shard, jobs, snapshots, anchors, bulletins.

mod anchors;
mod bulletins;
mod plan;
mod states;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ed25519_dalek::SigningKey;

use crate::engine::anchor::Anchor;
use crate::engine::genesis::{Genesis, RulesVersion};
use crate::engine::history::{Heard, History};
use crate::engine::machine::{Action, Config, Done, Notice, Resumed, pace_or_default};
use crate::engine::pace::{Metronome, Pace};
use crate::engine::placement::Candidate;
use crate::engine::receipt::{Bulletin, Receipt};
use crate::id::{CommandId, Epoch, Lineage, NodeId, ShardId, StateHash};
use crate::wire::signed::{Signed, Verified};
use crate::wire::topic::Topic;

/// A state this many epochs behind is caught up by fetching a newer one, if somebody has it.
const FAR_BEHIND: u64 = 64;
/// After a snapshot could not be had, it is tried again after this long.
const FETCH_AGAIN_MS: u64 = 500;
/// When the state a runner needs cannot be had for this long, history starts from an older anchor.
const STATE_MISSING_MS: u64 = 3_000;
/// Patience doubles at most this often.
const BACKOFF_MAX: u32 = 6;
/// All shards are planned at least this often: much finer than any patience.
const PLAN_ALL_MS: u64 = 20;
/// A node that is not in step and gets no further for this long runs by itself.
const OUT_OF_STEP_MS: u64 = 10_000;
/// Epochs of history kept at the least and at the most, whatever the number of shards.
const EPOCHS_KEPT: (u64, u64) = (256, 4_096);
/// Bulletins kept to be passed on, in bytes.
const ARCHIVE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Why a node runs a shard or does not, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It ranks first of the nodes that are there.
    Ranked,
    /// It has always run it, and no better-ranked node holds the present state yet.
    Incumbent,
    /// It took over from a runner that did not go on.
    TookOver,
    /// Nobody runs it at the moment.
    Nobody,
    /// The shard has ended.
    Over,
}

/// What this node does for one shard.
#[derive(Default)]
struct Work {
    runner: Option<NodeId>,
    ranks: Vec<NodeId>,
    /// Where the state in hand is.
    hand: Option<(Epoch, Lineage)>,
    running: Option<u64>,
    /// Snapshots in memory.
    held: BTreeMap<Epoch, (Lineage, StateHash)>,
    /// The epoch that waits to be settled, and since when it could be.
    waiting: (Epoch, u64),
    asked_ms: Option<u64>,
    backoff: u32,
    replica_ms: Option<u64>,
    no_state_since: Option<u64>,
    fetch_after_ms: u64,
    took_over: bool,
}

/// A bulletin kept to be passed on.
struct Archived {
    envelope: Signed<Bulletin>,
    size: usize,
    parts: Vec<(ShardId, Epoch, Epoch)>,
}

/// An anchor on disk, with those states of it that are there too.
struct StoredAnchor {
    anchor: Arc<Verified<Anchor>>,
    states: BTreeSet<StateHash>,
}

/// One world at work on one node.
pub struct WorldWork {
    /// What is known of the world.
    pub history: History,
    me: NodeId,
    genesis: Arc<Genesis>,
    /// Whether this build can run it.
    runs: bool,
    pace: Option<Verified<Pace>>,
    metronome: Metronome,
    works: BTreeMap<ShardId, Work>,
    live: Vec<Candidate>,
    ready: bool,
    /// Whether the stamps were compared with somebody since this node heard of the world.
    pub(in crate::engine::machine) compared: bool,
    behind_since: Option<(Epoch, u64)>,
    outgoing: Vec<Receipt>,
    claims: Vec<ShardId>,
    outgoing_since: Option<u64>,
    /// Receipts up to here of every shard run here went out.
    flushed: Epoch,
    archive: BTreeMap<(Epoch, u64), Archived>,
    archive_bytes: usize,
    archived: u64,
    anchors: BTreeMap<Epoch, StoredAnchor>,
    anchored_ms: Option<u64>,
    /// States at anchors up to here could not be had from anybody.
    stateless_until: Epoch,
    roots_stored: Epoch,
    /// Snapshots in memory, by how many shards and epochs name them.
    held_count: BTreeMap<StateHash, u32>,
    fetching: BTreeMap<StateHash, (ShardId, Epoch, Lineage)>,
    jobs: u64,
    running: usize,
    /// Shards to be planned at the next poll; all are when this says so, or the horizon moves.
    unplanned: BTreeSet<ShardId>,
    plan_all: bool,
    /// The horizon of the last plan of all shards, and when it was.
    planned: (Epoch, u64),
    /// Receipts that are missing: to be asked for by the engine.
    pub(in crate::engine::machine) wanted: BTreeSet<ShardId>,
    closed_at: (Epoch, u64),
    epoch_ms: f64,
    steps: u64,
    actions: Vec<Action>,
}

impl WorldWork {
    pub(in crate::engine::machine) fn new(me: NodeId, genesis: Genesis, runs: bool) -> Self {
        let history = History::new(genesis.clone());
        let world = history.world();
        WorldWork {
            history,
            me,
            genesis: Arc::new(genesis),
            runs,
            pace: None,
            metronome: Metronome::default(),
            works: BTreeMap::new(),
            live: Vec::new(),
            ready: false,
            compared: false,
            behind_since: None,
            outgoing: Vec::new(),
            claims: Vec::new(),
            outgoing_since: None,
            flushed: 0,
            archive: BTreeMap::new(),
            archive_bytes: 0,
            archived: 0,
            anchors: BTreeMap::new(),
            anchored_ms: None,
            stateless_until: 0,
            roots_stored: 0,
            held_count: BTreeMap::new(),
            fetching: BTreeMap::new(),
            jobs: 0,
            running: 0,
            unplanned: BTreeSet::new(),
            plan_all: true,
            planned: (0, 0),
            wanted: BTreeSet::new(),
            closed_at: (0, 0),
            epoch_ms: 0.0,
            steps: 0,
            actions: vec![
                Action::Subscribe(Topic::Commands(world)),
                Action::Subscribe(Topic::Bulletins(world)),
            ],
        }
    }

    pub(in crate::engine::machine) fn resume(&mut self, resumed: Resumed) {
        self.pace = resumed.pace;
        for stamped in resumed.commands {
            self.history.ledger.enter(Arc::new(stamped));
        }
        for (anchor, states) in resumed.anchors {
            let stored =
                StoredAnchor { states: states.into_iter().collect(), anchor: Arc::new(anchor) };
            self.anchors.insert(stored.anchor.epoch, stored);
        }
        self.restart_at(Epoch::MAX);
        self.history.remember_roots(resumed.roots);
        self.roots_stored = self.history.base();
    }

    pub(in crate::engine::machine) fn take_actions(&mut self, actions: &mut Vec<Action>) {
        actions.append(&mut self.actions);
    }

    // ---- what others may look at ----------------------------------------------------------

    /// Whether this node is in step and can run shards.
    pub fn ready(&self) -> bool {
        self.ready
    }

    pub(in crate::engine::machine) fn make_ready(&mut self) {
        self.ready = true;
        self.plan_all = true;
    }

    /// The pace, if one was set.
    pub fn pace(&self) -> Option<&Verified<Pace>> {
        self.pace.as_ref()
    }

    /// (epoch_ms, paused)
    pub fn pace_now(&self) -> (u64, bool) {
        pace_or_default(self.pace.as_ref())
    }

    pub(in crate::engine::machine) fn set_pace(&mut self, pace: Verified<Pace>) {
        self.pace = Some(pace);
        self.plan_all = true;
    }

    /// Whether this build can run the world at all.
    pub fn runs(&self) -> bool {
        self.runs
    }

    /// The node that runs a shard, as far as this one knows.
    pub fn runner(&self, shard: ShardId) -> Option<NodeId> {
        self.works.get(&shard)?.runner
    }

    /// The nodes that can run a shard, best first.
    pub fn ranks(&self, shard: ShardId) -> &[NodeId] {
        self.works.get(&shard).map_or(&[], |work| &work.ranks)
    }

    /// Why a shard is run where it is run.
    pub fn why(&self, shard: ShardId) -> Why {
        if self.history.shard(shard).is_some_and(|shard| shard.ended().is_some()) {
            return Why::Over;
        }
        match self.works.get(&shard) {
            Some(Work { runner: Some(runner), ranks, .. }) if ranks.first() == Some(runner) => {
                Why::Ranked
            }
            Some(Work { took_over: true, runner: Some(runner), .. }) if *runner == self.me => {
                Why::TookOver
            }
            Some(Work { runner: Some(_), .. }) => Why::Incumbent,
            _ => Why::Nobody,
        }
    }

    /// The state of a shard in hand of the driver: the epoch it is at.
    pub fn in_hand(&self, shard: ShardId) -> Option<Epoch> {
        self.works.get(&shard)?.hand.map(|(epoch, _)| epoch)
    }

    /// Steps this node made, those made again included.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Observed wall time of an epoch, in milliseconds, smoothed.
    pub fn observed_epoch_ms(&self) -> f64 {
        self.epoch_ms
    }

    /// Whether the bytes of a state are at hand here, in memory or on disk.
    pub fn has_state(&self, state: StateHash) -> bool {
        self.held_count.contains_key(&state)
            || self.anchors.values().any(|stored| stored.states.contains(&state))
    }

    /// Shards, runnable and not settled, that keep the world waiting, at most `most`.
    pub fn waiting_for(&self, most: usize) -> Vec<ShardId> {
        let closed = self.history.closed();
        let late = self.history.shards().iter().filter(|shard| {
            shard.ended().is_none() && shard.settled() == closed && shard.founded <= closed
        });
        late.take(most).map(|shard| shard.id).collect()
    }

    // ---- commands -------------------------------------------------------------------------

    /// The epoch for a new command: the newest that has begun anywhere, and a margin so that it is
    /// known everywhere before it comes up.
    pub(in crate::engine::machine) fn stamp_epoch(&self, propagation_ms: u64, now: u64) -> Epoch {
        let newest =
            self.metronome.reached().map_or(0, |reached| reached + 1).max(self.history.closed());
        let (pace_ms, _) = self.pace_now();
        let observed = if self.epoch_ms > 0.0 { self.epoch_ms } else { pace_ms.max(1) as f64 };
        // While nothing moves, nothing is missed either.
        let stalled = now.saturating_sub(self.closed_at.1) > 1_000 && pace_ms == 0;
        let margin = if stalled { 1.0 } else { 2.0 * propagation_ms as f64 / observed.max(0.01) };
        newest + (margin.min(4_096.0) as u64).max(1)
    }

    pub(in crate::engine::machine) fn commands_entered(
        &mut self,
        entered: &[(CommandId, Option<Epoch>)],
    ) {
        self.plan_all = true;
        if let Some(too_old) = self.history.commands_entered(entered) {
            self.restart_at(too_old);
        }
        self.roots_stored = self.roots_stored.min(self.history.closed());
        self.flushed = self.flushed.min(self.history.closed());
        // Anchors that do not know of them are of no use any more, here or to a newcomer.
        let known =
            |(id, _): &(CommandId, Option<Epoch>)| Some(self.history.ledger.get(*id)?.epoch);
        let Some(earliest) = entered.iter().filter_map(known).min() else { return };
        let later = self.anchors.range(earliest + 1..);
        let stale: Vec<Epoch> = later
            .filter(|(_, stored)| !self.history.fits(&stored.anchor))
            .map(|(epoch, _)| *epoch)
            .collect();
        for epoch in stale {
            self.drop_anchor(epoch);
        }
    }

    // ---- receipts -------------------------------------------------------------------------

    fn settle(&mut self, now: u64) {
        let closed = self.history.closed();
        if !self.history.advance() {
            return;
        }
        // Epochs in which nobody lives pass by themselves.
        let mut newest = self.history.closed().checked_sub(1);
        for index in self.history.take_changed() {
            let shard = &self.history.shards()[index];
            let work = self.works.entry(shard.id).or_default();
            if work.runner != Some(self.me) && shard.settled() > work.waiting.0 {
                work.runner = shard.newest_author().or(work.runner);
            }
            newest =
                newest.max(shard.settled().checked_sub(1).filter(|last| *last >= shard.founded));
            self.unplanned.insert(shard.id);
        }
        if let Some(newest) = newest {
            self.metronome.saw(newest, now);
        }
        let steps = self.history.closed().saturating_sub(closed);
        if steps > 0 {
            let took = now.saturating_sub(self.closed_at.1) as f64 / steps as f64;
            self.epoch_ms =
                if self.closed_at.0 == 0 { took } else { 0.9 * self.epoch_ms + 0.1 * took };
            self.closed_at = (self.history.closed(), now);
        }
    }

    // ---- jobs -----------------------------------------------------------------------------

    /// Takes in what came of a job.
    pub(in crate::engine::machine) fn done(&mut self, done: Done, now: u64) {
        self.unplanned.insert(done.shard);
        let Some(work) = self.works.get_mut(&done.shard) else { return };
        if work.running != Some(done.id) {
            return;
        }
        work.running = None;
        self.running -= 1;
        let Some(receipt) = done.receipt else {
            // The state was not there after all: look for another.
            work.hand = None;
            work.fetch_after_ms = now + FETCH_AGAIN_MS;
            for stored in self.anchors.values_mut() {
                let shards = &stored.anchor.shards;
                if let Ok(at) = shards.binary_search_by_key(&done.shard, |shard| shard.id) {
                    stored.states.remove(&shards[at].state);
                }
            }
            let lost: Vec<(Epoch, StateHash)> =
                work.held.iter().map(|(epoch, (_, state))| (*epoch, *state)).collect();
            for (epoch, state) in lost {
                self.release(done.shard, epoch, state);
            }
            return;
        };
        self.steps += receipt.until - receipt.from;
        work.no_state_since = None;
        work.hand = receipt.end.is_none().then_some((receipt.until, receipt.lineage));
        if let Some(state) = receipt.state {
            self.hold(done.shard, receipt.until, receipt.lineage, state);
        }
        let Some(shard) = self.history.shard(done.shard) else { return };
        let fresh = receipt.until > shard.settled();
        let against = shard
            .counting(receipt.from)
            .find(|other| {
                (other.from, other.until, other.lineage)
                    == (receipt.from, receipt.until, receipt.lineage)
                    && !other.agrees(&receipt)
            })
            .is_some();
        if against {
            let author = shard.newest_author().unwrap_or(self.me);
            self.actions.push(Action::Tell(Notice::Alarm {
                world: self.history.world(),
                shard: done.shard,
                from: receipt.from,
                author,
            }));
        }
        if fresh {
            self.outgoing_since.get_or_insert(now);
            self.outgoing.push(receipt.clone());
        }
        self.history.hear(Heard { receipt: Arc::new(receipt), author: self.me, own: true });
    }

    // ---- the round ------------------------------------------------------------------------

    pub(in crate::engine::machine) fn poll(
        &mut self,
        now: u64,
        config: &Config,
        held: bool,
        live: Vec<Candidate>,
        key: &SigningKey,
        supports: &(dyn Fn(&str, RulesVersion) -> bool + Send + Sync),
    ) {
        self.settle(now);
        self.runs = supports(&self.genesis.model, self.history.rules_at(self.history.horizon()));
        self.look_at_readiness(now, held, &live);
        let (pace_ms, paused) = self.pace_now();
        let bound = self.metronome.bound(pace_ms, paused, now);
        let replan = self.live != live;
        if replan {
            self.live = live;
            self.plan_all = true;
            for work in self.works.values_mut() {
                work.ranks.clear();
                work.backoff = 0;
            }
        }
        if self.ready && self.runs {
            self.plan(now, config, bound);
        }
        self.flush(now, config, key);
        self.anchor_and_trim(now, config, key);
    }

    // ---- what goes out --------------------------------------------------------------------
}
