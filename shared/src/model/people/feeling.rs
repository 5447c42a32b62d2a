//! Feeling: overtime, nights and weekends; energy, exhaustion and morale.

use crate::model::kind::Activity;
use crate::model::people::person::bp;
use crate::model::people::person::shift;
use crate::model::project::Project;
use crate::model::project::WEEK_DAYS;
use crate::model::view::TaskState;

/// Assimilation: 20 working days (Madachy) to 80 (Abdel-Hamid and Madnick).
const SETTLING_DAYS: u16 = 40;

impl Project {
    /// Hours beyond eight: work that is less and less worth.
    pub(in crate::model) fn work_overtime(&mut self) {
        let minutes = u32::from(self.policies.overtime_hours) * 60;
        if minutes == 0 {
            return;
        }
        let communication = self.communication();
        for at in 0..self.people.len() {
            let person = &mut self.people[at];
            if person.activity == Activity::Away {
                continue;
            }
            shift(&mut person.energy, -((minutes * 9) as i32));
            let Some(id) = person.hand.first().copied() else { continue };
            let Some(task_at) = self.task_at(id) else { continue };
            let task = &mut self.tasks[task_at];
            if task.state != TaskState::Doing {
                continue;
            }
            let minutes = minutes * 3 / 4;
            let done = bp(minutes, self.people[at].rate(task.kind, communication));
            task.spent = task.spent.saturating_add(minutes);
            // What is finished at night is looked at in the morning.
            task.left = task.left.saturating_sub(done).max(1);
            self.totals.focus_minutes += u64::from(minutes);
        }
    }

    /// The night, or the weekend: energy comes back, exhaustion and morale drift.
    pub(in crate::model) fn rest(&mut self, day: u32) {
        let weekend = (u64::from(day) + 1).is_multiple_of(WEEK_DAYS);
        let overtime = i32::from(self.policies.overtime_hours);
        for person in &mut self.people {
            let worn = 10_000 - i32::from(person.energy);
            let away = person.away_until > day;
            // Strain adds up when evenings end empty, and fades with rest.
            let strain = (worn - 6_000).max(0) / 60 + overtime * 45;
            let relief = i32::from(person.exhaustion) / if weekend || away { 15 } else { 60 };
            shift(&mut person.exhaustion, strain - relief);
            let share = if weekend || away { 9_500 } else { 8_200 - overtime * 500 };
            let share = share - i32::from(person.exhaustion) / 4 - person.neuroticism() as i32 / 20;
            shift(&mut person.energy, worn * share.max(1_500) / 10_000);
            let liked: i32 = person.relations.iter().map(|r| i32::from(r.affinity)).sum();
            // Good company lifts, strain and a worrying nature weigh. Our assumption.
            let aim = 6_800 + (liked / 24).clamp(-1_500, 1_500)
                - i32::from(person.exhaustion) / 4
                - person.neuroticism() as i32 / 10;
            let drift = (aim - i32::from(person.morale)) / 40;
            shift(&mut person.morale, drift);
            let settled = (10_000 - person.familiarity) / SETTLING_DAYS;
            shift(&mut person.familiarity, settled.into());
            if day.saturating_sub(person.joined_day) % 20 == 19 {
                person.experience_months = person.experience_months.saturating_add(1);
            }
            // What two people are to each other fades when nothing happens between them.
            if weekend {
                for relation in &mut person.relations {
                    relation.affinity -= relation.affinity / 50;
                }
            }
        }
    }
}
