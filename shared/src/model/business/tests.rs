//! Business as it plays out over months and years.

use super::market::MarketMessage;
use super::world::World;
use crate::engine::model::Flow;
use crate::engine::model::Model;
use crate::id::ShardId;
use crate::model::business::books::{Cost, Income};
use crate::model::command::ProjectCommand;
use crate::model::companies::Companies;
use crate::model::kind::{Role, Seniority};
use crate::model::project::{EndReason, Project};
use crate::model::spec::{Founding as Body, MarketSpec, ProjectSpec, TeamSpec};
use crate::model::view::Phase;

fn several(role: Role, seniority: Seniority, count: u32) -> TeamSpec {
    TeamSpec { count, ..TeamSpec::one(role, seniority) }
}

fn team() -> Vec<TeamSpec> {
    vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 2),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Sales, Seniority::Mid, 1),
        several(Role::Support, Seniority::Mid, 1),
    ]
}

/// A company that sells already and goes on for as long as there is money.
fn grown(name: &str, market: Option<ShardId>) -> ProjectSpec {
    let mut spec = ProjectSpec::new(name, team());
    spec.target_customers = vec!["joiners".into(), "stage builders".into()];
    spec.phase = Phase::Growth;
    spec.stop_after = Phase::Completed;
    spec.market = market;
    spec.customers = 60;
    spec.cash_cents = 300_000_000;
    spec
}

/// A start-up as in the scenario of that name.
fn start_up(market: ShardId, nth: u64) -> ProjectSpec {
    let mut spec = ProjectSpec::new(format!("Start-up {nth}"), team());
    spec.hypothesis = "It saves them a day a week".into();
    spec.target_customers = vec!["families".into(), "care services".into()];
    spec.stop_after = Phase::Completed;
    spec.market = Some(market);
    spec.scope = 22;
    spec.cash_cents = 130_000_000 + (nth % 5) as i64 * 5_000_000;
    spec
}

#[test]
fn doubled_salaries_double_the_payroll_to_the_cent() {
    let run = |factor: i64| {
        let mut world = World::new(6);
        let mut spec = grown("Even", None);
        spec.cash_cents = 900_000_000_000;
        for (nth, group) in spec.team.iter_mut().enumerate() {
            group.salary_cents_per_year = Some((5_123_400 + 11_100 * nth as i64) * factor);
        }
        let project = world.project(spec);
        // Nobody has left by then, and days, salaries and parts of a cent come out even.
        world.days(13);
        let state = world.state(project);
        assert_eq!((state.totals.left, state.totals.hired), (0, 0));
        let month = state.business.books.months.last().unwrap().clone();
        let pay = (month.spent[Cost::Salaries as usize], month.spent[Cost::Employer as usize]);
        let mut rest = month.spent;
        rest[Cost::Salaries as usize] = 0;
        rest[Cost::Employer as usize] = 0;
        (pay, rest, state.customers)
    };
    let (single, double) = (run(1), run(2));
    assert_eq!((single.0.0 * 2, single.0.1 * 2), double.0);
    assert_eq!((single.1, single.2), (double.1, double.2));
    assert!(single.0.0 > 0);
}

/// Cash and money on its way are what came in from outside less what went there.
fn assert_money_is_conserved(world: &World) {
    let mut cash = world.in_transit_cents() + world.dead_letters_cents;
    let mut outside = 0;
    for project in world.projects() {
        let (totals, books) = (&project.totals, &project.business.books);
        cash += project.cash_cents;
        outside += totals.funded_cents + (totals.earned_cents - books.earned_inside_cents)
            - (totals.spent_cents - books.spent_inside_cents);
        assert_eq!(
            project.cash_cents,
            totals.funded_cents + totals.earned_cents - totals.spent_cents
        );
    }
    assert_eq!(cash, outside, "money was made or lost");
}

#[test]
fn money_between_projects_is_neither_made_nor_lost_whoever_ends_in_between() {
    let (mut paid, mut refunded, mut agreed) = (0, 0, 0);
    for seed in 0..6 {
        let mut world = World::new(seed);
        world.through_bytes = seed == 0;
        let market = world.found(Body::Market(MarketSpec::default()));
        let mut projects = Vec::new();
        for nth in 0..8u8 {
            let mut spec = grown(&format!("Firm {nth}"), Some(market));
            // Some will not last.
            spec.cash_cents = if nth % 3 == 2 { 60_000_000 } else { 900_000_000 };
            spec.policies.price_cents = 2_000 + 300 * i64::from(nth);
            projects.push(world.project(spec));
        }
        let mut before = vec![0; projects.len()];
        for day in 0..400 {
            world.days(1);
            assert_money_is_conserved(&world);
            for (nth, &project) in projects.iter().enumerate() {
                let spent = world.state(project).business.books.spent_inside_cents;
                refunded += i32::from(spent < before[nth]);
                before[nth] = spent;
            }
            // Put one away just when somebody's payment to it is on its way.
            if day > 100 && day % 40 == 0 && world.in_transit_cents() == 0 {
                let seller = world.projects().find(|project| {
                    project.end.is_none() && project.business.deals.open.iter().any(|d| !d.buying)
                });
                if let Some(seller) = seller.map(|project| project.shard) {
                    world.order(seller, ProjectCommand::Archive);
                }
            }
            if day > 60 && world.in_transit_cents() > 0 && day % 7 == 0 {
                let to = world.mail.values().flatten().find_map(|(_, to, mail)| {
                    let alive = world.shards.get(to).is_some_and(|(_, flow)| *flow == Flow::On);
                    (super::world::paid(&mail.body) > 0 && alive).then_some(*to)
                });
                if let Some(to) = to {
                    world.order(to, ProjectCommand::Archive);
                }
            }
        }
        for project in world.projects() {
            paid += i32::from(project.business.books.earned_inside_cents > 0);
            agreed += project.business.deals.agreed;
        }
    }
    assert!(agreed > 4 && paid > 2, "{agreed} deals, {paid} were paid");
    assert!(refunded > 0, "no payment came back");
}

#[test]
fn customers_and_prospects_are_in_one_place_each() {
    let mut world = World::new(3);
    let market = world.found(Body::Market(MarketSpec { size: 900, ..MarketSpec::default() }));
    let mut projects = Vec::new();
    for nth in 0..4 {
        let mut spec = grown(&format!("Firm {nth}"), Some(market));
        spec.cash_cents = 80_000_000 + 100_000_000 * i64::from(nth);
        // More than there are: the last ones bring along only those who are free.
        spec.customers = 260;
        projects.push(world.project(spec));
    }
    for _ in 0..300 {
        world.days(1);
        let state = world.market(market);
        let taken: u32 =
            state.listings.iter().map(|l| l.standing.customers + l.standing.prospects).sum();
        assert_eq!(taken + state.free(), 900);
        for &project in &projects {
            let here = world.state(project);
            let Some(listing) = state.listings.iter().find(|l| l.project == project) else {
                continue;
            };
            if here.end.is_some() {
                continue;
            }
            let pipeline = &here.business.pipeline;
            // Signed seats are customers here, and prospects still there.
            let mut customers = i64::from(here.customers) - i64::from(pipeline.signed);
            let mut seats = pipeline.seats() as i64;
            let mut told = listing.news;
            for message in world.market_mail(project) {
                match message {
                    MarketMessage::Offer { signed, declined, .. } => {
                        customers -= i64::from(signed);
                        seats += i64::from(signed) + i64::from(declined);
                    }
                    MarketMessage::Answer(flow) => told = told.and(flow),
                    _ => {}
                }
            }
            customers += i64::from(told.won) - i64::from(told.lost);
            seats += i64::from(told.new_prospects());
            assert_eq!(customers, i64::from(listing.standing.customers));
            assert_eq!(seats, i64::from(listing.standing.prospects));
        }
    }
    assert!(world.market(market).adopters() > 100);
    let pipelines = world.projects().map(|project| project.business.pipeline.decided());
    let (won, lost) = pipelines.fold((0, 0), |all, some| (all.0 + some.0, all.1 + some.1));
    assert!(won > 3 && lost > won * 2, "{won} won, {lost} lost");
}

#[test]
fn support_that_waits_costs_satisfaction_and_customers() {
    let run = |support: u32| {
        let mut world = World::new(11);
        let mut spec = grown("Desk", None);
        spec.customers = 1_500;
        spec.policies.replace_leavers = false;
        spec.team.retain(|group| group.role != Role::Support);
        if support > 0 {
            spec.team.push(several(Role::Support, Seniority::Mid, support));
        }
        let project = world.project(spec);
        world.days(120);
        let state = world.state(project);
        (state.business.support.satisfaction, state.customers)
    };
    let (none, some) = (run(0), run(3));
    assert!(none.0 + 500 < some.0 && none.1 < some.1, "{none:?} {some:?}");
}

#[test]
fn a_price_far_above_the_usual_one_costs_customers() {
    let run = |price| {
        let mut world = World::new(12);
        let market = world.found(Body::Market(MarketSpec::default()));
        let mut spec = grown("Dear", Some(market));
        spec.policies.price_cents = price;
        let project = world.project(spec);
        world.days(260);
        world.state(project).customers
    };
    let (cheap, usual, dear) = (run(2_500), run(4_900), run(19_600));
    assert!(cheap > usual && usual > dear + dear / 2, "{cheap} {usual} {dear}");
}

#[test]
fn the_books_by_category_add_up_to_what_was_spent_and_earned() {
    let mut world = World::new(13);
    let project = world.project(grown("Sum", None));
    world.order(project, ProjectCommand::Hire { role: Role::Data, seniority: None, name: None });
    world.days(150);
    world.order(project, ProjectCommand::Fire { person: "3".into() });
    world.days(40);
    let state = world.state(project);
    let books = &state.business.books;
    let spent: i64 = books.months.iter().map(|month| month.spent_cents()).sum();
    let earned: i64 = books.months.iter().map(|month| month.earned_cents()).sum();
    assert_eq!((spent, earned), (state.totals.spent_cents, state.totals.earned_cents));
    let of = |cost: Cost| -> i64 { books.months.iter().map(|m| m.spent[cost as usize]).sum() };
    for &cost in Cost::ALL {
        let none = cost == Cost::Purchases;
        assert_eq!(of(cost) == 0, none, "{}", cost.word());
    }
    assert!(of(Cost::Salaries) / 5 - of(Cost::Employer) < 2);
    let subscriptions: i64 =
        books.months.iter().map(|m| m.earned[Income::Subscriptions as usize]).sum();
    assert_eq!(subscriptions, earned);
    // Recurring revenue moves as the months say: nothing appears from nowhere.
    for pair in books.months.windows(2) {
        let month = &pair[0];
        let moved = month.new_mrr + month.expansion_mrr - month.churned_mrr;
        let drift = pair[1].opening_mrr - month.opening_mrr - moved;
        assert!(drift.abs() <= 4_900 + month.opening_mrr / 100, "{drift}");
    }
}

#[test]
fn founders_raise_when_money_gets_short_and_investors_money_is_counted() {
    let (mut closed, mut failed, mut tried) = (0, 0, 0);
    for seed in 0..10 {
        let mut world = World::new(seed);
        let mut spec = grown("Short", None);
        spec.cash_cents = 45_000_000;
        let project = world.project(spec);
        world.days(8);
        tried += u32::from(world.state(project).raising_money());
        world.days(250);
        let state = world.state(project);
        let funding = &state.business.funding;
        closed += funding.rounds.len();
        failed += u32::from(funding.failed) + u32::from(state.end.is_some());
        assert_eq!(state.totals.funded_cents, 45_000_000 + funding.raised_cents());
        for round in &funding.rounds {
            let post = round.pre_money_cents + round.cents;
            let share = i128::from(round.cents) * 10_000 / i128::from(post);
            assert!((share as i64 - i64::from(round.dilution)).abs() <= 1);
        }
    }
    assert!(tried >= 8, "{tried} of 10 began to raise");
    assert!(closed > 0 && failed > 0, "{closed} closed, {failed} failed");
}

#[test]
fn who_pays_for_itself_and_who_only_works_off_a_backlog_never_raises() {
    let mut world = World::new(21);
    let mut spec = grown("Own", None);
    spec.customers = 1_500;
    spec.policies.price_cents = 9_900;
    let own = world.project(spec);
    let mut spec = grown("Import", None);
    spec.only_backlog = true;
    spec.cash_cents = 1_000_000_000;
    spec.backlog = vec![crate::model::spec::TaskSpec::new("One")];
    spec.backlog[0].phase = Phase::Growth;
    spec.backlog[0].estimate_minutes = 400_000;
    let import = world.project(spec);
    for _ in 0..200 {
        world.days(1);
        let state = world.state(import);
        assert!(!state.raising_money() && state.business.pipeline.leads.is_empty());
        assert!(!world.state(own).raising_money());
    }
    assert!(world.state(own).business.funding.rounds.is_empty());
    assert!(world.state(own).cash_cents > 300_000_000);
}

#[test]
fn looking_changes_nothing_and_the_figures_are_there() {
    let run = |record: bool| {
        let mut world = World::new(8);
        world.record = record;
        let market = world.found(Body::Market(MarketSpec::default()));
        let project = world.project(grown("Seen", Some(market)));
        let other = world.project(grown("Other", Some(market)));
        world.days(200);
        let view = crate::model::view(&world.shards[&project].0, &world.genesis).unwrap();
        let business = &view.business;
        for key in ["mrr", "arpu", "churn", "nrr", "ltv", "cac", "satisfaction"] {
            let figure = business.figures.iter().find(|figure| figure.key == key).unwrap();
            assert!(figure.value.is_some(), "{key}");
        }
        assert!(business.months.len() == 10 || business.months.len() == 11);
        (world.bytes(project), world.bytes(other))
    };
    assert!(run(false) == run(true));
}

#[test]
fn the_business_of_a_project_is_small() {
    let mut world = World::new(4);
    let market = world.found(Body::Market(MarketSpec::default()));
    let projects: Vec<_> =
        (0..4).map(|nth| world.project(grown(&format!("Firm {nth}"), Some(market)))).collect();
    world.days(900);
    for project in projects {
        let bytes = crate::wire::codec::encode(&world.state(project).business).len();
        assert!(bytes < 4_500, "{bytes}");
    }
}

impl World {
    fn bytes(&self, shard: ShardId) -> Vec<u8> {
        Companies.encode(&self.shards[&shard].0)
    }
}

fn dead(project: &Project) -> bool {
    matches!(
        project.end,
        Some(
            EndReason::Bankrupt(_)
                | EndReason::WoundDown(_)
                | EndReason::Deserted
                | EndReason::NotValidated(..)
                | EndReason::Advised(_)
                | EndReason::Acquired { for_team: true, .. }
        )
    )
}

/// Start-ups on shared markets: how many of them are still there after each year.
fn survival(seeds: u64, years: u64) -> Vec<u32> {
    let mut alive = vec![0; years as usize + 1];
    for seed in 0..seeds {
        let mut world = World::new(1_000 + seed);
        let spec = MarketSpec { size: 60_000, usual_price_cents: 5_900, ..MarketSpec::default() };
        let market = world.found(Body::Market(spec));
        let projects: Vec<_> = (0..5).map(|nth| world.project(start_up(market, nth))).collect();
        for year in 1..=years {
            world.days(260);
            let here = projects.iter().filter(|&&p| !dead(world.state(p))).count() as u32;
            alive[year as usize] += here;
        }
    }
    alive[0] = seeds as u32 * 5;
    alive
}

#[test]
fn most_start_ups_live_a_year_and_many_do_not_live_five() {
    let alive = survival(5, 5);
    let percent = |year: usize| alive[year] * 100 / alive[0];
    assert!((60..=96).contains(&percent(1)), "{alive:?}");
    assert!((20..=80).contains(&percent(5)) && percent(5) < percent(1), "{alive:?}");
}
