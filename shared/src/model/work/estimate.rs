//! Estimates: what people say that work will take. Whoever takes a task on says it anew: from the
//! number they were given, their own pace, their nature and what the team has learned.

use crate::model::people::person::{Person, bp};
use crate::model::project::Project;
use crate::model::spec::ESTIMATE_MAX;

/// How much of the difference between the number on the card and the own view is not said, in
/// basis points. That numbers heard before pull is anchoring (Tversky and Kahneman 1974); how much
/// is our assumption.
const ANCHOR: f64 = 0.25;
/// Share by which the most optimistic person says less than the typical one; our assumption.
const OPTIMISM: f64 = 0.10;
/// Months in the trade after which one knows what work takes; our assumption.
const SEASONED_MONTHS: u32 = 36;
/// How much less somebody says in their first month; our assumption.
const NAIVETY: f64 = 0.08;
/// A step of learning, in basis points, when work took longer than said or less: so learning comes to
/// rest where as much takes longer as takes less. Our assumption.
const LEARN: u32 = 100;
/// Within this share of the estimate (basis points) it was met.
const MET: u32 = 200;
/// Bounds of what a team learns, in basis points.
pub const SCALE_MIN: u16 = 3_000;
pub const SCALE_MAX: u16 = 30_000;

/// What this person would multiply a number with, before anything is learned.
fn nature(person: &Person, rate: u32, anchor: f64) -> f64 {
    let pace = libm::log(10_000.0 / f64::from(rate.max(500)));
    // Careful: conscientious and worrying. Optimistic: outgoing and open. Each from -1 to 1.
    let careful = (person.conscientiousness() + person.neuroticism()) as f64
        - (person.extraversion() + person.openness()) as f64;
    let months = u32::from(person.experience_months).min(SEASONED_MONTHS);
    let green = 1.0 - f64::from(months) / f64::from(SEASONED_MONTHS);
    let mood = careful / 20_000.0 * OPTIMISM - green * NAIVETY;
    libm::exp(pace * (1.0 - anchor) + mood)
}

/// A number as people say it: quarters of an hour, then half hours, hours, half days.
pub(in crate::model) fn said(minutes: f64) -> u32 {
    let step = match minutes {
        m if m < 120.0 => 15.0,
        m if m < 480.0 => 30.0,
        m if m < 1_920.0 => 60.0,
        _ => 240.0,
    };
    let whole = libm::round(minutes / step) * step;
    whole.clamp(15.0, f64::from(ESTIMATE_MAX)) as u32
}

impl Project {
    /// Changes the estimate of a task, and what is derived from it.
    pub(in crate::model) fn set_estimate(&mut self, task_at: usize, minutes: u32) {
        let here = self.phase;
        let task = &mut self.tasks[task_at];
        let before = std::mem::replace(&mut task.estimate, minutes.clamp(1, ESTIMATE_MAX));
        if task.open() && task.phase <= here {
            self.cache.open_minutes += u64::from(task.estimate);
            self.cache.open_minutes -= u64::from(before);
        }
    }

    /// Whoever takes a task on says how long it will take them. What came from a tracker keeps the
    /// number it came with.
    pub(in crate::model) fn estimate_own(&mut self, at: usize, task_at: usize) {
        let task = &self.tasks[task_at];
        if self.only_backlog || task.spent > 0 || task.source.is_some() {
            return;
        }
        let person = &self.people[at];
        let rate = person.rate(task.kind, self.communication());
        let learned = f64::from(self.work.scale) / 10_000.0;
        let minutes = f64::from(task.estimate) * nature(person, rate, ANCHOR) * learned;
        self.set_estimate(task_at, said(minutes));
    }

    /// What a finished task teaches the team about its estimates.
    pub(in crate::model) fn learn_to_estimate(&mut self, task_at: usize) {
        let task = &self.tasks[task_at];
        if self.only_backlog || task.source.is_some() {
            return;
        }
        let slack = bp(task.estimate, MET);
        let scale = u32::from(self.work.scale);
        let scale = if task.spent > task.estimate.saturating_add(slack) {
            scale + bp(scale, LEARN)
        } else if task.spent.saturating_add(slack) < task.estimate {
            scale - bp(scale, LEARN)
        } else {
            scale
        };
        self.work.scale = (scale.min(SCALE_MAX.into()) as u16).max(SCALE_MIN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Hash, ShardId};
    use crate::model::kind::{Role, Seniority};
    use crate::model::spec::TeamSpec;
    use crate::rng::Rng;

    fn person() -> Person {
        let spec = TeamSpec::one(Role::Engineer, Seniority::Mid);
        Person::new(1, &spec, ShardId(Hash([0; 32])), 0, &mut Rng::from_seed([3; 32]))
    }

    #[test]
    fn the_fast_say_less_than_the_slow_but_the_number_on_the_card_pulls_both() {
        let (fast, slow) = (nature(&person(), 20_000, ANCHOR), nature(&person(), 5_000, ANCHOR));
        assert!(slow / fast > 1.5 && slow / fast < 4.0, "{fast} {slow}");
        let free = nature(&person(), 5_000, 0.0) / nature(&person(), 20_000, 0.0);
        assert!((free - 4.0).abs() < 0.01, "{free}");
    }

    #[test]
    fn the_careful_say_more_and_the_green_say_less() {
        let mut careful = person();
        careful.personality = [3_000, 8_000, 3_000, 5_000, 8_000];
        let mut bold = person();
        bold.personality = [8_000, 3_000, 8_000, 5_000, 3_000];
        assert!(nature(&careful, 10_000, ANCHOR) > nature(&bold, 10_000, ANCHOR) * 1.05);
        let mut green = careful.clone();
        green.experience_months = 1;
        careful.experience_months = 100;
        assert!(nature(&green, 10_000, ANCHOR) < nature(&careful, 10_000, ANCHOR));
    }

    #[test]
    fn numbers_are_said_as_people_say_them() {
        assert_eq!([7.0, 52.0, 130.0, 500.0, 5_000.0].map(said), [15, 45, 120, 480, 5_040]);
    }
}
