//! The end of a business that does not carry: somebody buys it, or the founders stop while they can
//! still pay what they owe. Bankruptcy is in [`money`](super::money).

use super::money::MONTH_DAYS;
use crate::model::happen::{Happen, Stream};
use crate::model::project::{EndReason, Project, YEAR_DAYS};

/// Months of money below which founders look for a way out. Our assumption.
const SHORT_MONTHS: u16 = 2;
/// Chance in a week that somebody buys a business whose money gets short, in basis points, at full
/// attraction. Our assumption.
const BOUGHT_BP: f64 = 500.0;
/// Chance in a week that founders stop when less than a month of money is left and nobody comes, in
/// basis points. Our assumption: half of those who fail do so in order.
const STOPS_BP: u32 = 1_800;
/// Working days since the founding after which founders ask themselves whether it is worth it.
const PATIENCE_DAYS: u64 = YEAR_DAYS as u64;
/// Chance in a week that they stop although there is money, in basis points, when revenue covers
/// nothing and does not grow. Our assumption: many close without being out of money.
const TIRED_BP: f64 = 60.0;
/// Price of a business in years of its recurring revenue. Our assumption.
const REVENUE_YEARS: i64 = 3;
/// Price of a team whose product nobody wants, in cents a person. Our assumption.
const PERSON_CENTS: i64 = 8_000_000;

impl Project {
    /// Once a week: is there a way on?
    pub(in crate::model) fn consider_the_end(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Option<EndReason> {
        if !self.launched || self.pays_for_itself() || self.people.is_empty() {
            return None;
        }
        let months = self.months_of_money();
        if months < SHORT_MONTHS {
            let bought = BOUGHT_BP * self.attraction() * self.attraction();
            if happen.rng(Stream::Business).chance(bought as u32) {
                let revenue = self.mrr_cents().saturating_mul(12 * REVENUE_YEARS);
                let team = PERSON_CENTS * self.people.len() as i64;
                let for_team = team > revenue;
                return Some(EndReason::Acquired { cents: revenue.max(team), for_team });
            }
            // Who is in talks with investors waits for them.
            let hope = self.raising_money() && months > 0;
            if months == 0 && !hope && self.cash_cents < self.net_burn_cents() {
                let stops = Self::business_chance(happen, STOPS_BP);
                return stops.then_some(EndReason::WoundDown(day));
            }
            return None;
        }
        if now.saturating_sub(self.launched_tick()) < PATIENCE_DAYS * 480 {
            return None;
        }
        let cost = (self.daily_cost_cents() * MONTH_DAYS as i64).max(1);
        let covers = (self.mrr_cents() as f64 / cost as f64).min(1.0);
        let growth = (self.monthly_growth() / 0.05).clamp(0.0, 1.0);
        let tired = TIRED_BP * (1.0 - covers) * (1.0 - growth);
        let stops = Self::business_chance(happen, tired as u32);
        stops.then_some(EndReason::WoundDown(day))
    }

    /// When the first customers could come.
    fn launched_tick(&self) -> u64 {
        use crate::model::view::Phase;
        let launch = self.ends.iter().find(|end| end.phase == Phase::Launch);
        launch.map_or(0, |end| end.tick)
    }
}
