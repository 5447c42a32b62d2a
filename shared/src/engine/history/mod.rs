//! The history of a world as one node knows it: lineages, receipts that count, roots.
//!
//! The whole of it is a function of two sets, the stamps in the [`Ledger`] and the receipts heard
//! or made. Lineages follow from both without running anything. A receipt counts exactly while its
//! lineage is the one computed here, so a command that becomes known late needs no undo log: the
//! lineages after it are cut off and computed again, and receipts that still fit count again.
//!
//! Words of this file: an epoch is *closed* when every shard alive in it is settled in it. Closing
//! epoch c delivers the messages sent in it, which defines what goes into epoch c + lookahead.

mod commands;
mod restart;
mod roots;
mod shard;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::genesis::{Genesis, RulesVersion};
use crate::engine::ledger::Ledger;
use crate::engine::model::{CommandInput, Mail, Refused};
use crate::engine::receipt::Receipt;
use crate::engine::step::StepInput;
use crate::id::{CommandId, Epoch, Hash, Hasher, Lineage, NodeId, ShardId, WorldId};

pub use shard::{Ended, ShardHistory};

/// Receipts kept for one shard and first epoch, whoever they are from: enough for honest nodes
/// that differ by a few late commands, too few to fill the memory.
const RECEIPTS_PER_SPAN_MAX: usize = 8;
/// Receipts this many lookaheads beyond what is closed are not kept: they cannot count for long.
const RECEIPTS_AHEAD_LOOKAHEADS: u64 = 64;
/// Receipts of shards nobody has told us of yet.
const STRAYS_MAX: usize = 1_024;
/// Refusals that wait to be asked for; further ones are not told.
const REFUSED_MAX: usize = 4_096;
/// Roots of the newest checkpoints that are kept.
pub const ROOTS_MAX: usize = 65_536;

/// A receipt and who says so.
#[derive(Clone, Debug)]
pub struct Heard {
    /// What is said.
    pub receipt: Arc<Receipt>,
    /// By whom.
    pub author: NodeId,
    /// Whether this very process ran it: then nothing that others say stands against it.
    pub own: bool,
}

/// A world as far as one node knows it.
pub struct History {
    /// Where it began.
    pub genesis: Genesis,
    world: WorldId,
    /// The commands.
    pub ledger: Ledger,
    /// Nothing from before this epoch is kept.
    base: Epoch,
    closed: Epoch,
    shards: Vec<ShardHistory>,
    index: BTreeMap<ShardId, usize>,
    /// Commands for shards whose founding is not known.
    orphans: BTreeMap<ShardId, BTreeSet<CommandId>>,
    strays: Vec<Heard>,
    /// Changes of rules, by stamp. Each is in force from the next checkpoint on.
    rules: BTreeMap<(Epoch, CommandId), RulesVersion>,
    mail: BTreeMap<Epoch, BTreeMap<usize, Vec<Mail>>>,
    roots: BTreeMap<Epoch, Hash>,
    /// Shards whose lineages or receipts changed since the last [`History::advance`].
    touched: BTreeSet<usize>,
    /// Shards that settled something since the last [`History::take_changed`].
    changed: BTreeSet<usize>,
    /// Refused commands of receipts that counted since the last [`History::take_refused`].
    refused: Vec<(ShardId, Epoch, Refused)>,
}

impl History {
    /// A world at its beginning.
    pub fn new(genesis: Genesis) -> Self {
        let world = genesis.id();
        History {
            genesis,
            world,
            ledger: Ledger::default(),
            base: 0,
            closed: 0,
            shards: Vec::new(),
            index: BTreeMap::new(),
            orphans: BTreeMap::new(),
            strays: Vec::new(),
            rules: BTreeMap::new(),
            mail: BTreeMap::new(),
            roots: BTreeMap::new(),
            touched: BTreeSet::new(),
            changed: BTreeSet::new(),
            refused: Vec::new(),
        }
    }

    /// The world's id.
    pub fn world(&self) -> WorldId {
        self.world
    }

    /// The first epoch that is not closed: every one before it is settled for every shard.
    pub fn closed(&self) -> Epoch {
        self.closed
    }

    /// Nothing from before this epoch is kept in memory.
    pub fn base(&self) -> Epoch {
        self.base
    }

    /// Inputs are defined for the epochs before this one.
    pub fn horizon(&self) -> Epoch {
        let horizon = self.closed + u64::from(self.genesis.lookahead);
        if self.genesis.end > 0 { horizon.min(self.genesis.end) } else { horizon }
    }

    /// All shards that were ever founded, as far as known, in no order that means anything.
    pub fn shards(&self) -> &[ShardHistory] {
        &self.shards
    }

    /// The place of a shard in [`History::shards`]. It changes only when history starts from an
    /// anchor again.
    pub fn index_of(&self, shard: ShardId) -> Option<usize> {
        self.index.get(&shard).copied()
    }

    /// A shard.
    pub fn shard(&self, shard: ShardId) -> Option<&ShardHistory> {
        self.index_of(shard).map(|index| &self.shards[index])
    }

    // ---- commands -------------------------------------------------------------------------

    /// Delivers to a shard whose founding just became known, or moved, what was sent to it before.
    fn deliver_again(&mut self, index: usize) {
        let lookahead = u64::from(self.genesis.lookahead);
        for of in self.mail.values_mut() {
            of.remove(&index);
        }
        let (id, founded) = (self.shards[index].id, self.shards[index].founded);
        let arrivals = founded.max(self.base).max(lookahead)..self.closed + lookahead;
        for arrives in arrivals {
            let sent = arrives - lookahead;
            for (from, sender) in &self.index {
                let shard = &self.shards[*sender];
                for message in shard.outbox(sent).iter().filter(|message| message.to == id) {
                    let letter = Mail { from: *from, returned: false, body: message.body.clone() };
                    self.mail.entry(arrives).or_default().entry(index).or_default().push(letter);
                }
            }
        }
    }

    // ---- lineages -------------------------------------------------------------------------

    /// Computes the lineages of a shard up to the horizon.
    fn extend(&mut self, index: usize) {
        let horizon = self.closed + u64::from(self.genesis.lookahead);
        let shard = &self.shards[index];
        if shard.founded > horizon || shard.ended.is_some() {
            return;
        }
        if shard.lineages.is_empty() && shard.first == shard.founded {
            let rules = self.rules_at(shard.founded);
            let lineage = founding_lineage(rules, self.world, shard.id, shard.founded);
            self.shards[index].lineages.push_back(lineage);
        }
        loop {
            let shard = &self.shards[index];
            let epoch = shard.first + shard.lineages.len() as u64 - 1;
            let Some(last) = shard.lineages.back().copied() else { return };
            if epoch >= horizon {
                return;
            }
            let mail = self.mail.get(&epoch).and_then(|of| of.get(&index));
            let next = next_lineage(
                last,
                epoch,
                self.rules_at(epoch),
                shard.commands.get(&epoch),
                mail.map_or(&[], Vec::as_slice),
            );
            self.shards[index].lineages.push_back(next);
        }
    }

    fn extend_all(&mut self) {
        for index in 0..self.shards.len() {
            self.extend(index);
        }
    }

    /// All that goes into the steps of a shard from `from` until `until`, as far as it is defined.
    pub fn inputs(&self, shard: ShardId, from: Epoch, until: Epoch) -> Vec<StepInput> {
        let Some(index) = self.index_of(shard) else { return Vec::new() };
        let history = &self.shards[index];
        (from..until)
            .map_while(|epoch| {
                let lineage = history.lineage(epoch + 1)?;
                let commands = history.commands_at(epoch).filter_map(|id| {
                    let body = self.ledger.command(id)?.body.clone();
                    Some(CommandInput { id, body })
                });
                let inbox = self.mail.get(&epoch).and_then(|of| of.get(&index));
                Some(StepInput {
                    epoch,
                    rules: self.rules_at(epoch),
                    commands: commands.collect(),
                    inbox: inbox.cloned().unwrap_or_default(),
                    lineage,
                })
            })
            .collect()
    }

    // ---- receipts -------------------------------------------------------------------------

    /// Keeps a receipt, within bounds. [`History::advance`] finds out whether it counts.
    pub fn hear(&mut self, heard: Heard) {
        let receipt = &heard.receipt;
        let Some(index) = self.index_of(receipt.shard) else {
            if self.strays.len() < STRAYS_MAX {
                self.strays.push(heard);
            }
            return;
        };
        let ahead = RECEIPTS_AHEAD_LOOKAHEADS * u64::from(self.genesis.lookahead);
        let too_far = receipt.until > self.closed.saturating_add(ahead);
        let too_long = receipt.until - receipt.from > u64::from(self.genesis.lookahead);
        // The state at a checkpoint must be named by whoever stepped the shard up to it.
        let interval = u64::from(self.genesis.checkpoint_interval);
        let crosses = receipt.from / interval != (receipt.until - 1) / interval;
        let nameless = self.genesis.is_checkpoint(receipt.until) && receipt.state.is_none();
        let odd = too_long || crosses || nameless;
        if receipt.until <= self.base || odd || (too_far && !heard.own) {
            return;
        }
        let known = self.shards[index].known.entry(receipt.from).or_default();
        if known.iter().any(|other| other.author == heard.author && other.receipt == *receipt) {
            return;
        }
        if known.len() >= RECEIPTS_PER_SPAN_MAX {
            // The oldest that is not our own makes room.
            let victim = known.iter().position(|other| !other.own).unwrap_or(0);
            known.remove(victim);
        }
        known.push(heard);
        self.touched.insert(index);
    }

    /// Settles and closes all that can be. Answers whether anything changed.
    pub fn advance(&mut self) -> bool {
        let lookahead = u64::from(self.genesis.lookahead);
        let mut changed = false;
        loop {
            while let Some(index) = self.touched.pop_first() {
                self.extend(index);
                changed |= self.settle(index, lookahead);
            }
            let frontier = self.frontier();
            if frontier <= self.closed {
                return changed;
            }
            while self.closed < frontier {
                self.skip_empty(frontier);
                self.close();
            }
            changed = true;
            for (index, shard) in self.shards.iter().enumerate() {
                if shard.ended.is_none() {
                    self.touched.insert(index);
                }
            }
        }
    }

    fn settle(&mut self, index: usize, lookahead: u64) -> bool {
        let shard = &mut self.shards[index];
        let before = shard.settled;
        if !shard.settle(lookahead) {
            return false;
        }
        self.changed.insert(index);
        for span in shard.spans.iter().rev().take_while(|span| span.from >= before) {
            for refused in &span.receipt.refused {
                if self.refused.len() < REFUSED_MAX {
                    self.refused.push((shard.id, span.from, refused.clone()));
                }
            }
        }
        true
    }

    /// The shards that settled something since this was asked last.
    pub fn take_changed(&mut self) -> BTreeSet<usize> {
        std::mem::take(&mut self.changed)
    }

    /// The commands that were refused in what settled since this was asked last: by which shard, and
    /// in which span. After a history was undone the same may be told again, or otherwise.
    pub fn take_refused(&mut self) -> Vec<(ShardId, Epoch, Refused)> {
        std::mem::take(&mut self.refused)
    }

    /// The first epoch that cannot be closed: somebody alive in it is not settled, or, once all have
    /// ended, nobody is left to live in it. An empty world waits.
    fn frontier(&self) -> Epoch {
        let living = self.shards.iter().filter(|shard| shard.ended.is_none());
        let frontier = living.map(|shard| shard.settled).min().unwrap_or_else(|| {
            self.shards
                .iter()
                .filter_map(|shard| shard.ended.as_ref())
                .map(|end| end.at)
                .max()
                .unwrap_or(0)
        });
        let end = if self.genesis.end > 0 { self.genesis.end } else { Epoch::MAX };
        frontier.min(end)
    }

    /// Epochs in which nobody lives need not be closed one by one.
    fn skip_empty(&mut self, frontier: Epoch) {
        let lookahead = u64::from(self.genesis.lookahead);
        let nobody = !self.shards.iter().any(|shard| {
            shard.founded < frontier && shard.ended.as_ref().is_none_or(|end| end.at > self.closed)
        });
        let next = frontier.saturating_sub(lookahead);
        if nobody && next > self.closed {
            self.closed = next;
        }
    }

    /// Closes the next epoch: its messages are delivered, and the inputs of the epoch a lookahead
    /// later are defined.
    fn close(&mut self) {
        let sent = self.closed;
        let lookahead = u64::from(self.genesis.lookahead);
        let arrives = sent + lookahead;
        let mut mail: BTreeMap<usize, Vec<Mail>> = BTreeMap::new();
        // The index is in order of id, so each receiver hears in order of (sender, index).
        for (id, sender) in &self.index {
            let shard = &self.shards[*sender];
            if !shard.alive(sent) {
                continue;
            }
            for message in shard.outbox(sent) {
                if let Some(receiver) = self.index.get(&message.to) {
                    let letter = Mail { from: *id, returned: false, body: message.body.clone() };
                    mail.entry(*receiver).or_default().push(letter);
                }
            }
        }
        // What should have arrived in this epoch and found nobody goes back. Who is alive in it is
        // known only now, which is why the way back takes as long as the way there.
        if let Some(returned_from) = sent.checked_sub(lookahead) {
            for sender in self.index.values() {
                let shard = &self.shards[*sender];
                if !shard.alive(returned_from) {
                    continue;
                }
                for message in shard.outbox(returned_from) {
                    let arrived =
                        self.shard(message.to).is_some_and(|receiver| receiver.alive(sent));
                    if !arrived {
                        let letter =
                            Mail { from: message.to, returned: true, body: message.body.clone() };
                        mail.entry(*sender).or_default().push(letter);
                    }
                }
            }
        }
        if !mail.is_empty() {
            self.mail.insert(arrives, mail);
        }
        self.closed += 1;
        if self.genesis.is_checkpoint(self.closed)
            && let Some(root) = self.compute_root(self.closed)
        {
            self.roots.insert(self.closed, root);
            if self.roots.len() > ROOTS_MAX {
                self.roots.pop_first();
            }
        }
        self.extend_all();
    }

    // ---- roots ----------------------------------------------------------------------------

    // ---- bounds and anchors ---------------------------------------------------------------
}

fn founding_lineage(
    rules: RulesVersion,
    world: WorldId,
    shard: ShardId,
    founded: Epoch,
) -> Lineage {
    let hasher = Hasher::new("zeromesh/lineage/found").number(u64::from(rules));
    Lineage(hasher.fixed(&world.0.0).fixed(&shard.0.0).number(founded).finish())
}

fn next_lineage(
    last: Lineage,
    epoch: Epoch,
    rules: RulesVersion,
    commands: Option<&BTreeSet<CommandId>>,
    inbox: &[Mail],
) -> Lineage {
    let count = commands.map_or(0, BTreeSet::len);
    let mut hasher = Hasher::new("zeromesh/lineage")
        .fixed(&last.0.0)
        .number(epoch)
        .number(u64::from(rules))
        .number(count as u64);
    for command in commands.into_iter().flatten() {
        hasher = hasher.fixed(&command.0.0);
    }
    hasher = hasher.number(inbox.len() as u64);
    for mail in inbox {
        hasher = hasher.fixed(&mail.from.0.0).number(u64::from(mail.returned)).bytes(&mail.body);
    }
    Lineage(hasher.finish())
}
