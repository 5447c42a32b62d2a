//! Shards that somebody looks at: their events are recorded, and looks are answered.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use shared::id::Epoch;
use tokio::sync::oneshot;

use super::Place;

/// A shard nobody asked about for this long is no longer watched.
const WATCH_FOR: Duration = Duration::from_secs(10);
/// How long a look waits for a step that is under way.
pub(super) const LOOK_TIMEOUT: Duration = Duration::from_secs(3);
/// Shards watched at once. Beyond it the one asked about longest ago makes room.
const WATCHED_MAX: usize = 256;
/// Looks at one shard that wait at once.
const LOOKS_MAX: usize = 64;
/// Events kept of one shard, in epochs and in bytes.
const EPOCHS_KEPT: usize = 64;
const EVENT_BYTES_MAX: usize = 512 * 1024;

/// What there is to see of a shard.
#[derive(Clone, Debug)]
pub struct Look {
    /// The epoch after which the view holds.
    pub epoch: Epoch,
    /// JSON; empty for what has no view, and if nothing happened since the look before.
    pub view: Vec<u8>,
    /// Recorded events by epoch.
    pub events: Vec<(Epoch, Vec<Vec<u8>>)>,
}

struct Shard {
    asked: Instant,
    events: VecDeque<(Epoch, Vec<Vec<u8>>)>,
    bytes: usize,
    waiting: Vec<(Epoch, oneshot::Sender<Look>)>,
}

/// All that are watched.
#[derive(Default)]
pub(super) struct Watched {
    shards: HashMap<Place, Shard>,
}

fn size(events: &[Vec<u8>]) -> usize {
    events.iter().map(|event| event.len() + 24).sum()
}

impl Watched {
    /// Somebody wants to see a shard.
    pub fn ask(&mut self, place: Place, events_from: Epoch, answer: oneshot::Sender<Look>) {
        let now = Instant::now();
        self.shards.retain(|_, shard| now < shard.asked + WATCH_FOR);
        if self.shards.len() >= WATCHED_MAX && !self.shards.contains_key(&place) {
            let oldest =
                self.shards.iter().min_by_key(|(_, shard)| shard.asked).map(|(place, _)| *place);
            if let Some(oldest) = oldest {
                self.shards.remove(&oldest);
            }
        }
        let shard = self.shards.entry(place).or_insert_with(|| Shard {
            asked: now,
            events: VecDeque::new(),
            bytes: 0,
            waiting: Vec::new(),
        });
        shard.asked = now;
        shard.waiting.retain(|(_, answer)| !answer.is_closed());
        if shard.waiting.len() < LOOKS_MAX {
            shard.waiting.push((events_from, answer));
        }
    }

    /// Whether events of a shard are to be recorded.
    pub fn records(&self, place: Place) -> bool {
        self.shards.get(&place).is_some_and(|shard| shard.asked.elapsed() < WATCH_FOR)
    }

    /// Whether anybody waits for a look at a shard.
    pub fn waits(&self, place: Place) -> bool {
        self.shards.get(&place).is_some_and(|shard| !shard.waiting.is_empty())
    }

    /// Keeps the events of some epochs. Those of an epoch that was stepped again replace the old.
    pub fn record(&mut self, place: Place, events: Vec<(Epoch, Vec<Vec<u8>>)>) {
        let Some(shard) = self.shards.get_mut(&place) else { return };
        for (epoch, events) in events {
            while let Some((_, old)) = shard.events.pop_back_if(|(at, _)| *at >= epoch) {
                shard.bytes -= size(&old);
            }
            shard.bytes += size(&events);
            shard.events.push_back((epoch, events));
        }
        while shard.events.len() > EPOCHS_KEPT || shard.bytes > EVENT_BYTES_MAX {
            let Some((_, old)) = shard.events.pop_front() else { break };
            shard.bytes -= size(&old);
        }
    }

    /// Answers all who wait.
    pub fn answer(&mut self, place: Place, epoch: Epoch, view: Vec<u8>) {
        let Some(shard) = self.shards.get_mut(&place) else { return };
        for (from, answer) in std::mem::take(&mut shard.waiting) {
            let events = shard.events.iter().filter(|(at, _)| *at >= from).cloned().collect();
            // Who asks for events from an epoch on has seen the view before it.
            let view = if from == 0 || epoch > from { view.clone() } else { Vec::new() };
            let _ = answer.send(Look { epoch, view, events });
        }
    }
}
