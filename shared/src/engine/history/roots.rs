//! Roots: one hash for all of a world at a checkpoint.

use super::{History, ROOTS_MAX};
use crate::id::{Epoch, Hash, Hasher};

impl History {
    /// The root at a checkpoint, if it is settled and still known.
    pub fn root(&self, checkpoint: Epoch) -> Option<Hash> {
        if !self.genesis.is_checkpoint(checkpoint) {
            return None;
        }
        if let Some(root) = self.roots.get(&checkpoint) {
            return Some(*root);
        }
        // Nothing happens any more in a world in which all have ended.
        let over = self.shards.iter().all(|shard| shard.ended.is_some());
        if over || checkpoint <= self.closed { self.compute_root(checkpoint) } else { None }
    }

    /// The newest checkpoint that is settled.
    pub fn newest_checkpoint(&self) -> Epoch {
        self.closed - self.closed % u64::from(self.genesis.checkpoint_interval)
    }

    /// The oldest checkpoint whose root is known.
    pub fn oldest_root(&self) -> Option<Epoch> {
        self.roots.first_key_value().map(|(epoch, _)| *epoch)
    }

    /// Roots of checkpoints after `after`.
    pub fn roots_after(&self, after: Epoch) -> impl Iterator<Item = (Epoch, Hash)> {
        self.roots.range(after + 1..).map(|(epoch, root)| (*epoch, *root))
    }

    /// Takes roots that were stored in an earlier run and are still true: those at or before `base`.
    pub fn remember_roots(&mut self, roots: impl IntoIterator<Item = (Epoch, Hash)>) {
        let base = self.base;
        for (epoch, root) in roots {
            if epoch <= base {
                self.roots.entry(epoch).or_insert(root);
            }
        }
        while self.roots.len() > ROOTS_MAX {
            self.roots.pop_first();
        }
    }

    pub(super) fn compute_root(&self, checkpoint: Epoch) -> Option<Hash> {
        let mut hasher = Hasher::new("zeromesh/root").fixed(&self.world.0.0).number(checkpoint);
        for (id, index) in &self.index {
            let shard = &self.shards[*index];
            if shard.founded >= checkpoint {
                continue;
            }
            let (lineage, state, ended) = match &shard.ended {
                Some(end) if end.at <= checkpoint => (end.lineage, end.state, end.at),
                _ => (shard.lineage(checkpoint)?, shard.state_at(checkpoint)?, 0),
            };
            hasher = hasher.fixed(&id.0.0).fixed(&lineage.0.0).fixed(&state.0.0).number(ended);
        }
        Some(hasher.finish())
    }
}
