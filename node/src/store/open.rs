//! The data folder: its lock, its format stamp, and sled in it.

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, mpsc};
use std::time::Duration;

use super::batch::Kind;
use super::disk;
use super::writer::Writer;
use super::{Options, StoreError};

/// What the stamp of a folder says. It changes when a store of the former kind could be misread.
pub(super) const FORMAT: &str = "zeromesh store 1, sled 1.0.0-alpha.124, fan-out 128";

/// Entries in a leaf. sled's default of 1,024 is eight times slower on random keys (measured).
pub(super) const FANOUT: usize = 128;

/// When sled's own flusher flushes: in a hundred years. It ends the process when the disk is full, so
/// flushing is for `writer`. But it must exist: without it, sled flushes whenever a clone of a tree is
/// dropped, and every iterator holds one, so each scan would flush, and wait for ever once a flush has
/// failed.
const NEVER_MS: usize = 100 * 365 * 24 * 3_600 * 1_000;

/// Longer than any store takes that can be opened.
const OPEN_TIMEOUT: Duration = Duration::from_secs(120);

pub(super) type Db = sled::Db<FANOUT>;
pub(super) type Tree = sled::Tree<FANOUT>;

/// All trees. A clone for each thread: sled's are not to be shared between threads.
#[derive(Clone)]
pub(super) struct Trees(Vec<Tree>);

impl Trees {
    fn open(db: &Db) -> io::Result<Trees> {
        Kind::ALL.iter().map(|kind| db.open_tree(kind.name())).collect::<io::Result<_>>().map(Trees)
    }

    pub(super) fn of(&self, kind: Kind) -> &Tree {
        &self.0[kind as usize]
    }
}

pub(super) struct Inner {
    pub(super) path: PathBuf,
    pub(super) options: Options,
    /// Dropped first: it flushes and closes.
    pub(super) writer: Writer,
    readers: Mutex<Readers>,
    /// Held until everything else is closed.
    _lock: File,
}

struct Readers {
    first: Trees,
    /// Clones not in use.
    idle: Vec<Trees>,
}

/// Clones kept for the next reader.
const IDLE_MAX: usize = 8;

impl Inner {
    pub(super) fn open(path: &Path, options: Options) -> Result<Inner, StoreError> {
        let failed = |what: &'static str| {
            let path = path.to_path_buf();
            move |error: io::Error| StoreError::Io { path, what, source: Arc::new(error) }
        };
        fs::create_dir_all(path).map_err(failed("make the data folder"))?;
        let lock = lock(path)?;
        let new = stamp(path)?;
        let free_bytes = disk::free_bytes(path)?;
        if free_bytes < options.write_free_bytes_min {
            let needed_bytes = options.write_free_bytes_min;
            return Err(StoreError::DiskFull {
                path: path.to_path_buf(),
                free_bytes,
                needed_bytes,
            });
        }
        let (db, trees) = open_sled(path, options)?;
        if new {
            fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(failed("flush"))?;
        }
        let readers = Readers { first: trees.clone(), idle: Vec::new() };
        let writer = Writer::start(path.to_path_buf(), options, db, trees)?;
        Ok(Inner {
            path: path.to_path_buf(),
            options,
            writer,
            readers: Mutex::new(readers),
            _lock: lock,
        })
    }

    /// Reads. What sled says with an error or a panic on a damaged store becomes an error.
    pub(super) fn read<R>(
        &self,
        read: impl FnOnce(&Trees) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let trees = {
            let mut readers = self.readers.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            readers.idle.pop().unwrap_or_else(|| readers.first.clone())
        };
        let result = catch_unwind(AssertUnwindSafe(|| read(&trees)))
            .unwrap_or_else(|panic| Err(self.damaged(&said(panic.as_ref()))));
        let mut readers = self.readers.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if readers.idle.len() < IDLE_MAX {
            readers.idle.push(trees);
        }
        result
    }

    pub(super) fn damaged(&self, reason: &str) -> StoreError {
        StoreError::Damaged { path: self.path.clone(), reason: reason.to_string() }
    }

    pub(super) fn unreadable(&self, error: io::Error) -> StoreError {
        // Once a flush has failed sled answers every question with that error.
        if let Some(broken) = self.writer.broken() {
            return broken;
        }
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                self.damaged(&error.to_string())
            }
            _ => StoreError::Io {
                path: self.path.clone(),
                what: "read the store",
                source: Arc::new(error),
            },
        }
    }
}

/// What a panic said.
pub(super) fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_string());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "the database stopped".to_string()).chars().take(300).collect()
}

/// Keeps others out of the folder for as long as the file is open; the system frees it when the
/// process ends, however it ends.
fn lock(path: &Path) -> Result<File, StoreError> {
    let failed = |error: io::Error| StoreError::Io {
        path: path.to_path_buf(),
        what: "lock the data folder",
        source: Arc::new(error),
    };
    let mut open = OpenOptions::new();
    open.create(true).truncate(false).read(true).write(true);
    let file = open.open(path.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_path_buf() }),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Checks the format stamp, or makes one in a folder without a store. Answers whether it did.
fn stamp(path: &Path) -> Result<bool, StoreError> {
    let failed = |error: io::Error| StoreError::Io {
        path: path.to_path_buf(),
        what: "read or write the format stamp",
        source: Arc::new(error),
    };
    let stamp = path.join("format");
    match File::open(&stamp) {
        Ok(file) => {
            let mut bytes = Vec::new();
            file.take(200).read_to_end(&mut bytes).map_err(failed)?;
            let found = String::from_utf8_lossy(&bytes).trim().to_string();
            if found == FORMAT {
                return Ok(false);
            }
            Err(StoreError::Format { path: path.to_path_buf(), found, expected: FORMAT })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if path.join("sled").exists() {
                return Err(StoreError::Format {
                    path: path.to_path_buf(),
                    found: "no format stamp".to_string(),
                    expected: FORMAT,
                });
            }
            let temporary = path.join("format.new");
            let mut file = File::create(&temporary).map_err(failed)?;
            file.write_all(format!("{FORMAT}\n").as_bytes()).map_err(failed)?;
            file.sync_all().map_err(failed)?;
            fs::rename(&temporary, &stamp).map_err(failed)?;
            Ok(true)
        }
        Err(error) => Err(failed(error)),
    }
}

fn open_sled(path: &Path, options: Options) -> Result<(Db, Trees), StoreError> {
    let damaged = |reason: String| StoreError::Damaged { path: path.to_path_buf(), reason };
    let config = sled::Config::new()
        .path(path.join("sled"))
        .cache_capacity_bytes(options.cache_bytes)
        .flush_every_ms(Some(NEVER_MS));
    match attempt(move || {
        let db = config.open::<FANOUT>()?;
        let trees = Trees::open(&db)?;
        Ok((db, trees))
    }) {
        Ok(Ok(opened)) => Ok(opened),
        Ok(Err(error)) => match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::StorageFull => Err(StoreError::Io {
                path: path.to_path_buf(),
                what: "open the store",
                source: Arc::new(error),
            }),
            io::ErrorKind::WouldBlock => Err(StoreError::InUse { path: path.to_path_buf() }),
            _ => Err(damaged(error.to_string())),
        },
        Err(reason) => Err(damaged(reason)),
    }
}

thread_local! {
    /// Set on a thread that opens a store: who is to be told of a panic.
    static OPENING: RefCell<Option<mpsc::Sender<Opened>>> = const { RefCell::new(None) };
}

type Opened = Result<io::Result<(Db, Trees)>, String>;

/// Opens on a thread of its own. On a damaged store sled panics where it should fail, and then waits
/// for itself for ever while it unwinds; so the panic is told by the hook, before it unwinds, and the
/// thread is left behind. The node ends then anyway.
fn attempt(open: impl FnOnce() -> io::Result<(Db, Trees)> + Send + 'static) -> Opened {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let former = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            match OPENING.with(|opening| opening.borrow_mut().take()) {
                Some(sender) => drop(sender.send(Err(said(panic.payload())))),
                None => former(panic),
            }
        }));
    });
    let (sender, receiver) = mpsc::channel();
    let opening = move || {
        OPENING.with(|opening| *opening.borrow_mut() = Some(sender.clone()));
        let opened = open();
        OPENING.with(|opening| *opening.borrow_mut() = None);
        drop(sender.send(Ok(opened)));
    };
    if let Err(error) = std::thread::Builder::new().name("store open".to_string()).spawn(opening) {
        return Ok(Err(error));
    }
    let late = || Err(format!("it did not open within {} seconds", OPEN_TIMEOUT.as_secs()));
    receiver.recv_timeout(OPEN_TIMEOUT).unwrap_or_else(|_| late())
}
