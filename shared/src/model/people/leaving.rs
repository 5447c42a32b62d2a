//! Leaving: who goes, why, and what becomes of what they had in hand.

use crate::model::day::thought::Thought;
use crate::model::happen::{Happen, Stream};
use crate::model::kind::Role;
use crate::model::people::hiring::usual_pay;
use crate::model::people::person::{Person, shift};
use crate::model::project::{ALUMNI_KEPT, Alumnus, Project, WEEK_DAYS, YEAR_DAYS};
use crate::model::view::TaskState;
use crate::model::words::talk::About;

/// An ordinary chance to leave in a week, in millionths: 13.2 % a year in software (LinkedIn 2018).
const LEAVING_MILLIONTHS: u64 = 132_000 * WEEK_DAYS / YEAR_DAYS as u64;
/// Morale at which it is ordinary. Fitted to that rate in an ordinary company.
const USUAL_MORALE: i64 = 7_900;
/// Exhaustion beyond which it rises (doi 10.1145/3691629: strain raises the wish to leave).
const USUAL_EXHAUSTION: i64 = 3_000;
/// Pay a tenth below what is usual raises it by this share of ten times it, in basis points. That
/// pay counts for less than satisfaction is in Griffeth, Hom and Gaertner 2000; the slope is our
/// assumption.
const PAY_SLOPE: i64 = 12_000;
/// Who works from elsewhere leaves less often, in basis points of the rest: a third less in a trial
/// of two days a week at home (Bloom, Han and Liang 2024); rounded towards nothing.
const REMOTE_STAYS: u64 = 7_500;
/// Added for whoever counts on nobody there, taken off for those with many ties, a colleague at a
/// time (job embeddedness: Mitchell et al. 2001). The size is our assumption.
const NO_TIES: i64 = 3_000;
const TIE: i64 = 500;
/// Liking from which a colleague is a tie.
const TIE_FROM: i16 = 1_000;
/// Those who founded it leave this many times less often. Our assumption.
const FOUNDER_STAYS: u64 = 6;
/// Of those who leave, this share looks for work in the same world, in basis points. The others
/// move away, study, retire. Our assumption.
const LOOKS_ON: u32 = 6_000;
/// What a firing, or a lay-off to save money, costs the others in morale: those who stay ask
/// themselves who is next. The size is our assumption.
const FIRING_FELT: i32 = 250;
const LAY_OFF_FELT: i32 = 350;

/// Why somebody leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Of their own will.
    Quits,
    /// The owner let them go.
    Fired,
    /// Let go to save money.
    LaidOff,
}

impl Person {
    /// The chance to leave against an ordinary one, in basis points.
    pub fn restlessness(&self, remote: bool) -> u64 {
        let unhappy = (USUAL_MORALE - i64::from(self.morale)) * 2;
        let worn = (i64::from(self.exhaustion) - USUAL_EXHAUSTION).max(0) * 3;
        let usual = usual_pay(self.role, self.seniority).max(1);
        let missing = (usual.saturating_sub(self.salary_cents)).clamp(-usual / 2, usual / 2);
        let paid = missing * PAY_SLOPE / usual;
        let ties = self.relations.iter().filter(|relation| relation.affinity >= TIE_FROM).count();
        let ties = NO_TIES - TIE * ties as i64;
        let mut factor = (10_000 + unhappy + worn + paid + ties).clamp(2_000, 60_000) as u64;
        if remote {
            factor = factor * REMOTE_STAYS / 10_000;
        }
        if self.role == Role::Founder { factor / FOUNDER_STAYS } else { factor }
    }
}

impl Project {
    /// Who leaves this week. What somebody puts up with was drawn on their first day, from an
    /// exponential distribution; each week uses some of it up. That is a hazard, without a draw.
    pub(in crate::model) fn let_people_go(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        // The newest first, so that places of the others stay what they are.
        for at in (0..self.people.len()).rev() {
            let remote = self.people[at].remote(&self.policies);
            let person = &mut self.people[at];
            let factor = person.restlessness(remote);
            let hazard = (LEAVING_MILLIONTHS * factor / 10_000) as u32;
            if person.patience > hazard {
                person.patience -= hazard;
                // A quarter of a year ahead it is on their mind.
                if person.patience < hazard.saturating_mul(13) && factor > 12_000 {
                    person.thought = Thought::leave();
                }
                continue;
            }
            happen.say(self, at, None, About::Farewell, None, 0, now);
            let person = &self.people[at];
            let (id, role, seniority) = (person.id, person.role, person.seniority);
            self.part_with(at, Leaving::Quits, now, happen);
            happen.person(self, id, "left", now);
            if self.policies.replace_leavers && !self.only_backlog && !self.chief.frozen {
                self.open_vacancy(role, seniority, None, day, happen);
            }
        }
    }

    /// Somebody goes, and looks for other work in the same world or leaves it.
    pub(in crate::model) fn part_with(
        &mut self,
        at: usize,
        why: Leaving,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let looks_on = match why {
            Leaving::Fired | Leaving::LaidOff => true,
            Leaving::Quits => happen.rng(Stream::People).chance(LOOKS_ON),
        };
        if matches!(why, Leaving::Fired | Leaving::LaidOff) {
            self.pay_severance(at, Project::day_of(now));
        }
        let person = self.remove_person(at, now);
        let felt = match why {
            Leaving::Quits => 0,
            Leaving::Fired => FIRING_FELT,
            Leaving::LaidOff => LAY_OFF_FELT,
        };
        for other in &mut self.people {
            shift(&mut other.morale, -felt);
        }
        self.send_off(person, looks_on, Project::day_of(now), happen);
    }

    /// Somebody goes; what they had in hand goes back to the board or to its author.
    fn remove_person(&mut self, at: usize, now: u64) -> Person {
        let mut person = self.people.remove(at);
        self.totals.left += 1;
        if self.alumni.len() >= ALUMNI_KEPT {
            self.alumni.remove(0);
        }
        for id in std::mem::take(&mut person.reviews) {
            let Some(task) =
                self.task_at(id).filter(|&at| self.tasks[at].state == TaskState::Review)
            else {
                continue;
            };
            // Unread work goes back to whoever did it, who finds another reviewer.
            let author = self.tasks[task].assignee.and_then(|id| self.person_at(id));
            self.tasks[task].reviewer = None;
            self.tasks[task].left = 1;
            match author {
                Some(author) => {
                    self.set_task_state(task, TaskState::Doing, now);
                    self.people[author].hand.push(id);
                }
                None => {
                    self.set_task_state(task, TaskState::Todo, now);
                    self.tasks[task].assignee = None;
                }
            }
        }
        for task in 0..self.tasks.len() {
            if self.tasks[task].assignee != Some(person.id) {
                continue;
            }
            match self.tasks[task].state {
                TaskState::Doing => {
                    self.tasks[task].assignee = None;
                    self.set_task_state(task, TaskState::Todo, now);
                }
                TaskState::Todo => {
                    self.tasks[task].assignee = None;
                    self.cache.ready_stale = true;
                }
                _ => {}
            }
        }
        for other in &mut self.people {
            other.forget_person(person.id);
        }
        self.alumni.push(Alumnus { id: person.id, name: person.name.clone() });
        person
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::people::person::tests::person;

    #[test]
    fn the_unhappy_the_worn_out_the_underpaid_and_the_lonely_leave_more_often() {
        let mut plain = person(2);
        plain.morale = USUAL_MORALE as u16;
        plain.salary_cents = usual_pay(plain.role, plain.seniority);
        for other in 2..8 {
            plain.relate(other, 2_000);
        }
        let usual = plain.restlessness(false);
        assert_eq!(usual, 10_000);
        let with = |change: fn(&mut Person)| {
            let mut person = plain.clone();
            change(&mut person);
            person.restlessness(false)
        };
        assert!(with(|person| person.morale = 3_000) > usual * 3 / 2);
        assert!(with(|person| person.exhaustion = 8_000) > usual * 3 / 2);
        assert!(with(|person| person.salary_cents = person.salary_cents * 8 / 10) > usual);
        assert!(with(|person| person.salary_cents = person.salary_cents * 12 / 10) < usual);
        assert!(with(|person| person.relations.clear()) > usual);
        assert!(plain.restlessness(true) < usual);
    }
}
