//! Choosing what to do next: what is due, what must be weighed, what others ask, and then by weight
//! among work, rest, company and learning. What is chosen is done, and is what the thought says.

use crate::model::day::draw::Draw;
use crate::model::day::thought::{Choice, Doubt, Goal, Thought, Weighing};
use crate::model::day::today::After;
use crate::model::happen::Happen;
use crate::model::kind::{Activity, Department, Role, Seniority};
use crate::model::people::person::Person;
use crate::model::project::{DAY, Project};

/// With less time than this before an appointment nothing is begun. Our assumption.
pub const FRAGMENT_MINUTES: u64 = 10;
/// After lunch people are less awake (Monk 2005, the post-lunch dip): from and to, minute of the day.
const DIP: std::ops::Range<u64> = 270..350;
/// What the dip adds to the wish for rest; our assumption.
const DIP_WEIGHT: u32 = 800;
/// Below this morale people think about whether they want to be here; our assumption.
const UNHAPPY: u16 = 4_500;

impl Project {
    /// Chooses what to do next and begins it.
    pub(super) fn choose_activity(
        &mut self,
        at: usize,
        now: u64,
        communication: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        let mut draw = Draw::new(happen.step.rng().bits());
        let minute = now % DAY;
        let room = DAY - minute;
        let person = &mut self.people[at];
        // Part of the day is somebody else's.
        if minute * 10_000 >= DAY * u64::from(person.share) {
            person.thought = Thought::NONE;
            return self.begin(at, Activity::Away, now, room, happen);
        }
        if let Some(slot) = person.day.due(minute as u16) {
            return self.keep_appointment(at, slot, now, happen);
        }
        let room = room.min(person.day.gap(minute as u16).into()).max(1);
        let begun = match std::mem::take(&mut person.day.after) {
            After::None => false,
            After::Finished(task) => {
                self.weigh_hand_in(at, task, now, room, communication, &mut draw, happen)
            }
            After::Over(task) => {
                self.weigh_overrun(at, task, now, room, communication, &mut draw, happen)
            }
            After::Stuck(task) => {
                self.weigh_stuck(at, task, now, room, communication, &mut draw, happen)
            }
        };
        if begun {
            return;
        }
        if room < FRAGMENT_MINUTES {
            let thought = Thought::plain(Goal::Wait, Choice::Wait);
            self.people[at].thought = thought.doubting(Doubt::Gap, room as u32);
            return self.begin(at, Activity::Idle, now, room, happen);
        }
        if let Some(other) = self.people[at].asked_by
            && self.weigh_help(at, other, now, room, communication, &mut draw, happen)
        {
            return;
        }
        if self.weigh_long_stuck(at, now, room, communication, &mut draw, happen) {
            return;
        }
        if let Some(&id) = self.people[at].reviews.first()
            && self.weigh_review(at, id, now, room, &mut draw, happen)
        {
            return;
        }
        if self.refines(at, now, room, happen) {
            return;
        }
        self.choose_freely(at, now, room, communication, &mut draw, happen);
    }

    /// Nothing is asked of the person: work, rest, company or learning, by weight.
    fn choose_freely(
        &mut self,
        at: usize,
        now: u64,
        room: u64,
        communication: u32,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let remote = self.remote(at);
        let few = self.people.len() < 3;
        let person = &self.people[at];
        let worn = 10_000 - u32::from(person.energy);
        let since_rest = now.saturating_sub(person.rested).min(DAY) as u32;
        // Weights against each other; all our assumption, set so that a typical day has four to
        // five hours of focus in blocks, and after most of them a short rest, a chat or messages.
        let focus = 1_800 + person.conscientiousness() / 5;
        let dip = if DIP.contains(&(now % DAY)) { DIP_WEIGHT } else { 0 };
        let rest = if since_rest < 45 { 0 } else { worn / 3 + since_rest * 45 + dip };
        let social = if since_rest < 30 { 0 } else { person.extraversion() / 4 + since_rest * 35 };
        let lead = if person.leads() && !few { 400 + person.extraversion() / 20 } else { 0 };
        // There is no coffee machine at home.
        let coffee = !remote && draw.below(12_000) < person.extraversion();
        let thought = Weighing::default()
            .option(Choice::GoOn, focus)
            .option(if coffee { Choice::Coffee } else { Choice::Break }, rest)
            .option(Choice::Chat, social)
            .option(Choice::Learn, person.openness() / 20)
            .option(Choice::CheckIn, lead)
            .choose(Goal::Finish, draw);
        match thought.choice() {
            Choice::Coffee | Choice::Break => self.take_rest(at, thought, now, room, draw, happen),
            Choice::Chat => match self.companion(at, draw) {
                Some(other) => self.chat(at, other, thought, now, room, draw, happen),
                None => {
                    let thought = thought.choosing(Choice::Break);
                    self.take_rest(at, thought, now, room, draw, happen);
                }
            },
            Choice::CheckIn => self.check_in(at, thought, now, room, draw, happen),
            Choice::Learn => self.learn(at, thought, now, room, draw, happen),
            _ => self.focus(at, thought, now, room, communication, draw, happen),
        }
    }

    /// A pause: at the coffee machine, or away from the desk.
    fn take_rest(
        &mut self,
        at: usize,
        thought: Thought,
        now: u64,
        room: u64,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let person = &self.people[at];
        // In a pause some wonder whether they want to stay, and some of them say so.
        if person.morale < UNHAPPY && draw.chance(2_000) {
            let lead = self.lead_for(at).and_then(|lead| self.person_at(lead));
            let trust =
                lead.map_or(0, |lead| i32::from(person.affinity(self.people[lead].id)).max(0));
            let talk = if lead.is_some() { 1_500 + trust as u32 / 2 } else { 0 };
            let weighed = Weighing::default()
                .option(Choice::Break, 4_000 + person.neuroticism() / 4)
                .option(Choice::Confide, talk + person.extraversion() / 5)
                .choose(Goal::Career, draw)
                .doubting(Doubt::Belong, 0);
            if let (Choice::Confide, Some(lead)) = (weighed.choice(), lead) {
                let other = self.people[lead].id;
                self.people[at].thought = weighed.with(other);
                self.interrupt(lead, 10);
                return self.visit(at, Activity::Asking, other, now, room.min(15), happen);
            }
            self.people[at].thought = weighed.choosing(Choice::Break);
            let minutes = u64::from(10 + draw.below(10));
            return self.begin(at, Activity::Break, now, minutes.min(room), happen);
        }
        let tired = if person.energy < 6_000 { Doubt::Tired } else { Doubt::None };
        let task = person.hand.first().copied().unwrap_or(0);
        let activity = thought.choice().activity().unwrap_or(Activity::Break);
        let company = if activity == Activity::Coffee { self.in_kitchen(at, draw) } else { None };
        self.people[at].thought = Thought { goal: Goal::Rest, ..thought }
            .doubting(tired, 0)
            .on(task)
            .with(company.unwrap_or(0));
        let minutes = u64::from(10 + draw.below(11));
        self.begin(at, activity, now, minutes.min(room), happen);
        self.people[at].partner = company;
    }

    /// Time for what is not on the board.
    pub(super) fn learn(
        &mut self,
        at: usize,
        thought: Thought,
        now: u64,
        room: u64,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let person = &mut self.people[at];
        person.thought = Thought { goal: Goal::Learn, ..thought };
        let minutes = u64::from(20 + draw.below(20) + person.openness() / 500);
        self.begin(at, Activity::Learning, now, minutes.min(room), happen);
    }

    /// There is no work that could be gone on with.
    pub(super) fn without_work(
        &mut self,
        at: usize,
        thought: Thought,
        now: u64,
        room: u64,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let person = &mut self.people[at];
        let answers = matches!(person.role, Role::Support | Role::Sales) && self.customers > 0;
        let minutes = u64::from(40 + draw.below(40));
        if answers {
            person.thought = Thought { goal: Goal::Customers, ..thought }.choosing(Choice::Answer);
            person.task = None;
            return self.begin(at, Activity::Working, now, minutes.min(room), happen);
        }
        if person.leads() && self.people.len() > 2 && draw.chance(3_000) {
            return self.check_in(at, thought.choosing(Choice::CheckIn), now, room, draw, happen);
        }
        let thought = Thought { goal: Goal::Learn, ..thought }.choosing(Choice::Learn);
        self.people[at].thought = thought.doubting(Doubt::Idle, 0);
        self.begin(at, Activity::Learning, now, minutes.min(room), happen);
    }

    /// Whether somebody works from elsewhere.
    pub(in crate::model) fn remote(&self, at: usize) -> bool {
        self.people[at].remote(&self.policies)
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
        self.leave_visit(at);
        let changed = self.people[at].activity != activity;
        self.people[at].turn_to(activity, now, now + minutes.max(1));
        if !matches!(activity, Activity::Working | Activity::Review | Activity::Refining) {
            self.people[at].task = None;
        }
        if changed {
            happen.activity(self, at, now);
        }
        happen.thought(self, at, now);
    }
}

impl Person {
    /// Whether it is part of their work to see how others get on.
    pub(super) fn leads(&self) -> bool {
        self.role.department() == Department::Leadership || self.seniority >= Seniority::Lead
    }
}
