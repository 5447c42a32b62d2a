//! What is looked at after a run: whether all agree, and with the undisturbed world.

use std::collections::BTreeSet;

use super::Mesh;
use shared::engine::command::Command;
use shared::engine::genesis::Genesis;
use shared::engine::model::Model;
use shared::engine::solo::{Root, Solo};
use shared::id::{CommandId, Epoch, WorldId};

impl<M: Model + Clone> Mesh<M> {
    /// How every node stands in a world, for a person who looks into a failure.
    pub fn describe(&self, world: WorldId) -> String {
        let mut text = String::new();
        for index in 0..self.nodes.len() {
            let engine = self.nodes[index].engine.as_ref();
            let Some(work) = engine.and_then(|engine| engine.worlds().get(&world)) else {
                text.push_str(&format!("\n  node {index}: down, or without the world"));
                continue;
            };
            let history = &work.history;
            text.push_str(&format!(
                "\n  node {index} {:?}: base {} closed {} pace {:?} ready {} commands {}",
                self.id(index),
                history.base(),
                history.closed(),
                work.pace_now(),
                work.ready(),
                history.ledger.len(),
            ));
            for id in work.waiting_for(3) {
                let Some(shard) = history.shard(id) else { continue };
                text.push_str(&format!(
                    "\n    waits for {}: founded {} kept from {} lineage here {} next {} runner {:?} ranks {:?} in hand {:?} off chain {} disputed {}",
                    id.short(),
                    shard.founded,
                    shard.kept_from(),
                    shard.lineage(shard.settled()).is_some(),
                    shard.lineage(shard.settled() + 1).is_some(),
                    work.runner(id),
                    work.ranks(id),
                    work.in_hand(id),
                    shard.off_chain(),
                    shard.disputed(),
                ));
            }
        }
        text
    }

    /// Whether every node that is up has settled the world up to `epoch`.
    pub fn settled(&self, world: WorldId, epoch: Epoch) -> bool {
        let up = self.nodes.iter().filter_map(|node| node.engine.as_ref());
        let mut any = false;
        for engine in up {
            any = true;
            let Some(history) = engine.history(world) else { return false };
            if history.root(epoch).is_none() {
                return false;
            }
        }
        any
    }

    /// The newest checkpoint that every node that is up has settled and knows the root of.
    pub fn common_checkpoint(&self, world: WorldId) -> Option<Epoch> {
        let histories: Option<Vec<_>> = self
            .nodes
            .iter()
            .filter_map(|node| node.engine.as_ref())
            .map(|engine| engine.history(world))
            .collect();
        let histories = histories?;
        let newest = histories.iter().map(|history| history.newest_checkpoint()).min()?;
        histories.iter().all(|history| history.root(newest).is_some()).then_some(newest)
    }

    /// Whether, as far as every node that is up knows, nobody lives in the world any more.
    pub fn is_over(&self, world: WorldId) -> bool {
        let up = self.nodes.iter().filter_map(|node| node.engine.as_ref());
        up.filter_map(|engine| engine.history(world))
            .all(|history| history.shards().iter().all(|shard| shard.ended().is_some()))
    }

    /// Whether every node that is up knows every accepted command, and the same stamps.
    pub fn in_step(&self, world: WorldId) -> bool {
        let up = self.nodes.iter().filter_map(|node| node.engine.as_ref());
        let mut digests = BTreeSet::new();
        for engine in up {
            let Some(history) = engine.history(world) else { return false };
            digests.insert(history.ledger.digest(0, Epoch::MAX));
            if self.accepted.keys().any(|id| history.ledger.get(*id).is_none()) {
                return false;
            }
        }
        digests.len() == 1
    }

    /// The root at a checkpoint on one node, with the digest of the stamps below it.
    pub fn root(&self, index: usize, world: WorldId, epoch: Epoch) -> Option<Root> {
        let history = self.nodes[index].engine.as_ref()?.history(world)?;
        Some(Root { root: history.root(epoch)?, stamps: history.ledger.digest(0, epoch) })
    }

    /// The commands a node knows of a world.
    pub fn commands(&self, index: usize, world: WorldId) -> Vec<(Epoch, Command)> {
        let Some(history) =
            self.nodes[index].engine.as_ref().and_then(|engine| engine.history(world))
        else {
            return Vec::new();
        };
        history
            .ledger
            .range(0, Epoch::MAX)
            .map(|stamped| (stamped.epoch, stamped.command.clone()))
            .collect()
    }

    /// The root of the same commands in a world that nothing disturbs.
    pub fn reference(
        &self,
        genesis: &Genesis,
        commands: &[(Epoch, Command)],
        epoch: Epoch,
    ) -> Option<Root> {
        let mut solo = Solo::new(&self.model, genesis.clone(), commands.iter().cloned());
        solo.run(epoch, |_| true);
        solo.root(epoch)
    }

    /// Checks the promise: all nodes that are up agree with an undisturbed run of the commands they
    /// know, know every command somebody was told is accepted, and nobody raised an alarm.
    pub fn check(&self, genesis: &Genesis, epoch: Epoch) -> Result<Root, String> {
        let world = genesis.id();
        let mut expected: Option<(Root, Vec<(Epoch, Command)>)> = None;
        for index in 0..self.nodes.len() {
            if self.nodes[index].engine.is_none() {
                continue;
            }
            let commands = self.commands(index, world);
            let ids: BTreeSet<CommandId> =
                commands.iter().map(|(_, command)| command.id()).collect();
            if let Some(missing) = self.accepted.keys().find(|id| !ids.contains(id)) {
                return Err(format!("node {index} lacks the accepted command {missing}"));
            }
            let root = self.root(index, world, epoch);
            let root = root.ok_or_else(|| format!("node {index} has not settled epoch {epoch}"))?;
            match &expected {
                Some((first, _)) if *first != root => {
                    return Err(format!("node {index} has {root:?}, another has {first:?}"));
                }
                Some(_) => {}
                None => {
                    let reference = self.reference(genesis, &commands, epoch);
                    if reference != Some(root) {
                        return Err(format!(
                            "node {index} has {root:?}, undisturbed it is {reference:?}"
                        ));
                    }
                    expected = Some((root, commands));
                }
            }
        }
        if let Some(alarm) = self.alarms.first() {
            return Err(format!("two runs of one step disagree: {alarm:?}"));
        }
        expected.map(|(root, _)| root).ok_or_else(|| "no node is up".into())
    }
}
