//! The disk of a simulated node: what is written survives a crash only once it was flushed.

use std::collections::BTreeMap;

use shared::engine::anchor::Anchor;
use shared::engine::command::Stamped;
use shared::engine::genesis::Genesis;
use shared::engine::machine::{Record, Resumed};
use shared::engine::pace::Pace;
use shared::id::{CommandId, Epoch, Hash, StateHash, WorldId};
use shared::wire::signed::Signed;

#[derive(Clone, Default)]
struct StoredWorld {
    genesis: Option<Genesis>,
    commands: BTreeMap<(Epoch, CommandId), Signed<Stamped>>,
    pace: Option<Signed<Pace>>,
    anchors: BTreeMap<Epoch, (Signed<Anchor>, Vec<StateHash>)>,
    roots: BTreeMap<Epoch, Hash>,
}

/// What a node has on disk.
#[derive(Clone, Default)]
pub struct Disk {
    worlds: BTreeMap<WorldId, StoredWorld>,
    states: BTreeMap<StateHash, Vec<u8>>,
}

impl Disk {
    /// Applies a record. `bytes` gives the bytes of states in memory.
    pub fn apply(&mut self, record: &Record, bytes: impl Fn(StateHash) -> Option<Vec<u8>>) {
        match record {
            Record::World(genesis) => {
                self.worlds.entry(genesis.id()).or_default().genesis = Some(genesis.clone());
            }
            Record::Commands(commands, world) => {
                let stored = self.worlds.entry(*world).or_default();
                for (signed, id, epoch, was) in commands {
                    if let Some(was) = was {
                        stored.commands.remove(&(*was, *id));
                    }
                    stored.commands.insert((*epoch, *id), signed.clone());
                }
            }
            Record::Pace(signed) => {
                if let Ok(pace) = signed.clone().verify() {
                    self.worlds.entry(pace.world).or_default().pace = Some(signed.clone());
                }
            }
            Record::Anchor { world, epoch, anchor, states, roots } => {
                let there: Vec<StateHash> = states
                    .iter()
                    .copied()
                    .filter(|state| {
                        if !self.states.contains_key(state) {
                            let Some(bytes) = bytes(*state) else { return false };
                            self.states.insert(*state, bytes);
                        }
                        true
                    })
                    .collect();
                let stored = self.worlds.entry(*world).or_default();
                stored.anchors.insert(*epoch, (anchor.clone(), there));
                stored.roots.extend(roots.iter().copied());
            }
            Record::DropAnchor { world, epoch, states } => {
                self.worlds.entry(*world).or_default().anchors.remove(epoch);
                for state in states {
                    self.states.remove(state);
                }
            }
        }
    }

    /// Makes all states unreadable.
    pub fn lose_states(&mut self) {
        self.states.clear();
    }

    /// The bytes of a state.
    pub fn state(&self, state: StateHash) -> Option<&Vec<u8>> {
        self.states.get(&state)
    }

    /// What a node starts from.
    pub fn resumed(&self) -> Vec<Resumed> {
        let whole = self.worlds.values().filter_map(|stored| {
            Some(Resumed {
                genesis: stored.genesis.clone()?,
                commands: stored
                    .commands
                    .values()
                    .filter_map(|signed| signed.clone().verify().ok())
                    .collect(),
                pace: stored.pace.clone().and_then(|pace| pace.verify().ok()),
                anchors: stored
                    .anchors
                    .values()
                    .filter_map(|(anchor, states)| {
                        Some((anchor.clone().verify().ok()?, states.clone()))
                    })
                    .collect(),
                roots: stored.roots.iter().map(|(epoch, root)| (*epoch, *root)).collect(),
            })
        });
        whole.collect()
    }
}
