//! A small world for the tests of business: shards in order of id, and mail as the engine carries
//! it. What finds nobody on arrival goes back, which takes as long again.

use std::collections::BTreeMap;

use crate::engine::genesis::Genesis;
use crate::engine::model::{CommandInput, Flow, Founding, Mail, Model, Step};
use crate::id::{CommandId, Epoch, Hash, ShardId};
use crate::model::business::deal::DealMessage;
use crate::model::business::market::{Market, MarketMessage};
use crate::model::command::ProjectCommand;
use crate::model::companies::{Companies, NAME, RULES, State};
use crate::model::mail::Message;
use crate::model::project::Project;
use crate::model::spec::{Founding as Body, ProjectSpec};

pub struct World {
    pub genesis: Genesis,
    pub epoch: Epoch,
    pub shards: BTreeMap<ShardId, (State, Flow)>,
    /// By epoch of arrival: sender, receiver and letter.
    pub mail: BTreeMap<Epoch, Vec<(ShardId, ShardId, Mail)>>,
    /// Money on its way between two that are both no more.
    pub dead_letters_cents: i64,
    pub orders: BTreeMap<ShardId, Vec<CommandInput>>,
    pub record: bool,
    /// Encode and decode every state between two steps.
    pub through_bytes: bool,
    next: u8,
}

impl World {
    pub fn new(seed: u64) -> World {
        World {
            genesis: Genesis::new("test", NAME, RULES, seed),
            epoch: 0,
            shards: BTreeMap::new(),
            mail: BTreeMap::new(),
            dead_letters_cents: 0,
            orders: BTreeMap::new(),
            record: false,
            through_bytes: false,
            next: 1,
        }
    }

    pub fn found(&mut self, body: Body) -> ShardId {
        let shard = ShardId(Hash([self.next; 32]));
        self.next += 1;
        let body = body.to_body();
        let (rules, epoch) = (RULES, self.epoch);
        let founding = Founding { genesis: &self.genesis, rules, shard, epoch, body: &body };
        let state = Companies.found(&founding).expect("the spec is good");
        self.shards.insert(shard, (state, Flow::On));
        shard
    }

    pub fn project(&mut self, spec: ProjectSpec) -> ShardId {
        self.found(Body::Project(Box::new(spec)))
    }

    pub fn order(&mut self, shard: ShardId, command: ProjectCommand) {
        let id = CommandId(Hash([7; 32]));
        self.orders.entry(shard).or_default().push(CommandInput { id, body: command.to_body() });
    }

    pub fn days(&mut self, days: u64) {
        for _ in 0..days * 8 {
            self.step();
        }
    }

    fn step(&mut self) {
        let later = self.epoch + u64::from(self.genesis.lookahead);
        let mut inboxes: BTreeMap<ShardId, Vec<Mail>> = BTreeMap::new();
        for (from, to, mail) in self.mail.remove(&self.epoch).unwrap_or_default() {
            let alive = self.shards.get(&to).is_some_and(|(_, flow)| *flow == Flow::On);
            match (alive, mail.returned) {
                (true, _) => inboxes.entry(to).or_default().push(mail),
                (false, false) => {
                    let back = Mail { from: to, returned: true, body: mail.body };
                    self.mail.entry(later).or_default().push((to, from, back));
                }
                (false, true) => self.dead_letters_cents += paid(&mail.body),
            }
        }
        for (&shard, (state, flow)) in &mut self.shards {
            if *flow == Flow::Ended {
                continue;
            }
            let inbox = inboxes.remove(&shard).unwrap_or_default();
            let commands = self.orders.remove(&shard).unwrap_or_default();
            let (genesis, epoch) = (&self.genesis, self.epoch);
            let mut step = Step::new(genesis, RULES, shard, epoch, &commands, &inbox, self.record);
            *flow = Companies.step(state, &mut step).expect("there is fuel enough");
            for out in step.outbox() {
                let mail = Mail { from: shard, returned: false, body: out.body.clone() };
                self.mail.entry(later).or_default().push((shard, out.to, mail));
            }
            if self.through_bytes {
                *state = Companies.decode(&Companies.encode(state)).expect("a sound state");
            }
        }
        self.epoch += 1;
    }

    pub fn state(&self, shard: ShardId) -> &Project {
        match &self.shards[&shard].0 {
            State::Project(project) => project,
            State::Market(_) => panic!("a market"),
        }
    }

    pub fn market(&self, shard: ShardId) -> &Market {
        match &self.shards[&shard].0 {
            State::Market(market) => market,
            State::Project(_) => panic!("a project"),
        }
    }

    pub fn projects(&self) -> impl Iterator<Item = &Project> {
        self.shards.values().filter_map(|(state, _)| match state {
            State::Project(project) => Some(&**project),
            State::Market(_) => None,
        })
    }

    /// Money that has left one project and not arrived at another, in cents.
    pub fn in_transit_cents(&self) -> i64 {
        self.mail.values().flatten().map(|(_, _, mail)| paid(&mail.body)).sum()
    }

    /// Messages between a project and the market that are on their way.
    pub fn market_mail(&self, project: ShardId) -> impl Iterator<Item = MarketMessage> {
        self.mail
            .values()
            .flatten()
            .filter(move |(from, to, mail)| (*from == project || *to == project) && !mail.returned)
            .filter_map(|(_, _, mail)| match Message::from_bytes(&mail.body) {
                Some(Message::Market(message)) => Some(message),
                _ => None,
            })
    }
}

/// The money in a letter.
pub fn paid(body: &[u8]) -> i64 {
    match Message::from_bytes(body) {
        Some(Message::Deal(DealMessage::Pay { cents })) => cents,
        _ => 0,
    }
}
