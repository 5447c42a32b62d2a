//! A mesh in one thread and in virtual time: many engines, a network that delays, loses, repeats,
//! reorders and splits, disks that forget what was not flushed, and steps that take their time.
//!
//! Everything follows from one seed, so a run that fails can be run again.

mod disk;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;

use disk::Disk;
use ed25519_dalek::SigningKey;
use shared::engine::command::{Command, Target};
use shared::engine::genesis::Genesis;
use shared::engine::machine::{Action, Config, Done, Engine, Input, Job, Notice, Record, Start};
use shared::engine::model::{Founding, Model};
use shared::engine::receipt::{Receipt, state_hash};
use shared::engine::solo::{Root, Solo};
use shared::engine::step;
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

    /// Starts a node that is down, from its disk.
    pub fn start(&mut self, index: usize) {
        if self.nodes[index].engine.is_some() {
            return;
        }
        let others =
            (0..self.nodes.len()).any(|other| other != index && self.nodes[other].engine.is_some());
        let model = self.model.clone();
        let supports =
            Arc::new(move |name: &str, rules: u32| name == model.name() && model.supports(rules));
        let node = &mut self.nodes[index];
        node.life += 1;
        let mut config = node.config.clone();
        config.hold_ms = if others { 1_500 } else { 0 };
        let mut engine = Engine::new(node.key.clone(), config, supports);
        for resumed in node.disk.resumed() {
            engine.resume(resumed);
        }
        node.engine = Some(engine);
        let life = node.life;
        self.push(self.now, Event::Tick(index, life));
        for other in 0..self.nodes.len() {
            if other != index {
                let at = self.now + self.draw(self.weather.delay_ms) + 30;
                self.push(at, Event::Connect(index, other));
            }
        }
    }

    /// Kills a node: memory and what was not flushed are gone; with `lose_disk`, all but its key.
    pub fn kill(&mut self, index: usize, lose_disk: bool) {
        let node = &mut self.nodes[index];
        node.engine = None;
        node.life += 1;
        node.unflushed.clear();
        node.in_hand.clear();
        node.memory.clear();
        node.queued.clear();
        node.asks.clear();
        node.paused = false;
        if lose_disk {
            node.disk = Disk::default();
        }
        for other in 0..self.nodes.len() {
            self.cut(index, other);
        }
    }

    /// Makes the states on a node's disk unreadable; its anchors still name them.
    pub fn lose_states(&mut self, index: usize) {
        self.nodes[index].disk.lose_states();
    }

    /// Stops a node's process without ending it.
    pub fn pause(&mut self, index: usize) {
        self.nodes[index].paused = true;
    }

    /// Lets a stopped node go on: what arrived meanwhile is there all at once.
    pub fn resume(&mut self, index: usize) {
        self.nodes[index].paused = false;
        let life = self.nodes[index].life;
        for input in std::mem::take(&mut self.nodes[index].queued) {
            self.push(self.now, Event::Input(index, life, input));
        }
        self.push(self.now, Event::Tick(index, life));
    }

    /// Makes the steps of a node take this many times as long.
    pub fn slow_down(&mut self, index: usize, factor: u64) {
        self.nodes[index].slow = factor;
    }

    /// Puts a node's clock forward.
    pub fn shift_clock(&mut self, index: usize, ms: u64) {
        self.nodes[index].clock_ahead_ms += ms;
    }

    /// Splits the network: nodes with different numbers do not reach each other.
    pub fn split(&mut self, sides: &[usize]) {
        self.sides = sides.to_vec();
        for a in 0..self.nodes.len() {
            for b in 0..a {
                if self.sides[a] == self.sides[b] {
                    let at = self.now + self.draw(self.weather.delay_ms) + 30;
                    self.push(at, Event::Connect(a, b));
                } else {
                    self.cut(a, b);
                }
            }
        }
    }

    /// Ends a split.
    pub fn heal(&mut self) {
        self.split(&vec![0; self.nodes.len()]);
    }

    fn cut(&mut self, a: usize, b: usize) {
        if self.connected.remove(&(a.min(b), a.max(b))) {
            for (here, there) in [(a, b), (b, a)] {
                let at = self.now + self.draw(self.weather.notice_ms);
                self.push(at, Event::Disconnect(here, there));
            }
        }
    }

    fn reaches(&self, a: usize, b: usize) -> bool {
        self.connected.contains(&(a.min(b), a.max(b)))
    }

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

    fn act(&mut self, index: usize, action: Action) {
        match action {
            Action::Subscribe(_) => {}
            Action::Publish(_, gossip) => {
                let gossip = Arc::new(gossip);
                for to in 0..self.nodes.len() {
                    if to == index || !self.reaches(index, to) || self.rng.chance(self.weather.loss)
                    {
                        continue;
                    }
                    let copies = 1 + u64::from(self.rng.chance(self.weather.repeat));
                    for _ in 0..copies {
                        let at = self.now + self.draw(self.weather.delay_ms);
                        self.push(at, Event::Gossip { to, from: index, bytes: gossip.clone() });
                    }
                }
            }
            Action::Ask { ask, peer, question } => {
                let to = (0..self.nodes.len()).find(|other| self.id(*other) == peer);
                let lost = self.rng.chance(self.weather.loss / 4);
                match to.filter(|to| self.reaches(index, *to)) {
                    Some(to) if !lost => {
                        self.next_ask += 1;
                        // The asker's number is local; on the wire it is a request of its own.
                        let wire = (self.next_ask << 20) | (ask & 0xf_ffff);
                        let at = self.now + self.draw(self.weather.delay_ms);
                        self.push(at, Event::Question { to, from: index, ask: wire, question });
                    }
                    Some(_) => {
                        self.push(
                            self.now + ASK_TIMEOUT_MS,
                            Event::Answer { to: index, ask, answer: None },
                        );
                    }
                    None => self.push(self.now + 1, Event::Answer { to: index, ask, answer: None }),
                }
            }
            Action::Reply { ask, answer } => {
                if let Some((to, life)) = self.nodes[index].asks.remove(&ask)
                    && self.reaches(index, to)
                    && self.nodes[to].life == life
                {
                    let at = self.now + self.draw(self.weather.delay_ms);
                    self.push(at, Event::Answer { to, ask: ask & 0xf_ffff, answer: Some(answer) });
                }
            }
            Action::Run(job) => self.run_job(index, job),
            Action::Drop(world, shard) => {
                self.nodes[index].in_hand.remove(&(world, shard));
            }
            Action::Forget(state) => {
                self.nodes[index].memory.remove(&state);
            }
            Action::Fetch { state, peers } => {
                let found = peers.iter().find_map(|peer| {
                    let from = (0..self.nodes.len()).find(|other| self.id(*other) == *peer)?;
                    let reached = self.reaches(index, from) && !self.nodes[from].paused;
                    let node = Some(&self.nodes[from]).filter(|_| reached)?;
                    node.memory.get(&state).or_else(|| node.disk.state(state)).cloned()
                });
                let at =
                    self.now + self.draw(self.weather.delay_ms) + self.draw(self.weather.delay_ms);
                let life = self.nodes[index].life;
                let ok = found.is_some();
                if let Some(bytes) = found {
                    assert_eq!(state_hash(&bytes), state, "a simulated node holds what it says");
                    self.nodes[index].memory.insert(state, bytes);
                }
                self.push(at, Event::Input(index, life, Input::Fetched { state, found: ok }));
            }
            Action::Store(record, token) => {
                let at = self.now + self.draw(self.weather.flush_ms);
                self.number += 1;
                let (number, life) = (self.number, self.nodes[index].life);
                self.nodes[index].unflushed.push((number, record, token));
                self.push(at, Event::Flushed(index, life, number));
            }
            Action::Tell(notice) => match &notice {
                Notice::Accepted { token, command, epoch, .. } => {
                    self.accepted.insert(*command, *epoch);
                    self.notices.insert(*token, notice);
                }
                Notice::Created { token, .. }
                | Notice::PaceSet { token }
                | Notice::Refused { token, .. } => {
                    self.notices.insert(*token, notice);
                }
                Notice::Alarm { .. } => self.alarms.push(notice),
            },
        }
    }

    fn flushed(&mut self, index: usize, number: u64) {
        // A flush takes everything before it along, in order.
        let node = &mut self.nodes[index];
        let ready = node.unflushed.iter().take_while(|(other, _, _)| *other <= number).count();
        let records: Vec<_> = node.unflushed.drain(..ready).collect();
        for (_, record, token) in records {
            let node = &mut self.nodes[index];
            let memory = &node.memory;
            node.disk.apply(&record, |state| memory.get(&state).cloned());
            if let Some(token) = token {
                self.input(index, Input::Stored { token, done: true });
            }
        }
    }

    fn run_job(&mut self, index: usize, job: Job) {
        let node = &mut self.nodes[index];
        let state = match &job.start {
            Start::InHand => node.in_hand.remove(&(job.world, job.shard)).map(Ok),
            Start::Snapshot(state) => {
                let bytes = node.memory.get(state).or_else(|| node.disk.state(*state));
                bytes.and_then(|bytes| self.model.decode(bytes).ok()).map(Ok)
            }
            Start::Founding { epoch, rules, body } => {
                let founding = Founding {
                    genesis: &job.genesis,
                    rules: *rules,
                    shard: job.shard,
                    epoch: *epoch,
                    body,
                };
                Some(step::found(&self.model, &founding))
            }
        };
        let mut end = JobEnd { receipt: None, snapshot: None, job };
        let steps = end.job.steps.len() as u64;
        if let Some(state) = state {
            let job = &end.job;
            let outcome = step::run(&self.model, &job.genesis, job.shard, state, &job.steps, false);
            if let Some(state) = outcome.state {
                self.nodes[index].in_hand.insert((job.world, job.shard), state);
            }
            end.receipt = Some(outcome.receipt);
            end.snapshot = outcome.snapshot;
        }
        let took_us = self.draw(self.weather.step_us) * steps * self.nodes[index].slow;
        let node = &mut self.nodes[index];
        // Two workers' worth of steps, one after another, in microseconds.
        node.workers_free_at = node.workers_free_at.max(self.now * 1_000) + took_us / 2;
        let at = node.workers_free_at.div_ceil(1_000).max(self.now + took_us / 1_000);
        let life = node.life;
        self.push(at, Event::JobDone(index, life, Box::new(end)));
    }

    fn job_done(&mut self, index: usize, end: JobEnd) {
        if let (Some(bytes), Some(state)) =
            (end.snapshot, end.receipt.as_ref().and_then(|receipt| receipt.state))
        {
            self.nodes[index].memory.insert(state, bytes);
        }
        let done = Done {
            id: end.job.id,
            world: end.job.world,
            shard: end.job.shard,
            receipt: end.receipt,
        };
        self.input(index, Input::Done(done));
    }

    /// How every node stands in a world, for a person who looks into a failure.
    pub fn describe(&self, world: WorldId) -> String {
        let mut text = String::new();
        for index in 0..self.nodes.len() {
            let engine = self.nodes[index].engine.as_ref();
            let Some(work) = engine.and_then(|engine| engine.worlds().get(&world)) else {
                text.push_str(&format!("\n  node {index}: down, or without the world"));
                continue;
            };
            let history = &work.history;
            text.push_str(&format!(
                "\n  node {index} {:?}: base {} closed {} pace {:?} ready {} commands {}",
                self.id(index),
                history.base(),
                history.closed(),
                work.pace_now(),
                work.ready(),
                history.ledger.len(),
            ));
            for id in work.waiting_for(3) {
                let Some(shard) = history.shard(id) else { continue };
                text.push_str(&format!(
                    "\n    waits for {}: founded {} kept from {} lineage here {} next {} runner {:?} ranks {:?} in hand {:?} off chain {} disputed {}",
                    id.short(),
                    shard.founded,
                    shard.kept_from(),
                    shard.lineage(shard.settled()).is_some(),
                    shard.lineage(shard.settled() + 1).is_some(),
                    work.runner(id),
                    work.ranks(id),
                    work.in_hand(id),
                    shard.off_chain(),
                    shard.disputed(),
                ));
            }
        }
        text
    }

    // ---- what must hold -------------------------------------------------------------------

    /// Whether every node that is up has settled the world up to `epoch`.
    pub fn settled(&self, world: WorldId, epoch: Epoch) -> bool {
        let up = self.nodes.iter().filter_map(|node| node.engine.as_ref());
        let mut any = false;
        for engine in up {
            any = true;
            let Some(history) = engine.history(world) else { return false };
            if history.root(epoch).is_none() {
                return false;
            }
        }
        any
    }

    /// The newest checkpoint that every node that is up has settled and knows the root of.
    pub fn common_checkpoint(&self, world: WorldId) -> Option<Epoch> {
        let histories: Option<Vec<_>> = self
            .nodes
            .iter()
            .filter_map(|node| node.engine.as_ref())
            .map(|engine| engine.history(world))
            .collect();
        let histories = histories?;
        let newest = histories.iter().map(|history| history.newest_checkpoint()).min()?;
        histories.iter().all(|history| history.root(newest).is_some()).then_some(newest)
    }

    /// Whether, as far as every node that is up knows, nobody lives in the world any more.
    pub fn is_over(&self, world: WorldId) -> bool {
        let up = self.nodes.iter().filter_map(|node| node.engine.as_ref());
        up.filter_map(|engine| engine.history(world))
            .all(|history| history.shards().iter().all(|shard| shard.ended().is_some()))
    }

    /// Whether every node that is up knows every accepted command, and the same stamps.
    pub fn in_step(&self, world: WorldId) -> bool {
        let up = self.nodes.iter().filter_map(|node| node.engine.as_ref());
        let mut digests = BTreeSet::new();
        for engine in up {
            let Some(history) = engine.history(world) else { return false };
            digests.insert(history.ledger.digest(0, Epoch::MAX));
            if self.accepted.keys().any(|id| history.ledger.get(*id).is_none()) {
                return false;
            }
        }
        digests.len() == 1
    }

    /// The root at a checkpoint on one node, with the digest of the stamps below it.
    pub fn root(&self, index: usize, world: WorldId, epoch: Epoch) -> Option<Root> {
        let history = self.nodes[index].engine.as_ref()?.history(world)?;
        Some(Root { root: history.root(epoch)?, stamps: history.ledger.digest(0, epoch) })
    }

    /// The commands a node knows of a world.
    pub fn commands(&self, index: usize, world: WorldId) -> Vec<(Epoch, Command)> {
        let Some(history) =
            self.nodes[index].engine.as_ref().and_then(|engine| engine.history(world))
        else {
            return Vec::new();
        };
        history
            .ledger
            .range(0, Epoch::MAX)
            .map(|stamped| (stamped.epoch, stamped.command.clone()))
            .collect()
    }

    /// The root of the same commands in a world that nothing disturbs.
    pub fn reference(
        &self,
        genesis: &Genesis,
        commands: &[(Epoch, Command)],
        epoch: Epoch,
    ) -> Option<Root> {
        let mut solo = Solo::new(&self.model, genesis.clone(), commands.iter().cloned());
        solo.run(epoch, |_| true);
        solo.root(epoch)
    }

    /// Checks the promise: all nodes that are up agree with an undisturbed run of the commands they
    /// know, know every command somebody was told is accepted, and nobody raised an alarm.
    pub fn check(&self, genesis: &Genesis, epoch: Epoch) -> Result<Root, String> {
        let world = genesis.id();
        let mut expected: Option<(Root, Vec<(Epoch, Command)>)> = None;
        for index in 0..self.nodes.len() {
            if self.nodes[index].engine.is_none() {
                continue;
            }
            let commands = self.commands(index, world);
            let ids: BTreeSet<CommandId> =
                commands.iter().map(|(_, command)| command.id()).collect();
            if let Some(missing) = self.accepted.keys().find(|id| !ids.contains(id)) {
                return Err(format!("node {index} lacks the accepted command {missing}"));
            }
            let root = self.root(index, world, epoch);
            let root = root.ok_or_else(|| format!("node {index} has not settled epoch {epoch}"))?;
            match &expected {
                Some((first, _)) if *first != root => {
                    return Err(format!("node {index} has {root:?}, another has {first:?}"));
                }
                Some(_) => {}
                None => {
                    let reference = self.reference(genesis, &commands, epoch);
                    if reference != Some(root) {
                        return Err(format!(
                            "node {index} has {root:?}, undisturbed it is {reference:?}"
                        ));
                    }
                    expected = Some((root, commands));
                }
            }
        }
        if let Some(alarm) = self.alarms.first() {
            return Err(format!("two runs of one step disagree: {alarm:?}"));
        }
        expected.map(|(root, _)| root).ok_or_else(|| "no node is up".into())
    }
}
