//! The figures a software business is run by (Skok and others): what a customer is worth, what one
//! costs, how long the money lasts. Worked out from the books when somebody looks; never stored.

use super::books::{Cost, Month};
use super::money::{EMPLOYER_BP, MONTH_DAYS};
use crate::model::kind::Role;
use crate::model::project::{Project, YEAR_DAYS};

/// Months that a figure is the mean of.
const OVER_MONTHS: usize = 3;

/// The figures. What cannot be said yet is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Monthly recurring revenue, in cents.
    pub mrr_cents: i64,
    /// Revenue of a customer and month, in cents.
    pub arpu_cents: Option<f64>,
    /// Share of revenue left after running the product, in percent.
    pub margin_percent: Option<f64>,
    /// Customers lost in a month, in percent.
    pub churn_percent: Option<f64>,
    /// Growth of recurring revenue in a month, in percent.
    pub growth_percent: Option<f64>,
    /// Revenue kept from the customers of a year ago, with what they took more, in percent.
    pub net_retention_percent: Option<f64>,
    /// What a customer brings before leaving, in cents.
    pub lifetime_value_cents: Option<f64>,
    /// What a new customer costs in sales and marketing, in cents.
    pub acquisition_cost_cents: Option<f64>,
    /// Lifetime value over acquisition cost.
    pub value_over_cost: Option<f64>,
    /// Months until a customer has brought in what it cost.
    pub payback_months: Option<f64>,
    /// Spent in a month at the cost of today, in cents.
    pub gross_burn_cents: i64,
    /// The same less recurring revenue, not below 0, in cents.
    pub net_burn_cents: i64,
    /// Months until the money is gone; none if it is not.
    pub runway_months: Option<f64>,
    /// Leads won of those decided, in percent.
    pub win_percent: Option<f64>,
}

fn mean(months: &[Month], of: impl Fn(&Month) -> i64) -> Option<f64> {
    match months.len() {
        0 => None,
        count => Some(months.iter().map(|month| of(month) as f64).sum::<f64>() / count as f64),
    }
}

/// None instead of nonsense.
fn over(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

impl Project {
    /// The figures of the business, as it stands.
    pub fn figures(&self) -> Figures {
        let mrr_cents = self.mrr_cents();
        let books = &self.business.books;
        let months = books.whole(OVER_MONTHS);
        let customers = f64::from(self.customers);
        let arpu_cents = over(mrr_cents as f64, customers);
        let hosting = mean(months, |month| month.spent[Cost::Hosting as usize]);
        let earned = mean(months, Month::earned_cents);
        let margin_percent = match (earned, hosting) {
            (Some(earned), Some(hosting)) if earned > 0.0 => {
                Some(100.0 * (1.0 - hosting / earned).max(-1.0))
            }
            _ => None,
        };
        // Customers at the start of these months: those of today less who came, with who left.
        let since = books.months.len().saturating_sub(OVER_MONTHS + 1);
        let (won, lost) = books.months[since..].iter().fold((0u64, 0u64), |(won, lost), month| {
            (won + u64::from(month.won), lost + u64::from(month.lost))
        });
        let opening = (customers + lost as f64 - won as f64).max(0.0);
        let lost_monthly = mean(months, |month| i64::from(month.lost));
        let churn_percent = lost_monthly
            .and_then(|lost| over(100.0 * lost, (opening + customers) / 2.0))
            .map(|percent| percent.min(100.0));
        let growth_percent = (!months.is_empty() && months[0].opening_mrr > 0)
            .then(|| 100.0 * self.monthly_growth());
        let lifetime_value_cents = match (arpu_cents, margin_percent, churn_percent) {
            // At no churn at all a customer is taken to stay for ten years.
            (Some(arpu), Some(margin), Some(churn)) => {
                Some(arpu * margin / 100.0 / (churn / 100.0).max(1.0 / 130.0))
            }
            _ => None,
        };
        let selling: i64 = self
            .people
            .iter()
            .filter(|person| matches!(person.role, Role::Sales | Role::Marketing))
            .map(|person| person.salary_cents / 10_000 * i64::from(person.share))
            .sum();
        let selling = selling as f64 * (10_000 + EMPLOYER_BP) as f64 / 10_000.0 * MONTH_DAYS as f64
            / f64::from(YEAR_DAYS);
        let spent = mean(months, |month| month.spent[Cost::Marketing as usize]);
        let new = mean(months, |month| i64::from(month.won));
        let acquisition_cost_cents = match (spent, new) {
            (Some(spent), Some(new)) => over(spent + selling, new),
            _ => None,
        };
        let value_over_cost = match (lifetime_value_cents, acquisition_cost_cents) {
            (Some(value), Some(cost)) => over(value, cost),
            _ => None,
        };
        let payback_months = match (acquisition_cost_cents, arpu_cents, margin_percent) {
            (Some(cost), Some(arpu), Some(margin)) => over(cost, arpu * margin / 100.0),
            _ => None,
        };
        let net_burn_cents = self.net_burn_cents();
        let (all_won, all_lost) = self.business.pipeline.decided();
        Figures {
            mrr_cents,
            arpu_cents,
            margin_percent,
            churn_percent,
            growth_percent,
            net_retention_percent: self.net_retention(),
            lifetime_value_cents,
            acquisition_cost_cents,
            value_over_cost,
            payback_months,
            gross_burn_cents: self.daily_cost_cents() * MONTH_DAYS as i64,
            net_burn_cents,
            runway_months: over(self.cash_cents.max(0) as f64, net_burn_cents as f64),
            win_percent: over(100.0 * all_won as f64, (all_won + all_lost) as f64),
        }
    }

    /// Over up to the last twelve whole months, scaled to twelve.
    fn net_retention(&self) -> Option<f64> {
        let months = self.business.books.whole(12);
        let mut kept = 1.0;
        let mut counted = 0;
        for month in months.iter().filter(|month| month.opening_mrr > 0) {
            let opening = month.opening_mrr as f64;
            let change = (month.expansion_mrr - month.churned_mrr) as f64;
            kept *= (1.0 + change / opening).clamp(0.0, 2.0);
            counted += 1;
        }
        (counted >= OVER_MONTHS).then(|| 100.0 * libm::pow(kept, 12.0 / counted as f64))
    }
}
