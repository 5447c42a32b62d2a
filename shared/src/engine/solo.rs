//! A world in one process, without network or store: the undisturbed reference that every mesh
//! must agree with. It shares the history with the mesh, and nothing of its placement or repair.

use std::collections::BTreeMap;
use std::sync::Arc;

use ed25519_dalek::SigningKey;

use super::command::{Command, Stamped};
use super::genesis::Genesis;
use super::history::{Heard, History};
use super::model::{Founding, Model};
use super::receipt::End;
use super::step;
use crate::id::{CommandId, Epoch, Hash, NodeId, ShardId};
use crate::wire::signed::Verified;

/// What came of a world run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    /// The root at the epoch asked for.
    pub root: Hash,
    /// The digest of the stamps below it.
    pub stamps: Hash,
}

/// A world run alone, as far as it was run.
pub struct Solo<'a, M: Model> {
    model: &'a M,
    /// What is known of it.
    pub history: History,
    states: BTreeMap<ShardId, M::State>,
    steps: u64,
}

/// The receipts of a lone world need an author, whoever it is.
const NOBODY: NodeId = NodeId([0; 32]);

impl<'a, M: Model> Solo<'a, M> {
    /// A world with these commands, each at its epoch.
    pub fn new(
        model: &'a M,
        genesis: Genesis,
        commands: impl IntoIterator<Item = (Epoch, Command)>,
    ) -> Self {
        let mut history = History::new(genesis);
        // Signatures play no part in roots; any key will do.
        let key = SigningKey::from_bytes(&[1; 32]);
        let mut entered = Vec::new();
        for (epoch, command) in commands {
            let id: CommandId = command.id();
            history.ledger.enter(Arc::new(Verified::sign(Stamped { epoch, command }, &key)));
            entered.push((id, None));
        }
        history.commands_entered(&entered);
        history.advance();
        Solo { model, history, states: BTreeMap::new(), steps: 0 }
    }

    /// Runs until all epochs before `until` are settled, or nothing is left to run. `progress` is
    /// told the first unsettled epoch now and then and can stop the run by answering false.
    pub fn run(&mut self, until: Epoch, mut progress: impl FnMut(Epoch) -> bool) {
        while self.history.closed() < until {
            let before = self.history.closed();
            let ids: Vec<ShardId> = self.history.shards().iter().map(|shard| shard.id).collect();
            for id in ids {
                self.run_span(id, until);
            }
            self.history.advance();
            let interval = u64::from(self.history.genesis.checkpoint_interval);
            let lookahead = u64::from(self.history.genesis.lookahead);
            self.history
                .trim(self.history.newest_checkpoint().saturating_sub(interval + 2 * lookahead));
            if self.history.closed() == before || !progress(self.history.closed()) {
                return;
            }
        }
    }

    /// Steps made so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The state of a shard that goes on.
    pub fn state(&self, shard: ShardId) -> Option<&M::State> {
        self.states.get(&shard)
    }

    /// The root at a checkpoint that was reached.
    pub fn root(&self, checkpoint: Epoch) -> Option<Root> {
        let root = self.history.root(checkpoint)?;
        Some(Root { root, stamps: self.history.ledger.digest(0, checkpoint) })
    }

    fn run_span(&mut self, id: ShardId, until: Epoch) {
        let Some(shard) = self.history.shard(id) else { return };
        if shard.ended().is_some() {
            return;
        }
        let from = shard.settled();
        let until = span_end(&self.history, from).min(until);
        if from >= until {
            return;
        }
        let inputs = self.history.inputs(id, from, until);
        if inputs.is_empty() {
            return;
        }
        let state = match self.states.remove(&id) {
            Some(state) => Ok(state),
            None => found(self.model, &self.history, id),
        };
        let outcome = step::run(self.model, &self.history.genesis, id, state, &inputs, false);
        self.steps += outcome.receipt.until - outcome.receipt.from;
        if let Some(state) = outcome.state {
            self.states.insert(id, state);
        }
        self.history.hear(Heard { receipt: Arc::new(outcome.receipt), author: NOBODY, own: true });
    }
}

/// Where a span that starts at `from` must end at the latest: at the next checkpoint, after a
/// lookahead, or where the inputs end.
pub(super) fn span_end(history: &History, from: Epoch) -> Epoch {
    let interval = u64::from(history.genesis.checkpoint_interval);
    let checkpoint = (from / interval + 1) * interval;
    checkpoint.min(from + u64::from(history.genesis.lookahead)).min(history.horizon())
}

/// The state of a shard before its first step.
pub(super) fn found<M: Model>(model: &M, history: &History, id: ShardId) -> Result<M::State, End> {
    let body = history.ledger.command(CommandId(id.0)).map_or(&[][..], |command| &command.body);
    let epoch = history.shard(id).map_or(0, |shard| shard.founded);
    let founding = Founding {
        genesis: &history.genesis,
        rules: history.rules_at(epoch),
        shard: id,
        epoch,
        body,
    };
    step::found(model, &founding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::command::Target;
    use crate::engine::phold::{self, Order, Phold, Spec};
    use crate::wire::codec;

    fn spec() -> Spec {
        Spec { index: 0, shards: 6, events: 20, remote: 2_000, mean_millis: 700 }
    }

    fn root(commands: &[(Epoch, Command)], genesis: &Genesis, until: Epoch) -> Option<Root> {
        let mut solo = Solo::new(&Phold, genesis.clone(), commands.iter().cloned());
        solo.run(until, |_| true);
        solo.root(until)
    }

    fn order(genesis: &Genesis, shard: &Command, order: Order, nonce: u64) -> Command {
        let target = Target::Shard(ShardId(shard.id().0));
        Command { world: genesis.id(), target, body: codec::encode(&order), nonce }
    }

    #[test]
    fn the_root_follows_from_the_inputs_alone() {
        let (genesis, founding) = phold::world(7, &spec());
        let commands: Vec<_> = founding.iter().cloned().map(|command| (0, command)).collect();
        let mut shuffled = commands.clone();
        shuffled.reverse();
        let first = root(&commands, &genesis, 160);
        assert!(first.is_some());
        assert_eq!(first, root(&shuffled, &genesis, 160));
        let (other, founding) = phold::world(8, &spec());
        let commands: Vec<_> = founding.into_iter().map(|command| (0, command)).collect();
        assert_ne!(first.map(|root| root.root), root(&commands, &other, 160).map(|root| root.root));
    }

    /// Changed outcomes need a new rules version: this root belongs to rules 1 of PHOLD.
    #[test]
    fn the_golden_root_of_a_small_world_stands() {
        let (genesis, founding) = phold::world(7, &spec());
        let commands: Vec<_> = founding.into_iter().map(|command| (0, command)).collect();
        let root = root(&commands, &genesis, 160).map(|root| root.root.to_string());
        assert_eq!(root.as_deref(), Some(GOLDEN_ROOT));
    }
    const GOLDEN_ROOT: &str = "2c2cab21e713f15d97f6340e2aad50e062cba0f468b33505648b14a509615248";

    #[test]
    fn messages_to_nobody_come_back_after_two_lookaheads() {
        let (genesis, founding) = phold::world(7, &Spec { shards: 2, events: 0, ..spec() });
        let nobody = ShardId(Hash([9; 32]));
        let mut commands: Vec<_> = founding.iter().cloned().map(|command| (0, command)).collect();
        commands.push((3, order(&genesis, &founding[0], Order::Send(nobody), 1)));
        commands.push((4, order(&genesis, &founding[1], Order::End, 2)));
        commands
            .push((5, order(&genesis, &founding[0], Order::Send(ShardId(founding[1].id().0)), 3)));
        let mut solo = Solo::new(&Phold, genesis, commands);
        solo.run(40, |_| true);
        let sender = solo.history.shard(ShardId(founding[0].id().0)).expect("it was founded");
        let summary = &sender.newest().expect("it ran").summary;
        let summary: phold::Summary = codec::decode(summary).expect("it is one of PHOLD");
        assert_eq!(summary.returned, 2);
        let ended = solo
            .history
            .shard(ShardId(founding[1].id().0))
            .and_then(|shard| shard.ended().cloned());
        assert_eq!(ended.map(|end| (end.at, end.why)), Some((5, End::Completed)));
    }

    #[test]
    fn a_shard_that_fails_halts_alone_and_always_the_same() {
        let (genesis, founding) = phold::world(7, &spec());
        let faults = [Order::Panic, Order::Burn, Order::Flood(1 << 20), Order::Nonsense];
        let mut commands: Vec<_> = founding.iter().cloned().map(|command| (0, command)).collect();
        for (index, fault) in faults.into_iter().enumerate() {
            commands.push((9, order(&genesis, &founding[index], fault, 1)));
        }
        let mut solo = Solo::new(&Phold, genesis.clone(), commands.clone());
        solo.run(80, |_| true);
        let end = |index: usize| {
            let shard = solo.history.shard(ShardId(founding[index].id().0));
            shard.and_then(|shard| shard.ended()).map(|end| (end.at, end.why.clone()))
        };
        assert_eq!(end(0), Some((10, End::Panicked)));
        assert_eq!(end(1), Some((10, End::OutOfFuel)));
        assert_eq!(end(2), Some((10, End::OutboxTooLarge)));
        assert_eq!(end(3), None, "a refused command halts nobody");
        assert_eq!(end(4), None);
        assert_eq!(solo.history.closed(), 80);
        assert_eq!(solo.root(80), root(&commands, &genesis, 80));
    }

    #[test]
    fn a_change_of_rules_is_in_force_from_the_next_checkpoint() {
        use crate::engine::command::WorldCommand;
        let (genesis, founding) = phold::world(7, &spec());
        let mut commands: Vec<_> = founding.iter().cloned().map(|command| (0, command)).collect();
        let plain = root(&commands, &genesis, 80);
        let body = codec::encode(&WorldCommand::Rules(2));
        commands.push((9, Command { world: genesis.id(), target: Target::World, body, nonce: 0 }));
        let solo = Solo::new(&Phold, genesis.clone(), commands.clone());
        assert_eq!((solo.history.rules_at(15), solo.history.rules_at(16)), (1, 2));
        let changed = root(&commands, &genesis, 80);
        assert_ne!(plain.map(|root| root.root), changed.map(|root| root.root));
    }

    #[test]
    fn a_world_whose_shards_have_all_ended_still_has_roots() {
        let (genesis, founding) = phold::world(7, &Spec { shards: 2, ..spec() });
        let mut commands: Vec<_> = founding.iter().cloned().map(|command| (0, command)).collect();
        for (nonce, shard) in founding.iter().enumerate() {
            commands.push((5, order(&genesis, shard, Order::End, nonce as u64)));
        }
        assert!(root(&commands, &genesis, 8_000).is_some());
    }
}
