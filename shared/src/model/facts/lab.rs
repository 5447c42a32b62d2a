//! A laboratory: a whole world in one hand, driven without the engine. It steps shards in order of
//! id, carries their mail with the lookahead, gives returned mail back to its sender, and can put a
//! shard into a state that a command could not. Used by the [facts](super), by the
//! [past projects](super::past) and by tests.

use std::collections::BTreeMap;

use crate::engine::genesis::Genesis;
use crate::engine::model::{
    CommandInput, Flow, Founding, Mail, Model, OutOfFuel, Refusal, Refused, Step,
};
use crate::id::{CommandId, Epoch, Hash, Hasher, ShardId};
use crate::model::business::market::Market;
use crate::model::command::ProjectCommand;
use crate::model::companies::{Companies, NAME, RULES, State};
use crate::model::kind::{Role, Seniority};
use crate::model::project::{DAY, Project, Vacancy};
use crate::model::spec::{Founding as Body, MarketSpec, ProjectSpec};

/// A shard and what is left to it.
#[derive(Clone)]
struct Shard {
    state: State,
    flow: Flow,
    orders: Vec<CommandInput>,
}

/// A world without an engine.
#[derive(Clone)]
pub struct Lab {
    genesis: Genesis,
    epoch: Epoch,
    shards: BTreeMap<ShardId, Shard>,
    /// By the epoch in which it arrives, in order of sending.
    mail: BTreeMap<Epoch, Vec<(ShardId, Mail)>>,
    founded: u64,
    ordered: u64,
    record: bool,
    through_bytes: bool,
    /// Mail that came back to a sender that was no more itself: what it carried has left the world.
    pub lost: Vec<Mail>,
    /// Commands that were refused, oldest first.
    pub refused: Vec<Refused>,
    /// What was recorded, if it was asked for.
    pub events: Vec<Vec<u8>>,
    /// The most fuel that a step has burned.
    pub burned_most: u64,
}

impl Lab {
    /// A world of this seed with the usual hours: mail takes a day.
    pub fn hourly(seed: u64) -> Lab {
        Lab::of(Genesis::new("lab", NAME, RULES, seed))
    }

    /// A world of this seed whose epochs are whole days, which is quicker: mail takes a day too.
    pub fn daily(seed: u64) -> Lab {
        let mut genesis = Genesis::new("lab", NAME, RULES, seed);
        genesis.ticks_per_epoch = DAY as u32;
        genesis.lookahead = 1;
        Lab::of(genesis)
    }

    /// A world from this genesis.
    pub fn of(genesis: Genesis) -> Lab {
        Lab {
            genesis,
            epoch: 0,
            shards: BTreeMap::new(),
            mail: BTreeMap::new(),
            founded: 0,
            ordered: 0,
            record: false,
            through_bytes: false,
            lost: Vec::new(),
            refused: Vec::new(),
            events: Vec::new(),
            burned_most: 0,
        }
    }

    /// The same world, with its events recorded from now on.
    pub fn recording(mut self) -> Lab {
        self.record = true;
        self
    }

    /// The same world, in which every state is encoded and decoded between two steps.
    pub fn through_bytes(mut self) -> Lab {
        self.through_bytes = true;
        self
    }

    /// The same world, which goes on with other luck from here.
    pub fn reseeded(mut self, seed: u64) -> Lab {
        self.genesis.seed = seed;
        self
    }

    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Working days since the start of the world.
    pub fn day(&self) -> u32 {
        (self.epoch * u64::from(self.genesis.ticks_per_epoch) / DAY) as u32
    }

    /// The id of the shard that is founded as the nth, from 1, wherever.
    pub fn nth_id(nth: u64) -> ShardId {
        ShardId(Hash(Hasher::new("zeromesh/lab").number(nth).finish().0))
    }

    /// Founds a project or a market under the next id.
    pub fn found(&mut self, body: Body) -> Result<ShardId, Refusal> {
        self.found_as(Lab::nth_id(self.founded + 1), body)
    }

    /// Founds a project or a market under this id.
    pub fn found_as(&mut self, shard: ShardId, body: Body) -> Result<ShardId, Refusal> {
        let body = body.to_body();
        let founding = Founding {
            genesis: &self.genesis,
            rules: self.genesis.rules,
            shard,
            epoch: self.epoch,
            body: &body,
        };
        let state = Companies.found(&founding)?;
        self.founded += 1;
        self.shards.insert(shard, Shard { state, flow: Flow::On, orders: Vec::new() });
        Ok(shard)
    }

    /// Founds a project.
    pub fn found_project(&mut self, spec: ProjectSpec) -> Result<ShardId, Refusal> {
        self.found(Body::Project(Box::new(spec)))
    }

    /// Founds a market.
    pub fn found_market(&mut self, spec: MarketSpec) -> Result<ShardId, Refusal> {
        self.found(Body::Market(spec))
    }

    /// Gives a shard a command for its next step.
    pub fn order(&mut self, shard: ShardId, command: &ProjectCommand) {
        self.order_bytes(shard, command.to_body());
    }

    /// Gives a shard a command of these bytes for its next step.
    pub fn order_bytes(&mut self, shard: ShardId, body: Vec<u8>) {
        self.ordered += 1;
        let mut id = [0; 32];
        id[..8].copy_from_slice(&self.ordered.to_be_bytes());
        if let Some(shard) = self.shards.get_mut(&shard) {
            shard.orders.push(CommandInput { id: CommandId(Hash(id)), body });
        }
    }

    /// Moves the world through so many epochs.
    pub fn run(&mut self, epochs: u64) -> Result<(), OutOfFuel> {
        for _ in 0..epochs {
            self.step()?;
        }
        Ok(())
    }

    /// Moves the world through so many working days.
    pub fn days(&mut self, days: u32) -> Result<(), OutOfFuel> {
        let until = (u64::from(self.day()) + u64::from(days)) * DAY;
        while self.epoch * u64::from(self.genesis.ticks_per_epoch) < until {
            self.step()?;
        }
        Ok(())
    }

    /// Moves the world on, day by day, until a project has ended or `most` days have gone by. Tells
    /// the days; none if it goes on.
    pub fn until_end(&mut self, project: ShardId, most: u32) -> Option<u32> {
        for day in 1..=most {
            self.days(1).ok()?;
            if self.ended(project) {
                return Some(day);
            }
        }
        None
    }

    fn step(&mut self) -> Result<(), OutOfFuel> {
        let later = self.epoch + u64::from(self.genesis.lookahead);
        let mut inboxes: BTreeMap<ShardId, Vec<Mail>> = BTreeMap::new();
        for (to, mail) in self.mail.remove(&self.epoch).unwrap_or_default() {
            if self.shards.get(&to).is_some_and(|shard| shard.flow == Flow::On) {
                inboxes.entry(to).or_default().push(mail);
            } else if !mail.returned {
                // Nobody is there: it goes back to its sender.
                let back = Mail { from: to, returned: true, body: mail.body };
                self.mail.entry(later).or_default().push((mail.from, back));
            } else {
                self.lost.push(mail);
            }
        }
        let mut sent = Vec::new();
        for (&id, shard) in &mut self.shards {
            if shard.flow == Flow::Ended {
                continue;
            }
            let mut inbox = inboxes.remove(&id).unwrap_or_default();
            inbox.sort_by_key(|mail| mail.from);
            let orders = std::mem::take(&mut shard.orders);
            let (genesis, rules) = (&self.genesis, self.genesis.rules);
            let mut step = Step::new(genesis, rules, id, self.epoch, &orders, &inbox, self.record);
            shard.flow = Companies.step(&mut shard.state, &mut step)?;
            self.burned_most = self.burned_most.max(genesis.fuel_per_step - step.fuel());
            for message in step.outbox() {
                let mail = Mail { from: id, returned: false, body: message.body.clone() };
                sent.push((message.to, mail));
            }
            self.refused.extend_from_slice(step.refused());
            self.events.extend_from_slice(step.events());
            if self.through_bytes
                && let Ok(state) = Companies.decode(&Companies.encode(&shard.state))
            {
                shard.state = state;
            }
        }
        if !sent.is_empty() {
            self.mail.entry(later).or_default().extend(sent);
        }
        self.epoch += 1;
        Ok(())
    }

    /// The shards in order of id.
    pub fn ids(&self) -> Vec<ShardId> {
        self.shards.keys().copied().collect()
    }

    /// The state of a shard.
    pub fn state(&self, shard: ShardId) -> Option<&State> {
        self.shards.get(&shard).map(|shard| &shard.state)
    }

    /// A project, as it is.
    pub fn project(&self, shard: ShardId) -> Option<&Project> {
        match &self.shards.get(&shard)?.state {
            State::Project(project) => Some(project),
            State::Market(_) => None,
        }
    }

    /// A project, to be put into the state that an experiment asks for.
    pub fn project_mut(&mut self, shard: ShardId) -> Option<&mut Project> {
        match &mut self.shards.get_mut(&shard)?.state {
            State::Project(project) => Some(project),
            State::Market(_) => None,
        }
    }

    /// A market, as it is.
    pub fn market(&self, shard: ShardId) -> Option<&Market> {
        match &self.shards.get(&shard)?.state {
            State::Market(market) => Some(market),
            State::Project(_) => None,
        }
    }

    /// All projects, in order of id.
    pub fn projects(&self) -> impl Iterator<Item = &Project> {
        self.shards.values().filter_map(|shard| match &shard.state {
            State::Project(project) => Some(&**project),
            State::Market(_) => None,
        })
    }

    /// Whether a shard has ended.
    pub fn ended(&self, shard: ShardId) -> bool {
        self.shards.get(&shard).is_none_or(|shard| shard.flow == Flow::Ended)
    }

    /// What is on its way, with its receiver, in order of arrival.
    pub fn in_transit(&self) -> impl Iterator<Item = (ShardId, &Mail)> {
        self.mail.values().flatten().map(|(to, mail)| (*to, mail))
    }

    /// Every state as bytes, in order of shard.
    pub fn bytes(&self) -> Vec<Vec<u8>> {
        self.shards.values().map(|shard| Companies.encode(&shard.state)).collect()
    }

    /// Lets people begin this very evening, without the wait that hiring takes.
    pub fn join(&mut self, shard: ShardId, role: Role, seniority: Seniority, count: u32) {
        let due_day = self.day().saturating_sub(1);
        if let Some(project) = self.project_mut(shard) {
            for _ in 0..count {
                project.vacancies.push(Vacancy { id: 0, role, seniority, name: None, due_day });
            }
        }
    }

    /// Makes all people of a project equally able, so that what else differs can be seen.
    pub fn level(&mut self, shard: ShardId) {
        let Some(project) = self.project_mut(shard) else { return };
        for person in &mut project.people {
            person.talent = 10_000;
            person.personality = [5_500; 5];
            let (first, second) = person.role.skills();
            let craft = person.seniority.skill() as u16;
            for (at, level) in person.skills.iter_mut().enumerate() {
                *level = match crate::model::kind::Skill::ALL[at] {
                    skill if skill == first => craft,
                    skill if skill == second => craft - 900,
                    skill if skill.soft() => 3_000 + craft / 3,
                    _ => 1_700,
                };
            }
        }
    }

    /// Makes all people of a project newcomers, or people who know it well: in basis points.
    pub fn familiar(&mut self, shard: ShardId, familiarity: u16) {
        if let Some(project) = self.project_mut(shard) {
            for person in &mut project.people {
                person.familiarity = familiarity;
            }
        }
    }

    /// Typical person-minutes that the tasks of a project still take, which nobody in it knows.
    pub fn work_left(&self, shard: ShardId) -> u64 {
        self.project(shard).map_or(0, |project| {
            project.tasks.iter().filter(|task| task.open()).map(|task| u64::from(task.left)).sum()
        })
    }
}
