//! One world at work on one node: who runs which shard, jobs, snapshots, anchors, bulletins.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ed25519_dalek::SigningKey;

use super::{Action, Config, Done, Job, Notice, Record, Resumed, Start, pace_or_default, thin};
use crate::engine::anchor::Anchor;
use crate::engine::genesis::{Genesis, RulesVersion};
use crate::engine::history::{Heard, History};
use crate::engine::pace::{Metronome, Pace};
use crate::engine::placement::{self, Candidate};
use crate::engine::receipt::{Bulletin, Receipt, bulletins};
use crate::engine::solo::span_end;
use crate::id::{CommandId, Epoch, Hash, Lineage, NodeId, ShardId, StateHash};
use crate::wire::message::Gossip;
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
    pub(super) compared: bool,
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
    pub(super) wanted: BTreeSet<ShardId>,
    closed_at: (Epoch, u64),
    epoch_ms: f64,
    steps: u64,
    actions: Vec<Action>,
}

impl WorldWork {
    pub(super) fn new(me: NodeId, genesis: Genesis, runs: bool) -> Self {
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

    pub(super) fn resume(&mut self, resumed: Resumed) {
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

    pub(super) fn take_actions(&mut self, actions: &mut Vec<Action>) {
        actions.append(&mut self.actions);
    }

    // ---- what others may look at ----------------------------------------------------------

    /// Whether this node is in step and can run shards.
    pub fn ready(&self) -> bool {
        self.ready
    }

    pub(super) fn make_ready(&mut self) {
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

    pub(super) fn set_pace(&mut self, pace: Verified<Pace>) {
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
    pub(super) fn stamp_epoch(&self, propagation_ms: u64, now: u64) -> Epoch {
        let newest =
            self.metronome.reached().map_or(0, |reached| reached + 1).max(self.history.closed());
        let (pace_ms, _) = self.pace_now();
        let observed = if self.epoch_ms > 0.0 { self.epoch_ms } else { pace_ms.max(1) as f64 };
        // While nothing moves, nothing is missed either.
        let stalled = now.saturating_sub(self.closed_at.1) > 1_000 && pace_ms == 0;
        let margin = if stalled { 1.0 } else { 2.0 * propagation_ms as f64 / observed.max(0.01) };
        newest + (margin.min(4_096.0) as u64).max(1)
    }

    pub(super) fn commands_entered(&mut self, entered: &[(CommandId, Option<Epoch>)]) {
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

    /// Starts again from the newest stored anchor that fits and is not after `epoch`, or from the
    /// beginning.
    fn restart_at(&mut self, epoch: Epoch) {
        let fitting = self
            .anchors
            .range(..=epoch)
            .rev()
            .find(|(_, stored)| self.history.fits(&stored.anchor));
        let anchor = fitting.map(|(_, stored)| stored.anchor.clone());
        self.restart(anchor.as_deref());
        // Anchors after it hold a history that is no more.
        let base = self.history.base();
        let stale: Vec<Epoch> = self.anchors.range(base + 1..).map(|(epoch, _)| *epoch).collect();
        for epoch in stale {
            self.drop_anchor(epoch);
        }
    }

    fn restart(&mut self, anchor: Option<&Verified<Anchor>>) {
        let maker = anchor.map_or(self.me, Verified::author);
        self.history.restart(anchor.map(|anchor| &**anchor), maker);
        self.roots_stored = self.roots_stored.min(self.history.base());
        if let Some(last) = self.history.base().checked_sub(1) {
            self.metronome.saw(last, 0);
        }
        for work in self.works.values_mut() {
            work.waiting = (0, u64::MAX);
            work.no_state_since = None;
        }
        self.plan_all = true;
    }

    // ---- receipts -------------------------------------------------------------------------

    /// Takes in a bulletin of another node.
    pub(super) fn heard(&mut self, bulletin: Arc<Verified<Bulletin>>, now: u64) {
        let author = bulletin.author();
        for shard in &bulletin.claims {
            if let Some(work) = self.works.get_mut(shard) {
                let better = rank_of(&work.ranks, author)
                    < rank_of(&work.ranks, work.runner.unwrap_or(author));
                if better {
                    work.runner = Some(author);
                    work.took_over = false;
                }
            }
        }
        for receipt in &bulletin.receipts {
            self.yield_to(author, receipt);
            self.history.hear(Heard { receipt: Arc::new(receipt.clone()), author, own: false });
        }
        self.archive(&bulletin);
        self.settle(now);
    }

    /// Stops running a shard that a better-ranked node is seen to run.
    fn yield_to(&mut self, author: NodeId, receipt: &Receipt) {
        let Some(work) = self.works.get_mut(&receipt.shard) else { return };
        if author == self.me || work.runner != Some(self.me) {
            return;
        }
        let Some(shard) = self.history.shard(receipt.shard) else { return };
        let present = receipt.until + u64::from(self.genesis.lookahead) > shard.settled();
        let fits = shard.lineage(receipt.until).is_none_or(|lineage| lineage == receipt.lineage);
        if present && fits && rank_of(&work.ranks, author) < rank_of(&work.ranks, self.me) {
            work.runner = Some(author);
            if work.took_over {
                work.took_over = false;
                work.backoff = (work.backoff + 1).min(BACKOFF_MAX);
            }
        }
    }

    fn archive(&mut self, bulletin: &Verified<Bulletin>) {
        let Some(until) = bulletin.receipts.iter().map(|receipt| receipt.until).max() else {
            return;
        };
        let parts = bulletin.receipts.iter().map(|r| (r.shard, r.from, r.until)).collect();
        let size = 160 + bulletin.receipts.iter().map(Receipt::size).sum::<usize>();
        let duplicate = self
            .archive
            .range((until, 0)..=(until, u64::MAX))
            .any(|(_, other)| other.envelope == *bulletin.envelope());
        if duplicate {
            return;
        }
        self.archived += 1;
        self.archive_bytes += size;
        self.archive.insert(
            (until, self.archived),
            Archived { envelope: bulletin.envelope().clone(), size, parts },
        );
        while self.archive_bytes > ARCHIVE_BYTES_MAX {
            let Some((_, oldest)) = self.archive.pop_first() else { break };
            self.archive_bytes -= oldest.size;
        }
    }

    /// Bulletins with receipts of these shards (of any, if none is named) from this epoch on, the
    /// oldest first, within `bytes`.
    pub(super) fn bulletins_for(
        &self,
        from: Epoch,
        shards: &[ShardId],
        bytes: usize,
    ) -> Vec<Signed<Bulletin>> {
        let mut size = 0;
        let mut found = Vec::new();
        for archived in
            self.archive.range((from.saturating_add(1), 0)..).map(|(_, archived)| archived)
        {
            let wanted = shards.is_empty()
                || archived
                    .parts
                    .iter()
                    .any(|(shard, _, until)| *until > from && shards.contains(shard));
            if wanted {
                size += archived.size;
                if size > bytes && !found.is_empty() {
                    break;
                }
                found.push(archived.envelope.clone());
            }
        }
        found
    }

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
    pub(super) fn done(&mut self, done: Done, now: u64) {
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

    fn hold(&mut self, shard: ShardId, epoch: Epoch, lineage: Lineage, state: StateHash) {
        let Some(work) = self.works.get_mut(&shard) else { return };
        *self.held_count.entry(state).or_default() += 1;
        if let Some((_, old)) = work.held.insert(epoch, (lineage, state)) {
            self.forget(old);
        }
        // What is later and of a history that was undone must not make this one look old.
        let chain = self.history.shard(shard);
        let undone = |(at, (lineage, state)): (&Epoch, &(Lineage, StateHash))| {
            let holds = chain.is_some_and(|chain| chain.lineage(*at) == Some(*lineage));
            (!holds).then_some((*at, *state))
        };
        let Some(work) = self.works.get(&shard) else { return };
        let undone: Vec<_> = work.held.range(epoch + 1..).filter_map(undone).collect();
        for (at, state) in undone {
            self.release(shard, at, state);
        }
        let Some(work) = self.works.get_mut(&shard) else { return };
        for epoch in thin(work.held.keys().copied()) {
            if let Some((_, old)) =
                self.works.get_mut(&shard).and_then(|work| work.held.remove(&epoch))
            {
                self.forget(old);
            }
        }
    }

    fn release(&mut self, shard: ShardId, epoch: Epoch, state: StateHash) {
        if let Some(work) = self.works.get_mut(&shard)
            && work.held.remove(&epoch).is_some()
        {
            self.forget(state);
        }
    }

    fn forget(&mut self, state: StateHash) {
        if let Some(count) = self.held_count.get_mut(&state) {
            *count -= 1;
            if *count == 0 {
                self.held_count.remove(&state);
                self.actions.push(Action::Forget(state));
            }
        }
    }

    pub(super) fn fetched(&mut self, state: StateHash, found: bool, now: u64) {
        let Some((shard, epoch, lineage)) = self.fetching.remove(&state) else { return };
        self.unplanned.insert(shard);
        if found {
            // Counted even if the shard is gone by now, so that the bytes are forgotten in the end.
            self.works.entry(shard).or_default();
            self.hold(shard, epoch, lineage, state);
        } else if let Some(work) = self.works.get_mut(&shard) {
            work.fetch_after_ms = now + FETCH_AGAIN_MS;
        }
    }

    // ---- the round ------------------------------------------------------------------------

    pub(super) fn poll(
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

    /// A node takes part once it has compared its commands with somebody and is about as far, or
    /// there is nobody to compare with.
    fn look_at_readiness(&mut self, now: u64, held: bool, live: &[Candidate]) {
        if self.ready || !self.runs {
            return;
        }
        let alone = live.len() <= 1;
        if alone && !held && !self.compared {
            return self.make_ready();
        }
        let closed = self.history.closed();
        match self.behind_since {
            Some((at, since)) if at == closed && now > since + OUT_OF_STEP_MS => self.make_ready(),
            Some((at, _)) if at == closed => {}
            _ => self.behind_since = Some((closed, now)),
        }
    }

    /// A peer is this far with the same stamps.
    pub(super) fn compare_progress(&mut self, peer_closed: Epoch) {
        if self.compared && self.history.closed() + FAR_BEHIND >= peer_closed {
            self.make_ready();
        }
    }

    /// Plans what can have changed: a shard that settled, ended a job or got a state; and all of them
    /// when more epochs may be run, when nodes came or went, and now and then for the sake of timers.
    fn plan(&mut self, now: u64, config: &Config, bound: Epoch) {
        let horizon = self.history.horizon().min(bound);
        let all = self.plan_all || horizon != self.planned.0 || now >= self.planned.1 + PLAN_ALL_MS;
        let unplanned = std::mem::take(&mut self.unplanned);
        if all {
            self.plan_all = false;
            self.planned = (horizon, now);
            let ids: Vec<ShardId> = self.history.shards().iter().map(|shard| shard.id).collect();
            for id in ids {
                self.plan_shard(id, now, config, horizon);
            }
        } else {
            for id in unplanned {
                self.plan_shard(id, now, config, horizon);
            }
        }
    }

    fn plan_shard(&mut self, id: ShardId, now: u64, config: &Config, horizon: Epoch) {
        let Some(shard) = self.history.shard(id) else { return };
        if shard.ended().is_some() {
            let hand = self.works.get_mut(&id).and_then(|work| work.hand.take());
            if hand.is_some() {
                self.actions.push(Action::Drop(self.history.world(), id));
            }
            return;
        }
        let settled = shard.settled();
        let runnable = settled < horizon;
        let disputed = shard.disputed();
        let work = self.works.entry(id).or_default();
        if work.ranks.is_empty() {
            work.ranks = placement::rank(id, &self.live);
        }
        if !runnable || work.waiting.0 != settled || work.waiting.1 > now {
            work.waiting = (settled, now);
            work.asked_ms = None;
        }
        if work.running.is_some() {
            return;
        }
        let waited = now - work.waiting.1;
        let mine = rank_of(&work.ranks, self.me);
        let runner = work.runner.filter(|runner| self.live.iter().any(|live| live.node == *runner));
        // The place of this node in the queue of those who would take over.
        let behind =
            work.ranks.iter().take(mine).filter(|node| Some(**node) != runner).count() as u64;
        let patience = config.patience_ms << work.backoff.min(BACKOFF_MAX);
        let mut claim = false;
        match runner {
            Some(runner) if runner == self.me => {}
            _ if disputed => {}
            None if mine == 0 => work.runner = Some(self.me),
            None if runnable && waited >= patience * behind => {
                work.runner = Some(self.me);
                work.took_over = true;
            }
            None => return,
            Some(runner) if mine < rank_of(&work.ranks, runner) => claim = true,
            Some(_) if runnable && waited >= patience * (behind + 1) => {
                work.runner = Some(self.me);
                work.took_over = true;
            }
            Some(_) => {
                if runnable
                    && waited >= patience / 2
                    && work.asked_ms.is_none_or(|asked| now >= asked + patience / 2)
                {
                    work.asked_ms = Some(now);
                    self.wanted.insert(id);
                }
                // A state that is long out of date is no help any more.
                if work.hand.is_some_and(|(epoch, _)| epoch + FAR_BEHIND < settled) {
                    work.hand = None;
                    self.actions.push(Action::Drop(self.history.world(), id));
                }
                if mine < config.replicas {
                    self.replicate(id, now, config);
                }
                return;
            }
        }
        self.work_on(id, now, horizon, claim);
    }

    /// Makes the next job of a shard, or gets the state for it. A claim is for a shard that another
    /// node runs: this one catches up, and takes it once it has the present state.
    fn work_on(&mut self, id: ShardId, now: u64, horizon: Epoch, claim: bool) {
        let Some(shard) = self.history.shard(id) else { return };
        let Some(work) = self.works.get(&id) else { return };
        let settled = shard.settled();
        let on_chain = |epoch: Epoch, lineage: Lineage| shard.lineage(epoch) == Some(lineage);
        let hand =
            work.hand.filter(|(epoch, lineage)| *epoch <= settled && on_chain(*epoch, *lineage));
        // With the present state in hand, which is nearly always, there is nothing to look for.
        let present = hand.is_some_and(|(epoch, _)| epoch == settled);
        let before = if present { 0..0 } else { 0..settled + 1 };
        let held = work
            .held
            .range(before.clone())
            .rev()
            .find(|(epoch, (lineage, _))| on_chain(**epoch, *lineage))
            .map(|(epoch, (_, state))| (*epoch, *state));
        let stored = self.anchors.range(before).rev().find_map(|(epoch, stored)| {
            let at = stored.anchor.shards.binary_search_by_key(&id, |shard| shard.id).ok()?;
            let anchored = &stored.anchor.shards[at];
            let here =
                stored.states.contains(&anchored.state) && on_chain(*epoch, anchored.lineage);
            here.then_some((*epoch, anchored.state))
        });
        let snapshot = held.max(stored);
        let founding = (shard.kept_from() == shard.founded
            && shard.lineage(shard.founded).is_some())
        .then_some(shard.founded);
        let best = hand.map(|(epoch, _)| epoch).max(snapshot.map(|(epoch, _)| epoch)).max(founding);

        // Better than all this may be a state that somebody else has.
        let elsewhere = (!present)
            .then(|| shard.states())
            .into_iter()
            .flatten()
            .find(|(epoch, lineage, _)| *epoch <= settled && on_chain(*epoch, *lineage))
            .filter(|(epoch, _, _)| {
                best.is_none_or(|best| epoch.saturating_sub(best) > FAR_BEHIND)
            });
        if let Some((epoch, lineage, state)) = elsewhere {
            let waiting = self.fetching.contains_key(&state);
            if waiting || (now >= work.fetch_after_ms && self.fetch(id, epoch, lineage, state)) {
                return;
            }
        }
        let Some(from) = best else {
            return self.no_state(id, now);
        };
        if let Some(work) = self.works.get_mut(&id) {
            work.no_state_since = None;
        }
        let start = if hand.is_some_and(|(epoch, _)| epoch == from) {
            Start::InHand
        } else if let Some((_, state)) = snapshot.filter(|(epoch, _)| *epoch == from) {
            Start::Snapshot(state)
        } else {
            let command = self.history.ledger.command(CommandId(id.0));
            let body = command.map(|command| command.body.clone()).unwrap_or_default();
            Start::Founding { epoch: from, rules: self.history.rules_at(from), body }
        };
        let until = if from < settled {
            span_end(&self.history, from).min(settled)
        } else if claim {
            // The present state is in hand: from here on it is ours.
            if let Some(work) = self.works.get_mut(&id) {
                work.runner = Some(self.me);
                work.took_over = false;
            }
            self.claims.push(id);
            self.outgoing_since.get_or_insert(now);
            if start != Start::InHand || settled >= horizon {
                return;
            }
            self.span_end(from).min(horizon)
        } else {
            self.span_end(from).min(horizon)
        };
        if until <= from {
            return;
        }
        let steps = self.history.inputs(id, from, until);
        if steps.is_empty() {
            return;
        }
        self.metronome.saw(until - 1, now);
        self.jobs += 1;
        self.running += 1;
        if let Some(work) = self.works.get_mut(&id) {
            work.running = Some(self.jobs);
            work.hand = None;
        }
        self.actions.push(Action::Run(Job {
            id: self.jobs,
            genesis: self.genesis.clone(),
            world: self.history.world(),
            shard: id,
            start,
            steps,
        }));
    }

    /// Where a new span that starts at `from` ends at the latest. While several nodes run the world
    /// that is after half a lookahead: what the others need of the first half is on its way while
    /// the second is run, so nobody waits for the network.
    fn span_end(&self, from: Epoch) -> Epoch {
        let end = span_end(&self.history, from);
        if self.live.len() < 2 {
            return end;
        }
        let half = (u64::from(self.genesis.lookahead) / 2).max(1);
        end.min((from / half + 1) * half)
    }

    /// Asks for a snapshot. Answers whether there is anybody to ask.
    fn fetch(&mut self, id: ShardId, epoch: Epoch, lineage: Lineage, state: StateHash) -> bool {
        let Some(work) = self.works.get(&id) else { return false };
        let mut peers: Vec<NodeId> = work.runner.into_iter().collect();
        peers.extend(self.history.shard(id).and_then(|shard| shard.newest_author()));
        peers.extend(&work.ranks);
        let mut seen = BTreeSet::from([self.me]);
        peers.retain(|peer| self.live.iter().any(|live| live.node == *peer) && seen.insert(*peer));
        peers.extend(self.live.iter().map(|live| live.node).filter(|node| seen.insert(*node)));
        if peers.is_empty() {
            return false;
        }
        self.fetching.insert(state, (id, epoch, lineage));
        self.actions.push(Action::Fetch { state, peers });
        true
    }

    /// Nothing to start from: an older anchor may lead to where there is something.
    fn no_state(&mut self, id: ShardId, now: u64) {
        let Some(work) = self.works.get_mut(&id) else { return };
        let since = *work.no_state_since.get_or_insert(now);
        if work.runner != Some(self.me) || now < since + STATE_MISSING_MS {
            return;
        }
        // Nobody has the states at which it would start from any anchor up to here, so none of these
        // is of use, whoever offers it.
        if let Some(older) = self.history.base().checked_sub(1) {
            self.stateless_until = self.history.base().max(self.stateless_until);
            self.restart_at(older);
        }
    }

    /// Keeps a stand-by supplied with a recent snapshot.
    fn replicate(&mut self, id: ShardId, now: u64, config: &Config) {
        let Some(work) = self.works.get(&id) else { return };
        let due = work.replica_ms.is_none_or(|last| now >= last + config.anchor_ms);
        let Some(shard) = self.history.shard(id).filter(|_| due && now >= work.fetch_after_ms)
        else {
            return;
        };
        let Some((epoch, lineage, state)) = shard.states().next() else { return };
        let known = work.held.contains_key(&epoch) || self.fetching.contains_key(&state);
        if !known
            && self.fetch(id, epoch, lineage, state)
            && let Some(work) = self.works.get_mut(&id)
        {
            work.replica_ms = Some(now);
        }
    }

    // ---- what goes out --------------------------------------------------------------------

    fn flush(&mut self, now: u64, config: &Config, key: &SigningKey) {
        let Some(since) = self.outgoing_since else { return };
        if self.running > 0 && now < since + config.flush_ms {
            // Others may wait for the last of what is through, and for nothing that comes soon.
            let own = self.history.shards().iter().filter(|shard| {
                shard.ended().is_none()
                    && self.works.get(&shard.id).is_some_and(|work| work.runner == Some(self.me))
            });
            let through = own.map(|shard| shard.settled()).min().unwrap_or(0);
            if through <= self.flushed {
                return;
            }
            self.flushed = through;
        }
        self.outgoing_since = None;
        let world = self.history.world();
        let receipts = std::mem::take(&mut self.outgoing);
        for bulletin in bulletins(world, std::mem::take(&mut self.claims), receipts) {
            let bulletin = Verified::sign(bulletin, key);
            let gossip = Gossip::Bulletin(bulletin.envelope().clone());
            self.actions.push(Action::Publish(Topic::Bulletins(world), gossip));
            self.archive(&bulletin);
        }
    }

    fn anchor_and_trim(&mut self, now: u64, config: &Config, key: &SigningKey) {
        let checkpoint = self.history.newest_checkpoint();
        let newest = self.anchors.last_key_value().map_or(0, |(epoch, _)| *epoch);
        let due = self.anchored_ms.is_none_or(|last| now >= last + config.anchor_ms);
        if self.ready && due && checkpoint > newest && checkpoint > 0 {
            self.anchored_ms = Some(now);
            self.store_anchor(checkpoint, key);
        }
        let shards = (self.history.shards().len() as u64).max(1);
        let keep = (config.shard_epochs_kept / shards).clamp(EPOCHS_KEPT.0, EPOCHS_KEPT.1);
        let interval = u64::from(self.genesis.checkpoint_interval);
        let base = checkpoint.saturating_sub(keep.max(2 * interval));
        let base = base - base % interval;
        // In strides: trimming looks at every shard.
        if base < self.history.base() + keep / 4 {
            return;
        }
        self.history.trim(base);
        self.archive = self.archive.split_off(&(base, 0));
        self.archive_bytes = self.archive.values().map(|archived| archived.size).sum();
        let old: Vec<(ShardId, Epoch, StateHash)> = self
            .works
            .iter()
            .flat_map(|(id, work)| {
                work.held.range(..base).map(|(epoch, (_, state))| (*id, *epoch, *state))
            })
            .collect();
        for (shard, epoch, state) in old {
            let end = self.history.shard(shard).and_then(|shard| shard.ended());
            let last = end.is_some_and(|end| end.at == epoch);
            let on_disk = self.anchors.values().any(|stored| stored.states.contains(&state));
            if !last || on_disk {
                self.release(shard, epoch, state);
            }
        }
    }

    fn store_anchor(&mut self, epoch: Epoch, key: &SigningKey) {
        let Some(anchor) = self.history.anchor(epoch) else { return };
        // Those of shards that have ended too: people may still look at them.
        let states: BTreeSet<StateHash> = anchor
            .shards
            .iter()
            .map(|shard| shard.state)
            .filter(|state| self.has_state(*state))
            .collect();
        let roots: Vec<(Epoch, Hash)> =
            self.history.roots_after(self.roots_stored).filter(|(at, _)| *at <= epoch).collect();
        self.roots_stored = epoch;
        let anchor = Verified::sign(anchor, key);
        self.actions.push(Action::Store(
            Record::Anchor {
                world: self.history.world(),
                epoch,
                anchor: anchor.envelope().clone(),
                states: states.iter().copied().collect(),
                roots,
            },
            None,
        ));
        self.anchors.insert(epoch, StoredAnchor { anchor: Arc::new(anchor), states });
        for epoch in thin(self.anchors.keys().copied()) {
            self.drop_anchor(epoch);
        }
    }

    fn drop_anchor(&mut self, epoch: Epoch) {
        let Some(dropped) = self.anchors.remove(&epoch) else { return };
        let elsewhere =
            |state: &StateHash| self.anchors.values().any(|other| other.states.contains(state));
        let states = dropped.states.into_iter().filter(|state| !elsewhere(state)).collect();
        self.actions.push(Action::Store(
            Record::DropAnchor { world: self.history.world(), epoch, states },
            None,
        ));
    }

    /// Makes an anchor at once, for a clean end.
    pub(super) fn anchor_now(&mut self, key: &SigningKey) {
        let checkpoint = self.history.newest_checkpoint();
        let newest = self.anchors.last_key_value().map_or(0, |(epoch, _)| *epoch);
        if self.ready && checkpoint > newest {
            self.store_anchor(checkpoint, key);
        }
    }

    /// The first epoch of which an anchor of another node would be of use.
    pub(super) fn anchor_wanted_from(&self) -> Epoch {
        self.history.closed().max(self.stateless_until) + 1
    }

    /// The newest anchor at or after `from`, for a node that starts.
    pub(super) fn anchor_for(&self, from: Epoch, key: &SigningKey) -> Option<Signed<Anchor>> {
        let stored = self.anchors.values().next_back().map(|stored| &stored.anchor);
        if let Some(stored) =
            stored.filter(|stored| stored.epoch >= from && stored.epoch >= self.history.base())
        {
            return Some(stored.envelope().clone());
        }
        let epoch = self.history.newest_checkpoint();
        let anchor = self.history.anchor(epoch).filter(|_| epoch >= from)?;
        Some(Verified::sign(anchor, key).envelope().clone())
    }

    /// Takes up an anchor of another node, if it fits and leads further than what is known.
    pub(super) fn adopt(&mut self, anchor: &Verified<Anchor>) -> bool {
        if anchor.epoch <= self.history.closed().max(self.stateless_until)
            || !self.history.fits(anchor)
        {
            return false;
        }
        self.restart(Some(anchor));
        true
    }
}

/// The rank of a node; nodes that cannot run the shard rank behind all that can.
fn rank_of(ranks: &[NodeId], node: NodeId) -> usize {
    ranks.iter().position(|other| *other == node).unwrap_or(usize::MAX)
}
