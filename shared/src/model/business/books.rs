//! The books: what was spent and earned, by category and month, and how recurring revenue moved.

use bincode::{Decode, Encode};

use super::bounded;
use super::money::{MONEY_MAX, MONTH_DAYS};

/// Months a project remembers.
pub const MONTHS_KEPT: usize = 36;

/// Declares a category of money once: its number, word and what it is.
macro_rules! categories {
    ($(#[$doc:meta])* $name:ident, $count:ident { $($(#[$item_doc:meta])* $item:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$item_doc])* $item),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$item),+];

            /// The word people read.
            pub fn word(self) -> &'static str {
                match self { $($name::$item => $word),+ }
            }
        }

        /// How many there are.
        pub const $count: usize = $name::ALL.len();
    };
}

categories!(
    /// What money is spent on.
    Cost, COSTS {
        /// What people are paid.
        Salaries = "salaries",
        /// Social security and taxes of the employer.
        Employer = "employer",
        /// Rooms, heat and light.
        Place = "place",
        /// Machines and licences.
        Tools = "tools",
        /// Running the product for its customers.
        Hosting = "hosting",
        /// Advertising, fairs and the like.
        Marketing = "marketing",
        /// Finding people.
        Recruiting = "recruiting",
        /// Courses and books.
        Training = "training",
        /// Pay for people who were let go.
        Severance = "severance",
        /// Bought from other projects.
        Purchases = "purchases",
    }
);

categories!(
    /// What money is earned with.
    Income, INCOMES {
        /// Customers of the market.
        Subscriptions = "subscriptions",
        /// Sold to other projects.
        Deals = "deals",
    }
);

/// A month of [`MONTH_DAYS`] working days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Month {
    /// Working day of the world over [`MONTH_DAYS`].
    pub month: u32,
    /// By [`Cost`], in cents.
    pub spent: [i64; COSTS],
    /// By [`Income`], in cents.
    pub earned: [i64; INCOMES],
    /// Put in by owners and investors, in cents.
    pub raised: i64,
    /// Monthly recurring revenue at its start, in cents.
    pub opening_mrr: i64,
    /// Recurring revenue of new customers, in cents a month.
    pub new_mrr: i64,
    /// Of customers who took more.
    pub expansion_mrr: i64,
    /// Of customers who left.
    pub churned_mrr: i64,
    /// Customers who came.
    pub won: u32,
    /// Customers who left.
    pub lost: u32,
}

/// What the books remember.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Books {
    /// Newest last: the present one.
    pub months: Vec<Month>,
    /// Part of a cent of pay that is still owed, over [`super::money::PAY_PARTS`].
    pub pay_rest: u64,
    /// The same for what the employer adds.
    pub employer_rest: u64,
    /// Ever earned from other projects of the world, in cents.
    pub earned_inside_cents: i64,
    /// Ever spent on other projects of the world, less what came back, in cents.
    pub spent_inside_cents: i64,
}

impl Books {
    /// Whether all that steps rely on holds.
    pub fn check(&self) -> Result<(), String> {
        let sound = self.months.len() <= MONTHS_KEPT
            && self.months.iter().all(|month| {
                bounded(&month.spent)
                    && bounded(&month.earned)
                    && bounded(&[month.raised, month.opening_mrr, month.new_mrr])
                    && bounded(&[month.expansion_mrr, month.churned_mrr])
            })
            && bounded(&[self.earned_inside_cents, self.spent_inside_cents])
            && self.pay_rest < 1 << 60
            && self.employer_rest < 1 << 60;
        if sound { Ok(()) } else { Err("the books of the months are not sound".into()) }
    }

    /// The present month.
    pub fn month(&mut self) -> &mut Month {
        if self.months.is_empty() {
            self.months.push(Month::default());
        }
        let last = self.months.len() - 1;
        &mut self.months[last]
    }

    /// Begins another month if it is time.
    pub fn turn_to(&mut self, day: u32, mrr: i64) {
        let month = day / MONTH_DAYS as u32;
        if self.months.last().is_some_and(|last| last.month == month) {
            return;
        }
        if self.months.len() >= MONTHS_KEPT {
            self.months.remove(0);
        }
        self.months.push(Month { month, opening_mrr: mrr, ..Month::default() });
    }

    /// The last whole months, newest last.
    pub fn whole(&self, count: usize) -> &[Month] {
        let whole = &self.months[..self.months.len().saturating_sub(1)];
        &whole[whole.len().saturating_sub(count)..]
    }
}

impl Month {
    /// All that was spent, in cents.
    pub fn spent_cents(&self) -> i64 {
        self.spent.iter().fold(0, |all, &cents| add(all, cents))
    }

    /// All that was earned, in cents.
    pub fn earned_cents(&self) -> i64 {
        self.earned.iter().fold(0, |all, &cents| add(all, cents))
    }
}

/// The sum of two amounts of money, within bounds.
pub fn add(a: i64, b: i64) -> i64 {
    a.saturating_add(b).clamp(-MONEY_MAX, MONEY_MAX)
}
