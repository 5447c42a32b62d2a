//! How fast a world runs: a signed register, and a clock that nobody needs to agree on.

use bincode::{Decode, Encode};

use crate::id::{Epoch, NodeId, WorldId};
use crate::wire::signed::{Statement, Verified};

/// Wall time of an epoch when nothing else is said: a working day in eight seconds.
pub const EPOCH_MS: u64 = 1_000;
/// The slowest pace: an epoch, a simulated hour, in a day.
pub const EPOCH_MS_MAX: u64 = 86_400_000;

/// The pace of a world, as somebody set it. The newest counts: by counter, then by author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Pace {
    /// The world.
    pub world: WorldId,
    /// One more than that of the setting it replaces.
    pub counter: u64,
    /// Wall time of an epoch, in milliseconds; 0 for as fast as possible.
    pub epoch_ms: u64,
    /// Whether the world stands still.
    pub paused: bool,
}

impl Statement for Pace {
    const DOMAIN: &'static str = "zeromesh/pace/1";
    fn check(&self) -> Result<(), &'static str> {
        if self.epoch_ms > EPOCH_MS_MAX {
            return Err("an epoch takes at most a day");
        }
        Ok(())
    }
}

/// Which of two settings is newer.
pub fn order(pace: &Verified<Pace>) -> (u64, NodeId) {
    (pace.counter, pace.author())
}

/// Says which epochs may start. Epoch e may start `epoch_ms` after the first sign of epoch e-1
/// seen here; what was reached once may always be run again.
#[derive(Clone, Debug, Default)]
pub struct Metronome {
    reached: Option<(Epoch, u64)>,
}

impl Metronome {
    /// Takes note that an epoch was started, here or elsewhere.
    pub fn saw(&mut self, epoch: Epoch, now_ms: u64) {
        if self.reached.is_none_or(|(reached, _)| epoch > reached) {
            self.reached = Some((epoch, now_ms));
        }
    }

    /// The epochs before this one may run now.
    pub fn bound(&self, epoch_ms: u64, paused: bool, now_ms: u64) -> Epoch {
        let (bound, since) = match self.reached {
            Some((reached, since)) => (reached + 1, since),
            None => (0, 0),
        };
        let due = self.reached.is_none() || now_ms >= since.saturating_add(epoch_ms);
        match (paused, epoch_ms) {
            (true, _) => bound,
            (false, 0) => Epoch::MAX,
            (false, _) if due => bound + 1,
            (false, _) => bound,
        }
    }

    /// When the next epoch may start.
    pub fn next_ms(&self, epoch_ms: u64) -> u64 {
        self.reached.map_or(0, |(_, since)| since.saturating_add(epoch_ms))
    }

    /// The newest epoch seen to have started.
    pub fn reached(&self) -> Option<Epoch> {
        self.reached.map(|(epoch, _)| epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_starts_its_time_after_the_first_sign_of_the_one_before() {
        let mut metronome = Metronome::default();
        assert_eq!(metronome.bound(1_000, false, 5), 1, "the first may start at once");
        metronome.saw(0, 10);
        assert_eq!(metronome.bound(1_000, false, 1_009), 1);
        assert_eq!(metronome.bound(1_000, false, 1_010), 2);
        metronome.saw(7, 2_000);
        metronome.saw(3, 9_000);
        assert_eq!(metronome.bound(1_000, false, 2_500), 8, "what was reached may run again");
        assert_eq!(metronome.bound(1_000, true, 9_999), 8, "a pause holds back only what is new");
        assert_eq!(metronome.bound(0, false, 0), Epoch::MAX);
    }
}
