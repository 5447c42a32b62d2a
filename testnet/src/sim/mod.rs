//! A mesh in one thread and in virtual time: many engines, a network that delays, loses, repeats,
//! reorders and splits, disks that forget what was not flushed, and steps that take their time.
//!
//! Everything follows from one seed, so a run that fails can be run again.

mod disk;
mod effects;
mod faults;
mod verdict;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;

use disk::Disk;
use ed25519_dalek::SigningKey;
use shared::engine::command::{Command, Target};
use shared::engine::genesis::Genesis;
use shared::engine::machine::{Config, Engine, Input, Job, Notice, Record};
use shared::engine::model::Model;
use shared::engine::receipt::Receipt;
use shared::id::{CommandId, Epoch, NodeId, ShardId, StateHash, WorldId};
use shared::rng::Rng;
use shared::wire::message::{Answer, Gossip, Question};
use shared::wire::signed::node_id;

/// How the network and the machines behave.
#[derive(Clone, Debug)]
pub struct Weather {
    /// Delay of a message, from and to, in milliseconds.
    pub delay_ms: (u64, u64),
    /// Gossip that is lost, in basis points.
    pub loss: u32,
    /// Gossip that arrives twice, in basis points.
    pub repeat: u32,
    /// Time of a flush, from and to.
    pub flush_ms: (u64, u64),
    /// Time of one step, in microseconds, from and to.
    pub step_us: (u64, u64),
    /// Until a cut connection is noticed.
    pub notice_ms: (u64, u64),
}

impl Default for Weather {
    fn default() -> Self {
        Weather {
            delay_ms: (1, 4),
            loss: 0,
            repeat: 0,
            flush_ms: (1, 10),
            step_us: (100, 400),
            notice_ms: (5, 200),
        }
    }
}

/// A virtual machine's clock may start anywhere.
const TICK_MS: u64 = 20;
/// A question that gets lost fails after this.
const ASK_TIMEOUT_MS: u64 = 5_000;

enum Event {
    Tick(usize, u64),
    Input(usize, u64, Input),
    Gossip { to: usize, from: usize, bytes: Arc<Gossip> },
    Question { to: usize, from: usize, ask: u64, question: Question },
    Answer { to: usize, ask: u64, answer: Option<Answer> },
    JobDone(usize, u64, Box<JobEnd>),
    Flushed(usize, u64, u64),
    Connect(usize, usize),
    Disconnect(usize, usize),
}

struct JobEnd {
    job: Job,
    receipt: Option<Receipt>,
    snapshot: Option<Vec<u8>>,
}

struct Queued {
    at: u64,
    number: u64,
    event: Event,
}
impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}
impl Eq for Queued {}
impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Queued {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// A simulated node.
struct Node<M: Model> {
    key: SigningKey,
    engine: Option<Engine>,
    /// Counts starts, so that what belongs to an earlier life is dropped.
    life: u64,
    disk: Disk,
    unflushed: Vec<(u64, Record, Option<u64>)>,
    in_hand: BTreeMap<(WorldId, ShardId), M::State>,
    memory: BTreeMap<StateHash, Vec<u8>>,
    /// Peers asked for a state one after another.
    paused: bool,
    queued: Vec<Input>,
    asks: BTreeMap<u64, (usize, u64)>,
    workers_free_at: u64,
    slow: u64,
    /// What its clock shows beyond the virtual time.
    clock_ahead_ms: u64,
    config: Config,
}

/// A mesh of simulated nodes.
pub struct Mesh<M: Model + Clone> {
    model: M,
    /// Virtual time.
    pub now: u64,
    rng: Rng,
    /// How things are at present.
    pub weather: Weather,
    queue: BinaryHeap<Reverse<Queued>>,
    number: u64,
    nodes: Vec<Node<M>>,
    /// The part of a split network each node is in.
    sides: Vec<usize>,
    connected: BTreeSet<(usize, usize)>,
    next_ask: u64,
    /// What was told to those who asked, by token.
    pub notices: BTreeMap<u64, Notice>,
    /// Alarms about determinism: there must be none.
    pub alarms: Vec<Notice>,
    /// Commands somebody was told are accepted.
    pub accepted: BTreeMap<CommandId, Epoch>,
    next_token: u64,
    /// Messages delivered.
    pub delivered: u64,
}

impl<M: Model + Clone> Mesh<M> {
    /// A mesh of `nodes` nodes without any world.
    pub fn new(model: M, seed: u64, nodes: usize, weather: Weather) -> Self {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut mesh = Mesh {
            model,
            now: 1_000_000,
            rng: Rng::from_seed(bytes),
            weather,
            queue: BinaryHeap::new(),
            number: 0,
            nodes: Vec::new(),
            sides: Vec::new(),
            connected: BTreeSet::new(),
            next_ask: 0,
            notices: BTreeMap::new(),
            alarms: Vec::new(),
            accepted: BTreeMap::new(),
            next_token: 0,
            delivered: 0,
        };
        for _ in 0..nodes {
            mesh.add();
        }
        mesh
    }

    /// Adds a node and starts it. Answers its number.
    pub fn add(&mut self) -> usize {
        let index = self.nodes.len();
        let mut seed = [index as u8 + 1; 32];
        seed[..8].copy_from_slice(&self.rng.bits().to_le_bytes());
        self.nodes.push(Node {
            key: SigningKey::from_bytes(&seed),
            engine: None,
            life: 0,
            disk: Disk::default(),
            unflushed: Vec::new(),
            in_hand: BTreeMap::new(),
            memory: BTreeMap::new(),
            paused: false,
            queued: Vec::new(),
            asks: BTreeMap::new(),
            workers_free_at: 0,
            slow: 1,
            clock_ahead_ms: 0,
            config: Config::default(),
        });
        self.sides.push(0);
        self.start(index);
        index
    }

    /// The id of a node.
    pub fn id(&self, index: usize) -> NodeId {
        node_id(&self.nodes[index].key)
    }

    /// The number of nodes, up or not.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A node's engine, if it is up.
    pub fn engine(&self, index: usize) -> Option<&Engine> {
        self.nodes[index].engine.as_ref()
    }

    fn draw(&mut self, range: (u64, u64)) -> u64 {
        range.0 + self.rng.below(range.1.saturating_sub(range.0) + 1)
    }

    fn push(&mut self, at: u64, event: Event) {
        self.number += 1;
        self.queue.push(Reverse(Queued { at: at.max(self.now), number: self.number, event }));
    }

    // ---- faults ---------------------------------------------------------------------------

    // ---- requests -------------------------------------------------------------------------

    fn token(&mut self) -> u64 {
        self.next_token += 1;
        self.next_token
    }

    fn give(&mut self, index: usize, input: Input) {
        let life = self.nodes[index].life;
        self.push(self.now, Event::Input(index, life, input));
    }

    /// Starts a world on a node.
    pub fn create(
        &mut self,
        index: usize,
        genesis: &Genesis,
        commands: &[(Epoch, Command)],
        epoch_ms: u64,
    ) -> u64 {
        let token = self.token();
        let commands = commands
            .iter()
            .map(|(epoch, command)| (*epoch, command.target, command.body.clone(), command.nonce))
            .collect();
        let pace = (epoch_ms, false);
        self.give(index, Input::Create { token, genesis: genesis.clone(), commands, pace });
        token
    }

    /// Gives a node a command.
    pub fn submit(
        &mut self,
        index: usize,
        world: WorldId,
        target: Target,
        body: Vec<u8>,
        nonce: u64,
    ) -> u64 {
        let token = self.token();
        self.give(index, Input::Submit { token, world, target, body, nonce });
        token
    }

    /// Sets the pace of a world.
    pub fn set_pace(&mut self, index: usize, world: WorldId, epoch_ms: u64, paused: bool) {
        let token = self.token();
        self.give(index, Input::SetPace { token, world, epoch_ms, paused });
    }

    // ---- running --------------------------------------------------------------------------

    /// Lets this much virtual time pass.
    pub fn run_for(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(Reverse(next)) = self.queue.peek() {
            if next.at > until {
                break;
            }
            self.step();
        }
        self.now = until;
    }

    /// Runs until something is true, or `ms` have passed. Answers whether it became true, and after how long.
    pub fn run_until(&mut self, ms: u64, done: impl Fn(&Self) -> bool) -> Option<u64> {
        let start = self.now;
        loop {
            if done(self) {
                return Some(self.now - start);
            }
            if self.now >= start + ms {
                return None;
            }
            self.run_for(5);
        }
    }

    fn step(&mut self) {
        let Some(Reverse(Queued { at, event, .. })) = self.queue.pop() else { return };
        self.now = at;
        match event {
            Event::Tick(index, life) => {
                if self.nodes[index].life == life
                    && self.nodes[index].engine.is_some()
                    && !self.nodes[index].paused
                {
                    self.push(self.now + TICK_MS, Event::Tick(index, life));
                    self.poll(index);
                }
            }
            Event::Input(index, life, input) => {
                if self.nodes[index].life == life {
                    self.input(index, input);
                }
            }
            Event::Gossip { to, from, bytes } => {
                if self.reaches(to, from) {
                    self.delivered += 1;
                    if let Ok(verified) = (*bytes).clone().verify() {
                        self.input(to, Input::Heard(verified));
                    }
                }
            }
            Event::Question { to, from, ask, question } => {
                if self.reaches(to, from) {
                    self.delivered += 1;
                    let life = self.nodes[from].life;
                    self.nodes[to].asks.insert(ask, (from, life));
                    self.input(to, Input::Asked { ask, question });
                }
            }
            Event::Answer { to, ask, answer } => self.input(to, Input::Answered { ask, answer }),
            Event::JobDone(index, life, end) => {
                if self.nodes[index].life == life {
                    self.job_done(index, *end);
                }
            }
            Event::Flushed(index, life, number) => {
                if self.nodes[index].life == life {
                    self.flushed(index, number);
                }
            }
            Event::Connect(a, b) => {
                let up = |index: usize| self.nodes[index].engine.is_some();
                if up(a)
                    && up(b)
                    && self.sides[a] == self.sides[b]
                    && self.connected.insert((a.min(b), a.max(b)))
                {
                    let (a_id, b_id) = (self.id(a), self.id(b));
                    self.input(a, Input::PeerUp(b_id));
                    self.input(b, Input::PeerUp(a_id));
                }
            }
            Event::Disconnect(here, there) => {
                if !self.reaches(here, there) {
                    let id = self.id(there);
                    self.input(here, Input::PeerDown(id));
                }
            }
        }
    }

    fn input(&mut self, index: usize, input: Input) {
        let node = &mut self.nodes[index];
        if node.paused {
            node.queued.push(input);
            return;
        }
        let Some(engine) = &mut node.engine else { return };
        engine.handle(self.now + node.clock_ahead_ms, input);
        self.poll(index);
    }

    fn poll(&mut self, index: usize) {
        let now = self.now + self.nodes[index].clock_ahead_ms;
        let Some(engine) = &mut self.nodes[index].engine else { return };
        for action in engine.poll(now) {
            self.act(index, action);
        }
    }

    // ---- what must hold -------------------------------------------------------------------
}
