//! Anchors: what is stored to go on from, and going back to one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{EPOCHS_KEPT, StoredAnchor, WorldWork};
use crate::engine::anchor::Anchor;
use crate::engine::machine::{Action, Config, Record, thin};
use crate::id::{Epoch, Hash, ShardId, StateHash};
use crate::wire::signed::{Signed, Verified};
use ed25519_dalek::SigningKey;

impl WorldWork {
    /// Starts again from the newest stored anchor that fits and is not after `epoch`, or from the
    /// beginning.
    pub(super) fn restart_at(&mut self, epoch: Epoch) {
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

    pub(super) fn restart(&mut self, anchor: Option<&Verified<Anchor>>) {
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

    pub(super) fn anchor_and_trim(&mut self, now: u64, config: &Config, key: &SigningKey) {
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

    pub(super) fn store_anchor(&mut self, epoch: Epoch, key: &SigningKey) {
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

    pub(super) fn drop_anchor(&mut self, epoch: Epoch) {
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
    pub(in crate::engine::machine) fn anchor_now(&mut self, key: &SigningKey) {
        let checkpoint = self.history.newest_checkpoint();
        let newest = self.anchors.last_key_value().map_or(0, |(epoch, _)| *epoch);
        if self.ready && checkpoint > newest {
            self.store_anchor(checkpoint, key);
        }
    }

    /// The first epoch of which an anchor of another node would be of use.
    pub(in crate::engine::machine) fn anchor_wanted_from(&self) -> Epoch {
        self.history.closed().max(self.stateless_until) + 1
    }

    /// The newest anchor at or after `from`, for a node that starts.
    pub(in crate::engine::machine) fn anchor_for(
        &self,
        from: Epoch,
        key: &SigningKey,
    ) -> Option<Signed<Anchor>> {
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
    pub(in crate::engine::machine) fn adopt(&mut self, anchor: &Verified<Anchor>) -> bool {
        if anchor.epoch <= self.history.closed().max(self.stateless_until)
            || !self.history.fits(anchor)
        {
            return false;
        }
        self.restart(Some(anchor));
        true
    }
}
