//! What is forgotten, what is kept to go on from, and how a history begins anew from it.

use std::collections::VecDeque;
use std::sync::Arc;

use super::shard::ShardHistory;
use super::{Heard, History};
use crate::engine::anchor::{Anchor, AnchorShard};
use crate::engine::command::Target;
use crate::engine::receipt::Receipt;
use crate::id::{CommandId, Epoch, NodeId};

impl History {
    /// Forgets what is from before `base`, a checkpoint that is closed.
    pub fn trim(&mut self, base: Epoch) {
        let base = base.min(self.closed);
        if base <= self.base {
            return;
        }
        self.base = base;
        let lookahead = u64::from(self.genesis.lookahead);
        let spans_from = base.saturating_sub(2 * lookahead);
        self.mail = self.mail.split_off(&base);
        for shard in &mut self.shards {
            while shard.first < base && shard.lineages.len() > 1 {
                shard.lineages.pop_front();
                shard.first += 1;
            }
            while shard.spans.len() > 1
                && shard.spans.front().is_some_and(|span| span.until <= spans_from)
            {
                shard.spans.pop_front();
            }
            shard.known = shard.known.split_off(&base.saturating_sub(lookahead));
        }
    }

    /// All it takes to go on from a closed checkpoint that is still kept.
    pub fn anchor(&self, epoch: Epoch) -> Option<Anchor> {
        if !self.genesis.is_checkpoint(epoch) || epoch > self.closed || epoch < self.base {
            return None;
        }
        let lookahead = u64::from(self.genesis.lookahead);
        let mut shards = Vec::new();
        for (id, index) in &self.index {
            let shard = &self.shards[*index];
            if shard.founded >= epoch {
                continue;
            }
            let end = shard.ended.clone().filter(|end| end.at <= epoch);
            let (lineage, state) = match &end {
                Some(end) => (end.lineage, end.state),
                None => (shard.lineage(epoch)?, shard.state_at(epoch)?),
            };
            let outboxes = (epoch.saturating_sub(2 * lookahead)..epoch)
                .filter(|at| shard.alive(*at) && !shard.outbox(*at).is_empty())
                .map(|at| (at, shard.outbox(at).to_vec()))
                .collect();
            let summary = shard
                .spans
                .iter()
                .rev()
                .find(|span| span.until <= epoch)
                .map_or_else(Vec::new, |span| span.receipt.summary.clone());
            shards.push(AnchorShard {
                id: *id,
                founded: shard.founded,
                lineage,
                state,
                end: end.map(|end| (end.at, end.why)),
                outboxes,
                summary,
            });
        }
        Some(Anchor {
            world: self.world,
            epoch,
            stamps: self.ledger.digest(0, epoch),
            root: self.root(epoch)?,
            shards,
        })
    }

    /// Whether an anchor is one of this world with the commands known now, and whole.
    pub fn fits(&self, anchor: &Anchor) -> bool {
        let foundings = self.ledger.range(0, anchor.epoch);
        let foundings = foundings.filter(|stamped| stamped.command.target == Target::Found);
        let under_way = anchor.epoch.saturating_sub(2 * u64::from(self.genesis.lookahead));
        anchor.world == self.world
            && anchor.shards.len() == foundings.count()
            && anchor.shards.iter().all(|shard| {
                let until = shard.end.as_ref().map_or(anchor.epoch, |(at, _)| *at);
                shard.outboxes.iter().all(|(at, _)| (under_way..until).contains(at))
            })
            && self.genesis.is_checkpoint(anchor.epoch)
            && anchor.stamps == self.ledger.digest(0, anchor.epoch)
            && anchor.shards.iter().all(|shard| {
                let founding = self.ledger.get(CommandId(shard.id.0));
                founding.is_some_and(|stamped| {
                    stamped.command.target == Target::Found && stamped.epoch == shard.founded
                })
            })
    }

    /// Starts again from an anchor that fits, or from the beginning. Receipts that were heard are
    /// kept and may count again; so do roots up to the anchor.
    pub fn restart(&mut self, anchor: Option<&Anchor>, maker: NodeId) {
        let epoch = anchor.map_or(0, |anchor| anchor.epoch);
        let heard: Vec<Heard> = std::mem::take(&mut self.shards)
            .into_iter()
            .flat_map(|shard| shard.known.into_values().flatten())
            .chain(std::mem::take(&mut self.strays))
            .collect();
        self.base = epoch;
        self.closed = epoch;
        self.index.clear();
        self.orphans.clear();
        self.rules.clear();
        self.mail.clear();
        self.touched.clear();
        self.changed.clear();
        self.roots.retain(|at, _| *at <= epoch);
        if let Some(anchor) = anchor {
            self.roots.insert(epoch, anchor.root);
        }
        for shard in anchor.iter().flat_map(|anchor| &anchor.shards) {
            self.add_shard(shard.id, shard.founded);
            let index = self.shards.len() - 1;
            self.shards[index].start_from(shard, epoch, maker, u64::from(self.genesis.lookahead));
        }
        let ids: Vec<CommandId> =
            self.ledger.range(0, Epoch::MAX).map(|stamped| stamped.command.id()).collect();
        for id in ids {
            self.replace_command(id, epoch);
        }
        // Messages on their way at the anchor: sent in the last lookahead before it.
        self.closed = epoch.saturating_sub(u64::from(self.genesis.lookahead));
        let roots = std::mem::take(&mut self.roots);
        while self.closed < epoch {
            self.close();
        }
        self.roots = roots;
        self.touched.extend(0..self.shards.len());
        self.extend_all();
        for heard in heard {
            self.hear(heard);
        }
    }
}

impl ShardHistory {
    pub(super) fn start_from(
        &mut self,
        anchored: &AnchorShard,
        epoch: Epoch,
        maker: NodeId,
        lookahead: u64,
    ) {
        self.first = epoch;
        self.lineages = VecDeque::from([anchored.lineage]);
        let until = anchored.end.as_ref().map_or(epoch, |(at, _)| *at);
        let from = epoch.saturating_sub(2 * lookahead).max(self.founded).min(until - 1);
        let receipt = Receipt {
            shard: self.id,
            from,
            until,
            lineage: anchored.lineage,
            outboxes: anchored
                .outboxes
                .iter()
                .map(|(at, sent)| ((at - from) as u32, sent.clone()))
                .collect(),
            refused: Vec::new(),
            end: anchored.end.as_ref().map(|(_, why)| why.clone()),
            state: Some(anchored.state),
            summary: anchored.summary.clone(),
        };
        self.settled = from;
        self.push_span(&Heard { receipt: Arc::new(receipt), author: maker, own: false });
    }
}
