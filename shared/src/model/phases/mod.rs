//! Phases: what work a phase is made of, when it may be left, what it leaves behind.

mod end;

use bincode::{Decode, Encode};

use crate::model::kind::{Role, Skill, TaskKind};
use crate::model::project::{DAY, EndReason, Project, WEEK_DAYS};
use crate::model::view::Phase;
use crate::model::words::title::Title;
use crate::rng::Rng;

/// A validation score below this ends the project. Our assumption.
pub const SCORE_NEEDED: u16 = 4_000;
/// With fewer months of money than this the board advises against going on. Our assumption.
pub const RUNWAY_NEEDED: u16 = 2;
/// Working days in a row on which a project has to pay for itself to be complete: a quarter.
pub const PROFITABLE_DAYS: u32 = 60;

/// What has been done in a phase.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PhaseWork {
    pub tasks: u32,
    pub estimate_minutes: u64,
    pub spent_minutes: u64,
    pub caught: u32,
}

/// What is true at the end of a phase: the facts of its artifact.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PhaseEnd {
    pub phase: Phase,
    pub tick: u64,
    pub days: u32,
    pub work: PhaseWork,
    pub people: u32,
    pub cash_cents: i64,
    /// Months the money lasts at the cost of today, at most 999.
    pub runway_months: u16,
    pub customers: u32,
    pub bugs: u32,
    pub quality: u16,
    /// Validation: problem, market, competition, feasibility, in basis points.
    pub scores: [u16; 4],
}

/// The phase that follows.
pub fn next(phase: Phase) -> Phase {
    match phase {
        Phase::Intake => Phase::Validation,
        Phase::Validation => Phase::Advisory,
        Phase::Advisory => Phase::Design,
        Phase::Design => Phase::Build,
        Phase::Build => Phase::Hardening,
        Phase::Hardening => Phase::Launch,
        Phase::Launch => Phase::Growth,
        Phase::Growth | Phase::Completed => Phase::Completed,
    }
}

/// The word of a phase.
pub fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Intake => "intake",
        Phase::Validation => "validation",
        Phase::Advisory => "advisory",
        Phase::Design => "design",
        Phase::Build => "build",
        Phase::Hardening => "hardening",
        Phase::Launch => "launch",
        Phase::Growth => "growth",
        Phase::Completed => "completed",
    }
}

impl Project {
    /// Plans the work of the present phase, unless the backlog has some for it.
    pub fn plan_phase(&mut self, rng: &mut Rng) {
        let given = self.tasks.iter().any(|task| task.open() && task.phase == self.phase);
        if given {
            return;
        }
        let now = self.tick;
        let mut steps = |project: &mut Project, from: u8, kinds: &[TaskKind], hours: (i64, i64)| {
            let mut before = Vec::new();
            for (nth, &kind) in kinds.iter().enumerate() {
                let estimate = (rng.between(hours.0, hours.1) * 60) as u32;
                let title = Title::Step(from + nth as u8);
                // The last step of a phase sums up the others.
                let after = if nth + 1 == kinds.len() { before.clone() } else { Vec::new() };
                let phase = project.phase;
                before.push(project.add_task(title, kind, phase, 4, estimate, after, now, rng));
            }
        };
        use TaskKind::{
            Chore, Design, Docs, Finance, Marketing, Ops, Research, Sales, Support, Test,
        };
        match self.phase {
            Phase::Intake => steps(self, 0, &[Docs, Research, Finance, Docs], (3, 8)),
            Phase::Validation => {
                steps(self, 4, &[Research, Research, Research, Sales, Chore, Docs], (6, 20));
            }
            Phase::Advisory => steps(self, 10, &[Docs, Finance, Docs], (3, 10)),
            Phase::Design => {
                steps(self, 13, &[Research, Design, Ops, Design, Research, Docs], (8, 24));
                for _ in 0..self.scope.min(400) / 4 {
                    self.add_made(Design, 3, (6, 20), Vec::new(), rng);
                }
            }
            Phase::Build => self.plan_build(rng),
            Phase::Hardening => {
                steps(self, 19, &[Test, Ops, Ops, Ops, Test, Docs], (8, 24));
                for _ in 0..self.scope.min(400) / 4 {
                    self.add_made(Test, 3, (4, 12), Vec::new(), rng);
                }
            }
            Phase::Launch => {
                steps(self, 25, &[Marketing, Marketing, Support, Sales, Ops], (4, 16));
            }
            Phase::Growth => self.plan_week(rng),
            Phase::Completed => {}
        }
    }

    fn plan_build(&mut self, rng: &mut Rng) {
        let mut features: Vec<u32> = Vec::new();
        for nth in 0..self.scope {
            // About one feature in three builds on an earlier one.
            let after = match rng.below(3) {
                0 => rng.pick(&features).map(|&id| vec![id]).unwrap_or_default(),
                _ => Vec::new(),
            };
            let priority = rng.between(2, 4) as u8;
            features.extend(self.add_made(TaskKind::Feature, priority, (6, 32), after, rng));
            let other = match nth % 6 {
                1 => TaskKind::Ops,
                3 => TaskKind::Test,
                5 => TaskKind::Docs,
                _ => continue,
            };
            let after = features.last().map(|&id| vec![id]).unwrap_or_default();
            self.add_made(other, 3, (3, 14), after, rng);
        }
    }

    /// The work a week of growth brings: what customers ask for, and whom to win next.
    pub fn plan_week(&mut self, rng: &mut Rng) {
        let open: u32 = self.cache.counts[..3].iter().sum();
        let people = self.people.len() as u32;
        if open > 3 * people + 4 {
            return;
        }
        // About what a week's work is, so that nobody waits for work.
        let asks = (1 + 2 * people + (self.customers / 200).min(people)).min(2_000);
        for nth in 0..asks {
            let kind = match (nth + rng.below(4) as u32) % 8 {
                0..=2 => TaskKind::Feature,
                3 => TaskKind::Marketing,
                4 => TaskKind::Sales,
                5 => TaskKind::Support,
                6 => TaskKind::Test,
                _ => TaskKind::Chore,
            };
            let priority = rng.between(2, 4) as u8;
            if self.add_made(kind, priority, (3, 18), Vec::new(), rng).is_some()
                && kind == TaskKind::Feature
            {
                self.scope = (self.scope + 1).min(100_000);
            }
        }
    }

    /// Of the present phase, in basis points.
    pub fn progress(&self) -> u16 {
        if self.phase == Phase::Completed {
            return 10_000;
        }
        if self.phase == Phase::Growth && !self.only_backlog {
            return (self.profitable_days.min(PROFITABLE_DAYS) * 10_000 / PROFITABLE_DAYS) as u16;
        }
        let done = self.phase_work.estimate_minutes;
        let all = done + self.cache.open_minutes;
        (done.saturating_mul(10_000) / all.max(1)).min(10_000) as u16
    }

    /// Months the money lasts at the cost of today.
    pub fn runway_months(&self) -> u16 {
        let monthly = self.daily_cost_cents() * 20;
        (self.cash_cents.max(0) / monthly.max(1)).min(999) as u16
    }

    /// Leaves the phase if its exit rule holds, and says why the project ends if it does.
    /// Called at the end of each working day.
    pub fn end_of_phase(&mut self, rng: &mut Rng) -> Option<EndReason> {
        if self.only_backlog {
            return (self.cache.open_minutes == 0 && self.tasks.iter().all(|task| !task.open()))
                .then_some(EndReason::BacklogDone);
        }
        if self.phase == Phase::Growth {
            // Asked to go on for good, it does.
            if self.profitable_days < PROFITABLE_DAYS || self.stop_after == Phase::Completed {
                return None;
            }
        } else if self.cache.open_minutes > 0 {
            return None;
        }
        let scores = self.scores(rng);
        let today = Project::day_of(self.tick);
        let end = PhaseEnd {
            phase: self.phase,
            tick: self.tick,
            days: ((self.tick - self.phase_since.min(self.tick)) / DAY) as u32,
            work: std::mem::take(&mut self.phase_work),
            people: self.people.len() as u32,
            cash_cents: self.cash_cents,
            runway_months: self.runway_months(),
            customers: self.customers,
            bugs: self.cache.bugs,
            quality: self.quality(),
            scores,
        };
        let runway = end.runway_months;
        self.ends.push(end);
        let left = self.phase;
        match left {
            Phase::Validation => {
                let score = overall(&scores);
                if score < SCORE_NEEDED {
                    return Some(EndReason::NotValidated(score, SCORE_NEEDED));
                }
            }
            Phase::Advisory if runway < RUNWAY_NEEDED => return Some(EndReason::Advised(runway)),
            Phase::Launch => {
                for person in &mut self.people {
                    person.achieve(crate::model::people::person::AchievementKind::Launch, today);
                }
            }
            _ => {}
        }
        if left >= self.stop_after {
            return Some(match left {
                Phase::Growth => EndReason::Profitable,
                _ => EndReason::Reached(left),
            });
        }
        self.phase = next(left);
        self.phase_since = self.tick;
        self.launched |= self.phase == Phase::Growth;
        self.plan_phase(rng);
        self.recount();
        None
    }

    /// The score of an idea: what the people who looked into it made of it. The better they are
    /// at research, the nearer the first number is to the truth.
    fn scores(&self, rng: &mut Rng) -> [u16; 4] {
        let best = |skill: Skill| self.people.iter().map(|p| p.skill(skill)).max().unwrap_or(0);
        let research = best(Skill::Research);
        let blur = 300.0 + f64::from(10_000 - research.min(10_000)) * 0.12;
        let clamp = |value: f64| value.clamp(200.0, 9_800.0) as u16;
        let stated = if self.profile.hypothesis.is_empty() { 0.0 } else { 700.0 };
        let aimed = 250.0 * self.profile.target_customers.len().min(4) as f64;
        let sold = if self.market.is_some() { 600.0 } else { 0.0 };
        let builders = self.people.iter().filter(|p| p.role == Role::Engineer).count() as f64;
        let craft = f64::from(best(Skill::Programming).max(best(Skill::Architecture)));
        [
            clamp(f64::from(self.idea) + stated + rng.normal() * blur),
            clamp(3_800.0 + aimed + sold + f64::from(self.idea) * 0.2 + rng.normal() * 600.0),
            clamp(5_300.0 + rng.normal() * 900.0),
            clamp(1_500.0 + craft * 0.6 + 400.0 * builders.min(6.0) + rng.normal() * 300.0),
        ]
    }

    /// Work at the end of a working day that a phase goes on.
    pub fn new_week(&mut self, rng: &mut Rng) {
        let monday = (self.tick / DAY).is_multiple_of(WEEK_DAYS);
        if monday && self.phase == Phase::Growth && !self.only_backlog {
            self.plan_week(rng);
        }
    }
}

/// The problem counts for 40 %, the others for 20 % each. Our assumption.
pub fn overall(scores: &[u16; 4]) -> u16 {
    let [problem, market, competition, feasibility] = scores.map(u32::from);
    ((problem * 4 + market * 2 + competition * 2 + feasibility * 2) / 10) as u16
}
