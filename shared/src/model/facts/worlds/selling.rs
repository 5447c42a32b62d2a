//! Money and market: how customers come and go, which companies live on, what pay is of all costs.

use super::{Sample, alone, funded, several};
use crate::id::Hasher;
use crate::model::facts::Lab;
use crate::model::kind::{Role, Seniority};
use crate::model::project::YEAR_DAYS;
use crate::model::spec::{CENTS_MAX, MarketSpec, ProjectSpec};
use crate::model::view::{Phase, Status};
use crate::rng::Rng;

/// Row: the year in which most customers came, customers by then in % of all there ever were.
pub fn adoption(seed: u64) -> Sample {
    const QUARTERS: u32 = 52;
    let mut lab = Lab::daily(seed);
    let Ok(market) = lab.found_market(MarketSpec::default()) else { return Sample::new() };
    for _ in 0..3 {
        let team = vec![
            several(Role::Engineer, Seniority::Mid, 2),
            several(Role::Tester, Seniority::Mid, 1),
            several(Role::Sales, Seniority::Mid, 1),
        ];
        let mut spec = funded("seller", team, Phase::Growth, Phase::Completed);
        spec.market = Some(market);
        let _ = lab.found_project(spec);
    }
    let mut customers = vec![0.0];
    for _ in 0..QUARTERS {
        if lab.days(YEAR_DAYS / 4).is_err() {
            return Sample::new();
        }
        customers.push(lab.market(market).map_or(0.0, |market| f64::from(market.adopters())));
    }
    let most = customers.iter().fold(0.0, |most: f64, now| most.max(*now));
    // Four quarters together, so that a single lucky one does not count.
    let gain = |at: usize| customers[at + 4] - customers[at];
    let best =
        (0..customers.len() - 4).fold(0, |best, at| if gain(at) > gain(best) { at } else { best });
    if most <= 0.0 {
        return Sample::new();
    }
    let middle = f64::midpoint(customers[best], customers[best + 4]);
    vec![vec![(best as f64 + 2.0) / 4.0, 100.0 * middle / most]]
}

/// Row: customers lost in a month in %, with a good product; lost with a bad one against that.
pub fn churn(seed: u64) -> Sample {
    match (lost(seed, 0), lost(seed, 150)) {
        (Some(good), Some(bad)) => vec![vec![100.0 * good, bad / good]],
        _ => Sample::new(),
    }
}

/// Share of customers lost in a month in a market in which nobody new buys.
fn lost(seed: u64, defects: u32) -> Option<f64> {
    let mut lab = Lab::daily(seed);
    let still = MarketSpec { innovation: 0, imitation: 0, ..MarketSpec::default() };
    let market = lab.found_market(still).ok()?;
    let team =
        vec![several(Role::Engineer, Seniority::Mid, 3), several(Role::Support, Seniority::Mid, 1)];
    let mut spec = funded("churn", team, Phase::Growth, Phase::Completed);
    spec.market = Some(market);
    spec.customers = 5_000;
    spec.scope = 100;
    let project = lab.found_project(spec).ok()?;
    lab.project_mut(project)?.latent = defects;
    lab.days(5).ok()?;
    let before = f64::from(lab.project(project)?.customers);
    lab.days(60).ok()?;
    let after = f64::from(lab.project(project)?.customers);
    Some(libm::log(before / after.max(1.0)) / 3.0)
}

/// A row for each start-up: the working day on which it failed; 10,000 if it did not.
pub fn start_ups(seed: u64) -> Sample {
    let mut rng = Rng::from_seed(Hasher::new("zeromesh/start-ups").number(seed).finish().0);
    let mut lab = Lab::daily(seed);
    let market = MarketSpec { size: 40_000, ..MarketSpec::default() };
    let Ok(market) = lab.found_market(market) else { return Sample::new() };
    let mut companies = Vec::new();
    for _ in 0..8 {
        let team = vec![
            several(Role::Founder, Seniority::Senior, 1),
            several(Role::Engineer, Seniority::Mid, 1 + rng.below(3) as u32),
            several(Role::Designer, Seniority::Mid, 1),
            several(Role::Sales, Seniority::Mid, rng.below(2) as u32 + 1),
        ];
        let mut spec = ProjectSpec::new("start-up", team);
        spec.hypothesis = "Somebody will pay for this".into();
        spec.target_customers = vec!["those who need it".into()];
        spec.market = Some(market);
        spec.stop_after = Phase::Completed;
        // Money for one to two years.
        let yearly = 9_000_000 * spec.people() as i64;
        spec.cash_cents = (yearly * rng.between(100, 200) / 100).min(CENTS_MAX);
        if let Ok(project) = lab.found_project(spec) {
            companies.push((project, 10_000));
        }
    }
    for day in 1..=5 * YEAR_DAYS {
        if lab.days(1).is_err() {
            return Sample::new();
        }
        for (project, failed) in &mut companies {
            let status = lab.project(*project).map(|state| state.status);
            if *failed == 10_000 && matches!(status, Some(Status::Failed | Status::Archived)) {
                *failed = day;
            }
        }
    }
    companies.iter().map(|(_, failed)| vec![f64::from(*failed)]).collect()
}

/// Row: what doubled salaries add to all costs, in %: the share of pay.
pub fn payroll(seed: u64) -> Sample {
    let spent = |times: i64| {
        let team = vec![
            several(Role::Founder, Seniority::Senior, 1),
            several(Role::Engineer, Seniority::Mid, 5),
            several(Role::Designer, Seniority::Mid, 1),
            several(Role::Sales, Seniority::Mid, 1),
        ];
        let mut spec = funded("pay", team, Phase::Build, Phase::Build);
        spec.scope = 300;
        let (mut lab, project) = alone(seed, spec)?;
        for person in &mut lab.project_mut(project)?.people {
            person.salary_cents *= times;
        }
        lab.days(60).ok()?;
        Some(lab.project(project)?.totals.spent_cents as f64)
    };
    match (spent(1), spent(2)) {
        (Some(once), Some(twice)) => vec![vec![100.0 * (twice - once) / once]],
        _ => Sample::new(),
    }
}
