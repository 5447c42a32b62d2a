//! The advisory board: four advisers, a view each, and one verdict.

use bincode::{Decode, Encode};

use crate::model::kind::Role;
use crate::model::people::names::Name;
use crate::model::phases::validate::Report;
use crate::model::project::Project;
use crate::model::spec::CENTS_MAX;
use crate::model::view::Phase;

/// With fewer months of money than this the board advises against going on. Our assumption.
pub const RUNWAY_NEEDED: u16 = 2;
/// Share of the money that a plan may use up to the launch, in percent. Our assumption.
pub const MONEY_SHARE: u64 = 80;
/// No more than this share of the scope is cut by advice, in percent. Our assumption.
pub const CUT_MOST: u64 = 40;
/// Interviews the customer's adviser wants to see. Our assumption.
const INTERVIEWS_WANTED: u16 = 12;
/// With a problem this clear fewer will do. Our assumption.
const CLEAR: u16 = 7_500;
/// Score of the problem below which the board would rather see another idea. Our assumption.
const PIVOT_BELOW: u16 = 5_000;
/// Features for each person who builds above which the board asks for more people. Our assumption.
const SCOPE_PER_BUILDER: u32 = 30;
/// Pieces of advice of one board.
pub const ADVICE_MAX: usize = 8;

/// Who sits on the board: each looks at one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Adviser {
    Customer,
    Money,
    Engineering,
    Market,
}

impl Adviser {
    pub const ALL: [Adviser; 4] =
        [Adviser::Customer, Adviser::Money, Adviser::Engineering, Adviser::Market];

    /// The name, made up like that of people; advisers are no people of the project.
    pub fn name(self, project: &Project) -> String {
        Name::made(project.shard, u32::MAX - self as u32).full()
    }

    /// What they look at.
    pub fn word(self) -> &'static str {
        match self {
            Adviser::Customer => "customers",
            Adviser::Money => "money",
            Adviser::Engineering => "engineering",
            Adviser::Market => "market",
        }
    }
}

/// What an adviser, or the board, makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Verdict {
    Go,
    Conditions,
    Pivot,
    Stop,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Go => "go",
            Verdict::Conditions => "go, with conditions",
            Verdict::Pivot => "change the idea",
            Verdict::Stop => "stop",
        }
    }
}

/// What the board wants to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Advice {
    MoreInterviews(u8),
    CutScope {
        from: u32,
        to: u32,
    },
    Hire(Role),
    Price {
        from: i64,
        to: i64,
    },
    /// Build the riskiest part first, as a trial.
    TryRiskiest,
    /// Choose one kind of customer.
    OneGroup,
    /// Find money for so many more months.
    Fund(u16),
}

/// What one adviser thinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Opinion {
    pub adviser: Adviser,
    pub verdict: Verdict,
}

/// What the board answered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BoardAnswer {
    pub verdict: Verdict,
    pub opinions: Vec<Opinion>,
    pub advice: Vec<(Adviser, Advice)>,
    /// What they had before them.
    pub report: Report,
    /// Months the money lasts at the cost of the day.
    pub months: u16,
    /// Working days the money lasts.
    pub money_days: u32,
}

/// Why the board is against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Against {
    /// Months of money left.
    Money(u16),
    /// Working days to the launch, and working days the money lasts.
    Reach(u32, u32),
    /// Score of the problem.
    Problem(u16),
}

impl BoardAnswer {
    /// Why it says stop.
    pub fn against(&self) -> Against {
        let (needed, there) = (self.report.launch_days, self.money_days);
        if self.months < RUNWAY_NEEDED {
            Against::Money(self.months)
        } else if u64::from(needed) * MONEY_SHARE > u64::from(there) * 100 {
            Against::Reach(needed, there)
        } else {
            Against::Problem(self.report.scores[0])
        }
    }
}

impl Project {
    /// Working days the money lasts at the cost and income of today.
    pub fn money_days(&self) -> u32 {
        let month = &self.days[self.days.len().saturating_sub(20)..];
        let earned: i64 = month.iter().map(|day| day.earned_cents).sum();
        let daily = self.daily_cost_cents() - earned / month.len().max(1) as i64;
        if daily <= 0 {
            return 9_999;
        }
        (self.cash_cents.max(0) / daily).min(9_999) as u32
    }

    /// What the board makes of it.
    pub fn consult(&self) -> BoardAnswer {
        let report = self.validate();
        let months = self.runway_months();
        let money_days = self.money_days();
        let can_change = self.path.pivots == 0;
        let mut advice: Vec<(Adviser, Advice)> = Vec::new();
        let mut scope = self.scope;
        let opinions = Adviser::ALL.map(|adviser| {
            let before = advice.len();
            let found = match adviser {
                Adviser::Customer => {
                    let few = report.evidence.interviews < INTERVIEWS_WANTED
                        && (report.scores[0] < CLEAR || report.evidence.interviews < 6);
                    if few {
                        advice.push((adviser, Advice::MoreInterviews(10)));
                    }
                    match report.scores[0] {
                        score if score < PIVOT_BELOW && can_change && months >= 6 => Verdict::Pivot,
                        score if score < PIVOT_BELOW && !few => Verdict::Stop,
                        _ => Verdict::Go,
                    }
                }
                Adviser::Money => {
                    self.advise_on_money(&report, money_days, &mut scope, &mut advice)
                }
                Adviser::Engineering => {
                    let builders = u32::from(report.builders);
                    if builders == 0 || self.scope / builders.max(1) > SCOPE_PER_BUILDER {
                        advice.push((adviser, Advice::Hire(Role::Engineer)));
                    }
                    if report.scores[3] < 5_500 || self.scope >= 60 {
                        advice.push((adviser, Advice::TryRiskiest));
                    }
                    if report.craft < 3_000 && builders == 0 { Verdict::Stop } else { Verdict::Go }
                }
                Adviser::Market => {
                    let sells = |role| matches!(role, Role::Sales | Role::Marketing);
                    if self.people.len() >= 4 && !self.people.iter().any(|p| sells(p.role)) {
                        advice.push((adviser, Advice::Hire(Role::Sales)));
                    }
                    if report.scores[2] < 5_500 || self.profile.target_customers.len() > 3 {
                        advice.push((adviser, Advice::OneGroup));
                    }
                    if report.scores[1] < 2_500 { Verdict::Stop } else { Verdict::Go }
                }
            };
            let asked = advice.len() > before;
            let verdict = if found == Verdict::Go && asked { Verdict::Conditions } else { found };
            Opinion { adviser, verdict }
        });
        advice.truncate(ADVICE_MAX);
        let stops = opinions.iter().filter(|o| o.verdict == Verdict::Stop).count();
        let says = |verdict| opinions.iter().any(|opinion| opinion.verdict == verdict);
        let no_money = opinions[1].verdict == Verdict::Stop;
        // Nobody wants it, and not many would pay for it.
        let unwanted = opinions[0].verdict == Verdict::Stop && report.scores[1] < PIVOT_BELOW;
        let verdict = if no_money || unwanted || stops >= 2 {
            Verdict::Stop
        } else if says(Verdict::Pivot) {
            Verdict::Pivot
        } else if stops > 0 || !advice.is_empty() {
            Verdict::Conditions
        } else {
            Verdict::Go
        };
        BoardAnswer { verdict, opinions: opinions.to_vec(), advice, report, months, money_days }
    }

    fn advise_on_money(
        &self,
        report: &Report,
        money_days: u32,
        scope: &mut u32,
        advice: &mut Vec<(Adviser, Advice)>,
    ) -> Verdict {
        let adviser = Adviser::Money;
        if let Some(survey) = report.evidence.survey
            && report.price_cents < survey.usual_price_cents * 7 / 10
            && self.customers == 0
        {
            let to = (survey.usual_price_cents * 9 / 10).min(CENTS_MAX / 1_000);
            advice.push((adviser, Advice::Price { from: report.price_cents, to }));
        }
        if self.runway_months() < RUNWAY_NEEDED {
            return Verdict::Stop;
        }
        let there = u64::from(money_days) * MONEY_SHARE / 100;
        let needed = u64::from(report.launch_days).max(1);
        if needed <= there {
            return Verdict::Go;
        }
        // Building is most of it: the scope is cut as the time has to be.
        let least = (100 - CUT_MOST) * u64::from(self.scope) / 100;
        let fits = u64::from(self.scope) * there / needed;
        let given = self.tasks.iter().any(|task| task.open() && task.phase == Phase::Build);
        if !given && fits.max(least) < u64::from(self.scope) {
            *scope = fits.max(least).max(1) as u32;
            advice.push((adviser, Advice::CutScope { from: self.scope, to: *scope }));
        }
        if fits < least || given {
            let missing = (needed - there) / 20 + 1;
            advice.push((adviser, Advice::Fund(missing.min(99) as u16)));
        }
        // With less than half of what even the smaller product takes there is no way.
        if fits * 2 < least && !given { Verdict::Stop } else { Verdict::Go }
    }
}
