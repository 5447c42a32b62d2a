//! How a project ends.

use crate::model::business::market::MarketMessage;
use crate::model::happen::Happen;
use crate::model::mail::Message;
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
            EndReason::Archived => Status::Archived,
            _ => Status::Failed,
        };
        self.end = Some(end);
        self.recount();
        self.release_people(now, happen);
        if let Some(market) = self.market
            && self.launched
        {
            happen.step.send(market, Message::Market(MarketMessage::Withdraw).to_bytes());
        }
        let reason = crate::model::picture::end_text(self).unwrap_or_default();
        happen.phase(self, reason, now);
    }
}
