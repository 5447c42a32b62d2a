//! Conservation tests: money, people, tasks and customers are never made or lost, in one project and
//! over a whole world, with what is on its way between shards.
//!
//! [`ledger`] says what a project has and what it should have; [`in_transit`] what a message carries.
//! Whoever adds a way by which something comes, goes or travels adds it there, and nowhere else.

use super::business::deal::DealMessage;
use super::business::market::MarketMessage;
use super::command::ProjectCommand;
use super::facts::Lab;
use super::kind::{Role, Seniority};
use super::mail::Message;
use super::people::exchange::ExchangeMessage;
use super::project::Project;
use super::spec::{MarketSpec, ProjectSpec, TaskSpec, TeamSpec};
use super::view::{Phase, TaskState};
use crate::engine::model::Mail;
use crate::id::ShardId;

/// What there is of something, and what there should be by the books.
#[derive(Debug, PartialEq)]
struct Ledger {
    cash_cents: (i64, i64),
    people: (i64, i64),
    tasks: (i64, i64),
}

/// What a project has and should have.
fn ledger(project: &Project, founders: usize) -> Ledger {
    let totals = &project.totals;
    let open = project.tasks.iter().filter(|task| task.open()).count() as i64;
    Ledger {
        cash_cents: (
            project.cash_cents,
            totals.funded_cents + totals.earned_cents - totals.spent_cents,
        ),
        people: (
            project.people.len() as i64,
            founders as i64 + i64::from(totals.hired) - i64::from(totals.left),
        ),
        tasks: (
            open + totals.done as i64 + totals.dropped as i64,
            i64::from(project.next_task) - 1 + totals.reopened as i64,
        ),
    }
}

impl Ledger {
    fn holds(&self) -> bool {
        self.cash_cents.0 == self.cash_cents.1
            && self.people.0 == self.people.1
            && self.tasks.0 == self.tasks.1
    }
}

/// What is on its way between shards.
#[derive(Debug, Default, PartialEq)]
struct Carried {
    /// To a project, by project.
    customers: i64,
    money_cents: i64,
    people: i64,
}

/// What a message carries. One that comes back carries what it carried on its way out.
fn carried_by(mail: &Mail) -> Carried {
    match Message::from_bytes(&mail.body) {
        Some(Message::Market(MarketMessage::Answer(flow))) => {
            Carried { customers: i64::from(flow.won) - i64::from(flow.lost), ..Carried::default() }
        }
        Some(Message::Deal(DealMessage::Pay { cents })) => {
            Carried { money_cents: cents, ..Carried::default() }
        }
        Some(Message::Exchange(
            ExchangeMessage::Leaver(_)
            | ExchangeMessage::Back(_)
            | ExchangeMessage::Candidate { .. },
        )) => Carried { people: 1, ..Carried::default() },
        // All else is talk.
        _ => Carried::default(),
    }
}

/// Customers that a project tells the market it has won.
fn signed_of(mail: &Mail, project: ShardId) -> i64 {
    match Message::from_bytes(&mail.body) {
        Some(Message::Market(MarketMessage::Offer { signed, .. })) if mail.from == project => {
            i64::from(signed)
        }
        _ => 0,
    }
}

/// What is on its way, of the whole world or to one shard.
fn in_transit(lab: &Lab, to: Option<ShardId>) -> Carried {
    lab.in_transit()
        .filter(|(receiver, _)| to.is_none_or(|to| to == *receiver))
        .map(|(_, mail)| carried_by(mail))
        .fold(Carried::default(), |sum, next| Carried {
            customers: sum.customers + next.customers,
            money_cents: sum.money_cents + next.money_cents,
            people: sum.people + next.people,
        })
}

fn several(role: Role, seniority: Seniority, count: u32) -> TeamSpec {
    TeamSpec { count, ..TeamSpec::one(role, seniority) }
}

fn company(phase: Phase, cash_cents: i64, market: Option<ShardId>) -> ProjectSpec {
    let team = vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Engineer, Seniority::Senior, 1),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Sales, Seniority::Mid, 1),
    ];
    let mut spec = ProjectSpec::new("Company", team);
    spec.phase = phase;
    spec.stop_after = Phase::Completed;
    spec.cash_cents = cash_cents;
    spec.market = market;
    spec.hypothesis = "Somebody will pay for this".into();
    spec
}

/// A world of companies in all phases, some of which run out of money, and its market.
fn world(seed: u64) -> (Lab, ShardId, Vec<(ShardId, usize)>) {
    let mut lab = Lab::hourly(seed);
    let market =
        lab.found_market(MarketSpec { size: 3_000, ..MarketSpec::default() }).expect("a market");
    let specs = [
        (Phase::Intake, 60_000_000, 0),
        (Phase::Build, 9_000_000_000, 0),
        (Phase::Growth, 20_000_000, 60),
        (Phase::Growth, 9_000_000_000, 120),
        (Phase::Launch, 90_000_000, 0),
    ];
    let mut projects = Vec::new();
    for (phase, cash, customers) in specs {
        let mut spec = company(phase, cash, Some(market));
        spec.customers = customers;
        let id = lab.found_project(spec).expect("a good spec");
        let founders = lab.project(id).expect("a project").people.len();
        projects.push((id, founders));
    }
    (lab, market, projects)
}

#[test]
fn every_cent_person_and_task_of_every_project_is_accounted_for_every_day() {
    for seed in 1..=4 {
        let (mut lab, _, projects) = world(seed);
        for day in 0..260 {
            lab.days(1).expect("fuel enough");
            for (nth, &(id, founders)) in projects.iter().enumerate() {
                let ledger = ledger(lab.project(id).expect("a project"), founders);
                assert!(ledger.holds(), "seed {seed}, day {day}, project {nth}: {ledger:?}");
            }
        }
        let ended = projects.iter().filter(|(id, _)| lab.ended(*id)).count();
        assert!(ended > 0, "seed {seed}: nobody failed, so ends were not looked at");
    }
}

#[test]
fn the_sums_of_a_world_change_only_by_what_comes_from_outside_and_goes_outside() {
    let (mut lab, market, projects) = world(11);
    let mut moved = false;
    for day in 0..400 {
        lab.days(1).expect("fuel enough");
        let carried = in_transit(&lab, None);
        let lost = lab
            .lost
            .iter()
            .map(carried_by)
            .fold((0, 0), |sum, next| (sum.0 + next.money_cents, sum.1 + next.people));
        let sum = |of: fn(&Project) -> i64| lab.projects().map(of).sum::<i64>();
        // What projects pay each other is with the payer, the payee, or on its way.
        let paid = sum(|p| p.business.books.spent_inside_cents);
        let received = sum(|p| p.business.books.earned_inside_cents);
        assert_eq!(paid, received + carried.money_cents + lost.0, "day {day}: payments");
        moved |= paid > 0;
        // People come from outside, and are in a project, in the exchange, on their way, or gone.
        let made = sum(|p| i64::from(p.staff.flows.founded) + i64::from(p.staff.flows.drawn));
        let gone = sum(|p| i64::from(p.staff.flows.gone) + i64::from(p.staff.flows.strayed));
        let there: i64 = projects
            .iter()
            .filter(|(id, _)| !lab.ended(*id))
            .map(|(id, _)| lab.project(*id).expect("a project").people.len() as i64)
            .sum();
        let exchange = &lab.market(market).expect("a market").exchange;
        let outside = gone + exchange.gone as i64 + lost.1;
        let waiting = exchange.pool.len() as i64;
        assert_eq!(made, there + waiting + carried.people + outside, "day {day}: people");
        // The rest comes from owners and customers and goes to people and places.
        let cash = sum(|p| p.cash_cents) + carried.money_cents + lost.0;
        let books = sum(|p| {
            let inside = &p.business.books;
            p.totals.funded_cents + (p.totals.earned_cents - inside.earned_inside_cents)
                - (p.totals.spent_cents - inside.spent_inside_cents)
        });
        assert_eq!(cash, books, "day {day}: cash");
    }
    assert!(moved, "no project paid another, so payments were not looked at");
}

#[test]
fn customers_of_a_market_are_those_its_projects_have_or_are_on_their_way() {
    for seed in 1..=3 {
        let (mut lab, market, projects) = world(seed);
        for day in 0..200 {
            lab.days(1).expect("fuel enough");
            let state = lab.market(market).expect("a market");
            assert!(state.adopters() <= 3_000, "more customers than there are people");
            for &(id, _) in &projects {
                let Some(listing) = state.listings.iter().find(|l| l.project == id) else {
                    continue;
                };
                if lab.ended(id) {
                    // Its customers are free again as soon as the market hears of it.
                    continue;
                }
                let project = lab.project(id).expect("a project");
                // Leads that signed are customers of the project a lookahead before the market hears.
                let signed: i64 = lab.in_transit().map(|(_, mail)| signed_of(mail, id)).sum();
                let has = i64::from(project.customers) + in_transit(&lab, Some(id)).customers
                    - i64::from(project.business.pipeline.signed)
                    - signed;
                assert_eq!(has, i64::from(listing.standing.customers), "seed {seed}, day {day}");
            }
        }
        let free: u32 = lab.market(market).expect("a market").listings.len() as u32;
        assert!(free >= 1, "nobody was on the market");
    }
}

#[test]
fn a_company_that_ends_takes_no_customers_with_it() {
    let mut lab = Lab::hourly(2);
    let market = lab.found_market(MarketSpec::default()).expect("a market");
    let mut spec = company(Phase::Growth, 1_500_000, Some(market));
    spec.customers = 40;
    spec.policies.price_cents = 100;
    let project = lab.found_project(spec).expect("a good spec");
    lab.days(200).expect("fuel enough");
    assert!(lab.ended(project), "it has money left");
    assert_eq!(lab.market(market).expect("a market").adopters(), 0);
}

#[test]
fn what_owners_do_is_accounted_for_too() {
    let mut lab = Lab::hourly(6);
    let project = lab.found_project(company(Phase::Build, 400_000_000, None)).expect("good");
    let founders = lab.project(project).expect("a project").people.len();
    for week in 0..30 {
        lab.order(project, &ProjectCommand::Fund { cents: 1_234 });
        let hire = ProjectCommand::Hire {
            role: Role::Engineer,
            seniority: Some(Seniority::Mid),
            name: None,
        };
        lab.order(project, &hire);
        lab.order(project, &ProjectCommand::AddTask { task: TaskSpec::new("Asked for") });
        let newest = lab.project(project).expect("a project").people.last().map(|p| p.id);
        if week % 3 == 2 {
            let person = newest.unwrap_or(1).to_string();
            lab.order(project, &ProjectCommand::Fire { person });
        }
        let states = [TaskState::Dropped, TaskState::Todo, TaskState::Done];
        let task = lab.project(project).expect("a project").tasks.first().map_or(1, |t| t.id);
        lab.order(project, &ProjectCommand::MoveTask { task, state: states[week % 3] });
        lab.days(5).expect("fuel enough");
        let ledger = ledger(lab.project(project).expect("a project"), founders);
        assert!(ledger.holds(), "week {week}: {ledger:?}");
    }
}

#[test]
fn counts_on_the_board_are_those_of_the_tasks() {
    let (mut lab, _, projects) = world(3);
    for _ in 0..60 {
        lab.days(3).expect("fuel enough");
        for &(id, _) in &projects {
            let state = lab.project(id).expect("a project");
            let mut again = state.clone();
            again.recount();
            assert_eq!(state.cache.counts, again.cache.counts);
            assert_eq!(state.cache.open_minutes, again.cache.open_minutes);
            assert_eq!(state.cache.bugs, again.cache.bugs);
        }
    }
}
