//! States: which are in memory, which are fetched, and which are copied for others.

use std::collections::BTreeSet;

use super::{FETCH_AGAIN_MS, WorldWork};
use crate::engine::machine::{Action, Config, thin};
use crate::id::{Epoch, Lineage, NodeId, ShardId, StateHash};

impl WorldWork {
    pub(super) fn hold(
        &mut self,
        shard: ShardId,
        epoch: Epoch,
        lineage: Lineage,
        state: StateHash,
    ) {
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

    pub(super) fn release(&mut self, shard: ShardId, epoch: Epoch, state: StateHash) {
        if let Some(work) = self.works.get_mut(&shard)
            && work.held.remove(&epoch).is_some()
        {
            self.forget(state);
        }
    }

    pub(super) fn forget(&mut self, state: StateHash) {
        if let Some(count) = self.held_count.get_mut(&state) {
            *count -= 1;
            if *count == 0 {
                self.held_count.remove(&state);
                self.actions.push(Action::Forget(state));
            }
        }
    }

    pub(in crate::engine::machine) fn fetched(&mut self, state: StateHash, found: bool, now: u64) {
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

    /// Asks for a snapshot. Answers whether there is anybody to ask.
    pub(super) fn fetch(
        &mut self,
        id: ShardId,
        epoch: Epoch,
        lineage: Lineage,
        state: StateHash,
    ) -> bool {
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

    /// Keeps a stand-by supplied with a recent snapshot.
    pub(super) fn replicate(&mut self, id: ShardId, now: u64, config: &Config) {
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
}
