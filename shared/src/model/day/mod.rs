//! Days: people live through a queue of events. Whoever's activity ends chooses what to do next, by
//! need, role, personality and what others ask; nobody is asked anything in between.
//!
//! [`morning`] says who is here and makes the agendas ([`agenda`]); [`choice`] chooses, with a file
//! for each subject that is weighed; [`outcome`] says what came of it; [`evening`] closes the day.

mod agenda;
mod choice;
mod company;
pub mod draw;
mod evening;
mod focus;
mod hand_in;
mod help;
mod meeting;
mod morning;
mod outcome;
mod reading;
pub mod sentence;
mod stuck;
#[cfg(test)]
mod tests;
pub mod thought;
pub mod today;

use std::cmp::Reverse;

use crate::engine::model::OutOfFuel;
use crate::model::happen::Happen;
use crate::model::project::Project;

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

    /// Whom a person turns to with bad news: a lead of their department, or whoever leads.
    pub fn lead_for(&self, at: usize) -> Option<u32> {
        let me = &self.people[at];
        self.people
            .iter()
            .filter(|other| other.id != me.id)
            .filter(|other| {
                other.role.department() == crate::model::kind::Department::Leadership
                    || (other.role.department() == me.role.department()
                        && other.seniority > me.seniority)
            })
            .max_by_key(|other| {
                (other.role.department() == me.role.department(), Reverse(other.id))
            })
            .map(|other| other.id)
    }
}
