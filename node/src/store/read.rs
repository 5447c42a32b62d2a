//! What can be read back. Everything is checked: a store may be damaged, and says so rather than
//! hand out what is not right.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use shared::id::{CommandId, Epoch, Hash, NodeId, StateHash, WorldId};

use super::batch::{self, Kind};
use super::open::{FANOUT, Inner, said};
use super::{Store, StoreError, state_hash};

/// What is under the hash of a state: the number of its chunks, and its length.
pub(super) fn state_entry(number: u64, length: u64) -> Vec<u8> {
    let mut entry = number.to_be_bytes().to_vec();
    entry.extend_from_slice(&length.to_be_bytes());
    entry
}

pub(super) fn read_state_entry(bytes: &[u8]) -> io::Result<(u64, u64)> {
    match bytes.as_chunks::<8>() {
        ([number, length], []) => Ok((u64::from_be_bytes(*number), u64::from_be_bytes(*length))),
        _ => {
            Err(io::Error::new(io::ErrorKind::InvalidData, "the entry of a state is not 16 bytes"))
        }
    }
}

/// The commands of a world in order of epoch and id.
pub struct Commands {
    rows: sled::Iter<FANOUT>,
    inner: Arc<Inner>,
}

impl Iterator for Commands {
    type Item = Result<(Epoch, CommandId, Vec<u8>), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = catch_unwind(AssertUnwindSafe(|| self.rows.next()));
        let row = match row {
            Ok(row) => row?,
            Err(panic) => return Some(Err(self.inner.damaged(&said(panic.as_ref())))),
        };
        Some(match row {
            Ok((key, value)) => command_of(&key)
                .map(|(epoch, id)| (epoch, id, value.to_vec()))
                .ok_or_else(|| self.inner.damaged("the key of a command is not 72 bytes")),
            Err(error) => Err(self.inner.unreadable(error)),
        })
    }
}

fn command_of(key: &[u8]) -> Option<(Epoch, CommandId)> {
    let rest = key.get(32..)?;
    let (epoch, id) = rest.split_at_checked(8)?;
    Some((u64::from_be_bytes(epoch.try_into().ok()?), CommandId(Hash(id.try_into().ok()?))))
}

/// The epoch in a key of world and epoch.
fn epoch_of(key: &[u8]) -> Option<Epoch> {
    Some(u64::from_be_bytes(key.get(32..40)?.try_into().ok()?))
}

impl Store {
    fn get(&self, kind: Kind, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.read(|trees| {
            let value = trees.of(kind).get(key).map_err(|error| self.inner.unreadable(error))?;
            Ok(value.map(|value| value.to_vec()))
        })
    }

    /// All rows from the first key up to the last.
    fn scan<T>(
        &self,
        kind: Kind,
        first: &[u8],
        last: &[u8],
        mut row: impl FnMut(&[u8], &[u8]) -> Option<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.inner.read(|trees| {
            let mut rows = Vec::new();
            for found in trees.of(kind).range(first..last) {
                let (key, value) = found.map_err(|error| self.inner.unreadable(error))?;
                rows.push(row(&key, &value).ok_or_else(|| {
                    self.inner.damaged(&format!("a row of `{}` has a wrong length", kind.name()))
                })?);
            }
            Ok(rows)
        })
    }

    pub fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(Kind::Meta, name.as_bytes())
    }

    /// All worlds and their beginnings.
    pub fn genesis(&self) -> Result<Vec<(WorldId, Vec<u8>)>, StoreError> {
        self.scan(Kind::Genesis, &[], &[0xff; 33], |key, value| {
            Some((WorldId(Hash(key.try_into().ok()?)), value.to_vec()))
        })
    }

    /// The commands of a world stamped from this epoch on.
    pub fn commands(&self, world: WorldId, from: Epoch) -> Result<Commands, StoreError> {
        let (first, last) = (batch::world_epoch(world, from), batch::after_world(world));
        let inner = self.inner.clone();
        self.inner.read(move |trees| {
            Ok(Commands { rows: trees.of(Kind::Commands).range(first..last), inner })
        })
    }

    pub fn pace(&self, world: WorldId) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(Kind::Pace, &world.0.0)
    }

    /// The epochs of the anchors of a world, oldest first.
    pub fn anchors(&self, world: WorldId) -> Result<Vec<Epoch>, StoreError> {
        self.inner.read(|trees| {
            let mut epochs = Vec::new();
            let last = batch::after_world(world);
            let mut next = batch::world_epoch(world, 0);
            // From anchor to anchor, past their chunks.
            while let Some(row) = trees.of(Kind::Anchors).range(next.clone()..last.clone()).next() {
                let (key, _) = row.map_err(|error| self.inner.unreadable(error))?;
                let epoch = epoch_of(&key)
                    .ok_or_else(|| self.inner.damaged("the key of an anchor is too short"))?;
                epochs.push(epoch);
                let Some(after) = epoch.checked_add(1) else { break };
                next = batch::world_epoch(world, after);
            }
            Ok(epochs)
        })
    }

    pub fn anchor(&self, world: WorldId, epoch: Epoch) -> Result<Option<Vec<u8>>, StoreError> {
        let first = batch::world_epoch(world, epoch);
        let last = batch::anchor_key(world, epoch, u32::MAX);
        let mut chunk = 0u32;
        let chunks = self.scan(Kind::Anchors, &first, &last, |key, value| {
            let expected = batch::anchor_key(world, epoch, chunk);
            chunk += 1;
            (key == expected).then(|| value.to_vec())
        })?;
        if chunks.is_empty() {
            return Ok(None);
        }
        let mut framed = chunks.concat();
        let length = framed.first_chunk().map(|length| u64::from_be_bytes(*length));
        if length != Some((framed.len() as u64).saturating_sub(8)) {
            return Err(self.inner.damaged("an anchor is not as long as it should be"));
        }
        framed.drain(..8);
        Ok(Some(framed))
    }

    /// A state, checked against its hash.
    pub fn state(&self, hash: StateHash) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((number, length)) = self.state_entry(hash)? else { return Ok(None) };
        let (first, last) = (batch::chunk_key(number, 0), batch::chunk_key(number, u32::MAX));
        let chunks = self.scan(Kind::States, &first, &last, |_, value| Some(value.to_vec()))?;
        let bytes = chunks.concat();
        if bytes.len() as u64 != length || state_hash(&bytes) != hash {
            return Err(self.inner.damaged("a state is not what its hash says"));
        }
        Ok(Some(bytes))
    }

    pub fn has_state(&self, hash: StateHash) -> Result<bool, StoreError> {
        Ok(self.state_entry(hash)?.is_some())
    }

    fn state_entry(&self, hash: StateHash) -> Result<Option<(u64, u64)>, StoreError> {
        let entry = self.get(Kind::States, &batch::state_key(hash))?;
        let entry = entry.map(|entry| read_state_entry(&entry)).transpose();
        entry.map_err(|error| self.inner.unreadable(error))
    }

    /// The hashes of all states: what no anchor names can be dropped.
    pub fn states(&self) -> Result<Vec<StateHash>, StoreError> {
        self.scan(Kind::States, b"h", b"i", |key, _| {
            Some(StateHash(Hash(key.get(1..)?.try_into().ok()?)))
        })
    }

    pub fn root(&self, world: WorldId, epoch: Epoch) -> Result<Option<[u8; 32]>, StoreError> {
        let root = self.get(Kind::Roots, &batch::world_epoch(world, epoch))?;
        let root = root.map(<[u8; 32]>::try_from).transpose();
        root.map_err(|_| self.inner.damaged("a root is not 64 bytes"))
    }

    /// The roots of a world, oldest first.
    pub fn roots(&self, world: WorldId) -> Result<Vec<(Epoch, [u8; 32])>, StoreError> {
        let (first, last) = (batch::world_epoch(world, 0), batch::after_world(world));
        self.scan(Kind::Roots, &first, &last, |key, value| {
            Some((epoch_of(key)?, value.try_into().ok()?))
        })
    }

    /// Peers and where they were found, the best address first.
    pub fn peers(&self) -> Result<Vec<(NodeId, Vec<String>)>, StoreError> {
        self.scan(Kind::Peers, &[], &[0xff; 33], |key, value| {
            let text = std::str::from_utf8(value).ok()?;
            let addresses = text.lines().map(str::to_string).collect();
            Some((NodeId(key.try_into().ok()?), addresses))
        })
    }
}
