//! Help: for whoever asks, now or later, for a quarter of an hour or by working on it together.

use crate::model::day::draw::Draw;
use crate::model::day::thought::{Choice, Doubt, Goal, Thought, Weighing};
use crate::model::day::today::After;
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::shift;
use crate::model::people::relation::Shared;
use crate::model::project::Project;
use crate::model::words::talk::About;

/// A question from another place is noticed at this share of the moments at which one next door
/// would be, in basis points: help across distance takes about 2.5 times as long (Herbsleb and
/// Mockus 2003, for changes that need people of several sites).
const NOTICED_FROM_AFAR: u32 = 4_000;
/// Minutes for which a pair works together: what is left of the block of whoever asked, within these.
const PAIR_MINUTES: std::ops::RangeInclusive<u64> = 20..=120;

impl Project {
    /// Somebody waits for help: now, later, or together. Whether something was begun.
    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    pub(super) fn weigh_help(
        &mut self,
        at: usize,
        other: u32,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let found = self.person_at(other).filter(|&other_at| other_at != at);
        let Some((other_at, since)) =
            found.and_then(|other_at| Some((other_at, self.people[other_at].stuck_since?)))
        else {
            self.people[at].asked_by = None;
            return false;
        };
        if self.apart(at, other_at) && !draw.chance(NOTICED_FROM_AFAR) {
            return false;
        }
        let asker = &self.people[other_at];
        let task = asker.day.stuck_on;
        let waited = now.saturating_sub(since).min(9_999) as u32;
        let person = &self.people[at];
        let liking = i32::from(person.affinity(other)).max(0) as u32;
        let own = person.hand.first().copied().unwrap_or(0);
        let own_priority =
            self.held(at, own).map_or(0, |task| u32::from(self.tasks[task].priority));
        // Only who is at the desk now can be joined.
        let left = asker.until.saturating_sub(now);
        let at_it = matches!(asker.activity, Activity::Working | Activity::Learning)
            && self.held(other_at, task).is_some();
        let pair = if at_it && PAIR_MINUTES.contains(&left) && left <= room {
            1_000
                + (10_000 - u32::from(asker.familiarity.min(10_000))) / 2
                + (waited * 20).min(2_000)
                + person.agreeableness() / 6
        } else {
            0
        };
        let later = if own_priority == 0 {
            0
        } else {
            500 + person.conscientiousness() / 5 + if own_priority >= 5 { 2_000 } else { 0 }
        };
        let thought = Weighing::default()
            .option(Choice::Help, 4_000 + person.agreeableness() / 2 + liking / 3)
            .option(Choice::Pair, pair)
            .option(Choice::Later, later)
            .choose(Goal::Help, draw)
            .doubting(if own_priority > 0 { Doubt::OwnWork } else { Doubt::None }, 0)
            .with(other);
        match thought.choice() {
            Choice::Later => {
                return self.focus_on(at, own, thought, now, room, communication, draw, happen);
            }
            Choice::Pair if self.join(at, other_at, thought, now, communication, happen) => {
                return true;
            }
            _ => {}
        }
        let thought =
            if thought.choice() == Choice::Pair { thought.choosing(Choice::Help) } else { thought };
        let person = &mut self.people[at];
        person.asked_by = None;
        person.thought = thought.on(if own_priority > 0 { own } else { task });
        let minutes = u64::from(10 + draw.below(16)).min(room);
        self.visit(at, Activity::Helping, other, now, minutes, happen);
        true
    }

    /// Sits down beside a colleague who is at work: from now on there are two at it, until the block
    /// of the one who asked ends. Whether it came to that.
    fn join(
        &mut self,
        at: usize,
        host: usize,
        thought: Thought,
        now: u64,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let task = self.people[host].day.stuck_on;
        let until = self.people[host].until;
        // What the other has done so far is done alone.
        self.finish_activity(host, now, communication, happen);
        let me = self.people[at].id;
        let other = &mut self.people[host];
        if matches!(other.day.after, After::Finished(_)) {
            // Is done with what they had; the rest of the block goes into tidying up.
            other.task = None;
            other.since = now;
            return false;
        }
        other.day.after = After::None;
        other.stuck_since = None;
        other.thought = Thought::plain(Goal::Finish, Choice::Pair).on(task);
        other.thought.person = me;
        let id = other.id;
        self.begin(host, Activity::Pairing, now, until.saturating_sub(now), happen);
        self.people[host].task = Some(task);
        self.people[host].partner = Some(me);
        let person = &mut self.people[at];
        person.asked_by = None;
        person.thought = thought.on(task);
        self.visit(at, Activity::Pairing, id, now, until.saturating_sub(now), happen);
        true
    }

    /// What came of working in a pair: for the one whose task it is, and for the one who joined.
    pub(super) fn finish_pairing(
        &mut self,
        at: usize,
        now: u64,
        minutes: u32,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        if let Some(other) = self.people[at].partner {
            // Two who worked together know each other better.
            self.people[at].remember(other, Shared::Paired);
            self.people[at].relate(other, 100);
        }
        self.totals.pair_minutes += u64::from(minutes);
        if self.people[at].task.is_some() {
            let person = &mut self.people[at];
            shift(&mut person.familiarity, minutes as i32 * 3);
            let unclear = 10_000 - i32::from(person.day.clarity.min(10_000));
            shift(&mut person.day.clarity, unclear * minutes as i32 / 600);
            // Watching somebody who knows teaches as much again as doing.
            if let Some(task) = person.task.and_then(|id| self.task_at(id)) {
                let skill = self.tasks[task].kind.skill();
                self.people[at].practise(skill, minutes, Project::day_of(now));
            }
            return self.finish_focus(at, now, minutes, communication, happen);
        }
        let person = &mut self.people[at];
        shift(&mut person.energy, -(minutes as i32) * 8);
        let skill = person.role.skills().0;
        person.practise(skill, minutes, Project::day_of(now));
    }

    /// What came of helping: the other can go on, and both remember it.
    pub(super) fn finish_help(
        &mut self,
        at: usize,
        now: u64,
        minutes: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        shift(&mut self.people[at].energy, -(minutes as i32) * 8);
        let Some(other) = self.people[at].partner else { return };
        let me = self.people[at].id;
        let Some(other_at) = self.person_at(other) else { return };
        let asker = &mut self.people[other_at];
        if asker.stuck_since.take().is_none() {
            return;
        }
        asker.remember(me, Shared::Helped);
        shift(&mut asker.morale, 25);
        shift(&mut asker.familiarity, minutes as i32 * 4);
        let (id, task) = (asker.id, asker.day.stuck_on);
        if let Some(task) = self.task(task) {
            let skill = task.kind.skill();
            self.people[other_at].practise(skill, minutes * 4, Project::day_of(now));
        }
        self.people[at].remember(id, Shared::GaveHelp);
        let about = About::Answer { minutes: minutes.min(255) as u8 };
        happen.say(self, at, Some(id), about, Some(task), 3_000, now);
    }
}
