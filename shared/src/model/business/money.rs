//! Money: pay, costs, income, and the end when it runs out. All in integer cents.

use bincode::{Decode, Encode};

use crate::model::project::{EndReason, Project, YEAR_DAYS};

/// Working days of a month in reports.
pub const MONTH_DAYS: usize = 20;
/// Days of finance a project remembers: a bit over a quarter.
pub const DAYS_KEPT: usize = 90;
/// What an employer pays beyond the salary, in basis points of it. Our assumption.
pub const EMPLOYER_BP: i64 = 12_000;
/// Place, machine and tools of a person for a working day. Our assumption.
pub const PLACE_CENTS: i64 = 2_800;
/// Running the product for a customer for a working day. Our assumption.
pub const SERVE_CENTS: i64 = 20;

/// Sums of money stay within this, so that no sum of sums ever overflows. Nobody is that rich.
pub const MONEY_MAX: i64 = 1 << 56;

fn sum(a: i64, b: i64) -> i64 {
    a.saturating_add(b).clamp(-MONEY_MAX, MONEY_MAX)
}

/// A working day in money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Day {
    pub day: u32,
    pub cash_cents: i64,
    pub spent_cents: i64,
    pub earned_cents: i64,
    pub customers: u32,
}

impl Project {
    /// What a working day costs.
    pub fn daily_cost_cents(&self) -> i64 {
        let overtime = 10_000 + i64::from(self.policies.overtime_hours) * 1_250 / 2;
        let pay: i64 = self
            .people
            .iter()
            .map(|person| {
                let salary = person.salary_cents / i64::from(YEAR_DAYS) * EMPLOYER_BP / 10_000;
                (salary * overtime / 10_000 + PLACE_CENTS) * i64::from(person.share) / 10_000
            })
            .sum();
        pay + i64::from(self.customers) * SERVE_CENTS
    }

    /// Spends money today.
    pub fn spend(&mut self, cents: i64) {
        self.cash_cents = sum(self.cash_cents, -cents);
        self.today.spent_cents = sum(self.today.spent_cents, cents);
        self.totals.spent_cents = sum(self.totals.spent_cents, cents);
    }

    /// Earns money today.
    pub fn earn(&mut self, cents: i64) {
        self.cash_cents = sum(self.cash_cents, cents);
        self.today.earned_cents = sum(self.today.earned_cents, cents);
        self.totals.earned_cents = sum(self.totals.earned_cents, cents);
    }

    /// Pays and is paid for the day that ends, and notes it.
    pub fn close_books(&mut self, day: u32) -> Option<EndReason> {
        self.spend(self.daily_cost_cents());
        self.earn(i64::from(self.customers) * self.policies.price_cents / MONTH_DAYS as i64);
        self.today.day = day;
        self.today.cash_cents = self.cash_cents;
        self.today.customers = self.customers;
        let today = std::mem::take(&mut self.today);
        let profitable = today.earned_cents > today.spent_cents;
        self.profitable_days = if profitable { self.profitable_days.saturating_add(1) } else { 0 };
        if self.days.len() >= DAYS_KEPT {
            self.days.remove(0);
        }
        self.days.push(today);
        (self.cash_cents < 0).then_some(EndReason::Bankrupt(day))
    }
}
