//! Skill: it grows by practice along a power law, and what is not practised is forgotten.

use crate::model::kind::{Department, SKILLS, Seniority, Skill};
use crate::model::people::person::{AchievementKind, Person};

/// Points of skill, in ten-millionths, that a minute of practice adds at a rate of 1 (a skill of
/// 5,400). The speed of somebody after `t` years in a craft is `(t / 4.5)^.2`, with mid level
/// (a rate of 1) after 4.5 years of 260 days of 5 hours of practice: so the rate grows by .2 / 4.5
/// a year there, and skill by that over [`SLOPE`]. The exponent follows from the levels and years of
/// the seniorities (.79 after 1 year, 1 after 4.5, 1.2 after 10, 1.37 after 18): an 87 % learning
/// curve (each doubling of practice takes time to 87 %), within the 70 to 95 % of learning curves
/// (Yelle 1979). The form is the power law of practice (Newell and Rosenbloom 1981).
const GROWTH: u64 = 43_850;
/// Rate at no skill at all, in basis points: what anybody can do by looking it up. Our assumption.
pub const UNSKILLED: u32 = 3_000;
/// Rate gained by a point of skill, in tenths of a basis point: 1 at a skill of 5,400. Our assumption.
pub const SLOPE: u32 = 13;
/// A minute of instruction is worth this many of practice. Our assumption.
pub const COURSE_WORTH: u32 = 3;
/// Weeks without practice before anything is lost. Our assumption.
const GRACE_WEEKS: u8 = 4;
/// Exponent of forgetting, in thousandths: a skill not practised for `w` weeks is at
/// `(w / 4)^-.112` of what it was. A power curve fits forgetting (Globerson, Levin and Shtub 1989);
/// with an exponent of .28 half of what was gained is lost after 11 months (Tatel and Ackerman,
/// doi 10.1037/bul0000481); that four tenths of a skill are such fresh gains, and the rest
/// stays, is our assumption.
const FORGETTING_THOUSANDTHS: u32 = 112;
/// What everybody keeps, in basis points. Our assumption.
const NEVER_LOST: u16 = 800;
/// Skill from which somebody is a master of it, in basis points.
pub const MASTERY: u16 = 9_000;
/// Minutes a week in which dealing with others is practised by whoever is at work. Our assumption.
const SOFT_MINUTES: u32 = 60;
/// Minutes a week in which who leads practises leading and planning. Our assumption.
const LEADING_MINUTES: u32 = 240;
/// Minutes a week in which the second craft of a role is practised beside the first. Our assumption.
const SECOND_MINUTES: u32 = 240;

impl Person {
    /// Skill grows with practice, ever more slowly: `minutes` of it. Called at the end of
    /// activities: integers only, and no loop.
    pub fn practise(&mut self, skill: Skill, minutes: u32, day: u32) {
        let at = skill as usize;
        let level = self.skills[at];
        // d rate / dt goes with rate^-4, as rate goes with t^.2.
        let rate = u64::from(UNSKILLED + u32::from(level) * SLOPE / 10);
        let squared = rate * rate / 10_000;
        let grown = GROWTH * u64::from(minutes) * 10_000 / (squared * squared / 10_000).max(1);
        // What is less than a whole point is carried over, to whatever is practised next.
        let grown = self.practice + grown;
        self.practice = grown % 10_000_000;
        self.used |= 1 << at;
        let now = (u64::from(level) + grown / 10_000_000).min(10_000) as u16;
        self.skills[at] = now;
        if level < MASTERY && now >= MASTERY {
            self.achieve(AchievementKind::Mastery(skill), day);
        }
    }

    /// The end of a week: what is practised by being there, and what is forgotten.
    pub fn week_of_skills(&mut self, day: u32) {
        if self.used != 0 {
            let (first, second) = self.role.skills();
            if self.used & (1 << first as u16) != 0 {
                self.practise(second, SECOND_MINUTES, day);
            }
            self.practise(Skill::Teamwork, SOFT_MINUTES, day);
            self.practise(Skill::Communication, SOFT_MINUTES, day);
            if self.role.department() == Department::Leadership || self.seniority >= Seniority::Lead
            {
                self.practise(Skill::Leadership, LEADING_MINUTES, day);
                self.practise(Skill::Planning, LEADING_MINUTES, day);
            }
        }
        for at in 0..SKILLS {
            if self.used & (1 << at) != 0 {
                self.idle_weeks[at] = 0;
                continue;
            }
            let weeks = self.idle_weeks[at].saturating_add(1);
            self.idle_weeks[at] = weeks;
            if weeks > GRACE_WEEKS && weeks < u8::MAX {
                // The derivative of w^-f is -f / w of what there is.
                let level = u32::from(self.skills[at].saturating_sub(NEVER_LOST));
                let lost = level * FORGETTING_THOUSANDTHS / (1_000 * u32::from(weeks));
                self.skills[at] -= lost.min(level) as u16;
            }
        }
        self.used = 0;
    }

    /// Whether somebody sits in a course all of this day: `training` of the days, in basis points,
    /// spread evenly and at different times for different people.
    pub fn in_course(&self, training: u16, day: u32) -> bool {
        let share = u64::from(training);
        let spread = u64::from(self.id).wrapping_mul(6_180) % 10_000;
        let done = |day: u64| (day * share + spread) / 10_000;
        done(u64::from(day) + 1) > done(u64::from(day))
    }

    /// What a course is about: the weaker of the two crafts of the role.
    pub fn course_subject(&self) -> Skill {
        let (first, second) = self.role.skills();
        if self.skill(first) <= self.skill(second) + 1_000 { first } else { second }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::people::person::tests::person;

    /// Years of practice, a day at a time: the rate at the end of each, in basis points.
    fn career(from: u16, years: u32) -> Vec<u32> {
        let mut person = person(1);
        person.skills[0] = from;
        (0..years)
            .map(|_| {
                for day in 0..260 {
                    person.practise(Skill::Programming, 300, day);
                }
                UNSKILLED + person.skill(Skill::Programming) * SLOPE / 10
            })
            .collect()
    }

    #[test]
    fn practice_raises_a_skill_more_slowly_the_higher_it_is() {
        let (low, high) = (career(2_000, 1)[0] - 5_600, career(9_000, 1)[0] - 14_700);
        assert!(low > 4 * high && high > 0, "{low} {high}");
    }

    #[test]
    fn each_doubling_of_practice_makes_people_faster_by_the_same_share() {
        // From 4.5 years at mid level: 9, 18 and 36 years at (t / 4.5)^.2.
        let rates = career(5_400, 13);
        let after = |more: usize| f64::from(rates[more - 1]) / 10_000.0;
        for (more, expected) in [(1, 1.041), (4, 1.136), (9, 1.246), (13, 1.312)] {
            let rate = after(more);
            assert!((rate - expected).abs() < 0.01, "{rate} after {more} years more");
        }
    }

    #[test]
    fn what_is_not_practised_is_forgotten_fast_at_first_and_then_slowly() {
        let mut person = person(1);
        person.skills[0] = 6_000;
        let mut levels = Vec::new();
        for week in 1..=200 {
            person.used = 0;
            person.week_of_skills(week * 5);
            levels.push(person.skills[0]);
        }
        assert_eq!(levels[3], 6_000, "the first weeks cost nothing");
        let (quarter, year, years) = (levels[12], levels[51], levels[199]);
        assert!(6_000 - quarter > (quarter - year) / 2, "{quarter} {year}");
        assert!((4_400..5_200).contains(&year), "{year} after a year");
        assert!(year - years < 6_000 - year, "{years} after four years");
        person.practise(Skill::Programming, 60, 0);
        person.week_of_skills(0);
        assert_eq!(person.idle_weeks[0], 0);
    }

    #[test]
    fn training_takes_the_share_of_days_that_the_policy_gives_it() {
        let mut person = person(1);
        for (training, least, most) in [(0, 0, 0), (300, 7, 9), (2_000, 51, 53)] {
            person.id += 1;
            let days = (0..260).filter(|&day| person.in_course(training, day)).count();
            assert!((least..=most).contains(&days), "{days} days at {training}");
        }
    }
}
