//! The business of a project, as a page shows it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Money, customers, sales, funding and deals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct BusinessView {
    /// What the business is run by, each with its unit and what it means.
    pub figures: Vec<Figure>,
    /// Newest last: at most 36 months of 20 working days, the present one included.
    pub months: Vec<BooksMonth>,
    /// Open leads, the best first.
    pub leads: Vec<LeadView>,
    /// The latest outcomes, newest last.
    pub closed_leads: Vec<ClosedLeadView>,
    /// Leads ever, by source.
    pub sources: Vec<LeadSource>,
    pub support: SupportView,
    pub funding: FundingView,
    pub deals: Vec<DealView>,
}

/// A number with its unit and its meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Figure {
    /// A word to find it by, such as `mrr` or `runway`.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// None while it cannot be said.
    pub value: Option<f64>,
    /// `cents`, `percent`, `months`, `days`, `ratio`, `score` or `count`.
    pub unit: String,
    /// A sentence on what it means and what is good.
    pub meaning: String,
}

/// An amount of a category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Amount {
    /// `salaries`, `hosting`, `subscriptions`, …
    pub category: String,
    pub cents: i64,
}

/// The books of a month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct BooksMonth {
    /// Month of the world, of 20 working days, from 0.
    pub month: u32,
    pub spent: Vec<Amount>,
    pub earned: Vec<Amount>,
    /// Put in by owners and investors.
    pub raised_cents: i64,
    /// Monthly recurring revenue at its start.
    pub opening_mrr_cents: i64,
    /// Of new customers.
    pub new_mrr_cents: i64,
    /// Of customers who took more.
    pub expansion_mrr_cents: i64,
    /// Of customers who left.
    pub churned_mrr_cents: i64,
    pub customers_won: u32,
    pub customers_lost: u32,
}

/// A possible customer with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LeadView {
    pub name: String,
    /// Which of the target customers it is one of.
    pub segment: String,
    /// `inbound`, `outbound` or `referral`.
    pub source: String,
    /// `new`, `qualified`, `demo` or `proposal`.
    pub stage: String,
    /// How much it is worth working on, in basis points: fit, size and source.
    pub score: u16,
    /// How well the product suits it, in basis points.
    pub fit: u16,
    /// Customers it would bring.
    pub seats: u16,
    /// What it would pay a month.
    pub value_cents_per_month: i64,
    /// Working day it came on.
    pub since_day: u32,
    /// Working day on which it answers.
    pub due_day: u32,
}

/// How a lead ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClosedLeadView {
    pub name: String,
    pub seats: u16,
    pub won: bool,
    /// Working day.
    pub day: u32,
}

/// Leads of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LeadSource {
    pub source: String,
    pub came: u32,
    pub won: u32,
    pub lost: u32,
}

/// The desk that answers customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SupportView {
    pub open_tickets: u64,
    pub answered_tickets: u64,
    /// Working days a ticket waits, in hundredths.
    pub wait_hundredths: u32,
    /// Share of customers who are content (CSAT), in basis points.
    pub satisfaction: u16,
    /// Net promoter score, -100 to 100.
    pub net_promoters: i16,
}

/// Who owns it and who put money in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FundingView {
    /// Oldest first.
    pub rounds: Vec<RoundView>,
    /// Working day since which founders look for investors, while they do.
    pub raising_since_day: Option<u32>,
    pub failed_attempts: u16,
    pub raised_cents: i64,
    /// Share left to those who founded it, in basis points.
    pub founders_share: u16,
    /// Whether it lives on what it earns and never took an investor's money.
    pub bootstrapped: bool,
    /// What investors make of it now, in basis points.
    pub attraction: u16,
}

/// A round that closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RoundView {
    /// `pre-seed`, `seed`, `series A`, …
    pub kind: String,
    /// Working day it closed on.
    pub day: u32,
    pub cents: i64,
    /// What the company was held to be worth before the money.
    pub pre_money_cents: i64,
    /// Share that went to the investors, in basis points.
    pub dilution: u16,
}

/// A deal with another project of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DealView {
    /// Id of the other project.
    pub partner: String,
    pub partner_name: String,
    /// Whether this project buys; else it sells.
    pub buying: bool,
    /// `tooling` or `integration`.
    pub what: String,
    pub seats: u16,
    /// For each seat and month.
    pub price_cents: i64,
    /// Whether both have agreed; else an offer is on its way.
    pub agreed: bool,
    pub since_day: u32,
    /// Paid, or received, up to now.
    pub total_cents: i64,
}
