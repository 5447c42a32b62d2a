//! What the engine wants stored, and what it starts from.
//!
//! One task writes, so that records keep their order; it takes along all that waits, so that many
//! callers share a flush.

use std::sync::Arc;

use shared::engine::anchor::Anchor;
use shared::engine::command::Stamped;
use shared::engine::genesis::Genesis;
use shared::engine::history::ROOTS_MAX;
use shared::engine::machine::{Input, Record, Resumed};
use shared::engine::pace::Pace;
use shared::id::{Epoch, Hash, StateHash, WorldId};
use shared::wire::codec;
use shared::wire::signed::{Signed, Statement, Verified};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::Event;
use crate::runner::Runner;
use crate::store::{Batch, Store, StoreError};

/// Records that wait. A disk that is this far behind holds the core up, which is right: what is
/// not stored must not be promised.
const WAITING_MAX: usize = 1_024;
/// Records that share a flush.
const TOGETHER_MAX: usize = 256;

struct AnchorWrite {
    world: WorldId,
    epoch: Epoch,
    anchor: Vec<u8>,
    states: Vec<(StateHash, Arc<[u8]>)>,
    roots: Vec<(Epoch, Hash)>,
}

enum Write {
    Batch(Batch, Option<u64>),
    Anchor(AnchorWrite),
    DropAnchor { world: WorldId, epoch: Epoch, states: Vec<StateHash> },
}

/// Writes records, in order.
pub struct Writer {
    writes: mpsc::Sender<Write>,
    task: AbortOnDropHandle<()>,
}

impl Writer {
    /// Starts the task that writes. What is on disk is told through `events`.
    pub fn start(store: Store, events: mpsc::Sender<Event>) -> Writer {
        let (writes, waiting) = mpsc::channel(WAITING_MAX);
        let task = tokio::spawn(write_all(store, waiting, events));
        Writer { writes, task: AbortOnDropHandle::new(task) }
    }

    /// Stores a record after those before it.
    pub async fn store(&self, record: Record, token: Option<u64>, runner: &Runner) {
        let write = match record {
            Record::World(genesis) => {
                let mut batch = Batch::new();
                batch.put_genesis(genesis.id(), codec::encode(&genesis));
                Write::Batch(batch, token)
            }
            Record::Commands(commands, world) => {
                let mut batch = Batch::new();
                for (signed, id, epoch, was) in commands {
                    if let Some(was) = was {
                        batch.remove_command(world, was, id);
                    }
                    batch.put_command(world, epoch, id, codec::encode(&signed));
                }
                Write::Batch(batch, token)
            }
            Record::Pace(signed) => {
                let mut batch = Batch::new();
                if let Ok(pace) = signed.clone().verify() {
                    batch.put_pace(pace.world, codec::encode(&signed));
                }
                Write::Batch(batch, token)
            }
            Record::Anchor { world, epoch, anchor, states, roots } => {
                // The bytes now: the engine may let go of them before it is their turn.
                let states = states
                    .into_iter()
                    .filter_map(|hash| Some((hash, runner.in_memory(hash)?)))
                    .collect();
                Write::Anchor(AnchorWrite {
                    world,
                    epoch,
                    anchor: codec::encode(&anchor),
                    states,
                    roots,
                })
            }
            Record::DropAnchor { world, epoch, states } => {
                Write::DropAnchor { world, epoch, states }
            }
        };
        // It fails only when the task has ended, at the end of the node.
        let _ = self.writes.send(write).await;
    }

    /// Waits until all that was given is written.
    pub async fn finish(self) {
        drop(self.writes);
        let _ = self.task.await;
    }
}

async fn write_all(store: Store, mut waiting: mpsc::Receiver<Write>, events: mpsc::Sender<Event>) {
    let mut writes = Vec::new();
    while waiting.recv_many(&mut writes, TOGETHER_MAX).await > 0 {
        let mut together = Batch::new();
        let mut tokens = Vec::new();
        for write in writes.drain(..) {
            match write {
                Write::Batch(batch, token) => {
                    together.append(batch);
                    tokens.extend(token);
                }
                Write::Anchor(anchor) => {
                    flush(&store, std::mem::take(&mut together), &mut tokens, &events).await;
                    if let Err(error) = put_anchor(&store, anchor).await {
                        tracing::error!(%error, "an anchor could not be stored: a restart takes longer");
                    }
                }
                Write::DropAnchor { world, epoch, states } => {
                    flush(&store, std::mem::take(&mut together), &mut tokens, &events).await;
                    if let Err(error) = store.drop_anchors(world, [epoch], states).await {
                        tracing::error!(%error, "an old anchor could not be dropped");
                    }
                }
            }
        }
        flush(&store, together, &mut tokens, &events).await;
    }
}

async fn flush(store: &Store, batch: Batch, tokens: &mut Vec<u64>, events: &mpsc::Sender<Event>) {
    if batch.is_empty() && tokens.is_empty() {
        return;
    }
    // Nobody waits for what was heard from others: it can be had again.
    let written =
        if tokens.is_empty() { store.put_lazy(batch).await } else { store.put(batch).await };
    if let Err(error) = &written {
        tracing::error!(%error, "the store does not take what it is given");
    }
    for token in tokens.drain(..) {
        let input = Input::Stored { token, done: written.is_ok() };
        if events.send(Event::Input(input)).await.is_err() {
            return;
        }
    }
}

/// Roots first: the flush of the anchor takes them along, so that no anchor is there without them.
async fn put_anchor(store: &Store, anchor: AnchorWrite) -> Result<(), StoreError> {
    let mut batch = Batch::new();
    for (epoch, root) in &anchor.roots {
        batch.put_root(anchor.world, *epoch, root.0);
    }
    if let Some((newest, _)) = anchor.roots.last() {
        // Not exactly the newest ROOTS_MAX where checkpoints are far apart; bounded all the same.
        batch.prune_roots(anchor.world, newest.saturating_sub(8 * ROOTS_MAX as u64));
    }
    store.put_lazy(batch).await?;
    store.put_anchor(anchor.world, anchor.epoch, anchor.anchor, anchor.states).await
}

/// The worlds that are on disk.
pub fn load(store: &Store) -> Result<Vec<Resumed>, StoreError> {
    let mut worlds = Vec::new();
    for (world, bytes) in store.genesis()? {
        let genesis: Option<Genesis> = codec::decode(&bytes).ok();
        let Some(genesis) =
            genesis.filter(|genesis| genesis.id() == world && genesis.check().is_ok())
        else {
            tracing::error!(%world, "a stored world cannot be read and is left alone");
            continue;
        };
        let mut commands = Vec::new();
        for command in store.commands(world, 0)? {
            let (epoch, id, bytes) = command?;
            match verified::<Stamped>(&bytes) {
                Some(stamped) => commands.push(stamped),
                None => {
                    tracing::error!(%world, epoch, command = %id, "a stored command cannot be read")
                }
            }
        }
        let mut anchors = Vec::new();
        for epoch in store.anchors(world)? {
            let Some(anchor) =
                store.anchor(world, epoch)?.and_then(|bytes| verified::<Anchor>(&bytes))
            else {
                tracing::warn!(%world, epoch, "a stored anchor cannot be read; an older one will do");
                continue;
            };
            let mut states = Vec::new();
            for shard in &anchor.shards {
                if store.has_state(shard.state)? {
                    states.push(shard.state);
                }
            }
            anchors.push((anchor, states));
        }
        let roots =
            store.roots(world)?.into_iter().map(|(epoch, root)| (epoch, Hash(root))).collect();
        let pace = store.pace(world)?.and_then(|bytes| verified::<Pace>(&bytes));
        worlds.push(Resumed { genesis, commands, pace, anchors, roots });
    }
    Ok(worlds)
}

fn verified<T: Statement>(bytes: &[u8]) -> Option<Verified<T>> {
    codec::decode::<Signed<T>>(bytes).ok()?.verify().ok()
}
