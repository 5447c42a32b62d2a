//! Deployments: what was merged goes out, sometimes fails there, and is put right.
//!
//! Before the launch it goes to staging and counts for nothing. In flow it goes out each evening, in
//! sprints at their end; a hotfix goes out as soon as it is done.

use bincode::{Decode, Encode};

use crate::model::happen::{Happen, Stream};
use crate::model::kind::Skill;
use crate::model::people::person::{bp, shift};
use crate::model::policies::Process;
use crate::model::project::Project;
use crate::model::view::{Phase, TaskState};
use crate::model::words::talk::About;
use crate::model::work::histogram::MINUTES;
use crate::model::work::talk::WorkTalk;

/// Changes whose beginning is remembered until they go out.
pub const WAITING_MAX: usize = 64;
/// Chance that a deployment fails for reasons of its own, in basis points, and what each further
/// change in it adds (large batches fail more often). With what defects add, the change failure
/// rates of 5 to 15 % come out that DORA's reports give for teams that do well; our assumption.
const FAILS: u32 = 200;
const FAILS_CHANGE: u32 = 40;
/// Chance that a defect that goes out shows at once and brings the service down, in basis points;
/// our assumption.
const DEFECT_SHOWS: u32 = 800;
/// What good habits take off at most, in basis points; our assumption.
const HABITS_HELP: u32 = 3_000;
/// Requirements creep: what is asked for beyond the plan, of the scope a week, in millionths: 1.5 %
/// a month of four weeks (1 to 2 % a month, Jones).
const CREEP_MILLIONTHS: u64 = 3_750;

/// What waits to go out, and what is broken out there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Deployments {
    /// When somebody began on each change that waits: ticks.
    pub waiting: Vec<u64>,
    /// Changes that wait, remembered one by one or not.
    pub changes: u32,
    /// Defects in them.
    pub defects: u32,
    /// The task that puts the service right, and since when it is down.
    pub incident: Option<(u32, u64)>,
    /// Deployments to customers.
    pub count: u32,
    /// Those of them that failed.
    pub failed: u32,
}

impl Deployments {
    /// Whether all that steps rely on holds.
    pub fn sound(&self) -> bool {
        self.waiting.len() <= WAITING_MAX && self.failed <= self.count
    }
}

impl Project {
    /// A change is merged.
    pub(in crate::model) fn merged(
        &mut self,
        task: u32,
        began: u64,
        defects: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        if self.only_backlog || self.phase < Phase::Design {
            return;
        }
        let out = &mut self.work.deployments;
        if out.waiting.len() < WAITING_MAX {
            out.waiting.push(began);
        }
        out.changes = out.changes.saturating_add(1);
        out.defects = out.defects.saturating_add(defects);
        if let Some((hotfix, since)) = out.incident
            && hotfix == task
        {
            self.restored(since, now, happen);
            self.deploy(now, happen);
        }
    }

    /// The service is up again.
    fn restored(&mut self, since: u64, now: u64, happen: &mut Happen<'_, '_>) {
        let minutes = now.saturating_sub(since);
        let incident = self.work.deployments.incident.take();
        self.work.flow.restore.add(MINUTES, minutes as f64);
        let hours = minutes.div_ceil(60).min(u16::MAX.into()) as u16;
        let lead = self.leader();
        let task = incident.map(|(task, _)| task);
        let about = About::Work(WorkTalk::Restored { hours });
        happen.say(self, lead, None, about, task, 3_000, now);
    }

    /// What goes out in the evening.
    pub(in crate::model) fn deploy_in_the_evening(
        &mut self,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        if let Some((hotfix, since)) = self.work.deployments.incident
            && self.task(hotfix).is_none_or(|task| !task.open())
        {
            // Somebody took the hotfix off the board: it was put right another way.
            self.restored(since, now, happen);
        }
        if self.policies.process == Process::Flow || !self.launched {
            self.deploy(now, happen);
        }
    }

    /// Sends out what was merged since the last time.
    pub(in crate::model) fn deploy(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        let out = &mut self.work.deployments;
        if out.changes == 0 {
            return;
        }
        let changes = std::mem::take(&mut out.changes);
        let defects = std::mem::take(&mut out.defects);
        let waiting = std::mem::take(&mut out.waiting);
        if !self.launched {
            // To staging: nobody but the team sees it.
            self.workshop_deployed(false, now, happen);
            return;
        }
        for began in waiting {
            self.work.flow.change.add(MINUTES, now.saturating_sub(began) as f64);
        }
        let habits = 10_000 - bp(HABITS_HELP, self.work.habits.into());
        let own = bp(FAILS + FAILS_CHANGE * changes.min(100), habits).min(9_000);
        let shows = bp(DEFECT_SHOWS, habits);
        let rng = happen.rng(Stream::Work);
        let by_defect = (0..defects.min(64)).filter(|_| rng.chance(shows)).count() > 0;
        // While the service is down there is nothing more to break.
        let failed = (by_defect || rng.chance(own)) && self.work.deployments.incident.is_none();
        let out = &mut self.work.deployments;
        out.count = out.count.saturating_add(1);
        out.failed = out.failed.saturating_add(failed.into());
        let week = &mut self.work.flow.week;
        week.deployed = week.deployed.saturating_add(1);
        week.failed = week.failed.saturating_add(failed.into());
        self.workshop_deployed(failed, now, happen);
        if failed {
            let found = u32::from(by_defect && self.latent > 0);
            self.latent -= found;
            self.totals.defects_escaped = self.totals.defects_escaped.saturating_add(found);
            self.begin_incident(now, happen);
        }
    }

    /// The service is down: whoever knows it best drops everything else.
    fn begin_incident(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        let Some(id) = self.add_bug(0, 5, happen) else { return };
        let Some(task_at) = self.task_at(id) else { return };
        // A hotfix is small: half an hour to four; our assumption.
        let minutes = 30 * happen.rng(Stream::Work).between(1, 8) as u32;
        self.set_estimate(task_at, minutes);
        self.tasks[task_at].left = minutes;
        self.work.deployments.incident = Some((id, now));
        let today = Project::day_of(now);
        let best = (0..self.people.len())
            .filter(|&at| self.people[at].away_until <= today && self.people[at].hand.len() < 8)
            .max_by_key(|&at| {
                let person = &self.people[at];
                let skill = person.skill(Skill::Programming) + person.skill(Skill::Operations) / 2;
                (skill, std::cmp::Reverse(person.id))
            });
        let Some(at) = best else { return };
        self.tasks[task_at].assignee = Some(self.people[at].id);
        self.set_task_state(task_at, TaskState::Doing, now);
        self.cache.ready_stale = true;
        let person = &mut self.people[at];
        person.hand.insert(0, id);
        shift(&mut person.morale, -40);
        happen.task(self, task_at, Some(self.people[at].id), now);
        let about = About::Work(WorkTalk::Incident);
        happen.say(self, at, None, about, Some(id), -4_000, now);
    }

    /// What is asked for on the way, while it is built: once a week.
    pub(in crate::model) fn creep(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
        use crate::model::kind::TaskKind;
        use crate::model::project::WEEK_DAYS;
        if self.phase != Phase::Build || !(u64::from(day) + 1).is_multiple_of(WEEK_DAYS) {
            return;
        }
        let asked = u64::from(self.scope) * CREEP_MILLIONTHS;
        let rng = happen.rng(Stream::Work);
        let more = asked / 1_000_000 + u64::from(rng.below(1_000_000) < asked % 1_000_000);
        let mut last = None;
        for _ in 0..more.min(100) {
            let rng = happen.rng(Stream::Work);
            last = self.add_made(TaskKind::Feature, 3, (6, 32), Vec::new(), rng);
            self.scope = (self.scope + u32::from(last.is_some())).min(100_000);
        }
        if let Some(task) = last {
            let lead = self.leader();
            let about = About::Work(WorkTalk::Creep { more: more.min(255) as u8 });
            happen.say(self, lead, None, about, Some(task), -500, now);
        }
    }
}
