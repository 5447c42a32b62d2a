//! Acts: what a chief can do about it, each with a real effect and a log of what came of it.

use bincode::{Decode, Encode};

use crate::model::business::money::EMPLOYER_BP;
use crate::model::chief::measure::{Measure, department_of, idle};
use crate::model::happen::Happen;
use crate::model::kind::{Department, Role, Seniority, Skill, TaskKind};
use crate::model::people::leaving::Leaving;
use crate::model::people::person::{REVIEWS_MAX, shift};
use crate::model::phases::plan::step;
use crate::model::project::Project;
use crate::model::spec::PEOPLE_MAX;
use crate::model::view::TaskState;
use crate::model::words::title::Title;

/// Acts that are remembered, and how many of them for a company of this many people.
pub const ACTS_MAX: usize = 32;
/// Working days after which it is seen what came of an act.
pub const OUTCOME_DAYS: u32 = 20;
/// Working days of money there have to be after a hire. Our assumption: eight months.
pub const RUNWAY_TO_HIRE: i64 = 160;
/// Tasks whose priority is raised at a time.
const RAISED: usize = 6;
/// Share of the open features that one cut takes, in percent. Our assumption.
const CUT_PERCENT: usize = 15;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ActKind {
    /// Tasks of a department come first.
    Raise(Department),
    Hire(Role),
    /// Found and known defects before anything new, and a search for more.
    HardeningWeek,
    /// Features less.
    CutScope(u32),
    /// A word with this person.
    Talk(u32),
    /// Work or reviews of the first go to the second.
    Reassign(u32, u32),
    FreezeHiring,
    ResumeHiring,
    LetGo(u32),
}

impl ActKind {
    /// Whether it is the same kind of act: of what is done once in a while.
    pub fn like(self, other: ActKind) -> bool {
        match (self, other) {
            (ActKind::Raise(a), ActKind::Raise(b)) => a == b,
            (ActKind::Talk(a), ActKind::Talk(b)) => a == b,
            _ => std::mem::discriminant(&self) == std::mem::discriminant(&other),
        }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// Not seen yet.
    Open,
    /// The measure was at this value: it helped, changed nothing, or got worse.
    Helped(i32),
    Nothing(i32),
    Worse(i32),
}

/// Something the chief has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Act {
    pub day: u32,
    pub by: u32,
    pub kind: ActKind,
    /// Why: the measure and where it stood.
    pub measure: Measure,
    pub before: i32,
    /// What it was to bring the measure to.
    pub expected: i32,
    pub outcome: Outcome,
}

impl Project {
    /// Whether another person can be paid for, and the owner lets the chief look for one.
    pub(in crate::model) fn may_hire(&self, role: Role) -> bool {
        let chief = &self.chief;
        let wanted = self.people.len() + self.vacancies.len();
        !chief.frozen
            && !self.only_backlog
            && chief.hires < self.policies.hires_per_month
            && wanted < PEOPLE_MAX as usize
            && self.vacancies.len() <= self.people.len() / 4
            && self.money_days_with(1 + self.vacancies.len(), role) >= RUNWAY_TO_HIRE
    }

    /// Working days the money would last with so many more people of a role.
    pub(in crate::model) fn money_days_with(&self, more: usize, role: Role) -> i64 {
        let month = &self.days[self.days.len().saturating_sub(20)..];
        let earned: i64 = month.iter().map(|day| day.earned_cents).sum();
        let pay = role.salary_cents() / 260 * EMPLOYER_BP / 10_000 + 2_800;
        let daily = self.daily_cost_cents() - earned / month.len().max(1) as i64
            + pay.saturating_mul(more as i64);
        if daily <= 0 { 9_999 } else { (self.cash_cents.max(0) / daily).min(9_999) }
    }

    /// Does it. Says whether there was anything to do.
    pub(in crate::model) fn act(
        &mut self,
        kind: ActKind,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        match kind {
            ActKind::Raise(department) => self.raise(department),
            ActKind::Hire(role) => {
                if !self.may_hire(role) {
                    return false;
                }
                self.chief.hires = self.chief.hires.saturating_add(1);
                self.open_vacancy(role, Seniority::Mid, None, day, happen);
                true
            }
            ActKind::HardeningWeek => self.harden(now, happen),
            ActKind::CutScope(count) => self.cut(count, now) > 0,
            ActKind::Talk(person) => self.talk_to(person),
            ActKind::Reassign(from, to) => self.reassign(from, to),
            ActKind::FreezeHiring => {
                self.chief.frozen = true;
                // Whom the owner named comes anyway.
                self.vacancies.retain(|vacancy| vacancy.name.is_some());
                true
            }
            ActKind::ResumeHiring => {
                self.chief.frozen = false;
                true
            }
            ActKind::LetGo(person) => {
                let Some(at) = self.person_at(person).filter(|_| self.people.len() > 2) else {
                    return false;
                };
                self.part_with(at, Leaving::LaidOff, now, happen);
                happen.person(self, person, "was let go to save money", now);
                true
            }
        }
    }

    /// The tasks of a department that most others wait for, or that are oldest, come first.
    fn raise(&mut self, department: Department) -> bool {
        let mut waits: Vec<(u32, usize)> = Vec::new();
        for at in 0..self.tasks.len() {
            let task = &self.tasks[at];
            let mine = task.state == TaskState::Todo
                && task.phase <= self.phase
                && task.priority < 5
                && department_of(task.kind) == department;
            if mine && self.unblocked(task) {
                waits.push((0, at));
            }
        }
        if waits.is_empty() {
            return false;
        }
        for task in self.tasks.iter().filter(|task| task.open()) {
            for id in &task.depends_on {
                if let Some(other) = self.task_at(*id)
                    && let Ok(place) = waits.binary_search_by_key(&other, |&(_, at)| at)
                {
                    waits[place].0 += 1;
                }
            }
        }
        waits.sort_by_key(|&(count, at)| (std::cmp::Reverse(count), at));
        for &(_, at) in waits.iter().take(RAISED) {
            self.tasks[at].priority = 5;
        }
        self.cache.ready_stale = true;
        true
    }

    fn harden(&mut self, now: u64, happen: &mut Happen<'_, '_>) -> bool {
        for task in &mut self.tasks {
            if task.state == TaskState::Todo && matches!(task.kind, TaskKind::Bug | TaskKind::Test)
            {
                task.priority = 5;
            }
        }
        let phase = self.phase;
        let more = (self.people.len() / 4).clamp(1, 20);
        for _ in 0..more {
            let rng = happen.rng(crate::model::happen::Stream::Chief);
            let estimate = (rng.between(4, 10) * 60) as u32;
            let title = Title::Step(step::HARDENING_WEEK);
            self.add_task(title, TaskKind::Test, phase, 5, estimate, Vec::new(), now, rng);
        }
        self.cache.ready_stale = true;
        true
    }

    /// How many features a cut would take off the board.
    pub(in crate::model) fn cuttable(&self) -> u32 {
        let features = self.tasks.iter().filter(|task| self.may_cut(task)).count();
        (features * CUT_PERCENT).div_ceil(100) as u32
    }

    /// What nobody has begun, nobody was promised and the owner did not ask for.
    fn may_cut(&self, task: &crate::model::work::Task) -> bool {
        task.state == TaskState::Todo
            && task.kind == TaskKind::Feature
            && task.phase == self.phase
            && task.priority <= 3
            && task.spent == 0
            && matches!(task.title, Title::Made(..))
    }

    fn cut(&mut self, count: u32, now: u64) -> u32 {
        // The least important first, the newest among equals.
        let mut places: Vec<usize> =
            (0..self.tasks.len()).filter(|&at| self.may_cut(&self.tasks[at])).collect();
        places.sort_by_key(|&at| (self.tasks[at].priority, std::cmp::Reverse(at)));
        places.truncate(count as usize);
        for &at in &places {
            self.set_task_state(at, TaskState::Dropped, now);
        }
        self.scope = self.scope.saturating_sub(places.len() as u32).max(1);
        self.cache.ready_stale = true;
        places.len() as u32
    }

    /// Somebody listens. What it lifts depends on who listens, and on whether they like each other.
    fn talk_to(&mut self, person: u32) -> bool {
        let Some(at) = self.person_at(person) else { return false };
        let who = self.talks_to(at);
        if who == at {
            return false;
        }
        let lead = &self.people[who];
        let (id, liked) = (lead.id, self.people[at].affinity(lead.id));
        let warm = (lead.skill(Skill::Communication) + lead.skill(Skill::Leadership)) / 2;
        // From 300 with somebody cold to 1,300 with a good listener who is liked. Our assumption.
        let lift =
            300 + warm.min(10_000) / 15 + (i32::from(liked) + 10_000).clamp(0, 20_000) as u32 / 60;
        let them = &mut self.people[at];
        shift(&mut them.morale, lift as i32);
        shift(&mut them.exhaustion, -200);
        them.relate(id, 250);
        self.people[who].relate(person, 120);
        true
    }

    /// Who talks to somebody: the head of their department, or the chief.
    pub(in crate::model) fn talks_to(&self, at: usize) -> usize {
        let head = self.head_of(self.people[at].role.department());
        head.filter(|&head| head != at).unwrap_or_else(|| self.leader())
    }

    /// Half of what waits for one goes to the other.
    fn reassign(&mut self, from: u32, to: u32) -> bool {
        let (Some(from_at), Some(to_at)) = (self.person_at(from), self.person_at(to)) else {
            return false;
        };
        let mut moved = 0;
        let meant: Vec<usize> = (0..self.tasks.len())
            .filter(|&at| self.tasks[at].state == TaskState::Todo)
            .filter(|&at| self.tasks[at].assignee == Some(from))
            .collect();
        for &at in meant.iter().skip(meant.len() / 2) {
            self.tasks[at].assignee = Some(to);
            moved += 1;
        }
        let reviews = self.people[from_at].reviews.len();
        for _ in 0..reviews / 2 {
            // Nobody reviews their own work.
            let Some(place) = self.people[from_at]
                .reviews
                .iter()
                .rposition(|&id| self.task(id).is_some_and(|task| task.assignee != Some(to)))
            else {
                break;
            };
            if self.people[to_at].reviews.len() >= REVIEWS_MAX {
                break;
            }
            let id = self.people[from_at].reviews.remove(place);
            self.people[to_at].reviews.push(id);
            if let Some(task) = self.task_at(id) {
                self.tasks[task].reviewer = Some(to);
            }
            moved += 1;
        }
        moved > 0
    }

    /// Somebody who has more waiting than they can do, and somebody who has nothing to do.
    pub(in crate::model) fn uneven(&self) -> Option<(u32, u32)> {
        let free = self.people.iter().find(|person| idle(person))?;
        let mut meant = std::collections::BTreeMap::<u32, u32>::new();
        for task in self.tasks.iter().filter(|task| task.state == TaskState::Todo) {
            if let Some(id) = task.assignee {
                *meant.entry(id).or_default() += 1;
            }
        }
        self.people
            .iter()
            .map(|p| (meant.get(&p.id).copied().unwrap_or(0) + p.reviews.len() as u32, p.id))
            .filter(|&(load, id)| load >= 4 && id != free.id)
            .max_by_key(|&(load, id)| (load, std::cmp::Reverse(id)))
            .map(|(_, id)| (id, free.id))
    }
}
