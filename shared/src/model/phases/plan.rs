//! Plans: which work a phase is made of, and how much work a phase that has not begun will be.

use crate::model::kind::TaskKind;
use crate::model::phases::evidence::Said;
use crate::model::project::Project;
use crate::model::view::Phase;
use crate::model::words::title::Title;
use crate::rng::Rng;

/// Fixed steps of phases that mean something to what is found out: places in the list of titles.
pub mod step {
    pub const HYPOTHESIS: u8 = 0;
    pub const CUSTOMERS: u8 = 1;
    pub const EARNING: u8 = 2;
    pub const DISPROVE: u8 = 3;
    pub const INTERVIEWS: u8 = 4;
    pub const SIZE: u8 = 5;
    pub const RIVALS: u8 = 6;
    pub const PAY: u8 = 7;
    pub const FEASIBLE: u8 = 8;
    pub const REVIEW_DESIGN: u8 = 17;
    pub const MARKET: u8 = 30;
    pub const MORE_INTERVIEWS: u8 = 31;
    pub const TRY_RISKIEST: u8 = 32;
    pub const ONE_GROUP: u8 = 33;
    pub const PIVOT: u8 = 34;
    pub const HARDENING_WEEK: u8 = 35;
}

/// Hours of one step of intake, of validation, and so on: from and to. Our assumption.
const INTAKE_HOURS: (i64, i64) = (3, 8);
const VALIDATION_HOURS: (i64, i64) = (6, 20);
const ADVISORY_HOURS: (i64, i64) = (3, 10);
const STEP_HOURS: (i64, i64) = (8, 24);
const LAUNCH_HOURS: (i64, i64) = (4, 16);
/// Hours of a screen to be drawn, of a test and of a feature. Our assumption.
const SCREEN_HOURS: (i64, i64) = (6, 20);
const TEST_HOURS: (i64, i64) = (4, 12);
const FEATURE_HOURS: (i64, i64) = (6, 32);
const OTHER_HOURS: (i64, i64) = (3, 14);

/// Work of a phase that has not begun: all of it, and its longest chain, in person-minutes.
pub fn expected(phase: Phase, scope: u32) -> (u64, u64) {
    let mean = |hours: (i64, i64)| ((hours.0 + hours.1) * 30) as u64;
    let parts = u64::from(scope.min(400) / 4);
    let scope = u64::from(scope);
    match phase {
        Phase::Intake => (5 * mean(INTAKE_HOURS), 2 * mean(INTAKE_HOURS)),
        Phase::Validation => (6 * mean(VALIDATION_HOURS), 2 * mean(VALIDATION_HOURS)),
        Phase::Advisory => (3 * mean(ADVISORY_HOURS), 2 * mean(ADVISORY_HOURS)),
        Phase::Design => (6 * mean(STEP_HOURS) + parts * mean(SCREEN_HOURS), 2 * mean(STEP_HOURS)),
        Phase::Build => {
            (scope * mean(FEATURE_HOURS) + scope / 2 * mean(OTHER_HOURS), 4 * mean(FEATURE_HOURS))
        }
        Phase::Hardening => (6 * mean(STEP_HOURS) + parts * mean(TEST_HOURS), 2 * mean(STEP_HOURS)),
        Phase::Launch => (5 * mean(LAUNCH_HOURS), 2 * mean(LAUNCH_HOURS)),
        Phase::Growth | Phase::Completed => (0, 0),
    }
}

impl Project {
    /// Plans the work of the present phase, unless the backlog has some for it.
    pub fn plan_phase(&mut self, rng: &mut Rng) {
        use TaskKind::{Chore, Design, Docs, Marketing, Ops, Research, Sales, Support, Test};
        let given = self.tasks.iter().any(|task| task.open() && task.phase == self.phase);
        if given {
            return;
        }
        let kinds = |from: u8, kinds: &[TaskKind]| -> Vec<(u8, TaskKind)> {
            kinds.iter().enumerate().map(|(nth, &kind)| (from + nth as u8, kind)).collect()
        };
        match self.phase {
            Phase::Intake => self.plan_intake(rng),
            Phase::Validation => {
                let mut steps = kinds(4, &[Research, Research, Research, Sales, Chore, Docs]);
                if self.path.pivots > 0 {
                    steps.insert(0, (step::PIVOT, Research));
                }
                self.plan_steps(&steps, VALIDATION_HOURS, rng);
            }
            Phase::Advisory => {
                let steps = kinds(10, &[Docs, TaskKind::Finance, Docs]);
                self.plan_steps(&steps, ADVISORY_HOURS, rng);
            }
            Phase::Design => {
                let steps = kinds(13, &[Research, Design, Ops, Design, Research, Docs]);
                self.plan_steps(&steps, STEP_HOURS, rng);
                for _ in 0..self.scope.min(400) / 4 {
                    self.add_made(Design, 3, SCREEN_HOURS, Vec::new(), rng);
                }
                self.plan_conditions(rng);
            }
            Phase::Build => self.plan_build(rng),
            Phase::Hardening => {
                self.plan_steps(&kinds(19, &[Test, Ops, Ops, Ops, Test, Docs]), STEP_HOURS, rng);
                for _ in 0..self.scope.min(400) / 4 {
                    self.add_made(Test, 3, TEST_HOURS, Vec::new(), rng);
                }
            }
            Phase::Launch => {
                let steps = kinds(25, &[Marketing, Marketing, Support, Sales, Ops]);
                self.plan_steps(&steps, LAUNCH_HOURS, rng);
            }
            Phase::Growth => self.plan_week(rng),
            Phase::Completed => {}
        }
    }

    /// Steps side by side, of which the last sums up the others.
    fn plan_steps(&mut self, steps: &[(u8, TaskKind)], hours: (i64, i64), rng: &mut Rng) {
        let (phase, now) = (self.phase, self.tick);
        let mut before = Vec::new();
        for (nth, &(at, kind)) in steps.iter().enumerate() {
            let estimate = (rng.between(hours.0, hours.1) * 60) as u32;
            let after = if nth + 1 == steps.len() { before.clone() } else { Vec::new() };
            let title = Title::Step(at);
            before.push(self.add_task(title, kind, phase, 4, estimate, after, now, rng));
        }
    }

    /// What the owner has said is written down in half the time of what has to be worked out.
    fn plan_intake(&mut self, rng: &mut Rng) {
        use TaskKind::{Docs, Finance, Research};
        let (phase, now) = (self.phase, self.tick);
        let parts = [
            (step::HYPOTHESIS, Docs),
            (step::CUSTOMERS, Research),
            (step::MARKET, Research),
            (step::EARNING, Finance),
        ];
        let mut before = Vec::new();
        for (nth, (at, kind)) in parts.into_iter().enumerate() {
            let hours = rng.between(INTAKE_HOURS.0, INTAKE_HOURS.1) * 60;
            let said = self.path.brief[nth] == Said::Owner;
            let estimate = if said { hours / 2 } else { hours } as u32;
            let title = Title::Step(at);
            before.push(self.add_task(title, kind, phase, 4, estimate, Vec::new(), now, rng));
        }
        let estimate = (rng.between(INTAKE_HOURS.0, INTAKE_HOURS.1) * 60) as u32;
        let title = Title::Step(step::DISPROVE);
        self.add_task(title, Docs, phase, 4, estimate, before, now, rng);
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
            features.extend(self.add_made(TaskKind::Feature, priority, FEATURE_HOURS, after, rng));
            let other = match nth % 6 {
                1 => TaskKind::Ops,
                3 => TaskKind::Test,
                5 => TaskKind::Docs,
                _ => continue,
            };
            let after = features.last().map(|&id| vec![id]).unwrap_or_default();
            self.add_made(other, 3, OTHER_HOURS, after, rng);
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

    /// Work at the end of a working day that a phase goes on.
    pub fn new_week(&mut self, rng: &mut Rng) {
        use crate::model::project::{DAY, WEEK_DAYS};
        let monday = (self.tick / DAY).is_multiple_of(WEEK_DAYS);
        if monday && self.phase == Phase::Growth && !self.only_backlog {
            self.plan_week(rng);
        }
    }
}
