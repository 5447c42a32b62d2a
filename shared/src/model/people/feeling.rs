//! Feeling: overtime, nights and weekends; energy, exhaustion and morale.

use crate::model::happen::{Happen, Stream};
use crate::model::kind::Activity;
use crate::model::people::absence::Absence;
use crate::model::people::career::CareerEvent;
use crate::model::people::person::bp;
use crate::model::people::person::shift;
use crate::model::project::Project;
use crate::model::project::WEEK_DAYS;
use crate::model::view::TaskState;

/// Assimilation: 20 working days (Madachy) to 80 (Abdel-Hamid and Madnick).
const SETTLING_DAYS: u16 = 40;
/// The same for somebody new whom nobody shows around. Our assumption.
const ALONE_SETTLING_DAYS: u16 = 80;
/// Share of an evening of overtime that is focus, as a fraction: half, as of any other hour, for it
/// has its talk and rest too. Our assumption.
const OVERTIME_WORTH: (u32, u32) = (1, 2);
/// Exhaustion that evenings of so many hours of overtime add, in basis points: the later ones are
/// worked at less. Our assumption; see `WORN_COST` for what it is fitted to.
const OVERTIME_STRAIN: [i32; 7] = [0, 68, 124, 160, 184, 204, 220];
/// Evenings that end below this energy strain.
const EMPTY_BELOW: i32 = 4_000;
/// Exhaustion from which somebody may break down, in basis points. Our assumption.
const BREAKDOWN_FROM: u16 = 7_000;
/// Chance of it in a week at full exhaustion, in basis points. Our assumption.
const BREAKDOWN_BP: u32 = 600;
/// Working days of a leave for burnout: from and to. Our assumption.
const BURNOUT_DAYS: (i64, i64) = (20, 80);

impl Project {
    /// Whether the day that ends is the last of a week.
    pub(in crate::model) fn is_week_end(day: u32) -> bool {
        (u64::from(day) + 1).is_multiple_of(WEEK_DAYS)
    }

    /// Hours beyond eight: work that is less and less worth.
    pub(in crate::model) fn work_overtime(&mut self) {
        let minutes = u32::from(self.policies.overtime_hours) * 60;
        if minutes == 0 {
            return;
        }
        let communication = self.communication();
        for at in 0..self.people.len() {
            let person = &mut self.people[at];
            if person.activity == Activity::Away || person.absence != Absence::None {
                continue;
            }
            shift(&mut person.energy, -((minutes * 9) as i32));
            let Some(id) = person.hand.first().copied() else { continue };
            let Some(task_at) = self.task_at(id) else { continue };
            let task = &mut self.tasks[task_at];
            if task.state != TaskState::Doing {
                continue;
            }
            let minutes = minutes * OVERTIME_WORTH.0 / OVERTIME_WORTH.1;
            let done = bp(minutes, self.people[at].rate(task.kind, communication));
            task.spent = task.spent.saturating_add(minutes);
            // What is finished at night is looked at in the morning.
            task.left = task.left.saturating_sub(done).max(1);
            self.totals.focus_minutes += u64::from(minutes);
        }
    }

    /// The night, or the weekend: energy comes back, exhaustion and morale drift.
    pub(in crate::model) fn rest(&mut self, day: u32) {
        let weekend = Project::is_week_end(day);
        let overtime = i32::from(self.policies.overtime_hours);
        for person in &mut self.people {
            let worn = 10_000 - i32::from(person.energy);
            let away = person.away_until > day;
            // Strain adds up when evenings end empty, and fades with rest.
            let evenings = if away { 0 } else { OVERTIME_STRAIN[overtime.clamp(0, 6) as usize] };
            let strain = (worn - 10_000 + EMPTY_BELOW).max(0) / 60 + evenings;
            let relief = i32::from(person.exhaustion) / if weekend || away { 15 } else { 60 };
            shift(&mut person.exhaustion, strain - relief);
            let share = if weekend || away { 9_500 } else { 8_200 - overtime * 500 };
            let share = share - i32::from(person.exhaustion) / 4 - person.neuroticism() as i32 / 20;
            shift(&mut person.energy, worn * share.max(1_500) / 10_000);
            // Good company lifts, strain and a worrying nature weigh. Our assumption.
            let liked: i32 = person.relations.iter().map(|r| i32::from(r.affinity)).sum();
            let aim = 6_800 + (liked / 24).clamp(-1_500, 1_500)
                - i32::from(person.exhaustion) / 4
                - person.neuroticism() as i32 / 10;
            let drift = (aim - i32::from(person.morale)) / 40;
            shift(&mut person.morale, drift);
            let new = person.familiarity < super::hiring::TRAINED;
            let slow = new && person.mentor.is_none();
            let settling = if slow { ALONE_SETTLING_DAYS } else { SETTLING_DAYS };
            let settled = (10_000 - person.familiarity) / settling;
            shift(&mut person.familiarity, if away { 0 } else { settled.into() });
            if day.saturating_sub(person.joined_day) % 20 == 19 {
                person.experience_months = person.experience_months.saturating_add(1);
            }
        }
    }

    /// Who cannot go on after this week: away for weeks.
    pub(in crate::model) fn breakdowns(&mut self, day: u32, now: u64, happen: &mut Happen<'_, '_>) {
        for at in 0..self.people.len() {
            let person = &mut self.people[at];
            if person.exhaustion < BREAKDOWN_FROM || person.away_until > day + 1 {
                continue;
            }
            let over = u32::from(person.exhaustion - BREAKDOWN_FROM);
            let chance = BREAKDOWN_BP * over / u32::from(10_000 - BREAKDOWN_FROM);
            let rng = happen.rng(Stream::People);
            if !rng.chance(chance) {
                continue;
            }
            let days = rng.between(BURNOUT_DAYS.0, BURNOUT_DAYS.1) as u32;
            person.absence = Absence::Burnout;
            person.away_until = day.saturating_add(1 + days);
            let back = person.away_until;
            person.draw_absence(back, rng);
            person.turn_in_career(CareerEvent::BurnedOut, day);
            shift(&mut person.morale, -600);
            let id = person.id;
            happen.person(self, id, "is away, worn out", now);
        }
    }
}
