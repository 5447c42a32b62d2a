//! Steps on worker threads, never on the async runtime.
//!
//! The runner holds the states of the shards this node runs and the bytes of recent snapshots. It
//! is told what to do by the engine's actions and decides nothing; the one thing it adds is a look
//! at a state for people, and events of shards that somebody looks at.

mod asked;
mod watched;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use shared::engine::genesis::Genesis;
use shared::engine::machine::{Done, Job, Start};
use shared::engine::model::{Founding, Model};
use shared::engine::receipt::End;
use shared::engine::step::{self, Outcome};
use shared::id::{Epoch, ShardId, StateHash, WorldId};
use shared::model::companies;
use shared::model::{Companies, State};
use tokio::sync::{Notify, oneshot};

use crate::store::Store;
use asked::Asked;
pub use asked::Said;
pub use watched::Look;
use watched::Watched;

/// Bytes of a view that is sent to another node.
const VIEW_BYTES_MAX: usize = 3 * 1024 * 1024;

type Place = (WorldId, ShardId);

/// What a worker does.
enum Work {
    Step(Job),
    /// Looks at a state that is in a snapshot.
    Decode {
        genesis: Arc<Genesis>,
        state: StateHash,
        answer: oneshot::Sender<Option<Vec<u8>>>,
    },
    /// Asks something of a state that is in a snapshot.
    Ask {
        state: StateHash,
        query: Vec<u8>,
        answer: oneshot::Sender<Said>,
    },
}

#[derive(Default)]
struct Queue {
    work: VecDeque<Work>,
    ended: bool,
}

struct InHand {
    epoch: Epoch,
    state: State,
}

struct Inner {
    queue: Mutex<Queue>,
    ready: Condvar,
    /// Told when the last job that waited is taken up.
    drained: Notify,
    states: Mutex<HashMap<Place, InHand>>,
    /// Snapshots, by their hash.
    memory: Mutex<BTreeMap<StateHash, Arc<[u8]>>>,
    watched: Mutex<Watched>,
    asked: Mutex<Asked>,
    store: Store,
    done: Box<dyn Fn(Done) + Send + Sync>,
}

/// The runner. Cheap to clone; the workers end with [`Runner::stop`].
#[derive(Clone)]
pub struct Runner {
    inner: Arc<Inner>,
    workers: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

/// Nobody holds one of these locks while a step runs, and nothing under one panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Runner {
    /// Starts the workers. `done` is called from them with what came of each job.
    pub fn start(
        workers: usize,
        store: Store,
        done: impl Fn(Done) + Send + Sync + 'static,
    ) -> std::io::Result<Runner> {
        let inner = Arc::new(Inner {
            queue: Mutex::default(),
            ready: Condvar::new(),
            drained: Notify::new(),
            states: Mutex::default(),
            memory: Mutex::default(),
            watched: Mutex::default(),
            asked: Mutex::default(),
            store,
            done: Box::new(done),
        });
        let spawned: std::io::Result<Vec<_>> = (0..workers.max(1))
            .map(|number| {
                let inner = inner.clone();
                std::thread::Builder::new()
                    .name(format!("step-{number}"))
                    // Simulations recurse little, but deep spans of a large project take room.
                    .stack_size(8 * 1024 * 1024)
                    .spawn(move || inner.serve())
            })
            .collect();
        Ok(Runner { inner, workers: Arc::new(Mutex::new(spawned?)) })
    }

    /// Puts a job in line. The engine has at most one for each shard, which bounds the line.
    pub fn run(&self, job: Job) {
        self.push(Work::Step(job));
    }

    fn push(&self, work: Work) {
        lock(&self.inner.queue).work.push_back(work);
        self.inner.ready.notify_one();
    }

    /// Whether jobs wait for a worker: then nobody is in a hurry for new ones.
    pub fn has_waiting(&self) -> bool {
        !lock(&self.inner.queue).work.is_empty()
    }

    /// Waits until a worker has taken up the last job that waited. May also return for one that was
    /// taken up before.
    pub async fn drained(&self) {
        self.inner.drained.notified().await;
    }

    /// Drops the state in hand of a shard.
    pub fn drop_state(&self, world: WorldId, shard: ShardId) {
        lock(&self.inner.states).remove(&(world, shard));
    }

    /// Drops a snapshot from memory.
    pub fn forget(&self, state: StateHash) {
        lock(&self.inner.memory).remove(&state);
    }

    /// Keeps the bytes of a snapshot that was fetched. Its hash was checked.
    pub fn keep(&self, state: StateHash, bytes: Arc<[u8]>) {
        lock(&self.inner.memory).insert(state, bytes);
    }

    /// The bytes of a snapshot in memory.
    pub fn in_memory(&self, state: StateHash) -> Option<Arc<[u8]>> {
        lock(&self.inner.memory).get(&state).cloned()
    }

    /// The bytes of a snapshot, in memory or on disk: may read the disk.
    pub fn snapshot(&self, state: StateHash) -> Option<Arc<[u8]>> {
        self.inner.snapshot(state)
    }

    /// What there is to see of a shard whose state is in hand here, and its events from an epoch
    /// on. From now on, and for a while, its events are recorded. None if nothing comes in time:
    /// the shard is not run here.
    pub async fn look(
        &self,
        genesis: Arc<Genesis>,
        shard: ShardId,
        events_from: Epoch,
    ) -> Option<Look> {
        let place = (genesis.id(), shard);
        let (answer, answered) = oneshot::channel();
        // Asked for first, so that a step that ends meanwhile sees it.
        lock(&self.inner.watched).ask(place, events_from, answer);
        let inner = self.inner.clone();
        // Making a view of a large project takes a moment: not on the runtime.
        let _ = tokio::task::spawn_blocking(move || inner.answer_looks(&genesis, place)).await;
        tokio::time::timeout(watched::LOOK_TIMEOUT, answered).await.ok()?.ok()
    }

    /// What a shard whose state is in hand here has to say to a question in the model's encoding.
    /// None if nothing comes in time: the shard is not run here.
    pub async fn ask(&self, world: WorldId, shard: ShardId, query: Vec<u8>) -> Option<Said> {
        let place = (world, shard);
        let (answer, answered) = oneshot::channel();
        lock(&self.inner.asked).ask(place, query, answer);
        let inner = self.inner.clone();
        let _ = tokio::task::spawn_blocking(move || inner.answer_asked(place)).await;
        tokio::time::timeout(watched::LOOK_TIMEOUT, answered).await.ok()?.ok()
    }

    /// The same of a shard as it was when a snapshot of it was taken.
    pub async fn ask_snapshot(&self, state: StateHash, query: Vec<u8>) -> Option<Said> {
        let (answer, answered) = oneshot::channel();
        self.push(Work::Ask { state, query, answer });
        answered.await.ok()
    }

    /// What there was to see of a shard when a snapshot of it was taken.
    pub async fn look_at_snapshot(
        &self,
        genesis: Arc<Genesis>,
        state: StateHash,
    ) -> Option<Vec<u8>> {
        let (answer, answered) = oneshot::channel();
        self.push(Work::Decode { genesis, state, answer });
        answered.await.ok()?
    }

    /// Ends the workers once they are through with the step in hand. Blocks until then.
    pub fn stop(&self) {
        {
            let mut queue = lock(&self.inner.queue);
            queue.ended = true;
            queue.work.clear();
        }
        self.inner.ready.notify_all();
        for worker in lock(&self.workers).drain(..) {
            let _ = worker.join();
        }
    }
}

impl Inner {
    fn serve(&self) {
        loop {
            let work = {
                let mut queue = lock(&self.queue);
                loop {
                    if queue.ended {
                        return;
                    }
                    match queue.work.pop_front() {
                        Some(work) => {
                            if queue.work.is_empty() {
                                self.drained.notify_one();
                            }
                            break work;
                        }
                        None => {
                            queue = self
                                .ready
                                .wait(queue)
                                .unwrap_or_else(|poisoned| poisoned.into_inner());
                        }
                    }
                }
            };
            match work {
                Work::Step(job) => (self.done)(self.step(job)),
                Work::Decode { genesis, state, answer } => {
                    let _ = answer.send(self.decode_view(&genesis, state));
                }
                Work::Ask { state, query, answer } => {
                    let said = self.snapshot(state).and_then(|bytes| Companies.decode(&bytes).ok());
                    let said = said.map(|state| companies::answer(&state, &query));
                    let none = || Err("The last state of that project is not stored here.".into());
                    let _ = answer.send(said.unwrap_or_else(none));
                }
            }
        }
    }

    fn snapshot(&self, state: StateHash) -> Option<Arc<[u8]>> {
        let held = lock(&self.memory).get(&state).cloned();
        held.or_else(|| match self.store.state(state) {
            Ok(bytes) => bytes.map(Arc::from),
            Err(error) => {
                tracing::warn!(%error, "a stored state cannot be read");
                None
            }
        })
    }

    fn step(&self, job: Job) -> Done {
        let place = (job.world, job.shard);
        let done = |receipt| Done { id: job.id, world: job.world, shard: job.shard, receipt };
        let Some(state) = self.state_for(&job) else { return done(None) };
        let record = lock(&self.watched).records(place);
        let outcome = step::run(&Companies, &job.genesis, job.shard, state, &job.steps, record);
        let Outcome { receipt, state, snapshot, events } = outcome;
        if let (Some(bytes), Some(hash)) = (snapshot, receipt.state) {
            lock(&self.memory).insert(hash, Arc::from(bytes));
        }
        if record {
            lock(&self.watched).record(place, events);
        }
        if let Some(state) = state {
            lock(&self.states).insert(place, InHand { epoch: receipt.until, state });
        }
        self.answer_looks(&job.genesis, place);
        self.answer_asked(place);
        done(Some(receipt))
    }

    fn state_for(&self, job: &Job) -> Option<Result<State, End>> {
        match &job.start {
            Start::InHand => {
                lock(&self.states).remove(&(job.world, job.shard)).map(|hand| Ok(hand.state))
            }
            Start::Snapshot(hash) => {
                let bytes = self.snapshot(*hash)?;
                match Companies.decode(&bytes) {
                    Ok(state) => Some(Ok(state)),
                    Err(error) => {
                        tracing::warn!(shard = %job.shard.short(), %error, "a snapshot cannot be read");
                        None
                    }
                }
            }
            Start::Founding { epoch, rules, body } => {
                let founding = Founding {
                    genesis: &job.genesis,
                    rules: *rules,
                    shard: job.shard,
                    epoch: *epoch,
                    body,
                };
                Some(step::found(&Companies, &founding))
            }
        }
    }

    /// Answers those who wait for a look at a shard, if its state is in hand.
    fn answer_looks(&self, genesis: &Genesis, place: Place) {
        if !lock(&self.watched).waits(place) {
            return;
        }
        // Steps of others wait for this lock meanwhile: a millisecond for a large project, and at
        // most a few times a second for each that is watched.
        let Some(hand) = lock(&self.states)
            .get(&place)
            .map(|hand| (hand.epoch, view_bytes(&hand.state, genesis)))
        else {
            return;
        };
        let (epoch, view) = hand;
        lock(&self.watched).answer(place, epoch, view);
    }

    /// Answers those who ask something of a shard, if its state is in hand. A copy of it is asked:
    /// a whole repository takes longer to write down than steps of others should wait.
    fn answer_asked(&self, place: Place) {
        if !lock(&self.asked).waits(place) {
            return;
        }
        let Some(state) = lock(&self.states).get(&place).map(|hand| hand.state.clone()) else {
            return;
        };
        let waiting = lock(&self.asked).take(place);
        for (query, answer) in waiting {
            let _ = answer.send(companies::answer(&state, &query));
        }
    }

    fn decode_view(&self, genesis: &Genesis, state: StateHash) -> Option<Vec<u8>> {
        let bytes = self.snapshot(state)?;
        let state = Companies.decode(&bytes).ok()?;
        Some(view_bytes(&state, genesis))
    }
}

/// The view of a state as JSON; empty for a market, or if it is too large to be sent.
fn view_bytes(state: &State, genesis: &Genesis) -> Vec<u8> {
    let view = companies::view(state, genesis);
    let bytes = view.and_then(|view| serde_json::to_vec(&view).ok()).unwrap_or_default();
    if bytes.len() <= VIEW_BYTES_MAX { bytes } else { Vec::new() }
}
