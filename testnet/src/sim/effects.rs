//! What the engines of a simulated mesh ask for, done in virtual time.

use std::sync::Arc;

use super::{ASK_TIMEOUT_MS, Event, JobEnd, Mesh};
use shared::engine::machine::{Action, Done, Input, Job, Notice, Start};
use shared::engine::model::{Founding, Model};
use shared::engine::receipt::state_hash;
use shared::engine::step;

impl<M: Model + Clone> Mesh<M> {
    pub(super) fn act(&mut self, index: usize, action: Action) {
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

    pub(super) fn flushed(&mut self, index: usize, number: u64) {
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

    pub(super) fn run_job(&mut self, index: usize, job: Job) {
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

    pub(super) fn job_done(&mut self, index: usize, end: JobEnd) {
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
}
