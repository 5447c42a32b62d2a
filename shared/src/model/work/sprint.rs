//! Sprints: the team commits to what its measured velocity fits, the rest waits; at the end it looks
//! at what was carried over and at how it works.

use bincode::{Decode, Encode};

use crate::model::happen::Happen;
use crate::model::kind::TaskKind;
use crate::model::policies::Process;
use crate::model::project::{DAY, Project};
use crate::model::view::{Phase, TaskState};
use crate::model::words::talk::About;
use crate::model::work::Task;
use crate::model::work::talk::WorkTalk;

/// Planning and looking back, in minutes for each day of a sprint: half of the longest the Scrum
/// Guide (2017) allows, which is eight and three hours for a month of 20 working days.
const PLANNING_MINUTES: u64 = 12;
const RETRO_MINUTES_TENTHS: u64 = 45;
/// Minutes of work a person is thought to do in a day before anything was measured; our assumption,
/// near the four to five hours of focus that come out.
const FIRST_VELOCITY: u64 = 250;
/// Looking back gives this part of what lacks in habits: a twelfth; our assumption.
const RETRO_HELPS: u16 = 12;
/// More than this nobody does.
const VELOCITY_MAX: u32 = 10_000_000;

/// The sprint that runs, and what was measured in the ones before. In flow only the velocity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Sprint {
    /// From 1; 0 if there never was one.
    pub number: u32,
    /// Working day on which it began.
    pub since: u32,
    /// Working day on which the next one begins.
    pub until: u32,
    phase: Option<Phase>,
    /// Tasks committed to.
    pub committed: u32,
    /// Their estimates, in person-minutes.
    pub committed_minutes: u64,
    /// Estimates of what was done since it began, in person-minutes, and how many tasks.
    pub done_minutes: u64,
    pub done: u32,
    /// Committed to in the last one and not done, tasks.
    pub carried: u32,
    /// Done of what was committed to in the last one, in basis points.
    pub kept: u16,
    /// Estimates done in a working day by the whole team, in person-minutes; 0 before it is known.
    pub velocity: u32,
}

impl Sprint {
    /// Whether all that steps rely on holds.
    pub fn sound(&self) -> bool {
        self.velocity <= VELOCITY_MAX
            && self.committed_minutes <= 1 << 50
            && self.done_minutes <= 1 << 50
            && self.kept <= 10_000
    }

    /// A task is done.
    pub fn done(&mut self, estimate: u32) {
        self.done = self.done.saturating_add(1);
        self.done_minutes = self.done_minutes.saturating_add(estimate.into()).min(1 << 50);
    }
}

impl Project {
    /// Whether work is planned in sprints now: from design on, if the policy says so.
    pub fn in_sprints(&self) -> bool {
        self.policies.process == Process::Sprint && self.phase >= Phase::Design
    }

    /// Whether the plan lets this task be taken on. What burns is never held back.
    pub(in crate::model) fn planned(&self, task: &Task) -> bool {
        task.committed || !self.in_sprints() || (task.kind == TaskKind::Bug && task.priority >= 4)
    }

    /// Begins the next sprint if it is due, and pulls work into the present one if all of it is
    /// taken. Says how many minutes everybody plans and looks back.
    pub(in crate::model) fn plan_sprint(&mut self, now: u64, happen: &mut Happen<'_, '_>) -> u64 {
        let today = Project::day_of(now);
        let days = u32::from(self.policies.sprint_days.max(1));
        let sprint = &self.work.sprint;
        let waits = self.cache.counts[TaskState::Todo as usize] > 0;
        let unplanned = sprint.committed == 0 && waits && self.in_sprints();
        let due = today >= sprint.until || sprint.phase != Some(self.phase) || unplanned;
        if !self.in_sprints() {
            if due {
                // Flow has no sprints, but the team knows its pace.
                self.measure_velocity(today);
                self.begin_span(today, days);
            }
            return 0;
        }
        if !due {
            self.pull_more();
            return 0;
        }
        let open = self.tasks.iter().filter(|task| task.committed && task.open()).count() as u32;
        let sprint = &mut self.work.sprint;
        let was = sprint.number > 0 && sprint.committed > 0;
        if was {
            sprint.carried = open;
            let kept = sprint.committed.saturating_sub(open).saturating_mul(10_000);
            sprint.kept = (kept / sprint.committed.max(1)).min(10_000) as u16;
            let lacks = 10_000 - self.work.habits;
            self.work.habits += lacks / RETRO_HELPS;
        }
        self.measure_velocity(today);
        if was && self.launched && !self.only_backlog {
            self.deploy(now, happen);
        }
        self.begin_span(today, days);
        self.work.sprint.number = self.work.sprint.number.saturating_add(1);
        self.commit(days);
        if self.people.is_empty() || self.work.sprint.committed == 0 {
            return 0;
        }
        let sprint = &self.work.sprint;
        let (number, tasks) = (sprint.number, sprint.committed.min(u16::MAX.into()) as u16);
        let (kept, carried) = (sprint.kept, sprint.carried.min(u16::MAX.into()) as u16);
        let lead = self.leader();
        if was {
            let about = About::Work(WorkTalk::Retro { kept, carried });
            happen.say(self, lead, None, about, None, kept as i16 - 7_000, now);
        }
        let about = About::Work(WorkTalk::Sprint { number, tasks });
        happen.say(self, lead, None, about, None, 1_000, now);
        let minutes = u64::from(days) * PLANNING_MINUTES
            + if was { u64::from(days) * RETRO_MINUTES_TENTHS / 10 } else { 0 };
        minutes.min(DAY / 2)
    }

    fn begin_span(&mut self, today: u32, days: u32) {
        let sprint = &mut self.work.sprint;
        sprint.since = today;
        sprint.until = today.saturating_add(days);
        sprint.phase = Some(self.phase);
        sprint.done = 0;
        sprint.done_minutes = 0;
        sprint.committed = 0;
        sprint.committed_minutes = 0;
    }

    /// What the team did a day since the sprint began, averaged with what it did before.
    fn measure_velocity(&mut self, today: u32) {
        let sprint = &mut self.work.sprint;
        let days = today.saturating_sub(sprint.since);
        if days == 0 || sprint.done_minutes == 0 {
            return;
        }
        let lately = (sprint.done_minutes / u64::from(days)).min(VELOCITY_MAX.into()) as u32;
        sprint.velocity = match sprint.velocity {
            0 => lately,
            before => (before / 3 * 2).saturating_add(lately / 3).clamp(1, VELOCITY_MAX),
        };
    }

    /// What the team is thought to do in so many days, in person-minutes.
    fn capacity(&self, days: u32) -> u64 {
        let daily = match self.work.sprint.velocity {
            0 => {
                let people: u64 = self.people.iter().map(|person| u64::from(person.share)).sum();
                people * FIRST_VELOCITY / 10_000
            }
            known => known.into(),
        };
        daily.saturating_mul(days.into())
    }

    /// Commits to what fits. What is in work stays committed and takes its share.
    fn commit(&mut self, days: u32) {
        for task in &mut self.tasks {
            task.committed = task.open() && task.state != TaskState::Todo;
        }
        let carried: u64 = self
            .tasks
            .iter()
            .filter(|task| task.committed)
            .map(|task| u64::from(task.estimate.saturating_sub(task.spent)))
            .sum();
        self.work.sprint.committed = self.tasks.iter().filter(|task| task.committed).count() as u32;
        self.work.sprint.committed_minutes = carried;
        let room = self.capacity(days).saturating_sub(carried);
        self.commit_next(room);
    }

    /// All that was committed to is taken: the next tasks of the backlog are pulled in.
    fn pull_more(&mut self) {
        if self.cache.counts[TaskState::Todo as usize] == 0 {
            return;
        }
        self.refresh_ready();
        if self.cache.ready.is_empty() {
            self.commit_next(self.capacity(1));
        }
    }

    /// Commits to the next tasks of the backlog, for so many person-minutes. What waits for
    /// something goes in if that is done or in as well.
    fn commit_next(&mut self, mut room: u64) {
        let mut order: Vec<(u8, u32)> = self
            .tasks
            .iter()
            .enumerate()
            .filter(|(_, task)| task.state == TaskState::Todo && task.phase <= self.phase)
            .filter(|(_, task)| !task.committed)
            .map(|(at, task)| (5 - task.priority.min(5), at as u32))
            .collect();
        order.sort();
        self.cache.ready_stale = true;
        for (_, at) in order {
            if room == 0 {
                break;
            }
            let at = at as usize;
            let task = &self.tasks[at];
            let free = task.depends_on.iter().all(|&other| {
                self.task(other).is_none_or(|other| !other.open() || other.committed)
            });
            if !free {
                continue;
            }
            room = room.saturating_sub(task.estimate.into());
            let sprint = &mut self.work.sprint;
            sprint.committed = sprint.committed.saturating_add(1);
            sprint.committed_minutes =
                sprint.committed_minutes.saturating_add(task.estimate.into()).min(1 << 50);
            self.tasks[at].committed = true;
        }
    }
}
