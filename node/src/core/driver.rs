//! The core task: events in, the engine's actions out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use shared::engine::machine::{Action, Engine, Input, Notice};
use shared::id::{NodeId, StateHash};
use shared::wire::codec;
use shared::wire::message::{Answer, Question};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Event;
use super::disk::Writer;
use super::gossip::Verifier;
use super::looks::Looks;
use super::picture::Pictures;
use super::requests::Requests;
use crate::net::{Net, NetEvent, Reply, STATE_BYTES_MAX};
use crate::runner::Runner;
use crate::store::{Batch, Store};

/// Events taken in before the engine is asked what to do: it plans once for all of them.
const TOGETHER_MAX: usize = 512;
/// The engine is asked at least this often: its finest timer, the flush of bulletins, is 2 ms, but
/// matters only while events come anyway.
const TICK: Duration = Duration::from_millis(10);
/// While jobs wait for workers, events are taken in together this often: asking the engine looks at
/// every shard, which for each job alone costs as much as the jobs themselves.
const GATHER: Duration = Duration::from_millis(1);
/// A connected peer whose heartbeats stopped this long ago is disconnected and dialled again.
const DEAF_AFTER: Duration = Duration::from_secs(8);
/// Questions of peers that are worked on.
const REPLIES_MAX: usize = 4_096;

/// The core and all it works with.
pub struct Core {
    pub(super) engine: Engine,
    pub(super) net: Net,
    pub(super) runner: Runner,
    pub(super) store: Store,
    pub(super) writer: Writer,
    pub(super) verifier: Verifier,
    pub(super) requests: Requests,
    pub(super) looks: Looks,
    pub(super) pictures: Pictures,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) stop: CancellationToken,
    started: Instant,
    replies: BTreeMap<u64, Reply>,
    next_reply: u64,
    kicked: BTreeMap<NodeId, Instant>,
}

/// What a core is made of.
pub struct Parts {
    pub engine: Engine,
    pub net: Net,
    pub runner: Runner,
    pub store: Store,
    pub writer: Writer,
    pub verifier: Verifier,
    pub looks: Looks,
    pub pictures: Pictures,
    pub events: mpsc::Sender<Event>,
    pub stop: CancellationToken,
}

impl Core {
    /// A core of these parts.
    pub fn new(parts: Parts) -> Core {
        let Parts { engine, net, runner, store, writer, verifier, looks, pictures, events, stop } =
            parts;
        Core {
            engine,
            net,
            runner,
            store,
            writer,
            verifier,
            requests: Requests::default(),
            looks,
            pictures,
            events,
            stop,
            started: Instant::now(),
            replies: BTreeMap::new(),
            next_reply: 0,
            kicked: BTreeMap::new(),
        }
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    /// Runs until the node is to stop; then stores where the worlds are.
    pub async fn run(mut self, mut events: mpsc::Receiver<Event>) {
        let mut batch = Vec::new();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            if self.runner.has_waiting() {
                tokio::select! {
                    () = self.stop.cancelled() => break,
                    () = self.runner.drained() => {}
                    () = tokio::time::sleep(GATHER) => {}
                }
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled() => break,
                count = events.recv_many(&mut batch, TOGETHER_MAX) => {
                    if count == 0 {
                        break;
                    }
                    for event in batch.drain(..) {
                        self.happened(event).await;
                    }
                }
                _ = tick.tick() => {}
            }
            let now = self.now_ms();
            for action in self.engine.poll(now) {
                self.act(action).await;
            }
            for (shard, epoch, refused) in self.engine.take_refused() {
                self.pictures.take_refused(shard, epoch, refused);
            }
            self.look_after_peers();
            let profile = self.pictures.update(&self.engine, &self.net, &self.store);
            if let Some(profile) = profile {
                self.engine.handle(now, Input::Profile(profile));
            }
        }
        // Whoever still has something to tell is not to wait for us.
        events.close();
        let runner = self.runner.clone();
        let _ = tokio::task::spawn_blocking(move || runner.stop()).await;
        for action in self.engine.anchor_all() {
            self.act(action).await;
        }
        self.writer.finish().await;
    }

    async fn happened(&mut self, event: Event) {
        match event {
            Event::Input(input) => self.tell(input),
            Event::Net(event) => self.net_event(event).await,
            Event::Asked { question: Question::Look { world, shard, events_from }, reply } => {
                let history = self.engine.history(world);
                self.looks.answer_peer(history, shard, events_from, reply);
            }
            Event::Asked { question: Question::Ask { world, shard, query }, reply } => {
                self.looks.answer_question(world, shard, query, reply);
            }
            Event::Asked { question, reply } => {
                if self.replies.len() >= REPLIES_MAX {
                    return;
                }
                self.next_reply += 1;
                self.replies.insert(self.next_reply, reply);
                self.tell(Input::Asked { ask: self.next_reply, question });
            }
            Event::Ask(ask) => self.request(ask),
            Event::Watch(project, answer) => {
                let _ = answer.send(self.watch(project));
            }
            Event::Joined(answer, result) => self.joined(answer, result),
        }
    }

    pub(super) fn tell(&mut self, input: Input) {
        let now = self.now_ms();
        self.engine.handle(now, input);
    }

    async fn net_event(&mut self, event: NetEvent) {
        match event {
            NetEvent::Connected { peer, transport, address } => {
                tracing::info!(%peer, transport = transport.name(), %address, "connected");
                self.tell(Input::PeerUp(peer));
            }
            NetEvent::Disconnected { peer, reason } => {
                tracing::info!(%peer, %reason, "disconnected");
                self.tell(Input::PeerDown(peer));
            }
            NetEvent::Gossip(message) => self.verifier.verify(message),
            NetEvent::Asked { from: _, bytes, reply } => {
                let events = self.events.clone();
                // Reading a question is quick, but what it brings may be a mebibyte of commands.
                tokio::task::spawn_blocking(move || {
                    if let Ok(question) = codec::decode::<Question>(&bytes) {
                        let _ = events.blocking_send(Event::Asked { question, reply });
                    }
                });
            }
            NetEvent::Address { peer, address } => {
                let known = self.net.attempts();
                let mut addresses: Vec<String> = known
                    .into_iter()
                    .filter(|attempt| attempt.peer == Some(peer) && attempt.error.is_none())
                    .map(|attempt| attempt.address.to_string())
                    .collect();
                addresses.retain(|other| *other != address.to_string());
                addresses.insert(0, address.to_string());
                addresses.truncate(8);
                let mut batch = Batch::new();
                batch.put_peer(peer, &addresses);
                if let Err(error) = self.store.put_lazy(batch).await {
                    tracing::warn!(%error, "a peer's address could not be stored");
                }
            }
            NetEvent::Stranger { peer, mesh, protocol } => {
                tracing::warn!(%peer, ?mesh, protocol, "a node of another mesh was turned away");
            }
            NetEvent::Listening(address) => tracing::info!(%address, "listening"),
            NetEvent::NotListening { address, reason } => {
                tracing::warn!(%address, reason, "not listening any more");
            }
            NetEvent::Rtt { .. } | NetEvent::Subscribed { .. } | NetEvent::Unsubscribed { .. } => {}
        }
    }

    async fn act(&mut self, action: Action) {
        match action {
            Action::Subscribe(topic) => self.net.subscribe(topic),
            Action::Publish(topic, gossip) => {
                if let Err(error) = self.net.publish(topic, codec::encode(&gossip)) {
                    tracing::debug!(%error, "gossip was not sent");
                }
            }
            Action::Ask { ask, peer, question } => self.ask(ask, peer, &question),
            Action::Reply { ask, answer } => {
                if let Some(reply) = self.replies.remove(&ask) {
                    reply.send(codec::encode(&answer));
                }
            }
            Action::Run(job) => self.runner.run(job),
            Action::Drop(world, shard) => self.runner.drop_state(world, shard),
            Action::Forget(state) => self.runner.forget(state),
            Action::Fetch { state, peers } => self.fetch(state, peers),
            Action::Store(record, token) => self.writer.store(record, token, &self.runner).await,
            Action::Tell(Notice::Alarm { world, shard, from, author }) => {
                tracing::error!(
                    %world, %shard, from, %author,
                    "two runs of one step disagree: this is a fault in the simulation, please report it"
                );
                self.pictures.alarm(format!(
                    "Two runs of project {} disagree from epoch {from} on. This is a fault in the \
                     simulation: please report it with this node's log.",
                    shard.short()
                ));
            }
            Action::Tell(notice) => self.notice(notice),
        }
    }

    fn ask(&self, ask: u64, peer: NodeId, question: &Question) {
        let (net, events) = (self.net.clone(), self.events.clone());
        let bytes = codec::encode(question);
        tokio::spawn(async move {
            let answer = match net.ask(peer, bytes).await {
                Ok(bytes) => codec::decode::<Answer>(&bytes).ok(),
                Err(error) => {
                    tracing::debug!(%peer, %error, "a question got no answer");
                    None
                }
            };
            let _ = events.send(Event::Input(Input::Answered { ask, answer })).await;
        });
    }

    fn fetch(&self, state: StateHash, peers: Vec<NodeId>) {
        let (net, events, runner) = (self.net.clone(), self.events.clone(), self.runner.clone());
        tokio::spawn(async move {
            let mut found = false;
            for peer in peers {
                match net.fetch_state(peer, state, STATE_BYTES_MAX).await {
                    Ok(bytes) => {
                        runner.keep(state, Arc::from(bytes));
                        found = true;
                        break;
                    }
                    Err(error) => tracing::debug!(%peer, %error, "a state could not be fetched"),
                }
            }
            let _ = events.send(Event::Input(Input::Fetched { state, found })).await;
        });
    }

    /// Connections over which nothing comes any more are dialled again: gossip can fall silent on
    /// one side without an error.
    fn look_after_peers(&mut self) {
        let now = Instant::now();
        self.kicked.retain(|_, at| now < *at + 2 * DEAF_AFTER);
        for (node, peer) in self.engine.peers() {
            let silent = self.engine.silent_ms(*node);
            let deaf = silent.is_some_and(|ms| ms > DEAF_AFTER.as_millis() as u64);
            if peer.connected && deaf && !self.kicked.contains_key(node) {
                tracing::warn!(peer = %node, "connected, but silent: dialled again");
                self.kicked.insert(*node, now);
                self.net.kick(*node);
            }
        }
    }
}
