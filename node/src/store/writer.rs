//! The thread that writes: many callers to a flush.
//!
//! It takes what waits, applies it, flushes once, and only then tells the callers. While it flushes,
//! the next ones gather. sled's flush never recovers from an error (the next one waits for ever), so
//! after a failure nothing more is written, nor read, until the node is started again.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use shared::id::StateHash;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::batch::{self, Batch, CHUNK_BYTES, Kind, Op};
use super::disk;
use super::open::{Db, Trees, said};
use super::read::{read_state_entry, state_entry};
use super::{Options, StoreError};

/// Bytes that wait to be written. Callers wait beyond it.
const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What a small change counts for, so that their number is bounded too.
const OP_BYTES: usize = 256;
/// Bytes that share a flush: about a second of work for sled.
const GROUP_BYTES_MAX: usize = 32 * 1024 * 1024;
/// How long what was written lazily may stay unflushed.
const LAZY: Duration = Duration::from_millis(500);

type Done = oneshot::Sender<Result<(), StoreError>>;

struct Job {
    batch: Batch,
    /// None: lazy.
    done: Option<Done>,
    _room: OwnedSemaphorePermit,
}

pub(super) struct Writer {
    path: PathBuf,
    /// None once it is being closed.
    jobs: Option<Mutex<Sender<Job>>>,
    room: Arc<Semaphore>,
    broken: Arc<OnceLock<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        path: PathBuf,
        options: Options,
        db: Db,
        trees: Trees,
    ) -> Result<Writer, StoreError> {
        let (jobs, receiver) = mpsc::channel();
        let broken = Arc::new(OnceLock::new());
        let next_state = next_state(&trees).map_err(|error| StoreError::Damaged {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        let thread = Thread {
            path: path.clone(),
            options,
            db,
            trees,
            next_state,
            broken: broken.clone(),
            unflushed_since: None,
        };
        let thread = std::thread::Builder::new()
            .name("store".to_string())
            .spawn(move || thread.run(&receiver))
            .map_err(|error| StoreError::Io {
                path: path.clone(),
                what: "start the thread of the store",
                source: Arc::new(error),
            })?;
        Ok(Writer {
            path,
            jobs: Some(Mutex::new(jobs)),
            room: Arc::new(Semaphore::new(WAITING_BYTES_MAX)),
            broken,
            thread: Some(thread),
        })
    }

    pub(super) async fn put(&self, batch: Batch) -> Result<(), StoreError> {
        let (done, written) = oneshot::channel();
        self.send(batch, Some(done)).await?;
        written.await.unwrap_or_else(|_| Err(self.broken().unwrap_or(StoreError::Closed)))
    }

    pub(super) async fn put_lazy(&self, batch: Batch) -> Result<(), StoreError> {
        self.send(batch, None).await
    }

    async fn send(&self, batch: Batch, done: Option<Done>) -> Result<(), StoreError> {
        if let Some(broken) = self.broken() {
            return Err(broken);
        }
        let bytes = (batch.bytes + batch.ops.len() * OP_BYTES).clamp(1, WAITING_BYTES_MAX);
        let permits = u32::try_from(bytes).unwrap_or(u32::MAX);
        let room =
            self.room.clone().acquire_many_owned(permits).await.map_err(|_| StoreError::Closed)?;
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        let jobs = jobs.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        jobs.send(Job { batch, done, _room: room })
            .map_err(|_| self.broken().unwrap_or(StoreError::Closed))
    }

    pub(super) fn broken(&self) -> Option<StoreError> {
        let reason = self.broken.get()?.clone();
        Some(StoreError::Broken { path: self.path.clone(), reason })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // It does not panic: what sled panics with is caught inside.
            let _ = thread.join();
        }
    }
}

/// The number of the next state: one more than the last.
fn next_state(trees: &Trees) -> io::Result<u64> {
    let last = trees.of(Kind::States).get_lt(b"d")?;
    let number = last.and_then(|(key, _)| {
        let number = key.strip_prefix(b"c")?.get(..8)?;
        Some(u64::from_be_bytes(number.try_into().ok()?))
    });
    Ok(number.map_or(0, |number| number + 1))
}

struct Thread {
    path: PathBuf,
    options: Options,
    db: Db,
    trees: Trees,
    next_state: u64,
    broken: Arc<OnceLock<String>>,
    unflushed_since: Option<Instant>,
}

impl Thread {
    fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let first = match self.unflushed_since {
                None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(since) => jobs.recv_timeout(LAZY.saturating_sub(since.elapsed())),
            };
            let group = match first {
                Ok(first) => gather(first, jobs),
                Err(RecvTimeoutError::Timeout) => Vec::new(),
                Err(RecvTimeoutError::Disconnected) => break,
            };
            self.write(group);
        }
        self.close();
    }

    fn write(&mut self, group: Vec<Job>) {
        let mut waiting = Vec::new();
        for job in group {
            let result = self.may_write(&job.batch).and_then(|()| self.apply(job.batch));
            match (job.done, result) {
                (Some(done), Ok(())) => waiting.push((done, job._room)),
                (Some(done), Err(error)) => {
                    let _ = done.send(Err(error));
                }
                (None, Ok(())) => {}
                (None, Err(error)) => tracing::warn!(%error, "a lazy write was lost"),
            }
            self.unflushed_since.get_or_insert_with(Instant::now);
        }
        let late = self.unflushed_since.is_some_and(|since| since.elapsed() >= LAZY);
        if waiting.is_empty() && !late {
            return;
        }
        let result = self.flush();
        for (done, room) in waiting {
            let _ = done.send(result.clone());
            drop(room);
        }
    }

    /// Only with space to spare: see [`WRITE_FREE_BYTES_MIN`](super::WRITE_FREE_BYTES_MIN). What
    /// takes no space is let through, so that dropping old things can make room.
    fn may_write(&self, batch: &Batch) -> Result<(), StoreError> {
        self.is_whole()?;
        if batch.bytes == 0 {
            return Ok(());
        }
        let needed_bytes = self.options.write_free_bytes_min.saturating_add(batch.bytes as u64);
        let free_bytes = disk::free_bytes(&self.path)?;
        if free_bytes >= needed_bytes {
            return Ok(());
        }
        Err(StoreError::DiskFull { path: self.path.clone(), free_bytes, needed_bytes })
    }

    fn is_whole(&self) -> Result<(), StoreError> {
        match self.broken.get() {
            None => Ok(()),
            Some(reason) => {
                Err(StoreError::Broken { path: self.path.clone(), reason: reason.clone() })
            }
        }
    }

    fn breaks<T>(&self, done: std::thread::Result<io::Result<T>>) -> Result<T, StoreError> {
        let reason = match done {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => error.to_string(),
            Err(panic) => said(panic.as_ref()),
        };
        let reason = self.broken.get_or_init(|| reason).clone();
        tracing::error!(reason, "the store cannot be written any more");
        Err(StoreError::Broken { path: self.path.clone(), reason })
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.is_whole()?;
        self.unflushed_since = None;
        let flushed = catch_unwind(AssertUnwindSafe(|| self.db.flush()));
        self.breaks(flushed).map(|_| ())
    }

    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        let mut next_state = self.next_state;
        let trees = &self.trees;
        let applied = catch_unwind(AssertUnwindSafe(|| {
            let mut changes = Changes { trees, next_state, of: BTreeMap::new() };
            for op in batch.ops {
                changes.add(op)?;
            }
            next_state = changes.next_state;
            changes.apply()
        }));
        self.next_state = next_state;
        self.breaks(applied)
    }

    fn close(mut self) {
        let flushed = match self.unflushed_since {
            Some(_) => self.flush(),
            None => self.is_whole(),
        };
        if flushed.is_err() {
            // sled flushes when the last of it is dropped, and would end the process or wait for
            // ever. The system takes the memory and the lock back when the process ends.
            std::mem::forget((self.db, self.trees));
        }
    }
}

/// What waits already, up to a bound.
fn gather(first: Job, jobs: &Receiver<Job>) -> Vec<Job> {
    let mut bytes = first.batch.bytes;
    let mut group = vec![first];
    while bytes < GROUP_BYTES_MAX {
        match jobs.try_recv() {
            Ok(job) => {
                bytes += job.batch.bytes;
                group.push(job);
            }
            Err(_) => break,
        }
    }
    group
}

/// The changes of a batch, tree by tree.
struct Changes<'a> {
    trees: &'a Trees,
    next_state: u64,
    of: BTreeMap<Kind, BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

impl Changes<'_> {
    fn put(&mut self, kind: Kind, key: Vec<u8>, value: Vec<u8>) {
        self.of.entry(kind).or_default().insert(key, Some(value));
    }

    fn remove(&mut self, kind: Kind, key: Vec<u8>) {
        self.of.entry(kind).or_default().insert(key, None);
    }

    fn add(&mut self, op: Op) -> io::Result<()> {
        match op {
            Op::Put(kind, key, value) => self.put(kind, key, value),
            Op::Remove(kind, key) => self.remove(kind, key),
            Op::RemoveRange(kind, first, last) => self.remove_range(kind, first, last)?,
            Op::PutAnchor(world, epoch, bytes) => {
                let first = batch::world_epoch(world, epoch);
                let last = batch::anchor_key(world, epoch, u32::MAX);
                self.remove_range(Kind::Anchors, first, last)?;
                let mut framed = (bytes.len() as u64).to_be_bytes().to_vec();
                framed.extend_from_slice(&bytes);
                for (chunk, bytes) in (0u32..).zip(framed.chunks(CHUNK_BYTES)) {
                    let key = batch::anchor_key(world, epoch, chunk);
                    self.put(Kind::Anchors, key, bytes.to_vec());
                }
            }
            Op::PutState(hash, bytes) => {
                if self.state(hash)?.is_some() {
                    return Ok(());
                }
                let number = self.next_state;
                self.next_state += 1;
                let entry = state_entry(number, bytes.len() as u64);
                self.put(Kind::States, batch::state_key(hash), entry);
                for (chunk, bytes) in (0u32..).zip(bytes.chunks(CHUNK_BYTES)) {
                    self.put(Kind::States, batch::chunk_key(number, chunk), bytes.to_vec());
                }
            }
            Op::DropState(hash) => {
                if let Some((number, length)) = self.state(hash)? {
                    let chunks = length.div_ceil(CHUNK_BYTES as u64);
                    for chunk in 0..u32::try_from(chunks).unwrap_or(u32::MAX) {
                        self.remove(Kind::States, batch::chunk_key(number, chunk));
                    }
                    self.remove(Kind::States, batch::state_key(hash));
                }
            }
        }
        Ok(())
    }

    /// The number and length of a state, with the changes so far.
    fn state(&self, hash: StateHash) -> io::Result<Option<(u64, u64)>> {
        let key = batch::state_key(hash);
        let bytes = match self.of.get(&Kind::States).and_then(|changes| changes.get(&key)) {
            Some(change) => change.clone(),
            None => self.trees.of(Kind::States).get(&key)?.map(|bytes| bytes.to_vec()),
        };
        bytes.map(|bytes| read_state_entry(&bytes)).transpose()
    }

    fn remove_range(&mut self, kind: Kind, first: Vec<u8>, last: Vec<u8>) -> io::Result<()> {
        for key in self.trees.of(kind).range(first.clone()..last.clone()).keys() {
            self.remove(kind, key?.to_vec());
        }
        for (_, change) in self.of.entry(kind).or_default().range_mut(first..last) {
            *change = None;
        }
        Ok(())
    }

    fn apply(self) -> io::Result<()> {
        for (kind, changes) in self.of {
            let mut batch = sled::Batch::default();
            for (key, change) in changes {
                match change {
                    Some(value) => batch.insert(key, value),
                    None => batch.remove(key),
                }
            }
            self.trees.of(kind).apply_batch(batch)?;
        }
        Ok(())
    }
}
