//! Business: money, customers, sales, funding, deals and the market.
//!
//! A project does its business once a working day, in the evening: [`books`] and [`money`] pay and
//! are paid, [`support`] answers customers, [`sales`] works the leads, [`customers`] tells the
//! market what is on offer, [`funding`] looks for investors, [`exit`] sells or winds down what does
//! not carry, [`deal`] buys from other projects. [`market`] is a shard of its own; [`adoption`] has
//! the formulas both share. [`figures`] are the numbers a business is run by.

pub mod adoption;
pub mod books;
mod customers;
pub mod deal;
pub mod exit;
pub mod figures;
pub mod funding;
pub mod lead_name;
pub mod market;
pub mod money;
pub mod sales;
pub mod support;
pub mod talk;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

use bincode::{Decode, Encode};

use crate::model::happen::{Happen, Stream};
use crate::model::mail::Message;
use crate::model::project::{EndReason, Project};

use adoption::Standing;
use books::Books;
use deal::{DealMessage, Deals};
use funding::Funding;
use market::MarketMessage;
use money::MONEY_MAX;
use sales::Pipeline;
use support::Support;

/// All that a project's business remembers, beside cash and customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Business {
    pub books: Books,
    pub support: Support,
    pub pipeline: Pipeline,
    pub funding: Funding,
    pub deals: Deals,
    /// Where it stands with those it knows, for a project that sells on no market.
    pub circle: Standing,
    /// What customers take beyond one plan each, in thousandths of a customer: larger plans.
    pub uplift_thousandths: u64,
    /// Everybody below this number has been looked at by whoever pays for recruiting.
    pub seen_person: u32,
}

impl Business {
    /// The business of a project that is founded on a working day with people below a number.
    pub fn found(day: u32, next_person: u32, customers: u32, price_cents: i64) -> Business {
        let mut business = Business { seen_person: next_person, ..Business::default() };
        let mrr = i64::from(customers).saturating_mul(price_cents).min(MONEY_MAX);
        business.books.turn_to(day, mrr);
        business.circle.customers = customers;
        business
    }

    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        self.books.check()?;
        self.support.check()?;
        self.pipeline.check()?;
        self.funding.check()?;
        self.deals.check()?;
        self.circle.check()?;
        match self.uplift_thousandths <= 1 << 50 {
            true => Ok(()),
            false => Err("the plans of the customers are out of bounds".into()),
        }
    }
}

/// Money is never beyond its bounds.
fn bounded(cents: &[i64]) -> bool {
    cents.iter().all(|cents| (-MONEY_MAX..=MONEY_MAX).contains(cents))
}

impl Project {
    /// The business of a working day, after its books are closed. Says why the project ends, if it
    /// does.
    pub(in crate::model) fn do_business(
        &mut self,
        day: u32,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) -> Option<EndReason> {
        if self.only_backlog {
            return None;
        }
        self.answer_customers(day, happen);
        self.work_leads(day, now, happen);
        self.meet_customers(happen);
        self.expand_plans();
        // Once a week, on different days, so that no evening is long.
        match day % 5 {
            1 => self.consider_deals(day, now, happen),
            3 => {
                self.consider_raising(day, now, happen);
                return self.consider_the_end(day, happen);
            }
            _ => {}
        }
        None
    }

    /// Tells market and partners that the project is no more.
    pub(in crate::model) fn leave_business(&mut self, happen: &mut Happen<'_, '_>) {
        if let Some(market) = self.market
            && self.launched
        {
            happen.step.send(market, Message::Market(MarketMessage::Withdraw).to_bytes());
        }
        for deal in std::mem::take(&mut self.business.deals.open) {
            let message = DealMessage::Cancel { by_seller: !deal.buying };
            happen.step.send(deal.partner, Message::Deal(message).to_bytes());
        }
    }

    /// Chance in the business of this project.
    fn business_chance(happen: &mut Happen<'_, '_>, basis_points: u32) -> bool {
        happen.rng(Stream::Business).chance(basis_points)
    }
}
