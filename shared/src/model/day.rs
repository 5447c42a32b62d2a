//! Days: people live through a queue of events. Whoever's activity ends chooses what to do next, by
//! need, role, personality and what others ask; nobody is asked anything in between.

use std::cmp::Reverse;

use super::happen::Happen;
use super::kind::Activity;
use super::person::{NO_MEETING, bp, shift};
use super::project::{DAY, Project};
use super::talk::About;
use super::thought::Thought;
use super::view::TaskState;
use super::work::REWORK_MAX;
use crate::engine::model::OutOfFuel;

/// Minutes lost when a task is taken up again or anew. Our assumption; interruptions studied by
/// Mark, Gonzalez and Harris (2005) cost more, but are often bridged by other work.
pub const SWITCH_MINUTES: u64 = 8;
/// A stand-up.
pub const STAND_UP_MINUTES: u64 = 12;
/// A meeting of a department.
pub const MEETING_MINUTES: u64 = 40;
/// Who cannot go on and finds nobody in this time finds their own way.
pub const STUCK_MINUTES: u64 = 120;
/// Share of found review waiting that is looked at before own work, in basis points.
const REVIEW_FIRST: u32 = 7_000;
/// A review takes this share of the effort spent, in basis points, within 10 to 75 minutes.
const REVIEW_SHARE: u32 = 700;
/// Putting right one thing that review found, in typical person-minutes.
const REWORK_MINUTES: u32 = 40;

impl Project {
    /// Lets people live from one tick to another within one working day.
    pub fn live(
        &mut self,
        from: u64,
        to: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Result<(), OutOfFuel> {
        let mut queue = std::mem::take(&mut self.cache.queue);
        queue.clear();
        for (at, person) in self.people.iter().enumerate() {
            if person.until < to {
                queue.push(Reverse((person.until.max(from), at as u32)));
            }
        }
        let communication = self.communication();
        let outcome = loop {
            let Some(Reverse((now, at))) = queue.pop() else { break Ok(()) };
            let at = at as usize;
            if let Err(out) = happen.step.burn(1) {
                break Err(out);
            }
            self.finish_activity(at, now, communication, happen);
            self.choose_activity(at, now, communication, happen);
            let until = self.people[at].until;
            if until < to {
                queue.push(Reverse((until.max(now + 1), at as u32)));
            }
        };
        self.cache.queue = queue;
        outcome
    }

    /// What came of the activity that ends now.
    fn finish_activity(
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
            person.achieve(super::person::AchievementKind::Tasks(done), today);
        }
        shift(&mut person.morale, 45);
        happen.task(self, task_at, Some(self.people[at].id), now);
        happen.say(self, at, None, About::Finished { reviewed }, Some(id), 2_500, now);
        if kind == super::kind::TaskKind::Test {
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
        use super::work::Title;
        let rng = happen.step.rng();
        let estimate = (rng.between(1, 8) * 60) as u32;
        let title = Title::Fix(from, rng.below(256) as u8);
        let (phase, now) = (self.phase, self.tick);
        if self.tasks.len() < super::spec::TASKS_MAX * 2 {
            let kind = super::kind::TaskKind::Bug;
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
            if other == at
                || person.away_until > today
                || person.reviews.len() >= super::person::REVIEWS_MAX
            {
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

    /// Chooses what to do next and begins it.
    fn choose_activity(
        &mut self,
        at: usize,
        now: u64,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let day_end = now / DAY * DAY + DAY;
        let minute = (now % DAY) as u16;
        let room = day_end - now;
        let person = &mut self.people[at];
        // Part of the day is somebody else's.
        if u64::from(minute) * 10_000 >= DAY * u64::from(person.share) {
            person.thought = Thought::Away;
            return self.begin(at, Activity::Away, now, room, happen);
        }
        if minute >= person.meeting {
            person.meeting = NO_MEETING;
            person.thought = Thought::Meeting;
            return self.begin(at, Activity::Meeting, now, MEETING_MINUTES.min(room), happen);
        }
        // What others ask.
        if let Some(other) = person.asked_by.take()
            && let Some(other_at) = self.person_at(other)
            && self.people[other_at].stuck_since.is_some()
        {
            let minutes = 10 + happen.below(16);
            let person = &mut self.people[at];
            person.thought = Thought::Help { person: other, task: person.hand.first().copied() };
            self.begin(at, Activity::Helping, now, minutes.min(room), happen);
            self.people[at].partner = Some(other);
            return;
        }
        let person = &mut self.people[at];
        if let Some(since) = person.stuck_since
            && now.saturating_sub(since) >= STUCK_MINUTES
        {
            person.stuck_since = None;
            if let Some(id) = person.hand.first().copied() {
                person.thought = Thought::Alone { task: id };
                if let Some(task_at) = self.task_at(id) {
                    let task = &mut self.tasks[task_at];
                    task.left = task.left.saturating_add(task.estimate / 10 + 10);
                }
                happen.thought(self, at, now);
            }
        }
        let person = &self.people[at];
        if let Some(&id) = person.reviews.first()
            && happen.chance(REVIEW_FIRST.max(person.conscientiousness()))
        {
            let Some(task) = self.task(id).filter(|task| task.state == TaskState::Review) else {
                // Somebody moved it on the board.
                self.people[at].reviews.remove(0);
                return self.begin(at, Activity::Idle, now, 1, happen);
            };
            let minutes = u64::from(bp(task.spent, REVIEW_SHARE).clamp(10, 75));
            let author = task.assignee;
            let person = &mut self.people[at];
            person.task = Some(id);
            person.thought = Thought::Review { task: id, author };
            return self.begin(at, Activity::Review, now, minutes.min(room), happen);
        }
        self.choose_freely(at, now, room, communication, happen);
    }

    /// Nothing is asked of the person: work, rest, company or learning, by weight.
    fn choose_freely(
        &mut self,
        at: usize,
        now: u64,
        room: u64,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let person = &self.people[at];
        let worn = 10_000 - u32::from(person.energy);
        let since_rest = now.saturating_sub(person.rested).min(DAY) as u32;
        // Weights against each other; all our assumption, set so that a typical day has about
        // five hours of focus, three short rests and a chat or two.
        let focus = 5_200 + person.conscientiousness() / 3;
        let rest = if since_rest < 45 { 0 } else { worn / 5 + since_rest * 6 };
        let social = if since_rest < 30 { 0 } else { person.extraversion() / 10 + since_rest };
        let learn = person.openness() / 50;
        let stuck = if person.stuck_since.is_some() { focus } else { 0 };
        let (extravert, openness) = (person.extraversion(), person.openness());
        let drawn = happen.below(u64::from(focus + rest + social + learn)) as u32;
        let turn = (drawn % 251) as u8;
        if drawn < focus && stuck == 0 {
            return self.focus(at, now, room, communication, turn, happen);
        }
        let drawn = drawn.saturating_sub(focus);
        if drawn < rest {
            let person = &mut self.people[at];
            person.thought = Thought::Tired { turn };
            let activity = if happen.below(12_000) < u64::from(extravert) {
                Activity::Coffee
            } else {
                Activity::Break
            };
            let minutes = 8 + happen.below(11);
            self.begin(at, activity, now, minutes.min(room), happen);
            if activity == Activity::Coffee {
                self.people[at].partner = self.companion(at, happen);
            }
            return;
        }
        if drawn < rest + social
            && let Some(other) = self.companion(at, happen)
        {
            self.people[at].thought = Thought::Social { person: other, turn };
            let minutes = 4 + happen.below(9);
            self.begin(at, Activity::Chat, now, minutes.min(room), happen);
            let person = &mut self.people[at];
            person.partner = Some(other);
            let about = About::Chat { energy: person.energy };
            let mood = (i32::from(person.morale) - 5_000) as i16;
            let task =
                self.person_at(other).and_then(|other| self.people[other].hand.first().copied());
            happen.say(self, at, Some(other), about, task, mood, now);
            return;
        }
        self.people[at].thought = Thought::Learn { idle: false, turn };
        let minutes = 20 + happen.below(20) + u64::from(openness / 500);
        self.begin(at, Activity::Learning, now, minutes.min(room), happen);
    }

    /// A block of work on the task that comes first.
    fn focus(
        &mut self,
        at: usize,
        now: u64,
        room: u64,
        communication: u32,
        turn: u8,
        happen: &mut Happen<'_, '_>,
    ) {
        let Some((task_at, fresh)) = self.next_task_of(at, now, happen) else {
            let person = &mut self.people[at];
            person.thought = Thought::Learn { idle: true, turn };
            let minutes = 40 + happen.below(40);
            return self.begin(at, Activity::Learning, now, minutes.min(room), happen);
        };
        let task = &self.tasks[task_at];
        let (id, kind, left) = (task.id, task.kind, task.left);
        let person = &mut self.people[at];
        let first = person.role.skills().0;
        let rework = matches!(person.thought, Thought::Rework { task, .. } if task == id);
        person.thought = match (fresh, rework) {
            (_, true) => person.thought,
            (true, _) if kind.skill() != first => Thought::Stretch { task: id, turn },
            (true, _) => Thought::Start { task: id, turn },
            _ => Thought::GoOn { task: id, turn },
        };
        person.task = Some(id);
        let needed =
            u64::from(left) * 10_000 / u64::from(person.rate(kind, communication)) + SWITCH_MINUTES;
        let block = 35 + happen.below(50) + u64::from(person.conscientiousness()) / 250;
        let mut minutes = block.min(needed.max(2)).min(room);
        if person.meeting != NO_MEETING {
            let to_meeting = u64::from(person.meeting).saturating_sub(now % DAY);
            minutes = minutes.min(to_meeting.max(1));
        }
        self.begin(at, Activity::Working, now, minutes, happen);
    }

    /// The task in hand, or one from the board if there is room for it: and whether it is new.
    fn next_task_of(
        &mut self,
        at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Option<(usize, bool)> {
        while let Some(&id) = self.people[at].hand.first() {
            let found = self.task_at(id).filter(|&task| {
                self.tasks[task].state == TaskState::Doing
                    && self.tasks[task].assignee == Some(self.people[at].id)
            });
            match found {
                Some(task) => return Some((task, false)),
                None => {
                    self.people[at].hand.remove(0);
                }
            }
        }
        // Work that waits for review is in progress too.
        let me = self.people[at].id;
        let limit = u32::from(self.policies.wip_limit);
        let waiting = if self.cache.counts[TaskState::Review as usize] < limit {
            0
        } else {
            self.tasks
                .iter()
                .filter(|task| task.state == TaskState::Review && task.assignee == Some(me))
                .count()
        };
        if waiting >= usize::from(self.policies.wip_limit) {
            return None;
        }
        let task = self.take_ready(at)?;
        let id = self.tasks[task].id;
        self.set_task_state(task, TaskState::Doing, now);
        self.people[at].hand.push(id);
        happen.task(self, task, Some(me), now);
        Some((task, true))
    }

    /// Somebody to talk to: of three met by chance the one who is liked best.
    fn companion(&self, at: usize, happen: &mut Happen<'_, '_>) -> Option<u32> {
        let mut best: Option<(i16, u32)> = None;
        for _ in 0..3 {
            let other = happen.below(self.people.len() as u64) as usize;
            let person = self.people.get(other)?;
            if other == at || person.activity == Activity::Away {
                continue;
            }
            let liking = self.people[at].affinity(person.id);
            if best.is_none_or(|(top, _)| liking > top) {
                best = Some((liking, person.id));
            }
        }
        best.map(|(_, id)| id)
    }

    /// Whom a person turns to with bad news: a lead of their department, or whoever leads.
    pub fn lead_for(&self, at: usize) -> Option<u32> {
        let me = &self.people[at];
        self.people
            .iter()
            .filter(|other| other.id != me.id)
            .filter(|other| {
                other.role.department() == super::kind::Department::Leadership
                    || (other.role.department() == me.role.department()
                        && other.seniority > me.seniority)
            })
            .max_by_key(|other| {
                (other.role.department() == me.role.department(), Reverse(other.id))
            })
            .map(|other| other.id)
    }

    /// Begins an activity and tells whoever looks.
    pub fn begin(
        &mut self,
        at: usize,
        activity: Activity,
        now: u64,
        minutes: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let changed = self.people[at].activity != activity;
        self.people[at].turn_to(activity, now, now + minutes.max(1));
        if !matches!(activity, Activity::Working | Activity::Review) {
            self.people[at].task = None;
        }
        if changed {
            happen.activity(self, at, now);
        }
        happen.thought(self, at, now);
    }
}
