//! What can go wrong in a simulated mesh: crashes, pauses, slowness, wrong clocks, cuts.

use std::sync::Arc;

use super::disk::Disk;
use super::{Event, Mesh};
use shared::engine::machine::Engine;
use shared::engine::model::Model;

impl<M: Model + Clone> Mesh<M> {
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

    pub(super) fn cut(&mut self, a: usize, b: usize) {
        if self.connected.remove(&(a.min(b), a.max(b))) {
            for (here, there) in [(a, b), (b, a)] {
                let at = self.now + self.draw(self.weather.notice_ms);
                self.push(at, Event::Disconnect(here, there));
            }
        }
    }

    pub(super) fn reaches(&self, a: usize, b: usize) -> bool {
        self.connected.contains(&(a.min(b), a.max(b)))
    }
}
