//! What can be written, and under which keys.
//!
//! | tree | key | value |
//! | --- | --- | --- |
//! | meta | name | bytes |
//! | genesis | world | bytes |
//! | commands | world, epoch, command | signed bytes |
//! | pace | world | signed bytes |
//! | anchors | world, epoch, chunk | a chunk; the first begins with the length of all |
//! | states | `h`, hash | number, length |
//! | | `c`, number, chunk | a chunk |
//! | roots | world, epoch | 64 bytes: root and digest of the stamps |
//! | peers | node | addresses, a line each |
//!
//! Numbers are big-endian, so that a range of epochs is a scan. States are hashed, and a hash is a
//! random place; so a state is given the next number and its chunks lie at the end of the tree.

use std::sync::Arc;

use shared::id::{CommandId, Epoch, NodeId, StateHash, WorldId};

/// Chunks of anchors and states. sled writes a leaf of up to 128 entries as a whole, in a slot of a
/// file for leaves of that size: the larger the chunks, the more is written again for a new one and
/// the more empty slots stand about. A world that keeps 2 MB of states took 35 MB with chunks of
/// 32 KiB, 12 with these, and a quarter of the time.
pub(super) const CHUNK_BYTES: usize = 8 * 1024;

/// Addresses kept for a peer.
const ADDRESSES_MAX: usize = 16;

/// The trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Meta,
    Genesis,
    Commands,
    Pace,
    Anchors,
    States,
    Roots,
    Peers,
}

impl Kind {
    pub(super) const ALL: [Kind; 8] = [
        Kind::Meta,
        Kind::Genesis,
        Kind::Commands,
        Kind::Pace,
        Kind::Anchors,
        Kind::States,
        Kind::Roots,
        Kind::Peers,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Meta => "meta",
            Kind::Genesis => "genesis",
            Kind::Commands => "commands",
            Kind::Pace => "pace",
            Kind::Anchors => "anchors",
            Kind::States => "states",
            Kind::Roots => "roots",
            Kind::Peers => "peers",
        }
    }
}

/// One change.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Put(Kind, Vec<u8>, Vec<u8>),
    Remove(Kind, Vec<u8>),
    /// All keys from the first up to, and without, the second.
    RemoveRange(Kind, Vec<u8>, Vec<u8>),
    PutAnchor(WorldId, Epoch, Vec<u8>),
    PutState(StateHash, Arc<[u8]>),
    DropState(StateHash),
}

/// Changes to be written together. Those in one tree become visible and durable all or none.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub(super) ops: Vec<Op>,
    /// What is added, about.
    pub(super) bytes: usize,
}

pub(super) fn world_epoch(world: WorldId, epoch: Epoch) -> Vec<u8> {
    let mut key = world.0.0.to_vec();
    key.extend_from_slice(&epoch.to_be_bytes());
    key
}

pub(super) fn command_key(world: WorldId, epoch: Epoch, command: CommandId) -> Vec<u8> {
    let mut key = world_epoch(world, epoch);
    key.extend_from_slice(&command.0.0);
    key
}

pub(super) fn anchor_key(world: WorldId, epoch: Epoch, chunk: u32) -> Vec<u8> {
    let mut key = world_epoch(world, epoch);
    key.extend_from_slice(&chunk.to_be_bytes());
    key
}

pub(super) fn state_key(hash: StateHash) -> Vec<u8> {
    let mut key = vec![b'h'];
    key.extend_from_slice(&hash.0.0);
    key
}

pub(super) fn chunk_key(number: u64, chunk: u32) -> Vec<u8> {
    let mut key = vec![b'c'];
    key.extend_from_slice(&number.to_be_bytes());
    key.extend_from_slice(&chunk.to_be_bytes());
    key
}

/// The first key after all that begin with this world.
pub(super) fn after_world(world: WorldId) -> Vec<u8> {
    let mut key = world.0.0.to_vec();
    key.extend_from_slice(&[0xff; 9]);
    key
}

impl Batch {
    pub fn new() -> Self {
        Batch::default()
    }

    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Adds the changes of another batch behind these.
    pub fn append(&mut self, other: Batch) {
        self.ops.extend(other.ops);
        self.bytes += other.bytes;
    }

    fn put(&mut self, kind: Kind, key: Vec<u8>, value: Vec<u8>) {
        self.bytes += key.len() + value.len();
        self.ops.push(Op::Put(kind, key, value));
    }

    /// Anything small that has a name.
    pub fn put_meta(&mut self, name: &str, bytes: Vec<u8>) {
        self.put(Kind::Meta, name.as_bytes().to_vec(), bytes);
    }

    pub fn put_genesis(&mut self, world: WorldId, bytes: Vec<u8>) {
        self.put(Kind::Genesis, world.0.0.to_vec(), bytes);
    }

    /// A command under the epoch of its stamp.
    pub fn put_command(&mut self, world: WorldId, epoch: Epoch, id: CommandId, bytes: Vec<u8>) {
        self.put(Kind::Commands, command_key(world, epoch, id), bytes);
    }

    /// Takes a command away from an epoch: an earlier stamp of it counts.
    pub fn remove_command(&mut self, world: WorldId, epoch: Epoch, id: CommandId) {
        self.ops.push(Op::Remove(Kind::Commands, command_key(world, epoch, id)));
    }

    pub fn put_pace(&mut self, world: WorldId, bytes: Vec<u8>) {
        self.put(Kind::Pace, world.0.0.to_vec(), bytes);
    }

    /// An anchor whose states are there already; see [`Store::put_anchor`](super::Store::put_anchor).
    pub fn put_anchor(&mut self, world: WorldId, epoch: Epoch, bytes: Vec<u8>) {
        self.bytes += bytes.len();
        self.ops.push(Op::PutAnchor(world, epoch, bytes));
    }

    pub fn drop_anchor(&mut self, world: WorldId, epoch: Epoch) {
        let (first, last) = (world_epoch(world, epoch), anchor_key(world, epoch, u32::MAX));
        self.ops.push(Op::RemoveRange(Kind::Anchors, first, last));
    }

    /// A state under its hash. One that is there already is not written again.
    pub fn put_state(&mut self, hash: StateHash, bytes: Arc<[u8]>) {
        self.bytes += bytes.len();
        self.ops.push(Op::PutState(hash, bytes));
    }

    pub fn drop_state(&mut self, hash: StateHash) {
        self.ops.push(Op::DropState(hash));
    }

    /// A root and the digest of the stamps below it.
    pub fn put_root(&mut self, world: WorldId, epoch: Epoch, root: [u8; 32]) {
        self.put(Kind::Roots, world_epoch(world, epoch), root.to_vec());
    }

    /// Removes the roots below an epoch.
    pub fn prune_roots(&mut self, world: WorldId, below: Epoch) {
        let (first, last) = (world_epoch(world, 0), world_epoch(world, below));
        self.ops.push(Op::RemoveRange(Kind::Roots, first, last));
    }

    /// Where a peer was found. Addresses are text without line breaks, the best first; those beyond
    /// sixteen are left out.
    pub fn put_peer(&mut self, node: NodeId, addresses: &[String]) {
        let fits = |address: &&String| !address.contains('\n') && address.len() <= 512;
        let lines: Vec<&str> =
            addresses.iter().filter(fits).take(ADDRESSES_MAX).map(String::as_str).collect();
        self.put(Kind::Peers, node.0.to_vec(), lines.join("\n").into_bytes());
    }

    pub fn remove_peer(&mut self, node: NodeId) {
        self.ops.push(Op::Remove(Kind::Peers, node.0.to_vec()));
    }

    /// Removes all of a world but its states, which other worlds may share.
    pub fn remove_world(&mut self, world: WorldId) {
        for kind in [Kind::Commands, Kind::Pace, Kind::Anchors, Kind::Roots, Kind::Genesis] {
            self.ops.push(Op::RemoveRange(kind, world.0.0.to_vec(), after_world(world)));
        }
    }
}
