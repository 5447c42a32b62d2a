//! PHOLD, the standard benchmark of parallel simulation (Fujimoto 1990): a fixed population of
//! events, each of which makes one new event at a random later time, here or on a random other
//! shard. It drives the engine in tests and benchmarks, and can be told to misbehave.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use bincode::{Decode, Encode};

use super::command::{Command, Target};
use super::genesis::{Genesis, RulesVersion};
use super::model::{Flow, Founding, Model, OutOfFuel, Refusal, Step};
use crate::id::{ShardId, WorldId};
use crate::rng::Rng;
use crate::wire::codec;

/// Time inside an epoch is counted in this many parts.
const PARTS_PER_EPOCH: u64 = 1 << 20;
/// Events in one shard, so that a state from outside has a bound.
const EVENTS_MAX: usize = 1 << 20;
/// Shards of one world.
const SHARDS_MAX: u32 = 65_536;

/// The model.
#[derive(Clone)]
pub struct Phold;

/// What founds a shard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Spec {
    /// Which of the shards this is.
    pub index: u32,
    /// How many shards there are.
    pub shards: u32,
    /// Events at the start.
    pub events: u32,
    /// The share of new events that go to another shard, in basis points.
    pub remote: u32,
    /// The mean time to a new event, in thousandths of an epoch.
    pub mean_millis: u32,
}

/// What a shard can be told.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Order {
    /// Makes new events.
    Inject(u32),
    /// Sends an event to a shard, which need not exist.
    Send(ShardId),
    /// Comes to its end.
    End,
    /// Fails.
    Panic,
    /// Works without end.
    Burn,
    /// Sends messages of this many bytes in all.
    Flood(u32),
    /// Is always refused.
    Nonsense,
}

/// A shard.
#[derive(Clone, Debug)]
pub struct State {
    spec: Spec,
    world: WorldId,
    peers: Vec<ShardId>,
    /// Times at which events are due.
    queue: BinaryHeap<Reverse<u64>>,
    handled: u64,
    returned: u64,
    /// A digest of all that happened, so that states differ when histories do.
    trace: u64,
}

#[derive(Encode, Decode)]
struct Stored {
    spec: Spec,
    world: WorldId,
    queue: Vec<u64>,
    handled: u64,
    returned: u64,
    trace: u64,
}

/// What everybody sees of a shard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Summary {
    /// Events handled since the start.
    pub handled: u64,
    /// Messages that came back.
    pub returned: u64,
    /// Events waiting.
    pub waiting: u64,
}

/// A world of shards that are alike, and the commands that found them.
pub fn world(seed: u64, spec: &Spec) -> (Genesis, Vec<Command>) {
    let genesis = Genesis::new("phold", Phold.name(), 1, seed);
    let commands = (0..spec.shards)
        .map(|index| founding(genesis.id(), &Spec { index, ..spec.clone() }))
        .collect();
    (genesis, commands)
}

/// The command that founds a shard.
pub fn founding(world: WorldId, spec: &Spec) -> Command {
    Command {
        world,
        target: Target::Found,
        body: codec::encode(spec),
        nonce: u64::from(spec.index),
    }
}

fn peers(world: WorldId, spec: &Spec) -> Vec<ShardId> {
    (0..spec.shards)
        .map(|index| ShardId(founding(world, &Spec { index, ..spec.clone() }).id().0))
        .collect()
}

fn check(spec: &Spec) -> Result<(), Refusal> {
    if spec.shards == 0
        || spec.shards > SHARDS_MAX
        || spec.events as usize > EVENTS_MAX
        || spec.mean_millis == 0
    {
        return Err(Refusal(
            "a PHOLD world has 1 to 65,536 shards of at most 1,048,576 events".into(),
        ));
    }
    Ok(())
}

impl State {
    fn delay(&self, rng: &mut Rng) -> u64 {
        let mean = f64::from(self.spec.mean_millis) * PARTS_PER_EPOCH as f64 / 1_000.0;
        1 + rng.exponential(mean) as u64
    }

    fn mix(&mut self, value: u64) {
        self.trace = (self.trace ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }

    fn insert(&mut self, at: u64) {
        if self.queue.len() < EVENTS_MAX {
            self.queue.push(Reverse(at));
        }
    }
}

impl Model for Phold {
    type State = State;

    fn name(&self) -> &'static str {
        "phold"
    }

    fn supports(&self, rules: RulesVersion) -> bool {
        // Rules 2 differ in nothing but that events take twice as long: for tests of a change of rules.
        matches!(rules, 1 | 2)
    }

    fn found(&self, founding: &Founding<'_>) -> Result<State, Refusal> {
        let spec: Spec =
            codec::decode(founding.body).map_err(|error| Refusal(error.to_string()))?;
        check(&spec)?;
        let world = founding.genesis.id();
        let peers = peers(world, &spec);
        let start = founding.epoch * PARTS_PER_EPOCH;
        let queue = (0..u64::from(spec.events))
            .map(|n| Reverse(start + n * 997 % PARTS_PER_EPOCH))
            .collect();
        Ok(State { spec, world, peers, queue, handled: 0, returned: 0, trace: 0 })
    }

    fn step(&self, state: &mut State, step: &mut Step<'_>) -> Result<Flow, OutOfFuel> {
        let start = step.epoch * PARTS_PER_EPOCH;
        let end = start + PARTS_PER_EPOCH;
        let mut rng = step.rng().clone();
        let mut flow = Flow::On;
        for command in step.commands {
            state.mix(u64::from(command.id.0.0[0]));
            match codec::decode(&command.body) {
                Ok(Order::Inject(count)) => {
                    for _ in 0..count.min(EVENTS_MAX as u32) {
                        let at = start + state.delay(&mut rng);
                        state.insert(at);
                    }
                }
                Ok(Order::Send(to)) => step.send(to, codec::encode(&start)),
                Ok(Order::End) => flow = Flow::Ended,
                Ok(Order::Panic) => panic!("told to fail"),
                Ok(Order::Burn) => loop {
                    step.burn(1)?;
                },
                Ok(Order::Flood(bytes)) => {
                    for _ in 0..bytes.div_ceil(1_024) {
                        step.send(step.shard, vec![0; 1_024]);
                    }
                }
                Ok(Order::Nonsense) | Err(_) => step.refuse(command.id, "that makes no sense"),
            }
        }
        for mail in step.inbox {
            state.returned += u64::from(mail.returned);
            // What arrives takes place at its own time of this epoch. Padding is not an event.
            if let Ok(sent_at) = codec::decode::<u64>(&mail.body) {
                state.mix(sent_at);
                state.insert(start + sent_at % PARTS_PER_EPOCH);
            }
        }
        while let Some(Reverse(at)) = state.queue.peek().copied().filter(|Reverse(at)| *at < end) {
            state.queue.pop();
            step.burn(1)?;
            state.handled += 1;
            state.mix(at);
            let next = at + state.delay(&mut rng) * u64::from(step.rules);
            if rng.chance(state.spec.remote) {
                let to = state.peers[rng.below(state.peers.len() as u64) as usize];
                step.send(to, codec::encode(&next));
            } else {
                state.insert(next);
            }
        }
        step.record(|| codec::encode(&state.handled));
        Ok(flow)
    }

    fn summary(&self, state: &State) -> Vec<u8> {
        let waiting = state.queue.len() as u64;
        codec::encode(&Summary { handled: state.handled, returned: state.returned, waiting })
    }

    fn encode(&self, state: &State) -> Vec<u8> {
        let mut queue: Vec<u64> = state.queue.iter().map(|Reverse(at)| *at).collect();
        queue.sort();
        codec::encode(&Stored {
            spec: state.spec.clone(),
            world: state.world,
            queue,
            handled: state.handled,
            returned: state.returned,
            trace: state.trace,
        })
    }

    fn decode(&self, bytes: &[u8]) -> Result<State, Refusal> {
        let stored: Stored = codec::decode(bytes).map_err(|error| Refusal(error.to_string()))?;
        check(&stored.spec)?;
        if stored.queue.len() > EVENTS_MAX {
            return Err(Refusal("too many events".into()));
        }
        Ok(State {
            peers: peers(stored.world, &stored.spec),
            spec: stored.spec,
            world: stored.world,
            queue: stored.queue.into_iter().map(Reverse).collect(),
            handled: stored.handled,
            returned: stored.returned,
            trace: stored.trace,
        })
    }
}
