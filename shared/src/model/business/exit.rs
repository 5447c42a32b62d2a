//! The end of a business that does not carry: somebody buys it, or the founders stop while they can
//! still pay what they owe. Bankruptcy is in [`money`](super::money).

use crate::model::happen::{Happen, Stream};
use crate::model::kind::Role;
use crate::model::project::{EndReason, Project};
use crate::model::view::Phase;

/// Months of money below which founders look for a way out. Our assumption.
const SHORT_MONTHS: u16 = 2;
/// Chance in a week that somebody buys a business whose money gets short, in basis points, at full
/// attraction. Our assumption.
const BOUGHT_BP: f64 = 500.0;
/// Chance in a week that founders stop when less than half a month of money is left and nobody
/// comes, in basis points. Our assumption: half of those who fail do so in order.
const STOPS_BP: u32 = 1_800;
/// Chance in a week that founders give up although there is money, in basis points, with no prospect
/// at all and no joy in it: they fall out, fall ill, get a better offer, stop believing. Prospects
/// lower it with the square of what is missing. Our assumption, set so that about 80 % of start-ups
/// live a year and 50 % five (US BLS): survival is calibrated, not found.
const GIVES_UP_BP: f64 = 75.0;
/// Who pays for itself is given up by so much less often. Our assumption.
const PAYS_FACTOR: f64 = 0.6;
/// Price of a business in years of its recurring revenue. Our assumption.
const REVENUE_YEARS: i64 = 3;
/// Price of a team whose product nobody wants, in cents a person. Our assumption.
const PERSON_CENTS: i64 = 8_000_000;

impl Project {
    /// Once a week: is there a way on?
    pub(in crate::model) fn consider_the_end(
        &mut self,
        day: u32,
        happen: &mut Happen<'_, '_>,
    ) -> Option<EndReason> {
        if self.stop_after < Phase::Growth || self.people.is_empty() {
            return None;
        }
        if let Some(end) = self.founders_give_up(day, happen) {
            return Some(end);
        }
        if !self.launched || self.pays_for_itself() {
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
            if months == 0 && !hope && self.cash_cents < self.net_burn_cents() / 2 {
                let stops = Self::business_chance(happen, STOPS_BP);
                return stops.then_some(EndReason::WoundDown(day));
            }
        }
        None
    }

    /// Whether those who founded it still want it.
    fn founders_give_up(&self, day: u32, happen: &mut Happen<'_, '_>) -> Option<EndReason> {
        let founders = self.people.iter().filter(|person| person.role == Role::Founder);
        let (count, morale) =
            founders.fold((0u32, 0u32), |(n, sum), p| (n + 1, sum + u32::from(p.morale)));
        // A company that others lead is given up by its owner, who says so.
        if count == 0 {
            return None;
        }
        let joy = f64::from(morale / count) / 10_000.0;
        let missing = 1.0 - self.attraction().clamp(0.0, 1.0);
        let pays = if self.pays_for_itself() { PAYS_FACTOR } else { 1.0 };
        let chance = GIVES_UP_BP * missing * missing * (1.5 - joy) * pays;
        // Finer than basis points: in millionths.
        let drawn = happen.rng(Stream::Business).below(1_000_000);
        (drawn < (chance * 100.0) as u64).then_some(EndReason::WoundDown(day))
    }
}
