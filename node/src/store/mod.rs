//! What a node keeps on disk: sled behind one small module, so that the choice can change.
//!
//! The core writes [`Batch`]es and is told once they are flushed; many callers share a flush. One
//! thread writes (`writer`); readers take turns on clones of the trees. Keys are big-endian and grow
//! where they can: in order, sled writes little more than the payload, at random ten to fifty times
//! as much.
//!
//! | file | about |
//! | --- | --- |
//! | `open` | the folder: its lock, its format stamp, opening sled |
//! | `batch` | what can be written, and the keys of it |
//! | `writer` | the thread that writes and flushes |
//! | `read` | what can be read back |
//! | `disk` | free space and space used |

mod batch;
mod disk;
mod open;
mod read;
mod writer;

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use batch::Batch;
pub use read::Commands;

use open::Inner;
use shared::engine::receipt::state_hash;
use shared::id::{Epoch, StateHash, WorldId};

/// Below this much free space no new work is taken: what runs goes on, and an operator has time.
pub const WORK_FREE_BYTES_MIN: u64 = 64 * 1024 * 1024;

/// Below this much free space nothing is added at all. sled must never meet a full disk (its flush
/// fails for good then), and it needs space to be opened again.
pub const WRITE_FREE_BYTES_MIN: u64 = 16 * 1024 * 1024;

/// What the cache of sled may take. Small: what is read often is in the engine's memory anyway.
const CACHE_BYTES: usize = 16 * 1024 * 1024;

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub cache_bytes: usize,
    pub work_free_bytes_min: u64,
    pub write_free_bytes_min: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            cache_bytes: CACHE_BYTES,
            work_free_bytes_min: WORK_FREE_BYTES_MIN,
            write_free_bytes_min: WRITE_FREE_BYTES_MIN,
        }
    }
}

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "another node uses the data folder {}. Stop it, or give this one a folder of its own with \
         --data", path.display()
    )]
    InUse { path: PathBuf },
    #[error(
        "the data folder {} was written in another format (`{found}`, this version needs \
         `{expected}`). Run the version that wrote it, or give another folder with --data",
        path.display()
    )]
    Format { path: PathBuf, found: String, expected: &'static str },
    #[error(
        "the store in {} is damaged: {reason}. Move the folder `sled` in it away and start again: \
         the node keeps its key and fetches its worlds from its peers", path.display()
    )]
    Damaged { path: PathBuf, reason: String },
    #[error("cannot {what} in {}: {source}", path.display())]
    Io {
        path: PathBuf,
        what: &'static str,
        #[source]
        source: Arc<io::Error>,
    },
    #[error(
        "the disk of {} is nearly full: {} MiB free, {} MiB needed. Free some space; nothing was \
         written and nothing is lost", path.display(), free_bytes >> 20, needed_bytes >> 20
    )]
    DiskFull { path: PathBuf, free_bytes: u64, needed_bytes: u64 },
    #[error(
        "the store in {} could not be written and is closed until the node starts again: {reason}. \
         Free some space or mend the disk first; what was acknowledged is safe", path.display()
    )]
    Broken { path: PathBuf, reason: String },
    #[error("the store is closed")]
    Closed,
}

/// The store of a node. Cheap to clone; when the last is dropped everything is flushed and closed,
/// which blocks for as long as a flush takes.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

impl Store {
    /// Opens the store in a data folder, or makes one. It may take a moment: it belongs on a blocking
    /// thread.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        Store::open_with(path, Options::default())
    }

    /// Opens it with other bounds than the usual ones.
    pub fn open_with(path: &Path, options: Options) -> Result<Store, StoreError> {
        Ok(Store { inner: Arc::new(Inner::open(path, options)?) })
    }

    /// The data folder.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Writes. Once this says Ok the batch has survived whatever happens next. Waits while too much
    /// is waiting to be written. Batches are written in the order in which they are first polled.
    ///
    /// On an error nothing was promised; the batch may still be there later, in part.
    pub async fn put(&self, batch: Batch) -> Result<(), StoreError> {
        self.inner.writer.put(batch).await
    }

    /// Writes what can be had again: in its turn, and flushed with the next flush, half a second from
    /// now at most. Waits while too much is waiting to be written.
    pub async fn put_lazy(&self, batch: Batch) -> Result<(), StoreError> {
        self.inner.writer.put_lazy(batch).await
    }

    /// Keeps an anchor and the states it names: the states first, so that an anchor never names what
    /// is not there.
    pub async fn put_anchor(
        &self,
        world: WorldId,
        epoch: Epoch,
        anchor: Vec<u8>,
        states: impl IntoIterator<Item = (StateHash, Arc<[u8]>)>,
    ) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        for (hash, bytes) in states {
            batch.put_state(hash, bytes);
        }
        if !batch.is_empty() {
            self.put(batch).await?;
        }
        let mut batch = Batch::new();
        batch.put_anchor(world, epoch, anchor);
        self.put(batch).await
    }

    /// Drops anchors, then the states that nothing names any more.
    pub async fn drop_anchors(
        &self,
        world: WorldId,
        epochs: impl IntoIterator<Item = Epoch>,
        states: impl IntoIterator<Item = StateHash>,
    ) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        for epoch in epochs {
            batch.drop_anchor(world, epoch);
        }
        self.put(batch).await?;
        let mut batch = Batch::new();
        for hash in states {
            batch.drop_state(hash);
        }
        if batch.is_empty() { Ok(()) } else { self.put_lazy(batch).await }
    }

    /// Whether there is space for new work: asked before work is accepted.
    pub fn has_room(&self) -> Result<(), StoreError> {
        let needed_bytes = self.inner.options.work_free_bytes_min;
        let free_bytes = self.free_bytes()?;
        if free_bytes >= needed_bytes {
            return Ok(());
        }
        Err(StoreError::DiskFull { path: self.inner.path.clone(), free_bytes, needed_bytes })
    }

    /// Free space on the disk of the data folder.
    pub fn free_bytes(&self) -> Result<u64, StoreError> {
        disk::free_bytes(&self.inner.path)
    }

    /// What the data folder takes.
    pub fn used_bytes(&self) -> Result<u64, StoreError> {
        disk::used_bytes(&self.inner.path)
    }

    /// Why the store can neither be written nor read any more, if it cannot: the node should end.
    pub fn broken(&self) -> Option<StoreError> {
        self.inner.writer.broken()
    }
}
