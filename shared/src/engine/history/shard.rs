//! One shard in the history: its lineages, and the receipts that count.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::Heard;
use crate::engine::model::Outgoing;
use crate::engine::receipt::{End, Receipt};
use crate::id::{CommandId, Epoch, Lineage, NodeId, ShardId, StateHash};

/// A receipt that counts.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// Its first epoch that was not settled before.
    pub(super) from: Epoch,
    pub(super) until: Epoch,
    pub(super) receipt: Arc<Receipt>,
    pub(super) author: NodeId,
}

/// How a shard ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The epoch after its last.
    pub at: Epoch,
    /// Why.
    pub why: End,
    /// Its lineage then.
    pub lineage: Lineage,
    /// The hash of its last state.
    pub state: StateHash,
}

/// One shard in the history.
#[derive(Debug)]
pub struct ShardHistory {
    /// Its id.
    pub id: ShardId,
    /// Its first epoch.
    pub founded: Epoch,
    /// `lineages[0]` is the lineage at this epoch.
    pub(super) first: Epoch,
    pub(super) lineages: VecDeque<Lineage>,
    pub(super) commands: BTreeMap<Epoch, BTreeSet<CommandId>>,
    pub(super) spans: VecDeque<Span>,
    pub(super) settled: Epoch,
    pub(super) ended: Option<Ended>,
    pub(super) known: BTreeMap<Epoch, Vec<Heard>>,
    pub(super) disputed: bool,
}

impl ShardHistory {
    /// Every epoch before this one is settled.
    pub fn settled(&self) -> Epoch {
        self.settled
    }

    /// How it ended, if that is settled.
    pub fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    /// The lineage at the start of an epoch, if it is defined and still kept.
    pub fn lineage(&self, epoch: Epoch) -> Option<Lineage> {
        let index = epoch.checked_sub(self.first)?;
        self.lineages.get(usize::try_from(index).ok()?).copied()
    }

    /// The first epoch whose lineage is kept: a state from before it is of no use any more.
    pub fn kept_from(&self) -> Epoch {
        self.first
    }

    /// The newest receipt that counts.
    pub fn newest(&self) -> Option<&Receipt> {
        self.spans.back().map(|span| &*span.receipt)
    }

    /// Who made the newest receipt that counts.
    pub fn newest_author(&self) -> Option<NodeId> {
        self.spans.back().map(|span| span.author)
    }

    /// The hash of the state at the start of an epoch, if a receipt that counts names it.
    pub fn state_at(&self, epoch: Epoch) -> Option<StateHash> {
        self.spans.iter().rev().find(|span| span.until == epoch).and_then(|span| span.receipt.state)
    }

    /// Epochs at whose start the state hash is known, newest first.
    pub fn states(&self) -> impl Iterator<Item = (Epoch, Lineage, StateHash)> {
        self.spans
            .iter()
            .rev()
            .filter_map(|span| Some((span.until, self.lineage(span.until)?, span.receipt.state?)))
    }

    /// The commands that take effect in an epoch.
    pub fn commands_at(&self, epoch: Epoch) -> impl Iterator<Item = CommandId> {
        self.commands.get(&epoch).into_iter().flatten().copied()
    }

    /// The epoch a command takes effect in.
    pub fn effective(&self, stamped: Epoch) -> Epoch {
        stamped.max(self.founded)
    }

    /// Whether two nodes contradict each other on the next span and this node has not run it.
    pub fn disputed(&self) -> bool {
        self.disputed
    }

    /// The receipts that count and overlap `from..`, oldest first.
    pub fn counting(&self, from: Epoch) -> impl Iterator<Item = &Receipt> {
        self.spans.iter().filter(move |span| span.until > from).map(|span| &*span.receipt)
    }

    /// Receipts known for the next epoch that do not count: they differ in what went in.
    pub fn off_chain(&self) -> usize {
        self.known.range(self.settled..=self.settled).map(|(_, heard)| heard.len()).sum()
    }

    pub(super) fn alive(&self, epoch: Epoch) -> bool {
        self.founded <= epoch && self.ended.as_ref().is_none_or(|end| epoch < end.at)
    }

    pub(super) fn outbox(&self, epoch: Epoch) -> &[Outgoing] {
        let span = self.spans.iter().rev().find(|span| span.from <= epoch);
        match span {
            Some(span) if epoch < span.until => span.receipt.outbox(epoch),
            _ => &[],
        }
    }

    /// Forgets what follows from anything after the start of `epoch`.
    pub(super) fn cut(&mut self, epoch: Epoch) {
        // A change of rules at the founding changes even the first lineage.
        if epoch <= self.founded && self.first == self.founded {
            self.lineages.clear();
        }
        let keep = epoch.saturating_sub(self.first).saturating_add(1);
        self.lineages.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
        while self.spans.back().is_some_and(|span| span.until > epoch) {
            if let Some(span) = self.spans.pop_back() {
                self.settled = span.from;
            }
        }
        if self.ended.as_ref().is_some_and(|end| end.at > self.settled) {
            self.ended = None;
        }
        self.disputed = false;
    }

    pub(super) fn push_span(&mut self, heard: &Heard) {
        let receipt = heard.receipt.clone();
        let until = receipt.until;
        self.ended = receipt.end.clone().map(|why| Ended {
            at: until,
            why,
            lineage: receipt.lineage,
            state: receipt.state.unwrap_or_else(|| crate::engine::receipt::state_hash(&[])),
        });
        self.spans.push_back(Span { from: self.settled, until, receipt, author: heard.author });
        self.settled = until;
        self.disputed = false;
    }

    /// Settles what the known receipts settle.
    pub(super) fn settle(&mut self, lookahead: u64) -> bool {
        let before = self.settled;
        while self.ended.is_none() {
            let low = self.settled.saturating_sub(lookahead);
            let candidates = self
                .known
                .range(low..=self.settled)
                .flat_map(|(_, heard)| heard)
                .filter(|heard| heard.receipt.until > self.settled)
                .filter(|heard| self.lineage(heard.receipt.until) == Some(heard.receipt.lineage));
            let mut best: Option<&Heard> = None;
            let mut contradicted = false;
            for heard in candidates {
                if let Some(other) = best {
                    let (a, b) = (&heard.receipt, &other.receipt);
                    contradicted |= (a.from, a.until) == (b.from, b.until) && !a.agrees(b);
                    if (heard.own, a.until) <= (other.own, b.until) {
                        continue;
                    }
                }
                best = Some(heard);
            }
            let Some(best) = best else { break };
            if contradicted && !best.own {
                self.disputed = true;
                break;
            }
            let best = best.clone();
            self.push_span(&best);
        }
        self.settled != before
    }
}
