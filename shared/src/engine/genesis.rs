//! Where a world begins: everything that makes it the world it is.

use bincode::{Decode, Encode};

use crate::id::{Epoch, Hasher, WorldId};
use crate::wire::codec;

/// The version of the rules of a model. Every change of outcomes takes a new one.
pub type RulesVersion = u32;

/// What a world starts from. Its hash is the [`WorldId`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Genesis {
    /// A name for people, 1 to [`NAME_BYTES_MAX`] bytes.
    pub name: String,
    /// The model that steps it.
    pub model: String,
    /// The rules it starts with.
    pub rules: RulesVersion,
    /// Everything random in it comes from this.
    pub seed: u64,
    /// Simulated minutes in an epoch.
    pub ticks_per_epoch: u32,
    /// A message sent in epoch e arrives in epoch e + `lookahead`.
    pub lookahead: u32,
    /// A checkpoint is at every epoch that this divides.
    pub checkpoint_interval: u32,
    /// Work allowed to one step of one shard; see [`Step::burn`](super::model::Step::burn).
    pub fuel_per_step: u64,
    /// The world runs up to this epoch and no further; 0 for no end.
    pub end: Epoch,
    /// Settings of the model, in its own encoding.
    pub parameters: Vec<u8>,
}

/// Bytes in the name of a world.
pub const NAME_BYTES_MAX: usize = 64;
/// Bytes in the parameters of a world.
pub const PARAMETERS_BYTES_MAX: usize = 16 * 1024;
/// A working hour.
pub const TICKS_PER_EPOCH: u32 = 60;
/// A working day: what is said today is acted on tomorrow.
pub const LOOKAHEAD: u32 = 8;
/// A working day.
pub const CHECKPOINT_INTERVAL: u32 = 8;
/// A hundred times what a busy hour of a company with 1,000 people takes.
pub const FUEL_PER_STEP: u64 = 10_000_000;

/// Why a genesis is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadGenesis {
    /// The name is empty, too long or not printable.
    #[error("the name of a world has 1 to {NAME_BYTES_MAX} bytes and no control characters")]
    Name,
    /// A number is outside its range.
    #[error("{field} must be from {low} to {high}, not {value}")]
    Range {
        /// Which one.
        field: &'static str,
        /// The smallest allowed.
        low: u64,
        /// The largest allowed.
        high: u64,
        /// What was given.
        value: u64,
    },
    /// The model's settings are too large.
    #[error("the parameters of a world have at most {PARAMETERS_BYTES_MAX} bytes")]
    Parameters,
}

impl Genesis {
    /// A world of this model with the usual hours and days.
    pub fn new(
        name: impl Into<String>,
        model: impl Into<String>,
        rules: RulesVersion,
        seed: u64,
    ) -> Self {
        Genesis {
            name: name.into(),
            model: model.into(),
            rules,
            seed,
            ticks_per_epoch: TICKS_PER_EPOCH,
            lookahead: LOOKAHEAD,
            checkpoint_interval: CHECKPOINT_INTERVAL,
            fuel_per_step: FUEL_PER_STEP,
            end: 0,
            parameters: Vec::new(),
        }
    }

    /// The world that starts here.
    pub fn id(&self) -> WorldId {
        WorldId(Hasher::new("zeromesh/genesis").bytes(&codec::encode(self)).finish())
    }

    /// Whether all of it is within bounds.
    pub fn check(&self) -> Result<(), BadGenesis> {
        let printable = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
        if !printable(&self.name) || self.name.len() > NAME_BYTES_MAX {
            return Err(BadGenesis::Name);
        }
        if !printable(&self.model) || self.model.len() > NAME_BYTES_MAX {
            return Err(BadGenesis::Name);
        }
        if self.parameters.len() > PARAMETERS_BYTES_MAX {
            return Err(BadGenesis::Parameters);
        }
        let range = |field, value, low, high| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(BadGenesis::Range { field, low, high, value })
            }
        };
        range("ticks_per_epoch", self.ticks_per_epoch.into(), 1, 1_440)?;
        range("lookahead", self.lookahead.into(), 1, 64)?;
        range("checkpoint_interval", self.checkpoint_interval.into(), 1, 4_096)?;
        range("fuel_per_step", self.fuel_per_step, 1, 1 << 40)?;
        range("end", self.end, 0, 1 << 48)
    }

    /// Whether there is a checkpoint at the start of this epoch.
    pub fn is_checkpoint(&self, epoch: Epoch) -> bool {
        epoch.is_multiple_of(u64::from(self.checkpoint_interval))
    }
}
