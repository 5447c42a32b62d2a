//! What the engine asks of a model: the only thing it knows of one.
//!
//! The engine never looks inside commands, messages, states or summaries: to it they are bytes.

use bincode::{Decode, Encode};

use super::genesis::{Genesis, RulesVersion};
use crate::id::{CommandId, Epoch, Hasher, ShardId};
use crate::rng::Rng;

/// A simulation that the engine can drive, shard by shard and epoch by epoch.
///
/// Every method is a pure function of its arguments and total: it ends, and it refuses what makes
/// no sense instead of failing. A step that panics, burns its fuel or says too much halts its shard.
pub trait Model: Send + Sync + 'static {
    /// All there is to know of a shard between two steps.
    type State: Send + 'static;

    /// The name by which a genesis asks for this model.
    fn name(&self) -> &'static str;

    /// Whether this build can step worlds by these rules.
    fn supports(&self, rules: RulesVersion) -> bool;

    /// The state of a new shard, from the body of the command that founds it.
    fn found(&self, founding: &Founding<'_>) -> Result<Self::State, Refusal>;

    /// Moves a shard through one epoch.
    fn step(&self, state: &mut Self::State, step: &mut Step<'_>) -> Result<Flow, OutOfFuel>;

    /// What every node of the mesh should know of a shard: at most [`SUMMARY_BYTES_MAX`] bytes.
    fn summary(&self, state: &Self::State) -> Vec<u8>;

    /// The state as bytes, the same for equal states.
    fn encode(&self, state: &Self::State) -> Vec<u8>;

    /// The state of these bytes, which may come from anywhere.
    fn decode(&self, bytes: &[u8]) -> Result<Self::State, Refusal>;
}

/// A summary longer than this is cut off and counts as empty.
pub const SUMMARY_BYTES_MAX: usize = 2 * 1024;
/// What a message takes beside its body: its receiver and lengths.
pub const MESSAGE_OVERHEAD_BYTES: usize = 40;
/// The bytes of all messages of one step together. More than this halts the shard, so that the
/// receipt of a step always fits into one message on the wire.
pub const OUTBOX_BYTES_MAX: usize = 64 * 1024;
/// The messages of one step.
pub const OUTBOX_MESSAGES_MAX: usize = 4_096;
/// The reason of a refusal is cut to this many bytes.
pub const REASON_BYTES_MAX: usize = 200;
/// The refusals of one step that are told; further ones are counted into the last.
pub const REFUSALS_MAX: usize = 64;

/// Why something was not done, in words for a person.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// A step that took more work than its world allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the step burned all its fuel")]
pub struct OutOfFuel;

/// Whether a shard goes on after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// There is a next step.
    On,
    /// This was the last one: the shard has come to its own end.
    Ended,
}

/// What is known when a shard is founded.
pub struct Founding<'a> {
    /// The world.
    pub genesis: &'a Genesis,
    /// The rules in force.
    pub rules: RulesVersion,
    /// The new shard.
    pub shard: ShardId,
    /// The first epoch it will be stepped through.
    pub epoch: Epoch,
    /// The body of the founding command.
    pub body: &'a [u8],
}

/// A command that takes effect in a step.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CommandInput {
    /// Its id.
    pub id: CommandId,
    /// What the model is asked to do.
    pub body: Vec<u8>,
}

/// A message that arrives in a step.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Mail {
    /// The shard that sent it; for a returned one, the shard it could not be given to.
    pub from: ShardId,
    /// Whether this is a message of this very shard that came back, because its receiver did not
    /// exist or had ended.
    pub returned: bool,
    /// The message.
    pub body: Vec<u8>,
}

/// A message to another shard (or to itself), which arrives `lookahead` epochs later.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Outgoing {
    /// The receiver.
    pub to: ShardId,
    /// The message.
    pub body: Vec<u8>,
}

/// A command that made no sense when it came up.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Refused {
    /// The command.
    pub command: CommandId,
    /// Why.
    pub reason: Refusal,
}

/// One step of one shard: all that goes in, and the places for all that comes out.
pub struct Step<'a> {
    /// The world.
    pub genesis: &'a Genesis,
    /// The rules in force.
    pub rules: RulesVersion,
    /// The shard.
    pub shard: ShardId,
    /// The epoch.
    pub epoch: Epoch,
    /// The commands that take effect, in order of their id.
    pub commands: &'a [CommandInput],
    /// The messages that arrive, in order of (sender, index).
    pub inbox: &'a [Mail],
    rng: Option<Rng>,
    fuel: u64,
    pub(super) outbox: Vec<Outgoing>,
    pub(super) outbox_bytes: usize,
    pub(super) refused: Vec<Refused>,
    events: Option<Vec<Vec<u8>>>,
}

impl<'a> Step<'a> {
    /// A step of these inputs. `record` asks for events, which cost nothing otherwise.
    pub fn new(
        genesis: &'a Genesis,
        rules: RulesVersion,
        shard: ShardId,
        epoch: Epoch,
        commands: &'a [CommandInput],
        inbox: &'a [Mail],
        record: bool,
    ) -> Self {
        Step {
            genesis,
            rules,
            shard,
            epoch,
            commands,
            inbox,
            rng: None,
            fuel: genesis.fuel_per_step,
            outbox: Vec::new(),
            outbox_bytes: 0,
            refused: Vec::new(),
            events: record.then(Vec::new),
        }
    }

    /// The random numbers of this step: seeded by world, shard and epoch.
    pub fn rng(&mut self) -> &mut Rng {
        self.rng.get_or_insert_with(|| {
            let seed = Hasher::new("zeromesh/rng")
                .number(self.genesis.seed)
                .fixed(&self.shard.0.0)
                .number(self.epoch);
            Rng::from_seed(seed.finish().0)
        })
    }

    /// Burns fuel: about one unit for each thing that a shard does in a step.
    pub fn burn(&mut self, units: u64) -> Result<(), OutOfFuel> {
        self.fuel = self.fuel.checked_sub(units).ok_or(OutOfFuel)?;
        Ok(())
    }

    /// Sends a message, which arrives `lookahead` epochs later, or comes back later still.
    pub fn send(&mut self, to: ShardId, body: Vec<u8>) {
        self.outbox_bytes = self.outbox_bytes.saturating_add(body.len() + MESSAGE_OVERHEAD_BYTES);
        // What is beyond the bound is dropped here and halts the shard at the end of the step.
        if self.outbox_bytes <= OUTBOX_BYTES_MAX && self.outbox.len() <= OUTBOX_MESSAGES_MAX {
            self.outbox.push(Outgoing { to, body });
        }
    }

    /// Refuses a command: everybody is told why.
    pub fn refuse(&mut self, command: CommandId, reason: impl Into<String>) {
        if self.refused.len() < REFUSALS_MAX {
            let mut reason: String = reason.into();
            while reason.len() > REASON_BYTES_MAX {
                reason.pop();
            }
            self.refused.push(Refused { command, reason: Refusal(reason) });
        }
    }

    /// Whether somebody wants to see this step's events.
    pub fn recording(&self) -> bool {
        self.events.is_some()
    }

    /// Records an event, if somebody wants to see it. The event must not change the outcome.
    pub fn record(&mut self, event: impl FnOnce() -> Vec<u8>) {
        if let Some(events) = &mut self.events {
            events.push(event());
        }
    }

    /// What has been sent so far.
    pub fn outbox(&self) -> &[Outgoing] {
        &self.outbox
    }

    /// What has been refused so far.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// What has been recorded so far; nothing if nobody looks.
    pub fn events(&self) -> &[Vec<u8>] {
        self.events.as_deref().unwrap_or_default()
    }

    /// Fuel that is left.
    pub fn fuel(&self) -> u64 {
        self.fuel
    }

    /// Takes the recorded events.
    pub(super) fn take_events(&mut self) -> Vec<Vec<u8>> {
        self.events.take().unwrap_or_default()
    }
}
