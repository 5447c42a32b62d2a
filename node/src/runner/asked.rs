//! Questions about states in hand, beyond what a look shows: files and commits of a project.

use std::collections::HashMap;

use tokio::sync::oneshot;

use super::Place;

/// Questions about one shard that wait at once. Who comes later is told that there is no answer.
const WAITING_MAX: usize = 16;
/// Shards asked about at once.
const PLACES_MAX: usize = 64;

/// What there is to say, or why there is nothing.
pub type Said = Result<Vec<u8>, String>;

/// A question in the model's encoding, and who waits for the answer.
pub(super) type Waiting = (Vec<u8>, oneshot::Sender<Said>);

/// All that wait for a state to be in hand.
#[derive(Default)]
pub(super) struct Asked {
    places: HashMap<Place, Vec<Waiting>>,
}

impl Asked {
    /// Somebody asks. What nobody waits for any more is dropped.
    pub fn ask(&mut self, place: Place, query: Vec<u8>, answer: oneshot::Sender<Said>) {
        for waiting in self.places.values_mut() {
            waiting.retain(|(_, answer)| !answer.is_closed());
        }
        self.places.retain(|_, waiting| !waiting.is_empty());
        if self.places.len() >= PLACES_MAX && !self.places.contains_key(&place) {
            return;
        }
        let waiting = self.places.entry(place).or_default();
        if waiting.len() < WAITING_MAX {
            waiting.push((query, answer));
        }
    }

    /// Whether anybody asks about a shard.
    pub fn waits(&self, place: Place) -> bool {
        self.places.contains_key(&place)
    }

    /// Those who ask about a shard.
    pub fn take(&mut self, place: Place) -> Vec<Waiting> {
        self.places.remove(&place).unwrap_or_default()
    }
}
