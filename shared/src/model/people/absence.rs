//! Who is away: sick, on leave, worn out, or in a course. When somebody is next away is drawn when
//! they come back, so that a day asks nobody.

use bincode::{Decode, Encode};

use crate::model::day::thought::Thought;
use crate::model::happen::{Happen, Stream};
use crate::model::kind::Activity;
use crate::model::people::person::Person;
use crate::model::people::skill::COURSE_WORTH;
use crate::model::project::{DAY, Project, WEEK_DAYS};
use crate::rng::Rng;

/// Mean working days from one absence to the next: on .75 % of days somebody falls ill, on 2 % they
/// take a week off (25 days a year). Our assumption, near what is usual in western Europe.
const ABSENCE_DAYS: f64 = 36.4;
/// Share of absences that are illness, in basis points.
const SICK_SHARE: u32 = 2_727;
/// Working days of an illness. Our assumption.
const SICK_DAYS: u32 = 2;

/// Why somebody is not at work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Absence {
    #[default]
    None,
    Sick,
    Leave,
    /// Worn out, for weeks.
    Burnout,
    /// At work, but in a course all day.
    Course,
}

impl Absence {
    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Absence::None => "at_work",
            Absence::Sick => "sick",
            Absence::Leave => "on_leave",
            Absence::Burnout => "burned_out",
            Absence::Course => "in_training",
        }
    }
}

impl Person {
    /// Draws when and why they are next away.
    pub fn draw_absence(&mut self, day: u32, rng: &mut Rng) {
        let gap = (rng.exponential(ABSENCE_DAYS) as u32).min(2_000);
        self.next_absence = day.saturating_add(1 + gap);
        self.next_reason = if rng.chance(SICK_SHARE) { Absence::Sick } else { Absence::Leave };
    }
}

impl Project {
    /// Whether somebody does not work today; if so, what they do instead has begun.
    /// The morning asks this of everybody.
    pub(in crate::model) fn absent_today(
        &mut self,
        at: usize,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> bool {
        let today = Project::day_of(now);
        let training = if self.only_backlog { 0 } else { self.policies.training };
        let person = &mut self.people[at];
        if person.away_until <= today {
            person.absence = Absence::None;
            if person.next_absence <= today {
                person.absence = person.next_reason;
                let days = match person.absence {
                    Absence::Leave => WEEK_DAYS as u32,
                    _ => SICK_DAYS,
                };
                person.away_until = today.saturating_add(days);
                let back = person.away_until;
                person.draw_absence(back, happen.rng(Stream::People));
            }
        }
        let person = &mut self.people[at];
        if person.away_until > today {
            person.thought = Thought::NONE;
            self.begin(at, Activity::Away, now, DAY, happen);
            return true;
        }
        if training > 0 && person.in_course(training, today) {
            person.absence = Absence::Course;
            let minutes = (DAY as u32) * u32::from(person.share) / 10_000 * COURSE_WORTH;
            let subject = person.course_subject();
            person.practise(subject, minutes, today);
            person.thought = Thought::learn();
            self.begin(at, Activity::Learning, now, DAY, happen);
            return true;
        }
        false
    }
}
