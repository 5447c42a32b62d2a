//! Company: chats, coffee, leads who look in, visits at a colleague's desk, and the interruptions
//! that come with them.

use crate::model::day::draw::Draw;
use crate::model::day::focus::INTERRUPTED_MINUTES;
use crate::model::day::thought::{Goal, Thought};
use crate::model::happen::Happen;
use crate::model::kind::Activity;
use crate::model::people::person::shift;
use crate::model::project::Project;
use crate::model::words::talk::About;

/// Energy an interruption costs: people make up for the time by haste, which strains (Mark, Gudith
/// and Klocke 2008). The size is our assumption.
const INTERRUPTION_STRAIN: i32 = 40;
/// What a look-in of a lead adds to what somebody knows of what is wanted. Our assumption.
const LOOK_IN_CLARITY: i32 = 500;
/// A lead who looks in can help on the spot, in basis points. Our assumption.
const LOOK_IN_HELPS: u32 = 5_000;
/// Places beside a desk.
const SPOTS: u8 = 6;

impl Project {
    /// Somebody to talk to: of three met by chance the one who is liked best, and does not work.
    pub(super) fn companion(&self, at: usize, draw: &mut Draw) -> Option<u32> {
        let me = &self.people[at];
        let considerate = me.conscientiousness() as i32 / 2;
        let mut best: Option<(i32, u32)> = None;
        for _ in 0..3 {
            let other = draw.below(self.people.len() as u32) as usize;
            let person = self.people.get(other)?;
            if other == at || matches!(person.activity, Activity::Away | Activity::Meeting) {
                continue;
            }
            let busy = if person.activity == Activity::Working { considerate } else { 0 };
            let liking = i32::from(me.affinity(person.id)) - busy;
            if best.is_none_or(|(top, _)| liking > top) {
                best = Some((liking, person.id));
            }
        }
        best.map(|(_, id)| id)
    }

    /// Somebody who is at the coffee machine already: of three looked for the one liked best.
    pub(super) fn in_kitchen(&self, at: usize, draw: &mut Draw) -> Option<u32> {
        let me = &self.people[at];
        let mut best: Option<(i16, u32)> = None;
        for _ in 0..3 {
            let other = draw.below(self.people.len() as u32) as usize;
            let person = self.people.get(other)?;
            let there = matches!(person.activity, Activity::Coffee | Activity::Lunch);
            if other == at || !there || self.remote(other) {
                continue;
            }
            let liking = me.affinity(person.id);
            if best.is_none_or(|(top, _)| liking > top) {
                best = Some((liking, person.id));
            }
        }
        best.map(|(_, id)| id)
    }

    /// Goes over for a chat, or writes: if one of the two is elsewhere, and often if the other works.
    #[expect(clippy::too_many_arguments, reason = "a choice and its surroundings")]
    pub(super) fn chat(
        &mut self,
        at: usize,
        other: u32,
        thought: Thought,
        now: u64,
        room: u64,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let minutes = u64::from(10 + draw.below(16)).min(room);
        self.people[at].thought = Thought { goal: Goal::Company, ..thought }.with(other);
        let other_at = self.person_at(other);
        // What is written is read when there is time for it.
        let considerate = self.people[at].conscientiousness();
        match other_at {
            Some(other_at)
                if self.apart(at, other_at)
                    || (self.people[other_at].activity == Activity::Working
                        && draw.chance(considerate)) =>
            {
                self.begin(at, Activity::Chat, now, minutes, happen);
                self.people[at].partner = Some(other);
            }
            _ => {
                if let Some(other_at) = other_at {
                    self.interrupt(other_at, minutes as u32 / 4);
                }
                self.visit(at, Activity::Chat, other, now, minutes, happen);
            }
        }
        let person = &self.people[at];
        let about = About::Chat { energy: person.energy };
        let mood = (i32::from(person.morale) - 5_000) as i16;
        let task = other_at.and_then(|other| self.people[other].hand.first().copied());
        happen.say(self, at, Some(other), about, task, mood, now);
    }

    /// A lead looks in on somebody: whoever is stuck, or knows least of what is wanted.
    pub(super) fn check_in(
        &mut self,
        at: usize,
        thought: Thought,
        now: u64,
        room: u64,
        draw: &mut Draw,
        happen: &mut Happen<'_, '_>,
    ) {
        let mut best: Option<(u32, usize)> = None;
        for _ in 0..3 {
            let other = draw.below(self.people.len() as u32) as usize;
            let Some(person) = self.people.get(other) else { continue };
            if other == at || matches!(person.activity, Activity::Away | Activity::Meeting) {
                continue;
            }
            let need = if person.stuck_since.is_some() { 10_000 } else { 0 } + 10_000
                - u32::from(person.day.clarity.min(10_000));
            if best.is_none_or(|(top, _)| need > top) {
                best = Some((need, other));
            }
        }
        let Some((_, other)) = best else {
            let thought = thought.choosing(super::thought::Choice::Learn);
            return self.learn(at, thought, now, room, draw, happen);
        };
        let minutes = u64::from(8 + draw.below(8)).min(room);
        if !self.apart(at, other) {
            self.interrupt(other, minutes as u32);
        }
        let person = &mut self.people[other];
        shift(&mut person.day.clarity, LOOK_IN_CLARITY);
        if draw.chance(LOOK_IN_HELPS) {
            person.stuck_since = None;
        }
        let id = person.id;
        let task = person.hand.first().copied().unwrap_or(0);
        self.people[at].thought = Thought { goal: Goal::Lead, ..thought }.with(id).on(task);
        self.visit(at, Activity::Chat, id, now, minutes, happen);
    }

    /// Whether two people are in different places, so that they write rather than talk.
    pub(super) fn apart(&self, at: usize, other: usize) -> bool {
        self.remote(at) || self.remote(other)
    }

    /// Somebody comes to a desk: whoever works there loses these minutes and the thread.
    pub(super) fn interrupt(&mut self, other: usize, minutes: u32) {
        let person = &mut self.people[other];
        if !matches!(person.activity, Activity::Working | Activity::Review) {
            return;
        }
        let day = &mut person.day;
        day.lost = day.lost.saturating_add((minutes + INTERRUPTED_MINUTES).min(255) as u8);
        day.interruptions = day.interruptions.saturating_add(1);
        shift(&mut person.energy, -INTERRUPTION_STRAIN);
        self.totals.interruptions += 1;
    }

    /// Begins something at a colleague's desk, at a place of one's own beside it.
    pub(super) fn visit(
        &mut self,
        at: usize,
        activity: Activity,
        other: u32,
        now: u64,
        minutes: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        self.leave_visit(at);
        let mut spot = 0;
        if let Some(host) = self.person_at(other)
            && host != at
            && !self.apart(at, host)
        {
            let visitors = &mut self.people[host].day.visitors;
            let free = visitors.trailing_ones() as u8;
            if free < SPOTS {
                *visitors |= 1 << free;
                spot = free + 1;
            }
        }
        let person = &mut self.people[at];
        let changed = person.activity != activity;
        person.turn_to(activity, now, now + minutes.max(1));
        person.task = None;
        person.partner = Some(other);
        person.day.spot = spot;
        if changed {
            happen.activity(self, at, now);
        }
        happen.thought(self, at, now);
    }

    /// The place beside a colleague's desk is free again.
    pub(super) fn leave_visit(&mut self, at: usize) {
        let spot = std::mem::take(&mut self.people[at].day.spot);
        if (1..=SPOTS).contains(&spot)
            && let Some(host) = self.people[at].partner.and_then(|id| self.person_at(id))
        {
            self.people[host].day.visitors &= !(1 << (spot - 1));
        }
    }
}
