//! How a project ends.

use crate::model::happen::Happen;
use crate::model::project::EndReason;
use crate::model::project::Project;
use crate::model::view::Status;

impl Project {
    /// Ends the project.
    pub fn finish(&mut self, end: EndReason, now: u64, happen: &mut Happen<'_, '_>) {
        self.status = match end {
            EndReason::Reached(_) | EndReason::BacklogDone | EndReason::Profitable => {
                self.phase = crate::model::view::Phase::Completed;
                Status::Completed
            }
            EndReason::Acquired { for_team: false, .. } => Status::Completed,
            EndReason::Archived => Status::Archived,
            _ => Status::Failed,
        };
        self.end = Some(end);
        self.recount();
        self.release_people(now, happen);
        self.leave_business(happen);
        let reason = crate::model::picture::end_text(self).unwrap_or_default();
        happen.phase(self, reason, now);
    }
}
