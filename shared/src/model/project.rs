//! A project: all there is to know of a virtual company between two steps.

use std::collections::VecDeque;

use bincode::{Decode, Encode};

use crate::id::ShardId;
use crate::model::business::Business;
use crate::model::business::money::{Day, MONTH_DAYS};
use crate::model::chief::Chief;
use crate::model::kind::{Role, Seniority, TaskKind};
use crate::model::people::career::CareerEvent;
use crate::model::people::names::Name;
use crate::model::people::person::Person;
use crate::model::people::staff::Staff;
use crate::model::phases::board::Against;
use crate::model::phases::{Path, PhaseEnd, PhaseWork};
use crate::model::policies::Policies;
use crate::model::spec::{ProjectSpec, TASKS_MAX};
use crate::model::view::{Phase, ProjectSummary, Status};
use crate::model::words::Words;
use crate::model::words::talk::{Note, TALK_KEPT};
use crate::model::words::title::Title;
use crate::model::words::vocabulary::Vocabulary;
use crate::model::work::{Cache, Task, WorkState, made_minutes};
use crate::model::workshop::Workshop;
use crate::rng::Rng;

/// Minutes of a working day.
pub const DAY: u64 = 480;
/// Working days of a week.
pub const WEEK_DAYS: u64 = 5;
/// Working days of a year.
pub const YEAR_DAYS: u32 = 260;
/// People who left that are still remembered by name.
pub const ALUMNI_KEPT: usize = 32;
/// Spread of difficulty between projects, as the standard deviation of its logarithm. With what else
/// differs it gives the scatter of effort that is found in data: .5 to 1.0 around a fit on size.
pub const DIFFICULTY_SD: f64 = 0.4;
/// Positions that may be open at a time.
pub const VACANCIES_MAX: usize = 64;

/// A virtual company at work.
#[derive(Clone, Debug, Encode, Decode)]
pub struct Project {
    /// Its id.
    pub shard: ShardId,
    /// The tick up to which it has been stepped.
    pub tick: u64,
    pub profile: Profile,
    pub market: Option<ShardId>,
    pub status: Status,
    pub phase: Phase,
    /// Tick at which the phase began.
    pub phase_since: u64,
    /// What has been done in it.
    pub phase_work: PhaseWork,
    pub stop_after: Phase,
    pub end: Option<EndReason>,
    pub policies: Policies,
    /// How good the idea is, in basis points. Validation finds out.
    pub idea: u16,
    /// What all work takes against an ordinary project, in basis points: what is hard about it is
    /// hard everywhere in it. Nobody knows it; the estimates learn.
    pub difficulty: u16,
    pub scope: u32,
    pub only_backlog: bool,
    /// In order of id.
    pub people: Vec<Person>,
    pub next_person: u32,
    pub alumni: Vec<Alumnus>,
    pub vacancies: Vec<Vacancy>,
    pub staff: Staff,
    /// In order of id.
    pub tasks: Vec<Task>,
    pub next_task: u32,
    /// What the work as a whole remembers, beside the tasks.
    pub work: WorkState,
    /// Defects in the product that nobody has found.
    pub latent: u32,
    pub workshop: Workshop,
    /// What each finished phase left behind.
    pub ends: Vec<PhaseEnd>,
    /// The way from the idea to the customers.
    pub path: Path,
    /// Goals and acts of whoever leads.
    pub chief: Chief,
    pub cash_cents: i64,
    pub customers: u32,
    /// Books, support, sales, funding and deals.
    pub business: Business,
    pub launched: bool,
    /// Consecutive working days on which it earned more than it spent.
    pub profitable_days: u32,
    /// Newest last.
    pub days: Vec<Day>,
    pub today: Day,
    pub totals: Totals,
    pub talk: VecDeque<Note>,
    pub next_talk: u64,
    pub words: Words,
    /// Derived from the rest, never encoded.
    pub cache: Cache,
}

/// What a project says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Profile {
    pub name: String,
    pub industry: String,
    pub description: String,
    pub hypothesis: String,
    pub target_customers: Vec<String>,
    pub target_market: String,
    pub business_model: String,
}

/// Why a project has ended.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum EndReason {
    /// It did what it was asked to: up to this phase.
    Reached(Phase),
    /// All of its backlog is done.
    BacklogDone,
    /// It pays for itself.
    Profitable,
    /// Validation found the idea wanting: score and what was needed.
    NotValidated(u16, u16),
    /// The advisory board advised against it.
    Advised(Against),
    /// What is planned cannot be paid for: working days to the launch, and of money.
    OutOfReach(u32, u32),
    /// The money is gone: working day.
    Bankrupt(u32),
    /// Somebody bought it: for so much, for its people rather than for its customers.
    Acquired { cents: i64, for_team: bool },
    /// Its founders stopped before the money was gone: working day.
    WoundDown(u32),
    /// Everybody has left.
    Deserted,
    /// Its owner put it away.
    Archived,
}

/// Somebody who left.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Alumnus {
    pub id: u32,
    pub name: Name,
}

/// A position to be filled.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Vacancy {
    /// Unique in the project, growing.
    pub id: u32,
    pub role: Role,
    pub seniority: Seniority,
    pub name: Option<String>,
    /// Working day on which somebody starts.
    pub due_day: u32,
}

/// What was ever done, for conservation and for reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Totals {
    pub done: u64,
    pub dropped: u64,
    /// Tasks that came back after they had been done or dropped.
    pub reopened: u64,
    pub spent_cents: i64,
    pub earned_cents: i64,
    /// Put in from outside: the cash of the first day and what owners added.
    pub funded_cents: i64,
    pub hired: u32,
    pub left: u32,
    pub defects_made: u32,
    pub defects_caught: u32,
    pub defects_escaped: u32,
    pub focus_minutes: u64,
    pub meeting_minutes: u64,
    /// People who were interrupted at their work.
    pub interruptions: u64,
    /// Times somebody took up a task after another one.
    pub switches: u64,
    /// Tasks that turned out not to be what was meant, before they were handed in.
    pub misunderstood: u64,
    /// Minutes of people who worked on one task together, of both.
    pub pair_minutes: u64,
}

impl Project {
    /// The project that a spec describes. The spec has been checked.
    pub fn found(spec: &ProjectSpec, shard: ShardId, start_tick: u64, rng: &mut Rng) -> Project {
        let mut project = Project {
            shard,
            tick: start_tick,
            profile: Profile {
                name: spec.name.clone(),
                industry: spec.industry.clone(),
                description: spec.description.clone(),
                hypothesis: spec.hypothesis.clone(),
                target_customers: spec.target_customers.clone(),
                target_market: spec.target_market.clone(),
                business_model: spec.business_model.clone(),
            },
            market: spec.market,
            status: Status::Active,
            phase: spec.phase,
            phase_since: start_tick,
            phase_work: PhaseWork::default(),
            stop_after: spec.stop_after,
            end: None,
            policies: spec.policies.clone(),
            idea: (6_200.0 + rng.normal() * 1_400.0).clamp(500.0, 9_800.0) as u16,
            // A backlog from outside has its own pace already.
            difficulty: match spec.only_backlog {
                true => 10_000,
                false => {
                    let factor = libm::exp(rng.normal() * DIFFICULTY_SD);
                    (10_000.0 * factor).clamp(4_000.0, 25_000.0) as u16
                }
            },
            scope: spec.scope,
            only_backlog: spec.only_backlog,
            people: Vec::new(),
            next_person: 1,
            alumni: Vec::new(),
            vacancies: Vec::new(),
            staff: Staff::default(),
            tasks: Vec::with_capacity(spec.backlog.len()),
            next_task: 1,
            work: WorkState::default(),
            latent: 0,
            workshop: Workshop::default(),
            ends: Vec::new(),
            path: Path::found(spec),
            chief: Chief::default(),
            cash_cents: spec.cash_cents,
            customers: spec.customers,
            business: Business::default(),
            launched: spec.phase >= Phase::Growth,
            profitable_days: 0,
            days: Vec::new(),
            today: Day::default(),
            totals: Totals { funded_cents: spec.cash_cents, ..Totals::default() },
            talk: VecDeque::new(),
            next_talk: 1,
            words: Words::default(),
            cache: Cache::default(),
        };
        project.words.vocabulary = Vocabulary::of(&project.profile, shard);
        let today = (start_tick / DAY) as u32;
        for group in &spec.team {
            for _ in 0..group.count {
                let id = project.next_person;
                project.next_person += 1;
                let mut person = Person::new(id, group, shard, today, rng);
                person.turn_in_career(CareerEvent::Founded, today);
                project.people.push(person);
                project.staff.flows.founded += 1;
            }
        }
        project.business =
            Business::found(today, project.next_person, spec.customers, spec.policies.price_cents);
        for task in &spec.backlog {
            let id = project.add_task(
                Title::Given(task.title.clone()),
                task.kind,
                task.phase,
                task.priority,
                task.estimate_minutes,
                task.depends_on.clone(),
                start_tick,
                rng,
            );
            if let Some(at) = project.task_at(id) {
                // People are numbered as they are listed.
                project.tasks[at].assignee = task.assignee;
                project.tasks[at].source = task.source.clone();
            }
        }
        if !project.only_backlog {
            project.plan_phase(rng);
        }
        project.recount();
        project.promise();
        project
    }

    /// The working day of a tick.
    pub fn day_of(tick: u64) -> u32 {
        (tick / DAY).min(u32::MAX.into()) as u32
    }

    /// Where a person is.
    pub fn person_at(&self, id: u32) -> Option<usize> {
        // Ids are dense until somebody leaves: the first guess is nearly always right.
        let guess = (id as usize).wrapping_sub(1);
        if self.people.get(guess).is_some_and(|person| person.id == id) {
            return Some(guess);
        }
        self.people.binary_search_by_key(&id, |person| person.id).ok()
    }

    /// The name of somebody who is or was here.
    pub fn name_of(&self, id: u32) -> String {
        self.named(id, Name::full)
    }

    /// What colleagues call somebody who is or was here.
    pub fn short_name_of(&self, id: u32) -> String {
        self.named(id, Name::short)
    }

    fn named(&self, id: u32, how: impl Fn(&Name) -> String) -> String {
        match self.person_at(id) {
            Some(at) => how(&self.people[at].name),
            None => match self.alumni.iter().find(|alumnus| alumnus.id == id) {
                Some(alumnus) => how(&alumnus.name),
                None => format!("former colleague {id}"),
            },
        }
    }

    /// The id by which the world knows a person.
    pub fn person_ref(&self, id: u32) -> String {
        format!("{}-{id}", hex::encode(&self.shard.0.0[..4]))
    }

    /// What a team of this size loses to talking about the work: .06 n² % up to 30 people
    /// (Abdel-Hamid and Madnick 1991, after Madachy). Larger companies work in teams.
    pub fn communication(&self) -> u32 {
        let team = (self.people.len() as u32).min(30);
        // Beyond a dozen people split into teams, which costs less than one large one; our assumption.
        let team = if team > 12 { 12 + (team - 12) / 4 } else { team };
        // Who is elsewhere asks later and less: those on site and those who are not hear less of
        // each other (Yang et al. 2022). How much that costs is our assumption.
        let talk = 6 * team * team * (10_000 + u32::from(self.policies.remote) / 4) / 10_000;
        // Bought tools save a little of it.
        talk.saturating_sub(self.tooling_saves())
    }

    /// Quality of the product as customers meet it, in basis points: fewer faults for its size.
    pub fn quality(&self) -> u16 {
        let faults = u64::from(self.latent) + 2 * u64::from(self.cache.bugs);
        let size = 10 + u64::from(self.scope);
        (9_800 * size / (size + faults)).clamp(500, 9_800) as u16
    }

    /// Whether it has ended.
    pub fn ended(&self) -> bool {
        self.end.is_some()
    }

    /// At a glance.
    pub fn summary(&self) -> ProjectSummary {
        let people = self.people.len() as u64;
        let mean = |total: u64| (total / people.max(1)) as u16;
        let counts = &self.cache.counts;
        let month = &self.days[self.days.len().saturating_sub(MONTH_DAYS)..];
        let spent: i64 = month.iter().map(|day| day.spent_cents).sum();
        let earned: i64 = month.iter().map(|day| day.earned_cents).sum();
        // Scaled up to a whole month in the first one.
        let monthly =
            |cents: i64| cents.saturating_mul(MONTH_DAYS as i64) / month.len().max(1) as i64;
        ProjectSummary {
            name: self.profile.name.clone(),
            industry: self.profile.industry.clone(),
            status: self.status,
            phase: self.phase,
            progress: self.progress(),
            people: people as u32,
            morale: mean(self.people.iter().map(|person| u64::from(person.morale)).sum()),
            energy: mean(self.people.iter().map(|person| u64::from(person.energy)).sum()),
            tasks_todo: counts[0],
            tasks_doing: counts[1],
            tasks_review: counts[2],
            tasks_done: self.totals.done.min(u32::MAX.into()) as u32,
            defects_open: self.cache.bugs,
            cash_cents: self.cash_cents,
            burn_cents_per_month: monthly(spent - earned),
            revenue_cents_per_month: monthly(earned),
            customers: self.customers,
        }
    }

    /// Generated work of a kind, titled from a list.
    pub fn add_made(
        &mut self,
        kind: TaskKind,
        priority: u8,
        hours: (i64, i64),
        after: Vec<u32>,
        rng: &mut Rng,
    ) -> Option<u32> {
        if self.cache.counts[..3].iter().sum::<u32>() as usize >= TASKS_MAX {
            return None;
        }
        let estimate = made_minutes(hours, rng);
        let title = Title::Made(rng.below(256) as u8, rng.below(256) as u8);
        let (phase, now) = (self.phase, self.tick);
        Some(self.add_task(title, kind, phase, priority, estimate, after, now, rng))
    }

    /// Remembers what was said.
    pub fn keep_note(&mut self, note: Note) {
        if self.talk.len() >= TALK_KEPT {
            self.talk.pop_front();
        }
        self.talk.push_back(note);
    }
}
