//! Defects: how they get in, and at which stage they are found.

use bincode::{Decode, Encode};

use crate::model::happen::{Happen, Stream};
use crate::model::kind::TaskKind;
use crate::model::people::person::bp;
use crate::model::project::Project;
use crate::model::spec::TASKS_MAX;
use crate::model::words::title::Title;

/// Where defects are found before customers meet them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// By whoever made them, looking over it before handing it in.
    SelfTest,
    /// By a colleague who helped.
    Pair,
    /// By the tests of the pipeline.
    Build,
    /// By a reviewer.
    Review,
    /// By work that is nothing but test.
    Test,
}

/// How many stages there are.
pub const STAGES: usize = 5;
/// Chance that a stage finds a defect that is there, in basis points: about 30 % for most stages of
/// test, whatever they are (Jones). A look over one's own work finds less, and so does each of the test
/// tasks, of which there are several; our assumption.
const FOUND: [u32; STAGES] = [2_500, 2_500, 3_000, 3_000, 2_400];
/// Chance that putting something right breaks something else, in basis points: 7 % (Jones).
const BAD_FIX: u32 = 700;
/// A chance of this for each [`PER_MINUTES`] of estimate, in basis points, for somebody fresh, able
/// and at home. About one defect in two days' work of an ordinary person; our assumption, near .18
/// a function point (EBSPM) at some 20 hours a point, before anything is found.
const MADE: u32 = 1_300;
const PER_MINUTES: u32 = 240;
/// What each hour of usual overtime, the highest priority, an estimate that is used up, and vague
/// work add to the chance of a slip, in basis points; our assumption.
const HASTE_OVERTIME: u32 = 800;
const HASTE_PRIORITY: u32 = 2_000;
const HASTE_LATE: u32 = 2_500;
const VAGUE: u32 = 4_000;

/// Defects met and found, by stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct DefectLog {
    /// Defects that were there when the stage looked, by [`Stage`].
    pub met: [u32; STAGES],
    /// Those that it found.
    pub found: [u32; STAGES],
    /// Made while putting something right.
    pub bad_fixes: u32,
    /// Runs of the pipeline.
    pub runs: u32,
    pub runs_failed: u32,
}

impl DefectLog {
    /// Whether all that steps rely on holds.
    pub fn sound(&self) -> bool {
        self.met.iter().zip(&self.found).all(|(met, found)| found <= met)
            && self.runs_failed <= self.runs
    }

    /// A stage met so many and found some.
    pub fn count(&mut self, stage: Stage, met: u32, found: u32) {
        let at = stage as usize;
        self.met[at] = self.met[at].saturating_add(met);
        self.found[at] = self.found[at].saturating_add(found.min(met)).min(self.met[at]);
    }
}

impl Project {
    /// How much slips through somebody's hands on a task, in basis points of what slips through
    /// those of somebody fresh, able, at home and at ease.
    pub(in crate::model) fn slips(&self, at: usize, task_at: usize) -> u32 {
        let (task, person) = (&self.tasks[task_at], &self.people[at]);
        let mut slips = 10_000
            + (10_000 - u32::from(person.energy).min(10_000))
            + (10_000 - person.skill(task.kind.skill()).min(10_000))
            + (10_000 - u32::from(person.familiarity).min(10_000)) / 2
            + u32::from(self.policies.overtime_hours) * HASTE_OVERTIME;
        if task.priority >= 5 {
            slips += HASTE_PRIORITY;
        }
        if task.spent > task.estimate {
            slips += HASTE_LATE;
        }
        if task.vague {
            slips += VAGUE;
        }
        slips
    }

    /// Puts in what went wrong in the work on a task: in all of it the first time, later only in
    /// what was put right.
    pub(in crate::model) fn make_defects(
        &mut self,
        at: usize,
        task_at: usize,
        happen: &mut Happen<'_, '_>,
    ) {
        let task = &mut self.tasks[task_at];
        if !task.kind.changes_product() {
            return;
        }
        let first = !std::mem::replace(&mut task.handed, true);
        let fixes = u32::from(std::mem::take(&mut task.fixing))
            + u32::from(first && task.kind == TaskKind::Bug);
        // Mending makes bad fixes and nothing else.
        let builds = first && task.kind != TaskKind::Bug;
        let trials = if builds { (task.estimate / PER_MINUTES + 1).min(24) } else { 0 };
        let slips = self.slips(at, task_at);
        let rng = happen.rng(Stream::Work);
        let mut draw = |trials: u32, base: u32| {
            let chance = bp(base, slips).min(9_000);
            (0..trials).filter(|_| rng.chance(chance)).count() as u32
        };
        // Who fixes is on their guard: 7 % is what slips through ordinary hands, twice those of
        // somebody who has all it takes.
        let bad = draw(fixes, BAD_FIX / 2);
        let made = draw(trials, MADE) + bad;
        self.work.defects.bad_fixes = self.work.defects.bad_fixes.saturating_add(bad);
        self.totals.defects_made = self.totals.defects_made.saturating_add(made);
        let task = &mut self.tasks[task_at];
        task.defects = task.defects.saturating_add(made.min(255) as u8);
    }

    /// A stage looks at a task: how many defects it found, which are out of it then. `sharp` is in
    /// basis points of how well the stage usually looks.
    pub(in crate::model) fn remove_defects(
        &mut self,
        task_at: usize,
        stage: Stage,
        sharp: u32,
        happen: &mut Happen<'_, '_>,
    ) -> u32 {
        let defects = self.tasks[task_at].defects;
        if defects == 0 {
            return 0;
        }
        let chance = bp(FOUND[stage as usize], sharp).min(9_500);
        let rng = happen.rng(Stream::Work);
        let found = (0..defects).filter(|_| rng.chance(chance)).count() as u8;
        self.tasks[task_at].defects -= found;
        self.work.defects.count(stage, defects.into(), found.into());
        self.totals.defects_caught = self.totals.defects_caught.saturating_add(found.into());
        self.phase_work.caught = self.phase_work.caught.saturating_add(found.into());
        found.into()
    }

    /// Work that is nothing but test: each stage of it removes about 30 % of the defects that are in
    /// the product (Jones). The test tasks of a scope (one for six features while it is built, one
    /// for four when it is hardened) come to four stages together: of functions,
    /// of what worked before, of the whole, of what was asked for.
    pub(in crate::model) fn find_defects(&mut self, test: u32, happen: &mut Happen<'_, '_>) {
        let tasks = self.scope.clamp(4, 400) * 5 / 12;
        let share = (40_000 / tasks.max(1)).min(10_000);
        let chance = bp(FOUND[Stage::Test as usize], share);
        let latent = self.latent;
        let rng = happen.rng(Stream::Work);
        let found = (0..latent.min(64)).filter(|_| rng.chance(chance)).count() as u32;
        // A test task is a part of a stage, so it meets a part of what is there.
        let met = (u64::from(latent.min(64)) * u64::from(share)).div_ceil(10_000) as u32;
        self.work.defects.count(Stage::Test, met.max(found), found);
        self.latent -= found;
        self.totals.defects_caught = self.totals.defects_caught.saturating_add(found);
        self.phase_work.caught = self.phase_work.caught.saturating_add(found);
        for _ in 0..found {
            self.add_bug(test, 4, happen);
        }
    }

    /// A defect that is known becomes work.
    pub fn add_bug(&mut self, from: u32, priority: u8, happen: &mut Happen<'_, '_>) -> Option<u32> {
        if self.tasks.len() >= TASKS_MAX * 2 {
            return None;
        }
        let rng = happen.rng(Stream::Work);
        let estimate = (rng.between(1, 8) * 60) as u32;
        let title = Title::Fix(from, rng.below(256) as u8);
        let (phase, now) = (self.phase, self.tick);
        let kind = TaskKind::Bug;
        Some(self.add_task(title, kind, phase, priority, estimate, Vec::new(), now, rng))
    }
}
