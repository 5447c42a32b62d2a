//! The history of a world as one node knows it: lineages, receipts that count, roots.
//!
//! The whole of it is a function of two sets, the stamps in the [`Ledger`] and the receipts heard
//! or made. Lineages follow from both without running anything. A receipt counts exactly while its
//! lineage is the one computed here, so a command that becomes known late needs no undo log: the
//! lineages after it are cut off and computed again, and receipts that still fit count again.
//!
//! Words of this file: an epoch is *closed* when every shard alive in it is settled in it. Closing
//! epoch c delivers the messages sent in it, which defines what goes into epoch c + lookahead.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::anchor::{Anchor, AnchorShard};
use super::command::{Target, WorldCommand};
use super::genesis::{Genesis, RulesVersion};
use super::ledger::Ledger;
use super::model::{CommandInput, Mail, Outgoing, Refused};
use super::receipt::{End, Receipt};
use super::step::StepInput;
use crate::id::{CommandId, Epoch, Hash, Hasher, Lineage, NodeId, ShardId, StateHash, WorldId};
use crate::wire::codec;

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

/// A receipt that counts.
#[derive(Clone, Debug)]
struct Span {
    /// Its first epoch that was not settled before.
    from: Epoch,
    until: Epoch,
    receipt: Arc<Receipt>,
    author: NodeId,
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
    first: Epoch,
    lineages: VecDeque<Lineage>,
    commands: BTreeMap<Epoch, BTreeSet<CommandId>>,
    spans: VecDeque<Span>,
    settled: Epoch,
    ended: Option<Ended>,
    known: BTreeMap<Epoch, Vec<Heard>>,
    disputed: bool,
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

    fn alive(&self, epoch: Epoch) -> bool {
        self.founded <= epoch && self.ended.as_ref().is_none_or(|end| epoch < end.at)
    }

    fn outbox(&self, epoch: Epoch) -> &[Outgoing] {
        let span = self.spans.iter().rev().find(|span| span.from <= epoch);
        match span {
            Some(span) if epoch < span.until => span.receipt.outbox(epoch),
            _ => &[],
        }
    }

    /// Forgets what follows from anything after the start of `epoch`.
    fn cut(&mut self, epoch: Epoch) {
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

    fn push_span(&mut self, heard: &Heard) {
        let receipt = heard.receipt.clone();
        let until = receipt.until;
        self.ended = receipt.end.clone().map(|why| Ended {
            at: until,
            why,
            lineage: receipt.lineage,
            state: receipt.state.unwrap_or_else(|| super::receipt::state_hash(&[])),
        });
        self.spans.push_back(Span { from: self.settled, until, receipt, author: heard.author });
        self.settled = until;
        self.disputed = false;
    }

    /// Settles what the known receipts settle.
    fn settle(&mut self, lookahead: u64) -> bool {
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

    /// The rules in force in an epoch.
    pub fn rules_at(&self, epoch: Epoch) -> RulesVersion {
        let checkpoint = epoch - epoch % u64::from(self.genesis.checkpoint_interval);
        let mut before = self.rules.range(..(checkpoint, CommandId(Hash([0; 32]))));
        before.next_back().map_or(self.genesis.rules, |(_, rules)| *rules)
    }

    // ---- commands -------------------------------------------------------------------------

    /// Takes note of commands that were entered into the ledger: cuts off what no longer holds and
    /// computes what follows. `was` is the epoch of an entry's later stamp, if it had one.
    ///
    /// Answers with the earliest epoch that is needed but no longer kept, if there is one: then the
    /// history has to start from an anchor at or before it.
    pub fn commands_entered(&mut self, entered: &[(CommandId, Option<Epoch>)]) -> Option<Epoch> {
        let mut reopened = Epoch::MAX;
        let mut too_old: Option<Epoch> = None;
        for (id, was) in entered {
            let Some(stamped) = self.ledger.get(*id).cloned() else { continue };
            let epoch = stamped.epoch;
            let changed = epoch.min(was.unwrap_or(epoch));
            if changed < self.base {
                too_old = Some(too_old.map_or(changed, |old| old.min(changed)));
                continue;
            }
            match stamped.command.target {
                Target::Found => {
                    if was.is_some() {
                        self.move_founding(ShardId(id.0), epoch);
                    } else {
                        self.add_shard(ShardId(id.0), epoch);
                    }
                    reopened = reopened.min(changed);
                }
                Target::Shard(shard) => match self.index_of(shard) {
                    Some(index) => {
                        let target = &mut self.shards[index];
                        if let Some(was) = was {
                            let effective = target.effective(*was);
                            if let Some(ids) = target.commands.get_mut(&effective) {
                                ids.remove(id);
                                if ids.is_empty() {
                                    target.commands.remove(&effective);
                                }
                            }
                        }
                        let effective = target.effective(epoch);
                        target.commands.entry(effective).or_default().insert(*id);
                        let cut = target.effective(changed);
                        // A command for a shard that has ended has nobody to reach.
                        if target.ended.as_ref().is_none_or(|end| cut < end.at) {
                            target.cut(cut);
                            reopened = reopened.min(target.settled.min(cut));
                            self.touched.insert(index);
                        }
                    }
                    None => {
                        self.orphans.entry(shard).or_default().insert(*id);
                    }
                },
                Target::World => {
                    if let Ok(WorldCommand::Rules(rules)) = codec::decode(&stamped.command.body) {
                        if let Some(was) = was {
                            self.rules.remove(&(*was, *id));
                        }
                        self.rules.insert((epoch, *id), rules);
                        let cut = self.next_checkpoint(changed);
                        for index in 0..self.shards.len() {
                            let shard = &mut self.shards[index];
                            if shard.ended.as_ref().is_none_or(|end| cut < end.at) {
                                shard.cut(cut);
                                reopened = reopened.min(shard.settled.min(cut));
                                self.touched.insert(index);
                            }
                        }
                    }
                }
            }
        }
        if too_old.is_none() {
            self.reopen(reopened);
            self.extend_all();
        }
        too_old
    }

    fn next_checkpoint(&self, epoch: Epoch) -> Epoch {
        let interval = u64::from(self.genesis.checkpoint_interval);
        (epoch / interval + 1) * interval
    }

    fn add_shard(&mut self, id: ShardId, founded: Epoch) {
        if self.index.contains_key(&id) {
            return;
        }
        let mut shard = ShardHistory {
            id,
            founded,
            first: founded,
            lineages: VecDeque::new(),
            commands: BTreeMap::new(),
            spans: VecDeque::new(),
            settled: founded,
            ended: None,
            known: BTreeMap::new(),
            disputed: false,
        };
        for command in self.orphans.remove(&id).unwrap_or_default() {
            if let Some(stamped) = self.ledger.get(command) {
                shard.commands.entry(stamped.epoch.max(founded)).or_default().insert(command);
            }
        }
        let index = self.shards.len();
        self.shards.push(shard);
        self.index.insert(id, index);
        self.deliver_again(index);
        self.touched.insert(index);
        let (mine, others): (Vec<Heard>, Vec<Heard>) = std::mem::take(&mut self.strays)
            .into_iter()
            .partition(|heard| heard.receipt.shard == id);
        self.strays = others;
        for heard in mine {
            self.hear(heard);
        }
    }

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

    fn move_founding(&mut self, id: ShardId, founded: Epoch) {
        let Some(index) = self.index_of(id) else { return self.add_shard(id, founded) };
        let shard = &mut self.shards[index];
        let commands: Vec<CommandId> = shard.commands.values().flatten().copied().collect();
        shard.founded = founded;
        shard.first = founded;
        shard.lineages.clear();
        shard.spans.clear();
        shard.settled = founded;
        shard.ended = None;
        shard.commands.clear();
        for command in commands {
            if let Some(stamped) = self.ledger.get(command) {
                shard.commands.entry(stamped.epoch.max(founded)).or_default().insert(command);
            }
        }
        self.deliver_again(index);
        self.touched.insert(index);
    }

    // ---- lineages -------------------------------------------------------------------------

    /// Makes `epoch` the first that is not closed, if it was closed, and forgets what follows from
    /// its being closed.
    fn reopen(&mut self, epoch: Epoch) {
        let epoch = epoch.max(self.base);
        if epoch >= self.closed {
            return;
        }
        self.closed = epoch;
        let horizon = epoch + u64::from(self.genesis.lookahead);
        self.mail.retain(|arrives, _| *arrives < horizon);
        self.roots.retain(|at, _| *at <= epoch);
        for (index, shard) in self.shards.iter_mut().enumerate() {
            shard.cut(horizon);
            self.touched.insert(index);
        }
    }

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

    fn compute_root(&self, checkpoint: Epoch) -> Option<Hash> {
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

    // ---- bounds and anchors ---------------------------------------------------------------

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

    /// Puts a command of the ledger back into place after a restart at `epoch`.
    fn replace_command(&mut self, id: CommandId, epoch: Epoch) {
        let Some(stamped) = self.ledger.get(id).cloned() else { return };
        match stamped.command.target {
            Target::Found if stamped.epoch >= epoch => self.add_shard(ShardId(id.0), stamped.epoch),
            Target::Found => {}
            Target::Shard(shard) => match self.index_of(shard) {
                Some(index) => {
                    let shard = &mut self.shards[index];
                    let effective = shard.effective(stamped.epoch);
                    shard.commands.entry(effective).or_default().insert(id);
                }
                None => {
                    self.orphans.entry(shard).or_default().insert(id);
                }
            },
            Target::World => {
                if let Ok(WorldCommand::Rules(rules)) = codec::decode(&stamped.command.body) {
                    self.rules.insert((stamped.epoch, id), rules);
                }
            }
        }
    }
}

impl ShardHistory {
    fn start_from(&mut self, anchored: &AnchorShard, epoch: Epoch, maker: NodeId, lookahead: u64) {
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
