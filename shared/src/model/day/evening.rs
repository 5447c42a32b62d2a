//! The evening: everything that happens once a working day, in order.

use crate::model::happen::{Happen, Stream};
use crate::model::project::EndReason;
use crate::model::project::Project;

impl Project {
    /// The evening. Says why the project ends, if it does.
    pub fn end_day(&mut self, now: u64, happen: &mut Happen<'_, '_>) -> Option<EndReason> {
        self.tick = now;
        // The day that ends, not the one that begins at this very minute.
        let day = Project::day_of(now - 1);
        self.work_overtime();
        self.rest(day);
        if let Some(end) = self.close_books(day) {
            return Some(end);
        }
        self.workshop_evening(now, happen);
        self.words_evening(day, now, happen);
        self.decide(day, now, happen);
        if let Some(end) = self.do_business(day, now, happen) {
            return Some(end);
        }
        self.people_evening(day, now, happen);
        if self.people.is_empty() {
            return Some(EndReason::Deserted);
        }
        self.new_week(happen.rng(Stream::Phases));
        let end = self.end_of_phase(now, happen);
        self.work_evening(day, now, happen);
        self.forget_done_tasks();
        end
    }
}
