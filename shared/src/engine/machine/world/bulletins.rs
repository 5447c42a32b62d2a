//! Bulletins: what others say of the world, what this node says, and what is kept to be passed on.

use std::sync::Arc;

use super::plan::rank_of;
use super::{ARCHIVE_BYTES_MAX, Archived, WorldWork};
use crate::engine::history::Heard;
use crate::engine::machine::{Action, Config};
use crate::engine::receipt::{Bulletin, Receipt, bulletins};
use crate::id::{Epoch, ShardId};
use crate::wire::message::Gossip;
use crate::wire::signed::{Signed, Verified};
use crate::wire::topic::Topic;
use ed25519_dalek::SigningKey;

impl WorldWork {
    /// Takes in a bulletin of another node.
    pub(in crate::engine::machine) fn heard(
        &mut self,
        bulletin: Arc<Verified<Bulletin>>,
        now: u64,
    ) {
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

    pub(super) fn archive(&mut self, bulletin: &Verified<Bulletin>) {
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
    pub(in crate::engine::machine) fn bulletins_for(
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

    pub(super) fn flush(&mut self, now: u64, config: &Config, key: &SigningKey) {
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
}
