//! Reach: whether what is planned can still be paid for. Whoever sees that it cannot stops while
//! there is something left, instead of going on until the money is gone.

use crate::model::phases::board::CUT_MOST;
use crate::model::project::{EndReason, Project, WEEK_DAYS};
use crate::model::view::Phase;

/// Weeks in a row on which the end has to be out of reach. Our assumption.
pub const WEEKS: u8 = 4;
/// With more working days of money than this there is time to find some more. Our assumption.
const MONEY_DAYS: u32 = 60;
/// Out of reach is what takes this many times as long as the money lasts. Our assumption.
const TIMES: u32 = 2;

impl Project {
    /// Once a week from design to launch: whether to stop because the scope cannot be reached.
    pub(in crate::model) fn out_of_reach(&mut self, now: u64) -> Option<EndReason> {
        let day = now / crate::model::project::DAY;
        if !day.is_multiple_of(WEEK_DAYS) {
            return None;
        }
        let building = (Phase::Design..=Phase::Launch).contains(&self.phase);
        let there = self.money_days();
        if !building || there > MONEY_DAYS || self.only_backlog {
            self.path.weeks_out_of_reach = 0;
            return None;
        }
        // Even the smallest product that would still be one.
        let needed = self.days_to_launch();
        let smallest = u64::from(needed) * (100 - CUT_MOST) / 100;
        if smallest < u64::from(there * TIMES) {
            self.path.weeks_out_of_reach = 0;
            return None;
        }
        self.path.weeks_out_of_reach = self.path.weeks_out_of_reach.saturating_add(1);
        (self.path.weeks_out_of_reach >= WEEKS).then_some(EndReason::OutOfReach(needed, there))
    }
}
