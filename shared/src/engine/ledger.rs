//! The commands of a world and when they take effect: a set that only grows, the same on every
//! node once they have heard the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::command::{Command, Stamped};
use crate::id::{CommandId, Epoch, Hash, Hasher};
use crate::wire::signed::Verified;

/// The commands one world can hold. Beyond it new ones are refused.
pub const COMMANDS_MAX: usize = 4_000_000;

/// The commands of a world, each with its earliest known stamp.
#[derive(Default)]
pub struct Ledger {
    by_id: BTreeMap<CommandId, Arc<Verified<Stamped>>>,
    by_epoch: BTreeSet<(Epoch, CommandId)>,
    digest: Option<Hash>,
}

/// What a stamp did to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entered {
    /// Nothing: it was known, or an earlier one was.
    Known,
    /// The command is new.
    New,
    /// The command was known, with this later epoch.
    Earlier(Epoch),
    /// The ledger is full.
    Full,
}

impl Ledger {
    /// Enters a stamp. The earliest stamp of a command counts.
    pub fn enter(&mut self, stamped: Arc<Verified<Stamped>>) -> Entered {
        let id = stamped.command.id();
        let epoch = stamped.epoch;
        let entered = match self.by_id.get(&id) {
            Some(known) if known.epoch <= epoch => return Entered::Known,
            Some(known) => Entered::Earlier(known.epoch),
            None if self.by_id.len() >= COMMANDS_MAX => return Entered::Full,
            None => Entered::New,
        };
        if let Entered::Earlier(was) = entered {
            self.by_epoch.remove(&(was, id));
        }
        self.by_epoch.insert((epoch, id));
        self.by_id.insert(id, stamped);
        self.digest = None;
        entered
    }

    /// A command by its id.
    pub fn get(&self, id: CommandId) -> Option<&Arc<Verified<Stamped>>> {
        self.by_id.get(&id)
    }

    /// A command by its id.
    pub fn command(&self, id: CommandId) -> Option<&Command> {
        self.by_id.get(&id).map(|stamped| &stamped.command)
    }

    /// How many commands there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// All stamps with an epoch in `from..to`, in order of (epoch, id).
    pub fn range(&self, from: Epoch, to: Epoch) -> impl Iterator<Item = &Arc<Verified<Stamped>>> {
        let low = (from, CommandId(Hash([0; 32])));
        let high = (to.max(from), CommandId(Hash([0; 32])));
        self.by_epoch.range(low..high).map(|(_, id)| &self.by_id[id])
    }

    /// The digest of the stamps with an epoch in `from..to`: equal exactly for equal sets. It does
    /// not depend on who stamped.
    pub fn digest(&self, from: Epoch, to: Epoch) -> Hash {
        let low = (from, CommandId(Hash([0; 32])));
        let high = (to.max(from), CommandId(Hash([0; 32])));
        let mut hasher = Hasher::new("zeromesh/stamps");
        for (epoch, id) in self.by_epoch.range(low..high) {
            hasher = hasher.number(*epoch).fixed(&id.0.0);
        }
        hasher.finish()
    }

    /// The digest of all stamps.
    pub fn digest_all(&mut self) -> Hash {
        if self.digest.is_none() {
            self.digest = Some(self.digest(0, Epoch::MAX));
        }
        self.digest.expect("it was just computed")
    }

    /// Splits a range for comparison: into at most `parts` ranges with about as many stamps each.
    pub fn split(&self, from: Epoch, to: Epoch, parts: usize) -> Vec<(Epoch, Epoch, Hash)> {
        let epochs: Vec<Epoch> = self.range(from, to).map(|stamped| stamped.epoch).collect();
        let each = epochs.len().div_ceil(parts.max(1)).max(1);
        let mut bounds: Vec<Epoch> = epochs.chunks(each).skip(1).map(|chunk| chunk[0]).collect();
        bounds.retain(|bound| *bound > from);
        bounds.dedup();
        bounds.push(to);
        let mut low = from;
        bounds
            .into_iter()
            .map(|high| {
                let part = (low, high, self.digest(low, high));
                low = high;
                part
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::command::Target;
    use crate::id::WorldId;
    use ed25519_dalek::SigningKey;

    fn stamped(nonce: u64, epoch: Epoch, author: u8) -> Arc<Verified<Stamped>> {
        let command =
            Command { world: WorldId(Hash([0; 32])), target: Target::Found, body: vec![], nonce };
        Arc::new(Verified::sign(Stamped { epoch, command }, &SigningKey::from_bytes(&[author; 32])))
    }

    #[test]
    fn the_earliest_stamp_counts_whoever_is_heard_first() {
        let mut one = Ledger::default();
        let mut two = Ledger::default();
        assert_eq!(one.enter(stamped(1, 9, 1)), Entered::New);
        assert_eq!(one.enter(stamped(1, 4, 2)), Entered::Earlier(9));
        assert_eq!(two.enter(stamped(1, 4, 2)), Entered::New);
        assert_eq!(two.enter(stamped(1, 9, 1)), Entered::Known);
        assert_eq!(one.digest_all(), two.digest_all());
        assert_eq!(one.range(0, 10).count(), 1);
        assert_eq!(one.digest(0, 4), Ledger::default().digest_all());
    }

    #[test]
    fn the_digest_does_not_depend_on_who_stamped() {
        let mut one = Ledger::default();
        let mut two = Ledger::default();
        one.enter(stamped(1, 9, 1));
        two.enter(stamped(1, 9, 2));
        assert_eq!(one.digest_all(), two.digest_all());
        two.enter(stamped(2, 9, 2));
        assert_ne!(one.digest_all(), two.digest_all());
    }

    #[test]
    fn a_range_splits_into_parts_that_cover_it() {
        let mut ledger = Ledger::default();
        for nonce in 0..100 {
            ledger.enter(stamped(nonce, nonce / 3, 1));
        }
        let parts = ledger.split(0, 1_000, 8);
        assert!(parts.len() > 1 && parts.len() <= 9);
        assert_eq!(parts[0].0, 0);
        assert_eq!(parts.last().map(|part| part.1), Some(1_000));
        assert!(parts.windows(2).all(|pair| pair[0].1 == pair[1].0 && pair[0].0 < pair[0].1));
        assert_eq!(Ledger::default().split(0, 10, 8).len(), 1);
    }
}
