//! Outcomes: what comes of an activity when it ends. Work moves on, reviews find things, help frees
//! somebody, company does good. Called by [`day`](crate::model::day) for each activity that ends.

use crate::model::day::thought::Thought;
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::bp;
use crate::model::people::person::shift;
use crate::model::project::DAY;
use crate::model::project::Project;
use crate::model::view::TaskState;
use crate::model::words::talk::About;

/// Minutes lost when a task is taken up again or anew. Our assumption; interruptions studied by
/// Mark, Gonzalez and Harris (2005) cost more, but are often bridged by other work.
pub const SWITCH_MINUTES: u64 = 8;

impl Project {
    /// What came of the activity that ends now.
    pub fn finish_activity(
        &mut self,
        at: usize,
        now: u64,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let person = &mut self.people[at];
        let minutes = now.saturating_sub(person.since).min(DAY) as u32;
        match person.activity {
            Activity::Working => self.finish_focus(at, now, minutes, communication, happen),
            Activity::Review => self.finish_review(at, now, happen),
            Activity::Refining => self.finish_refining(at, minutes),
            Activity::Helping => self.finish_help(at, now, minutes, happen),
            Activity::StandUp | Activity::Meeting => {
                shift(&mut person.energy, -(minutes as i32) * 5);
                self.totals.meeting_minutes += u64::from(minutes);
            }
            Activity::Coffee | Activity::Chat => {
                // Company costs the introvert what it gives the extravert.
                let gain = minutes * (15 + person.extraversion() / 300);
                shift(&mut person.energy, gain as i32);
                if let Some(other) = person.partner {
                    let warmth = 40 + person.agreeableness() / 60;
                    person.relate(other, warmth as i32);
                    shift(&mut person.morale, 12);
                    let id = person.id;
                    if let Some(other) = self.person_at(other) {
                        self.people[other].relate(id, warmth as i32);
                    }
                }
            }
            Activity::Break => shift(&mut person.energy, minutes as i32 * 45),
            Activity::Learning => {
                let skill = person.role.skills().0;
                person.practise(skill, minutes * 2, Project::day_of(now));
                shift(&mut person.energy, -(minutes as i32) * 3);
            }
            Activity::Idle | Activity::Away => {}
        }
    }

    fn finish_focus(
        &mut self,
        at: usize,
        now: u64,
        minutes: u32,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let today = Project::day_of(now);
        let Some(task_at) = self.people[at].task.and_then(|id| self.task_at(id)) else { return };
        let task = &mut self.tasks[task_at];
        let person = &mut self.people[at];
        if task.state != TaskState::Doing || task.assignee != Some(person.id) {
            return;
        }
        // The first minutes go into finding the way back, unless it is the same task without a pause.
        let lost = if person.was == Activity::Working { 0 } else { SWITCH_MINUTES as u32 };
        let done = bp(minutes.saturating_sub(lost), person.rate(task.kind, communication)).max(1);
        task.spent = task.spent.saturating_add(minutes);
        task.left = task.left.saturating_sub(done);
        self.totals.focus_minutes += u64::from(minutes);
        person.practise(task.kind.skill(), minutes, today);
        let strain = 7 + u32::from(person.exhaustion) / 1_500;
        shift(&mut person.energy, -((minutes * strain) as i32));
        let gain = minutes * (10_000 - u32::from(person.familiarity)) / 60_000;
        shift(&mut person.familiarity, gain as i32);
        let (id, kind, left, spent, estimate) =
            (task.id, task.kind, task.left, task.spent, task.estimate);
        self.workshop_progress(at, task_at, minutes, now, happen);
        if left == 0 || self.cuts_a_corner(at, task_at, minutes, happen) {
            self.finish_task(at, task_at, now, happen);
            return;
        }
        // Twice the estimate and not done: the day it happens somebody is told.
        if spent > estimate.saturating_mul(2) && spent - minutes <= estimate.saturating_mul(2) {
            let percent = (u64::from(spent) * 100 / u64::from(estimate.max(1))).min(60_000) as u16;
            let lead = self.lead_for(at);
            happen.say(self, at, lead, About::Escalation { percent }, Some(id), -2_500, now);
            shift(&mut self.people[at].morale, -60);
        }
        // Whoever knows little gets stuck more often; newcomers twice as often.
        let person = &self.people[at];
        let lack = 10_000 - person.skill(kind.skill()).min(10_000);
        let new = 20_000 - u32::from(person.familiarity);
        let chance = bp(bp(lack * minutes / 60, new), 900);
        if person.stuck_since.is_none() && happen.chance(chance) {
            self.ask_for_help(at, id, now, happen);
        }
    }

    fn finish_help(&mut self, at: usize, now: u64, minutes: u32, happen: &mut Happen<'_, '_>) {
        let Some(other) = self.people[at].partner else { return };
        let me = self.people[at].id;
        let Some(other_at) = self.person_at(other) else { return };
        shift(&mut self.people[at].energy, -(minutes as i32) * 8);
        let asker = &mut self.people[other_at];
        if asker.stuck_since.take().is_none() {
            return;
        }
        asker.relate(me, 260);
        shift(&mut asker.morale, 25);
        shift(&mut asker.familiarity, minutes as i32 * 4);
        let task = asker.hand.first().copied();
        let id = asker.id;
        if let Some(task_at) = task.and_then(|id| self.task_at(id)) {
            self.tasks[task_at].paired = true;
            let skill = self.tasks[task_at].kind.skill();
            self.people[other_at].practise(skill, minutes * 4, Project::day_of(now));
        }
        self.people[at].relate(id, 90);
        let about = About::Answer { minutes: minutes.min(255) as u8 };
        happen.say(self, at, Some(id), about, task, 3_000, now);
    }

    /// Asks the one who is most likely to know and to have time.
    fn ask_for_help(&mut self, at: usize, task: u32, now: u64, happen: &mut Happen<'_, '_>) {
        self.people[at].stuck_since = Some(now);
        let me = self.people[at].id;
        let today = Project::day_of(now);
        let Some(kind) = self.task(task).map(|task| task.kind) else { return };
        let mut best: Option<(i64, usize)> = None;
        for _ in 0..4 {
            let other = happen.below(self.people.len() as u64) as usize;
            let Some(person) = self.people.get(other) else { continue };
            if other == at || person.asked_by.is_some() || person.away_until > today {
                continue;
            }
            let score = i64::from(person.skill(kind.skill()))
                + i64::from(self.people[at].affinity(person.id)) / 3
                + i64::from(person.agreeableness()) / 3;
            if best.is_none_or(|(top, _)| score > top) {
                best = Some((score, other));
            }
        }
        let Some((_, other)) = best else { return };
        let person = self.people[other].id;
        self.people[other].asked_by = Some(me);
        self.people[at].thought = Thought::Ask { task, person };
        happen.thought(self, at, now);
        happen.say(self, at, Some(person), About::Question, Some(task), -500, now);
    }
}
