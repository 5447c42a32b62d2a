//! Money: pay, costs, income, and the end when it runs out. All in integer cents, and every cent
//! through [`Project::spend`], [`Project::earn`] or [`Project::fund`].

use bincode::{Decode, Encode};

use super::books::{Cost, Income, add};
use crate::model::kind::Role;
use crate::model::project::{EndReason, Project, YEAR_DAYS};
use crate::model::view::Phase;

/// Working days of a month in reports.
pub const MONTH_DAYS: usize = 20;
/// Days of finance a project remembers: a bit over a quarter.
pub const DAYS_KEPT: usize = 90;
/// What an employer pays beyond the salary, in basis points of it. Our assumption.
pub const EMPLOYER_BP: i64 = 2_000;
/// Pay for an hour of overtime a day, in basis points of the day's pay: half an hour's worth is
/// paid, the rest is expected. Our assumption.
pub const OVERTIME_BP: i64 = 625;
/// Rooms of a person who is there every day, for a working day. Our assumption.
pub const PLACE_CENTS: i64 = 2_000;
/// Share of the rooms that is saved for whoever works from elsewhere, in basis points. Our
/// assumption: desks are shared, meeting rooms stay.
pub const REMOTE_SAVES_BP: i64 = 5_000;
/// Machine and licences of a person for a working day. Our assumption.
pub const TOOLS_CENTS: i64 = 1_100;
/// Running the product for a customer for a working day. Our assumption.
pub const SERVE_CENTS: i64 = 20;
/// Running the product at all, for a working day. Our assumption.
pub const SERVE_BASE_CENTS: i64 = 600;
/// An hour of training of one person. Our assumption.
pub const TRAINING_CENTS_PER_HOUR: i64 = 2_500;
/// Share of revenue spent on marketing, in basis points. Our assumption; young SaaS companies
/// spend between a tenth and a fifth.
pub const MARKETING_BP: i64 = 1_200;
/// What one person in marketing has to spend on a working day beside that. Our assumption.
pub const MARKETING_CENTS_PER_PERSON: i64 = 4_000;
/// Finding somebody, in basis points of a year's pay. Our assumption; agencies ask 20 % and more,
/// and about half are found without one.
pub const RECRUITING_BP: i64 = 1_000;
/// Weeks of pay for each year in the company when somebody is let go, and at least so many. Our
/// assumption, near the half month a year that is usual in Germany.
pub const SEVERANCE_WEEKS_PER_YEAR: i64 = 2;
pub const SEVERANCE_WEEKS_MIN: i64 = 2;

/// Sums of money stay within this, so that no sum of sums ever overflows. Nobody is that rich.
pub const MONEY_MAX: i64 = 1 << 56;

/// Parts of a cent in which pay is counted, so that nothing is rounded away: days of the year,
/// times basis points of a share and of overtime.
pub const PAY_PARTS: i128 = YEAR_DAYS as i128 * 10_000 * 10_000;

/// A working day in money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Day {
    pub day: u32,
    pub cash_cents: i64,
    pub spent_cents: i64,
    pub earned_cents: i64,
    pub customers: u32,
}

/// What a working day costs, by what it is for, in cents.
struct Running {
    /// In parts of a cent: see [`PAY_PARTS`].
    pay: i128,
    place: i64,
    tools: i64,
    hosting: i64,
    training: i64,
    marketing: i64,
}

impl Project {
    fn running(&self) -> Running {
        let overtime = 10_000 + i64::from(self.policies.overtime_hours) * OVERTIME_BP;
        let (mut salaries, mut shares) = (0i128, 0i64);
        for person in &self.people {
            let share = i64::from(person.share);
            salaries += i128::from(person.salary_cents) * i128::from(share);
            shares += share;
        }
        let away = i64::from(self.policies.remote) * REMOTE_SAVES_BP / 10_000;
        let served = if self.launched {
            SERVE_BASE_CENTS + i64::from(self.customers) * SERVE_CENTS
        } else {
            0
        };
        // 480 minutes a day, of which `training` basis points are training.
        let training = i64::from(self.policies.training) * 8 * TRAINING_CENTS_PER_HOUR / 10_000;
        Running {
            pay: salaries * i128::from(overtime),
            place: PLACE_CENTS * (10_000 - away) / 10_000 * shares / 10_000,
            tools: TOOLS_CENTS * shares / 10_000,
            hosting: served,
            training: training * shares / 10_000,
            marketing: self.marketing_today(),
        }
    }

    /// What is spent on marketing on a working day: less when money gets short.
    pub(super) fn marketing_today(&self) -> i64 {
        if self.only_backlog || self.phase < Phase::Launch {
            return 0;
        }
        let marketers =
            self.people.iter().filter(|person| person.role == Role::Marketing).count() as i64;
        let daily = self.mrr_cents() / MONTH_DAYS as i64;
        let wanted = daily * MARKETING_BP / 10_000 + marketers * MARKETING_CENTS_PER_PERSON;
        // Never more than a thousandth of the cash a day: half a year's worth would be 12 %.
        wanted.min(self.cash_cents.max(0) / 1_000)
    }

    /// What a working day costs, in cents.
    pub fn daily_cost_cents(&self) -> i64 {
        let running = self.running();
        let pay = running.pay * i128::from(10_000 + EMPLOYER_BP) / 10_000 / PAY_PARTS;
        (pay as i64)
            + running.place
            + running.tools
            + running.hosting
            + running.training
            + running.marketing
    }

    /// What customers pay a month if nothing changes, in cents.
    pub fn mrr_cents(&self) -> i64 {
        let plans =
            i128::from(self.customers) * 1_000 + i128::from(self.business.uplift_thousandths);
        let cents = plans * i128::from(self.policies.price_cents) / 1_000;
        cents.clamp(0, MONEY_MAX.into()) as i64
    }

    /// What is lost in a month at the pace of the last days, in cents; not below 0.
    pub fn net_burn_cents(&self) -> i64 {
        let month = MONTH_DAYS as i64;
        (self.daily_cost_cents().saturating_mul(month) - self.mrr_cents()).max(0)
    }

    /// Months until the money is gone if nothing changes: at most 999.
    pub fn months_of_money(&self) -> u16 {
        match self.net_burn_cents() {
            0 => 999,
            burn => (self.cash_cents.max(0) / burn).min(999) as u16,
        }
    }

    /// Spends money today. A negative amount is money that comes back.
    pub fn spend(&mut self, cost: Cost, cents: i64) {
        self.cash_cents = add(self.cash_cents, -cents);
        self.today.spent_cents = add(self.today.spent_cents, cents);
        self.totals.spent_cents = add(self.totals.spent_cents, cents);
        let spent = &mut self.business.books.month().spent[cost as usize];
        *spent = add(*spent, cents);
    }

    /// Earns money today.
    pub fn earn(&mut self, income: Income, cents: i64) {
        self.cash_cents = add(self.cash_cents, cents);
        self.today.earned_cents = add(self.today.earned_cents, cents);
        self.totals.earned_cents = add(self.totals.earned_cents, cents);
        let earned = &mut self.business.books.month().earned[income as usize];
        *earned = add(*earned, cents);
    }

    /// Owners or investors put money in.
    pub fn fund(&mut self, cents: i64) {
        self.cash_cents = add(self.cash_cents, cents);
        self.totals.funded_cents = add(self.totals.funded_cents, cents);
        let month = self.business.books.month();
        month.raised = add(month.raised, cents);
    }

    /// Pays and is paid for the day that ends, and notes it.
    pub fn close_books(&mut self, day: u32) -> Option<EndReason> {
        let mrr = self.mrr_cents();
        self.business.books.turn_to(day, mrr);
        let running = self.running();
        // What is less than a cent is owed until tomorrow: over the days nothing is rounded away.
        let books = &mut self.business.books;
        let pay = running.pay + i128::from(books.pay_rest);
        let extra = running.pay * i128::from(EMPLOYER_BP) / 10_000;
        let extra = extra + i128::from(books.employer_rest);
        books.pay_rest = (pay % PAY_PARTS) as u64;
        books.employer_rest = (extra % PAY_PARTS) as u64;
        let whole = |parts: i128| (parts / PAY_PARTS).min(MONEY_MAX.into()) as i64;
        for (cost, cents) in [
            (Cost::Salaries, whole(pay)),
            (Cost::Employer, whole(extra)),
            (Cost::Place, running.place),
            (Cost::Tools, running.tools),
            (Cost::Hosting, running.hosting),
            (Cost::Training, running.training),
            (Cost::Marketing, running.marketing),
        ] {
            self.spend(cost, cents);
        }
        self.pay_recruiters();
        self.earn(Income::Subscriptions, mrr / MONTH_DAYS as i64);
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

    /// Everybody who has joined since the last evening had to be found.
    fn pay_recruiters(&mut self) {
        let seen = self.business.seen_person;
        // People are in order of id: the new ones are at the end.
        let fees: i64 = self
            .people
            .iter()
            .rev()
            .take_while(|person| person.id >= seen)
            .map(|person| person.salary_cents / 10_000 * RECRUITING_BP)
            .fold(0, add);
        self.business.seen_person = self.next_person;
        if fees > 0 && !self.only_backlog {
            self.spend(Cost::Recruiting, fees);
        }
    }

    /// Pays somebody who is let go, before they leave the list.
    pub fn pay_severance(&mut self, at: usize, day: u32) {
        let Some(person) = self.people.get(at) else { return };
        let years = i64::from(day.saturating_sub(person.joined_day) / YEAR_DAYS);
        let weeks = (years.min(40) * SEVERANCE_WEEKS_PER_YEAR).max(SEVERANCE_WEEKS_MIN);
        let week = person.salary_cents / 52 / 10_000 * i64::from(person.share);
        self.spend(Cost::Severance, week * weeks);
    }
}
