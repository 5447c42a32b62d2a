//! Who runs which shard now, and what is to be done about it.

use super::{BACKOFF_MAX, FAR_BEHIND, OUT_OF_STEP_MS, PLAN_ALL_MS, STATE_MISSING_MS, WorldWork};
use crate::engine::machine::{Action, Config, Job, Start};
use crate::engine::placement;
use crate::engine::placement::Candidate;
use crate::engine::receipt::Receipt;
use crate::engine::solo::span_end;
use crate::id::{CommandId, Epoch, Lineage, NodeId, ShardId};

impl WorldWork {
    /// Stops running a shard that a better-ranked node is seen to run.
    pub(super) fn yield_to(&mut self, author: NodeId, receipt: &Receipt) {
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

    /// Plans what can have changed: a shard that settled, ended a job or got a state; and all of them
    /// when more epochs may be run, when nodes came or went, and now and then for the sake of timers.
    pub(super) fn plan(&mut self, now: u64, config: &Config, bound: Epoch) {
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

    pub(super) fn plan_shard(&mut self, id: ShardId, now: u64, config: &Config, horizon: Epoch) {
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
    pub(super) fn work_on(&mut self, id: ShardId, now: u64, horizon: Epoch, claim: bool) {
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
    pub(super) fn span_end(&self, from: Epoch) -> Epoch {
        let end = span_end(&self.history, from);
        if self.live.len() < 2 {
            return end;
        }
        let half = (u64::from(self.genesis.lookahead) / 2).max(1);
        end.min((from / half + 1) * half)
    }

    /// Nothing to start from: an older anchor may lead to where there is something.
    pub(super) fn no_state(&mut self, id: ShardId, now: u64) {
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

    /// A node takes part once it has compared its commands with somebody and is about as far, or
    /// there is nobody to compare with.
    pub(super) fn look_at_readiness(&mut self, now: u64, held: bool, live: &[Candidate]) {
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
    pub(in crate::engine::machine) fn compare_progress(&mut self, peer_closed: Epoch) {
        if self.compared && self.history.closed() + FAR_BEHIND >= peer_closed {
            self.make_ready();
        }
    }
}

/// The rank of a node; nodes that cannot run the shard rank behind all that can.
pub(super) fn rank_of(ranks: &[NodeId], node: NodeId) -> usize {
    ranks.iter().position(|other| *other == node).unwrap_or(usize::MAX)
}
