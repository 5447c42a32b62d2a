//! Flow: how much is in work, for how long, and how much gets done; counted as it happens.

use bincode::{Decode, Encode};

use crate::model::work::histogram::{Histogram, MINUTES, RATIO};

/// Weeks that are remembered one by one.
pub const WEEKS_KEPT: usize = 12;
/// Sums never grow beyond this.
const SUM_MAX: u64 = 1 << 60;

/// A week of work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Week {
    /// Tasks asked for.
    pub asked: u32,
    /// Tasks done.
    pub done: u32,
    /// Deployments to customers.
    pub deployed: u32,
    /// Those of them that failed.
    pub failed: u32,
}

/// How work flows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Flow {
    /// From asked for to done.
    pub lead: Histogram,
    /// From taken on to done.
    pub cycle: Histogram,
    /// Spent against estimated.
    pub ratio: Histogram,
    /// From taken on to in customers' hands.
    pub change: Histogram,
    /// From a failed deployment to service restored.
    pub restore: Histogram,
    /// Newest last.
    pub weeks: Vec<Week>,
    /// The week that runs.
    pub week: Week,
    /// The next number of a task when the week began.
    asked_before: u32,
    /// Tasks that were taken on and are not off the board.
    pub in_work: u32,
    /// Tick at which the first was taken on.
    pub from: Option<u64>,
    /// Tick at which `in_work` last changed.
    changed: u64,
    /// Tasks in work times minutes.
    pub area: u64,
    /// Tasks that were taken on and are off the board.
    pub left: u64,
    /// How long they were in work, together, in minutes.
    pub stayed: u64,
    /// Minutes somebody worked on them.
    pub touched: u64,
}

impl Flow {
    /// Whether all that steps rely on holds.
    pub fn sound(&self) -> bool {
        self.weeks.len() <= WEEKS_KEPT
            && [self.area, self.left, self.stayed, self.touched].iter().all(|&sum| sum <= SUM_MAX)
    }

    fn pass(&mut self, now: u64) {
        let minutes = now.saturating_sub(self.changed);
        let more = minutes.saturating_mul(self.in_work.into());
        self.area = self.area.saturating_add(more).min(SUM_MAX);
        self.changed = self.changed.max(now);
    }

    /// A task is taken on for the first time.
    pub fn taken_on(&mut self, now: u64) {
        if self.from.is_none() {
            self.from = Some(now);
            self.changed = now;
        }
        self.pass(now);
        self.in_work = self.in_work.saturating_add(1);
    }

    /// A task that was taken on is off the board.
    pub fn taken_off(&mut self, started: u64, spent: u32, now: u64) {
        self.pass(now);
        self.in_work = self.in_work.saturating_sub(1);
        let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more).min(SUM_MAX);
        add(&mut self.left, 1);
        add(&mut self.stayed, now.saturating_sub(started));
        add(&mut self.touched, spent.into());
    }

    /// A task was done by somebody.
    pub fn done(&mut self, created: u64, started: Option<u64>, now: u64) {
        self.week.done = self.week.done.saturating_add(1);
        self.lead.add(MINUTES, now.saturating_sub(created) as f64);
        if let Some(started) = started {
            self.cycle.add(MINUTES, now.saturating_sub(started) as f64);
        }
    }

    /// What a task took against what was said of it.
    pub fn estimated(&mut self, spent: u32, estimate: u32) {
        self.ratio.add(RATIO, f64::from(spent) / f64::from(estimate.max(1)));
    }

    /// The week is over.
    pub fn close_week(&mut self, next_task: u32, now: u64) {
        self.pass(now);
        if self.weeks.len() >= WEEKS_KEPT {
            self.weeks.remove(0);
        }
        let mut week = std::mem::take(&mut self.week);
        week.asked = next_task.saturating_sub(self.asked_before);
        self.asked_before = next_task;
        self.weeks.push(week);
    }

    /// Mean tasks in work, from the first one taken on until now.
    pub fn mean_in_work(&self, now: u64) -> Option<f64> {
        let since = now.saturating_sub(self.from?);
        let open = now.saturating_sub(self.changed).saturating_mul(self.in_work.into());
        (since > 0).then(|| (self.area.saturating_add(open)) as f64 / since as f64)
    }

    /// Tasks that left the board in a minute, on average.
    pub fn rate(&self, now: u64) -> Option<f64> {
        let since = now.saturating_sub(self.from?);
        (since > 0).then(|| self.left as f64 / since as f64)
    }

    /// How long a task is in work, on average, in minutes.
    pub fn mean_stay(&self) -> Option<f64> {
        (self.left > 0).then(|| self.stayed as f64 / self.left as f64)
    }

    /// Share of the time in work in which somebody worked on the task.
    pub fn efficiency(&self) -> Option<f64> {
        (self.stayed > 0).then(|| self.touched as f64 / self.stayed as f64)
    }
}
