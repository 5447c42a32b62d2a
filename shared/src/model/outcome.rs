//! Outcomes: what comes of an activity when it ends. Work moves on, reviews find things, help frees
//! somebody, company does good. Called by [`day`](super::day) for each activity that ends.

use super::happen::Happen;
use super::kind::{Activity, TaskKind};
use super::person::{AchievementKind, REVIEWS_MAX, bp, shift};
use super::project::{DAY, Project};
use super::spec::TASKS_MAX;
use super::talk::About;
use super::thought::Thought;
use super::view::TaskState;
use super::work::{REWORK_MAX, Title};

/// Minutes lost when a task is taken up again or anew. Our assumption; interruptions studied by
/// Mark, Gonzalez and Harris (2005) cost more, but are often bridged by other work.
pub const SWITCH_MINUTES: u64 = 8;
/// Putting right one thing that review found, in typical person-minutes.
const REWORK_MINUTES: u32 = 40;

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
        if left == 0 {
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

    /// The work on a task is done: to review, or off the board.
    fn finish_task(&mut self, at: usize, task_at: usize, now: u64, happen: &mut Happen<'_, '_>) {
        let task = &self.tasks[task_at];
        let person = &self.people[at];
        if task.kind.changes_product() {
            // About one defect in two days' work of somebody fresh, able and at home; our
            // assumption, near .18 a function point (EBSPM) at some 20 hours a point.
            let skill = person.skill(task.kind.skill()).min(10_000);
            let haste = 10_000
                + (10_000 - u32::from(person.energy))
                + (10_000 - skill)
                + (10_000 - u32::from(person.familiarity)) / 2;
            let trials = (task.estimate / 240 + 1).min(24);
            // A fix breaks something else in about 7 % of cases (Jones).
            let base = if task.rework > 0 { 700 } else { 1_300 };
            let chance = bp(base, haste).min(9_000);
            let made = (0..trials).filter(|_| happen.chance(chance)).count() as u8;
            self.totals.defects_made += u32::from(made);
            self.tasks[task_at].defects = self.tasks[task_at].defects.saturating_add(made);
        }
        let id = self.tasks[task_at].id;
        self.people[at].hand.retain(|&other| other != id);
        self.people[at].task = None;
        let reviewed =
            self.tasks[task_at].rework < REWORK_MAX && happen.chance(self.policies.review.into());
        match if reviewed { self.reviewer_for(at, task_at, now, happen) } else { None } {
            Some(reviewer) => {
                self.people[reviewer].reviews.push(id);
                self.tasks[task_at].reviewer = Some(self.people[reviewer].id);
                self.set_task_state(task_at, TaskState::Review, now);
                happen.task(self, task_at, Some(self.people[at].id), now);
            }
            None => self.close_task(at, task_at, false, now, happen),
        }
    }

    /// A task leaves the board.
    pub fn close_task(
        &mut self,
        at: usize,
        task_at: usize,
        reviewed: bool,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let today = Project::day_of(now);
        let task = &self.tasks[task_at];
        let (id, kind, defects) = (task.id, task.kind, u32::from(task.defects));
        self.latent += defects;
        self.tasks[task_at].defects = 0;
        self.set_task_state(task_at, TaskState::Done, now);
        let person = &mut self.people[at];
        person.tasks_done += 1;
        if matches!(person.tasks_done, 10 | 50 | 100 | 250 | 500 | 1_000) {
            let done = person.tasks_done;
            person.achieve(AchievementKind::Tasks(done), today);
        }
        shift(&mut person.morale, 45);
        happen.task(self, task_at, Some(self.people[at].id), now);
        happen.say(self, at, None, About::Finished { reviewed }, Some(id), 2_500, now);
        if kind == TaskKind::Test {
            self.find_defects(id, happen);
        }
    }

    /// Each stage of test removes about 30 % of the defects that are in (Jones).
    fn find_defects(&mut self, test: u32, happen: &mut Happen<'_, '_>) {
        let stages = self.scope.clamp(4, 400) / 4;
        let chance = 3_000 * 4 / stages.clamp(4, 40);
        let found = (0..self.latent.min(64)).filter(|_| happen.chance(chance)).count() as u32;
        self.latent -= found;
        self.totals.defects_caught += found;
        self.phase_work.caught += found;
        for _ in 0..found {
            self.add_bug(test, 4, happen);
        }
    }

    /// A defect that is known becomes work.
    pub fn add_bug(&mut self, from: u32, priority: u8, happen: &mut Happen<'_, '_>) {
        let rng = happen.step.rng();
        let estimate = (rng.between(1, 8) * 60) as u32;
        let title = Title::Fix(from, rng.below(256) as u8);
        let (phase, now) = (self.phase, self.tick);
        if self.tasks.len() < TASKS_MAX * 2 {
            let kind = TaskKind::Bug;
            self.add_task(title, kind, phase, priority, estimate, Vec::new(), now, rng);
        }
    }

    /// Somebody else who can read this work and has room: the most skilled of three asked.
    fn reviewer_for(
        &self,
        at: usize,
        task_at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Option<usize> {
        let skill = self.tasks[task_at].kind.skill();
        let today = Project::day_of(now);
        let count = self.people.len();
        let mut best: Option<(u32, usize)> = None;
        for _ in 0..3 {
            let other = happen.below(count as u64) as usize;
            let Some(person) = self.people.get(other) else { continue };
            if other == at || person.away_until > today || person.reviews.len() >= REVIEWS_MAX {
                continue;
            }
            let score = person.skill(skill) * 2 + 8_000 - 1_000 * person.reviews.len() as u32;
            if best.is_none_or(|(top, _)| score > top) {
                best = Some((score, other));
            }
        }
        best.map(|(_, other)| other)
    }

    fn finish_review(&mut self, at: usize, now: u64, happen: &mut Happen<'_, '_>) {
        let me = self.people[at].id;
        let Some(id) = self.people[at].task.take() else { return };
        self.people[at].reviews.retain(|&other| other != id);
        let Some(task_at) = self.task_at(id) else { return };
        if self.tasks[task_at].state != TaskState::Review {
            return;
        }
        let skill = self.people[at].skill(self.tasks[task_at].kind.skill()).min(10_000);
        // About 30 % a stage (Jones), more for whoever knows the craft and is awake.
        let chance = 1_200 + skill * 3 / 10 + u32::from(self.people[at].energy) / 10;
        let defects = self.tasks[task_at].defects;
        let found = (0..defects).filter(|_| happen.chance(chance)).count() as u8;
        shift(&mut self.people[at].energy, -180);
        let author = self.tasks[task_at].assignee;
        let author_at = author.and_then(|id| self.person_at(id));
        let Some(author_at) = author_at.filter(|_| found > 0) else {
            happen.say(self, at, author, About::ReviewPassed, Some(id), 2_000, now);
            if let Some(author) = author_at {
                self.people[author].relate(me, 60);
                self.close_task(author, task_at, true, now, happen);
            } else {
                self.close_task(at, task_at, true, now, happen);
            }
            return;
        };
        let task = &mut self.tasks[task_at];
        task.defects -= found;
        task.rework += 1;
        task.left = task.left.saturating_add(u32::from(found) * REWORK_MINUTES);
        self.totals.defects_caught += u32::from(found);
        self.phase_work.caught += u32::from(found);
        self.set_task_state(task_at, TaskState::Doing, now);
        happen.task(self, task_at, Some(me), now);
        // A harsh word is felt: by the neurotic more, from the agreeable less.
        let harsh = 8_000 - self.people[at].agreeableness() as i32 / 2;
        let author = &mut self.people[author_at];
        author.hand.insert(0, id);
        let felt = harsh * (4_000 + author.neuroticism() as i32) / 600_000;
        shift(&mut author.morale, -felt);
        author.relate(me, -felt / 2);
        author.thought = Thought::Rework { task: id, reviewer: me };
        let to = Some(author.id);
        happen.say(
            self,
            at,
            to,
            About::ReviewFound { defects: found },
            Some(id),
            -(harsh / 3) as i16,
            now,
        );
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
        if let Some(task) = task.and_then(|id| self.task(id)) {
            let skill = task.kind.skill();
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
