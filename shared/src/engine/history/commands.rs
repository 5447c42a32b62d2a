//! Commands in the history: when they take effect, which shards they found, and what a late one cuts off.

use std::collections::{BTreeMap, VecDeque};

use super::shard::ShardHistory;
use super::{Heard, History};
use crate::engine::command::{Target, WorldCommand};
use crate::engine::genesis::RulesVersion;
use crate::id::{CommandId, Epoch, Hash, ShardId};
use crate::wire::codec;

impl History {
    /// The rules in force in an epoch.
    pub fn rules_at(&self, epoch: Epoch) -> RulesVersion {
        let checkpoint = epoch - epoch % u64::from(self.genesis.checkpoint_interval);
        let mut before = self.rules.range(..(checkpoint, CommandId(Hash([0; 32]))));
        before.next_back().map_or(self.genesis.rules, |(_, rules)| *rules)
    }

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

    pub(super) fn next_checkpoint(&self, epoch: Epoch) -> Epoch {
        let interval = u64::from(self.genesis.checkpoint_interval);
        (epoch / interval + 1) * interval
    }

    pub(super) fn add_shard(&mut self, id: ShardId, founded: Epoch) {
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

    pub(super) fn move_founding(&mut self, id: ShardId, founded: Epoch) {
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

    /// Makes `epoch` the first that is not closed, if it was closed, and forgets what follows from
    /// its being closed.
    pub(super) fn reopen(&mut self, epoch: Epoch) {
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

    /// Puts a command of the ledger back into place after a restart at `epoch`.
    pub(super) fn replace_command(&mut self, id: CommandId, epoch: Epoch) {
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
