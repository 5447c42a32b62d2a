//! The companies in a bare loop: states in a vector, messages carried from one to the next, and
//! nothing else. No lineages, no receipts, no summaries, no checkpoints. It goes shard by shard
//! through a lookahead at a time, as the engine does, which the caches like.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use shared::engine::command::{Command, Target};
use shared::engine::genesis::Genesis;
use shared::engine::model::{CommandInput, Flow, Founding, Mail, Model, Step};
use shared::id::{Epoch, ShardId};
use shared::model::{Companies, Scenario, State};

struct Shard {
    id: ShardId,
    state: State,
    ended: bool,
    commands: BTreeMap<Epoch, Vec<CommandInput>>,
    /// What arrives, by epoch modulo twice the lookahead.
    mail: Vec<Vec<Mail>>,
}

pub struct Bare {
    genesis: Genesis,
    /// In order of id.
    shards: Vec<Shard>,
    index: BTreeMap<ShardId, usize>,
    epoch: Epoch,
    record: bool,
    /// Bytes of recorded events.
    pub event_bytes: usize,
}

/// Where the scenarios of the repository are.
pub fn scenario_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../configs/scenarios/{name}.toml"))
}

pub fn scenario(name: &str) -> anyhow::Result<Scenario> {
    let file = scenario_file(name);
    let text = std::fs::read_to_string(&file).context(file.display().to_string())?;
    Ok(Scenario::parse(&text, name)?)
}

/// The commands of a scenario, with their epochs.
pub fn commands(scenario: &Scenario) -> impl Iterator<Item = (Epoch, Command)> {
    let world = scenario.genesis.id();
    scenario.commands.iter().map(move |(epoch, target, body, nonce)| {
        (*epoch, Command { world, target: *target, body: body.clone(), nonce: *nonce })
    })
}

impl Bare {
    pub fn new(scenario: &Scenario, record: bool) -> anyhow::Result<Bare> {
        let genesis = scenario.genesis.clone();
        let depth = 2 * genesis.lookahead as usize;
        let mut shards = BTreeMap::new();
        for (epoch, command) in commands(scenario) {
            let id = command.id();
            match command.target {
                Target::Found => {
                    anyhow::ensure!(epoch == 0, "the bare loop founds everything at the start");
                    let (rules, shard) = (genesis.rules, ShardId(id.0));
                    let body = &command.body;
                    let founding = Founding { genesis: &genesis, rules, shard, epoch, body };
                    let (state, commands) = (Companies.found(&founding)?, BTreeMap::new());
                    let mail = vec![Vec::new(); depth];
                    shards.insert(shard, Shard { id: shard, state, ended: false, commands, mail });
                }
                Target::Shard(shard) => {
                    let shard = shards.get_mut(&shard).context("a command to nobody")?;
                    let input = CommandInput { id, body: command.body };
                    shard.commands.entry(epoch).or_default().push(input);
                }
                Target::World => anyhow::bail!("the bare loop knows no commands to worlds"),
            }
        }
        let shards: Vec<Shard> = shards.into_values().collect();
        let index = shards.iter().enumerate().map(|(index, shard)| (shard.id, index)).collect();
        Ok(Bare { genesis, shards, index, epoch: 0, record, event_bytes: 0 })
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// One lookahead further, which is a working day.
    pub fn day(&mut self) {
        let until = self.epoch + u64::from(self.genesis.lookahead);
        let depth = 2 * u64::from(self.genesis.lookahead);
        let mut sent = Vec::new();
        for index in 0..self.shards.len() {
            for epoch in self.epoch..until {
                let shard = &mut self.shards[index];
                let inbox = std::mem::take(&mut shard.mail[(epoch % depth) as usize]);
                if shard.ended {
                    break;
                }
                let commands = shard.commands.remove(&epoch).unwrap_or_default();
                let rules = self.genesis.rules;
                let mut step = Step::new(
                    &self.genesis,
                    rules,
                    shard.id,
                    epoch,
                    &commands,
                    &inbox,
                    self.record,
                );
                shard.ended = Companies.step(&mut shard.state, &mut step) != Ok(Flow::On);
                self.event_bytes += step.events().iter().map(Vec::len).sum::<usize>();
                let arrives = ((epoch + u64::from(self.genesis.lookahead)) % depth) as usize;
                for message in step.outbox() {
                    let mail = Mail { from: shard.id, returned: false, body: message.body.clone() };
                    sent.push((arrives, message.to, mail));
                }
            }
            for (arrives, to, mail) in sent.drain(..) {
                if let Some(to) = self.index.get(&to) {
                    self.shards[*to].mail[arrives].push(mail);
                }
            }
        }
        self.epoch = until;
    }

    /// Everybody on the payroll now.
    pub fn people(&self) -> u64 {
        let people = self.shards.iter().map(|shard| match &shard.state {
            State::Project(project) if !shard.ended => project.people.len() as u64,
            _ => 0,
        });
        people.sum()
    }

    /// The states of those that go on, in order of id.
    pub fn states(&self) -> impl Iterator<Item = (ShardId, &State)> {
        self.shards.iter().filter(|shard| !shard.ended).map(|shard| (shard.id, &shard.state))
    }
}
