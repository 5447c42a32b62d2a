//! Stuck, or over the estimate: trying alone, asking, turning to something else, telling the lead.

use crate::model::day::draw::Draw;
use crate::model::day::thought::{Choice, Doubt, Goal, Thought, Weighing};
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::shift;
use crate::model::people::relation::Shared;
use crate::model::project::Project;
use crate::model::view::TaskState;
use crate::model::words::talk::About;

/// Who cannot go on and finds nobody in this time finds their own way.
pub const STUCK_MINUTES: u64 = 120;
/// Who tries alone asks after all after this time. Our assumption.
const ALONE_MINUTES: u64 = 45;
/// Share of questions that are answered in passing, in basis points. Our assumption.
const SMALL_QUESTION: u32 = 4_500;

impl Project {
    /// Cannot go on: asks, tries alone or turns to something else. Whether something was begun.
    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    pub(super) fn weigh_stuck(
        &mut self,
        at: usize,
        id: u32,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let Some(since) = self.people[at].stuck_since else { return false };
        let Some(task_at) = self.held(at, id) else {
            self.people[at].stuck_since = None;
            return false;
        };
        let waited = now.saturating_sub(since).min(9_999) as u32;
        let expert = self.expert(at, task_at, draw);
        let person = &self.people[at];
        let ask = expert.map_or(0, |other| {
            let liking = i32::from(person.affinity(self.people[other].id)).max(0) as u32;
            3_500 + (person.agreeableness() + person.extraversion()) / 4 + liking / 4 + waited * 60
        });
        let alone = 1_500
            + person.conscientiousness() / 5
            + (10_000 - person.extraversion()) / 5
            + person.skill(self.tasks[task_at].kind.skill()) / 5;
        let other_work = if person.hand.len() > 1 { 1_500 } else { 0 };
        let thought = Weighing::default()
            .option(Choice::AskHelp, ask)
            .option(Choice::TryAlone, alone)
            .option(Choice::Switch, other_work)
            .choose(Goal::Unblock, draw)
            .doubting(Doubt::Stuck, waited)
            .on(id);
        match (thought.choice(), expert) {
            (Choice::AskHelp, Some(other)) => {
                self.ask(at, other, id, thought, now, room, draw, happen);
                true
            }
            (Choice::Switch, _) => {
                let next = self.people[at].hand.iter().copied().find(|&other| other != id);
                next.filter(|&next| self.held(at, next).is_some()).is_some_and(|next| {
                    self.focus_on(at, next, thought, now, room, communication, draw, happen)
                })
            }
            _ => {
                let thought = thought.choosing(Choice::TryAlone);
                self.focus_on(at, id, thought, now, room, communication, draw, happen)
            }
        }
    }

    /// Has been stuck for long: asks after all, or has found a way. Whether something was begun.
    pub(super) fn weigh_long_stuck(
        &mut self,
        at: usize,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let person = &mut self.people[at];
        let Some(since) = person.stuck_since else { return false };
        let waited = now.saturating_sub(since);
        let id = person.day.stuck_on;
        if waited >= STUCK_MINUTES {
            person.stuck_since = None;
            if let Some(task_at) = self.held(at, id) {
                let task = &mut self.tasks[task_at];
                task.left = task.left.saturating_add(task.estimate / 10 + 10);
            }
            return false;
        }
        let asks = waited >= ALONE_MINUTES && !person.day.asked;
        asks && self.weigh_stuck(at, id, now, room, communication, draw, happen)
    }

    /// Beyond the estimate: goes on, asks, or tells the lead. Whether something was begun.
    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    pub(super) fn weigh_overrun(
        &mut self,
        at: usize,
        id: u32,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let Some(task_at) = self.held(at, id) else { return false };
        let task = &self.tasks[task_at];
        let percent = (u64::from(task.spent) * 100 / u64::from(task.estimate.max(1))).min(60_000);
        let percent = percent as u32;
        let expert = self.expert(at, task_at, draw);
        let lead = self.lead_for(at).and_then(|lead| self.person_at(lead));
        let person = &self.people[at];
        let ask = if expert.is_some() {
            (person.extraversion() + person.agreeableness()) / 6
                + (10_000 - u32::from(person.familiarity.min(10_000))) / 4
        } else {
            0
        };
        let tell = if lead.is_some() && percent >= 200 {
            3_000 + (percent - 200).min(300) * 15 + person.neuroticism() / 4
        } else {
            0
        };
        let thought = Weighing::default()
            .option(Choice::GoOn, 2_500 + person.conscientiousness() / 2)
            .option(Choice::AskHelp, ask)
            .option(Choice::Escalate, tell)
            .choose(Goal::Finish, draw)
            .doubting(Doubt::Over, percent)
            .on(id);
        match (thought.choice(), expert, lead) {
            (Choice::AskHelp, Some(other), _) => {
                let person = &mut self.people[at];
                person.stuck_since = Some(now);
                person.day.stuck_on = id;
                self.ask(at, other, id, thought, now, room, draw, happen);
                true
            }
            (Choice::Escalate, _, Some(lead)) => {
                let other = self.people[lead].id;
                self.people[at].thought = thought.with(other);
                shift(&mut self.people[at].morale, -60);
                let me = self.people[at].id;
                self.people[lead].remember(me, Shared::MissedPromise);
                self.interrupt(lead, 8);
                self.call_meeting(at, lead, id, now);
                let minutes = room.min(8);
                self.visit(at, Activity::Asking, other, now, minutes, happen);
                let about = About::Escalation { percent: percent as u16 };
                happen.say(self, at, Some(other), about, Some(id), -2_500, now);
                true
            }
            _ => {
                let thought = thought.choosing(Choice::GoOn);
                self.focus_on(at, id, thought, now, room, communication, draw, happen)
            }
        }
    }

    /// The place of a task that somebody has in work.
    pub(super) fn held(&self, at: usize, id: u32) -> Option<usize> {
        self.task_at(id).filter(|&task| {
            let task = &self.tasks[task];
            task.state == TaskState::Doing && task.assignee == Some(self.people[at].id)
        })
    }

    /// Who is most likely to know and to have time: of four thought of.
    fn expert(&self, at: usize, task_at: usize, draw: &mut Draw) -> Option<usize> {
        let today = Project::day_of(self.tick);
        let skill = self.tasks[task_at].kind.skill();
        let me = &self.people[at];
        let mut best: Option<(i64, usize)> = None;
        for _ in 0..4 {
            let other = draw.below(self.people.len() as u32) as usize;
            let Some(person) = self.people.get(other) else { continue };
            if other == at || person.asked_by.is_some() || person.away_until > today {
                continue;
            }
            let score = i64::from(person.skill(skill))
                + i64::from(me.affinity(person.id)) / 6
                + i64::from(me.trust(person.id)) / 4
                + i64::from(person.agreeableness()) / 3;
            if best.is_none_or(|(top, _)| score > top) {
                best = Some((score, other));
            }
        }
        best.map(|(_, other)| other)
    }

    /// Goes and asks: a small question is answered on the spot and interrupts, a larger one waits
    /// until the other has time. Between places it is written, and read when there is time.
    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    fn ask(
        &mut self,
        at: usize,
        other_at: usize,
        task: u32,
        thought: Thought,
        now: u64,
        room: u64,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let me = self.people[at].id;
        let other = self.people[other_at].id;
        self.people[at].thought = thought.with(other).on(task);
        let there = !matches!(
            self.people[other_at].activity,
            Activity::Meeting | Activity::StandUp | Activity::Away | Activity::Lunch
        );
        let small = !self.apart(at, other_at) && there && draw.chance(SMALL_QUESTION);
        if small {
            let minutes = 5 + draw.below(8);
            self.interrupt(other_at, minutes);
            let person = &mut self.people[at];
            person.stuck_since = None;
            person.relate_by(other, 130, 110);
            self.people[other_at].relate(me, 45);
            self.visit(at, Activity::Asking, other, now, u64::from(minutes).min(room), happen);
            happen.say(self, at, Some(other), About::Question, Some(task), -500, now);
            let about = About::Answer { minutes: minutes as u8 };
            happen.say(self, other_at, Some(me), about, Some(task), 3_000, now);
        } else {
            self.people[other_at].asked_by = Some(me);
            self.people[at].day.asked = true;
            self.visit(at, Activity::Asking, other, now, room.min(3), happen);
            happen.say(self, at, Some(other), About::Question, Some(task), -500, now);
        }
    }
}
