//! Estimates of what is left: the work on the board against the pace the project has had so far.
//!
//! The pace is what was finished a working day for each person, counted on days on which there was
//! work for all. Half of all outcomes lie below the first number, 85 % below the second.

use bincode::{Decode, Encode};

use crate::model::phases::plan;
use crate::model::project::Project;
use crate::model::view::Phase;

/// Days of pace that are remembered: a month.
pub const PACE_DAYS: usize = 20;
/// Estimated minutes that a person finishes in a working day before anything is known: about four
/// and a half hours of focus, over all days, less rework and help. Our assumption.
const PRIOR_MINUTES: f64 = 195.0;
/// So many days of one's own pace count as much as that assumption. Our assumption.
const PRIOR_DAYS: f64 = 5.0;
/// Spread of one day's pace before anything is known, as a share of it. Our assumption.
const PRIOR_SPREAD: f64 = 0.7;
/// Spread that no pace of the past takes away, as the standard deviation of the logarithm:
/// errors of duration are log-normal and do not narrow with time (Little 2006). The size is our
/// assumption.
const ALWAYS: f64 = 0.22;
/// The 85 % quantile of the standard normal distribution.
const Z85: f64 = 1.036;
/// A person alone on a chain of tasks: share of the day's pace of one with several in hand that is
/// lost to waiting for review and answers. Our assumption.
const CHAIN_MINUTES: f64 = 160.0;
/// The last task overruns: the mean of actual over estimate of the longest few (SiP data: 1.22 at
/// 75 %, 3.13 at 95 %). Our assumption.
const TAIL: f64 = 1.5;

/// The pace so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Pace {
    /// Estimated minutes finished for each person on full days, newest last.
    pub days: Vec<u16>,
    /// Finished in the present phase by yesterday evening.
    pub seen: u64,
    /// Open yesterday evening.
    pub open: u64,
    /// Of late: finished, and added to the work of a phase after it was planned. Both fade.
    pub finished: u32,
    pub added: u32,
}

impl Pace {
    /// Whether it could have come from steps.
    pub fn sound(&self) -> bool {
        self.days.len() <= PACE_DAYS
            && self.finished <= 1 << 30
            && self.added <= 1 << 30
            && self.seen <= 1 << 50
            && self.open <= 1 << 50
    }

    /// Work that turns up for each minute of work finished, at most a half.
    pub fn growth(&self) -> f64 {
        // Twenty days' work of one person weigh against what was seen. Our assumption.
        let finished = f64::from(self.finished) + 20.0 * PRIOR_MINUTES;
        (f64::from(self.added) / finished).min(0.5)
    }
}

/// What is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Working days: half of all outcomes take less.
    pub days_50: u32,
    /// Working days: 85 % of all outcomes take less.
    pub days_85: u32,
    /// Estimated minutes of the work that is left.
    pub minutes: u64,
}

impl Project {
    /// Notes what was finished today. In the evening, before the phase may be left.
    pub(in crate::model) fn note_pace(&mut self) {
        let done = self.phase_work.estimate_minutes;
        let open = self.cache.open_minutes;
        let people = self.people.len().max(1) as u64;
        let waiting = u64::from(self.cache.counts[0]);
        let pace = &mut self.path.pace;
        let finished = done.saturating_sub(pace.seen);
        let added = (open + finished).saturating_sub(pace.open);
        // The first evening of a phase has nothing to compare with.
        if pace.open > 0 {
            pace.finished = pace.finished - pace.finished / 64;
            pace.finished = pace.finished.saturating_add(finished.min(1 << 24) as u32).min(1 << 30);
            pace.added = pace.added - pace.added / 64;
            pace.added = pace.added.saturating_add(added.min(1 << 24) as u32).min(1 << 30);
        }
        // With less on the board than hands, the day says nothing about the pace.
        if waiting >= people {
            if pace.days.len() >= PACE_DAYS {
                pace.days.remove(0);
            }
            pace.days.push((finished / people).min(2_000) as u16);
        }
        pace.seen = done;
        pace.open = open;
    }

    /// Estimated minutes a person finishes in a day, and how much that differs from day to day.
    pub fn pace(&self) -> (f64, f64) {
        let days = &self.path.pace.days;
        let count = days.len() as f64;
        let sum: f64 = days.iter().map(|&day| f64::from(day)).sum();
        let share: f64 = self.people.iter().map(|p| f64::from(p.share)).sum::<f64>()
            / (10_000.0 * self.people.len().max(1) as f64);
        let prior = PRIOR_MINUTES * (1.0 - f64::from(self.communication()) / 10_000.0) * share;
        let mean = (sum + PRIOR_DAYS * prior) / (count + PRIOR_DAYS);
        let squares: f64 = days
            .iter()
            .map(|&day| {
                let off = f64::from(day) - mean;
                off * off
            })
            .sum();
        let assumed = PRIOR_SPREAD * PRIOR_SPREAD * prior * prior * PRIOR_DAYS;
        let spread = ((squares + assumed) / (count + PRIOR_DAYS)).sqrt();
        (mean.max(5.0), spread / mean.max(5.0))
    }

    /// What is left of work of this size, with a chain of tasks that wait for each other.
    fn estimate(&self, minutes: u64, chain: u64) -> Estimate {
        if minutes == 0 {
            return Estimate::default();
        }
        let (pace, spread) = self.pace();
        let people = self.people.len().max(1) as f64;
        let all = minutes as f64 * (1.0 + self.path.pace.growth());
        let flow = all / (pace * people);
        // One person alone has nothing to wait for.
        let chain = if self.people.len() > 1 { chain as f64 * TAIL / CHAIN_MINUTES } else { 0.0 };
        let middle = if flow > 2.0 * chain { flow + chain / 2.0 } else { flow / 2.0 + chain };
        let days = self.path.pace.days.len() as f64 + PRIOR_DAYS;
        let sigma =
            (spread * spread * (1.0 / days + 1.0 / middle.max(1.0)) + ALWAYS * ALWAYS).sqrt();
        let far = middle * libm::exp(Z85 * sigma.min(1.5)) + 1.0;
        let whole = |days: f64| libm::ceil(days).clamp(1.0, 99_999.0) as u32;
        Estimate { days_50: whole(middle), days_85: whole(far), minutes }
    }

    /// What is left of the present phase. Looks at every task: for once a week or whoever looks.
    pub fn estimate_phase(&self) -> Estimate {
        if self.phase == Phase::Growth && !self.only_backlog || self.ended() {
            return Estimate::default();
        }
        self.estimate(self.cache.open_minutes, self.longest_chain())
    }

    /// A phase that has not begun.
    pub fn estimate_later(&self, phase: Phase) -> Estimate {
        let given = self.tasks.iter().filter(|task| task.open() && task.phase == phase);
        let given: u64 = given.map(|task| u64::from(task.estimate)).sum();
        match given {
            0 => {
                let (minutes, chain) = plan::expected(phase, self.scope);
                self.estimate(minutes, chain)
            }
            some => self.estimate(some, some / 20),
        }
    }

    /// The most minutes of open work of this phase that wait for each other.
    fn longest_chain(&self) -> u64 {
        let mut longest = 0;
        let mut chains: Vec<u64> = vec![0; self.tasks.len()];
        for (at, task) in self.tasks.iter().enumerate() {
            if !task.open() || task.phase > self.phase {
                continue;
            }
            // Tasks nearly always wait for older ones; those that do not are taken as they are.
            let before = task
                .depends_on
                .iter()
                .filter_map(|&id| self.task_at(id))
                .filter(|&other| other < at)
                .map(|other| chains[other])
                .max()
                .unwrap_or(0);
            let left = task.estimate.saturating_sub(task.spent).max(task.estimate / 10 + 1);
            chains[at] = before.saturating_add(left.into());
            longest = longest.max(chains[at]);
        }
        longest
    }
}

impl Project {
    /// Working days until the project stops by itself or is launched, at 50 % and 85 %, and the
    /// last phase that is counted. The numbers of the phases are added up: they share their pace,
    /// so that a slow one will hardly be made up for by the next.
    pub fn days_until_end(&self) -> (u32, u32, Phase) {
        let first = self.estimate_phase();
        let until = self.stop_after.min(Phase::Launch).max(self.phase);
        let (mut middle, mut far) = (first.days_50, first.days_85);
        let mut phase = crate::model::phases::next(self.phase);
        while phase <= until && phase <= Phase::Launch && !self.only_backlog {
            let later = self.estimate_later(phase);
            middle = middle.saturating_add(later.days_50);
            far = far.saturating_add(later.days_85);
            phase = crate::model::phases::next(phase);
        }
        (middle, far, until)
    }
}
