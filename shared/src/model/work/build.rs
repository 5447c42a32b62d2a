//! The build: what is handed in goes through the pipeline before anybody reads it.

use crate::model::happen::{Happen, Stream};
use crate::model::people::person::bp;
use crate::model::project::Project;
use crate::model::view::Phase;
use crate::model::words::talk::About;
use crate::model::work::talk::WorkTalk;
use crate::model::work::{Stage, Task};
use crate::model::workshop::Failure;

/// What each colleague who works in the same area of the product at the same time adds to the
/// chance of a failed run, in basis points: builds fail more with more people on the same branch
/// (Kerzazi, Khomh and Adams 2014). So the cost of a crowd grows with its pairs; the number is our
/// assumption. Of a crowd this many are looked at.
const COLLISION: u32 = 50;
const CROWD: usize = 30;
/// Runs that may fail before a task goes on as it is.
const RUNS_MAX: u8 = 6;
/// A run fails for other reasons than a defect with this chance, in basis points, times what
/// slips through a person's hands. With what the tests find it gives about the 17.9 % of builds
/// that broke in Kerzazi, Khomh and Adams (2014).
const FAILS: u32 = 200;
/// Estimated minutes that make the chance half as large again; our assumption.
const LARGE_MINUTES: u32 = 1_440;
/// What good habits take off the chance at most, in basis points; our assumption.
const HABITS_HELP: u32 = 3_500;
/// Of failures that no defect caused: does not compile, style, scan, flaky; our assumption.
const KINDS: [(Failure, u64, u32); 4] = [
    (Failure::Compile, 30, 15),
    (Failure::Lint, 30, 8),
    (Failure::Scan, 10, 25),
    (Failure::Flaky, 30, 5),
];
/// Putting right one defect that a test names, in typical person-minutes; less than when a
/// reviewer finds it (our assumption), because the test says where it is.
const FIX_MINUTES: u32 = 25;

/// How a run of the pipeline with this chance of failing (basis points) comes out, if no test says
/// no: the failure and the typical person-minutes it takes.
fn mishap(chance: u32, happen: &mut Happen<'_, '_>) -> Option<(Failure, u32)> {
    let rng = happen.rng(Stream::Work);
    if !rng.chance(chance) {
        return None;
    }
    let all: u64 = KINDS.iter().map(|&(_, weight, _)| weight).sum();
    let mut drawn = rng.below(all);
    for (failure, weight, minutes) in KINDS {
        if drawn < weight {
            return Some((failure, minutes));
        }
        drawn -= weight;
    }
    None
}

/// Chance that a run fails for other reasons than a defect, in basis points.
fn failing(task: &Task, slips: u32, habits: u16) -> u32 {
    let size = 10_000 + bp(task.estimate.min(10 * LARGE_MINUTES) * 5_000 / LARGE_MINUTES, 10_000);
    let kept = 10_000 - bp(HABITS_HELP, habits.into());
    bp(bp(bp(FAILS, slips), size), kept).min(6_000)
}

impl Project {
    /// Runs the pipeline for a task that is handed in. Whether it passed; if not, its author has
    /// to put something right and hands it in again.
    pub(in crate::model) fn build(
        &mut self,
        at: usize,
        task_at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let task = &self.tasks[task_at];
        // Before there is a product there is nothing to build.
        if !task.kind.changes_product() || self.phase < Phase::Design || task.builds >= RUNS_MAX {
            return true;
        }
        let chance = failing(task, self.slips(at, task_at), self.work.habits);
        let chance = chance + self.crowd(at, task_at) * COLLISION;
        let found = self.remove_defects(task_at, Stage::Build, 10_000, happen);
        let failure = match found {
            0 => mishap(chance, happen),
            _ => Some((Failure::Test, found * FIX_MINUTES)),
        };
        self.workshop_built(task_at, failure.map(|(failure, _)| failure), now, happen);
        let runs = &mut self.work.defects.runs;
        *runs = runs.saturating_add(1);
        let Some((failure, minutes)) = failure else { return true };
        let failed = &mut self.work.defects.runs_failed;
        *failed = failed.saturating_add(1);
        let task = &mut self.tasks[task_at];
        task.builds += 1;
        task.fixing = task.fixing.saturating_add(found as u8);
        task.left = task.left.saturating_add(minutes).max(1);
        let id = task.id;
        if task.builds == 2 {
            let about = About::Work(WorkTalk::BuildFailed { failure });
            happen.say(self, at, None, about, Some(id), -1_500, now);
        }
        false
    }

    /// Colleagues who have work in the same area of the product in hand.
    fn crowd(&self, at: usize, task_at: usize) -> u32 {
        let area = self.tasks[task_at].area;
        let count = self.people.len();
        let others = (1..count.min(CROWD)).map(|step| &self.people[(at + step) % count]);
        let there = others.filter(|person| {
            let task = person.hand.first().and_then(|&id| self.task(id));
            task.is_some_and(|task| task.area == area && task.kind.changes_product())
        });
        there.count() as u32
    }
}
