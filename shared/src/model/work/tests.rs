//! How work goes in whole companies, against what is known of it.

use std::collections::BTreeMap;

use crate::engine::genesis::Genesis;
use crate::engine::model::{Flow, Founding, Model, Step};
use crate::id::{Hash, ShardId};
use crate::model::companies::{Companies, NAME, RULES, State};
use crate::model::kind::{Role, Seniority};
use crate::model::policies::Process;
use crate::model::project::{DAY, Project};
use crate::model::spec::{Founding as Body, ProjectSpec, TeamSpec};
use crate::model::view::{Phase, TaskState};
use crate::model::work::Task;

/// A company alone in a world, an epoch at a time.
struct Company {
    genesis: Genesis,
    shard: ShardId,
    epoch: u64,
    state: State,
}

impl Company {
    fn new(spec: ProjectSpec, seed: u64) -> Company {
        let mut genesis = Genesis::new("work", NAME, RULES, seed);
        genesis.ticks_per_epoch = 60;
        let shard = ShardId(Hash([7; 32]));
        let body = Body::Project(Box::new(spec)).to_body();
        let founding = Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body: &body };
        let state = Companies.found(&founding).expect("the spec is good");
        Company { genesis, shard, epoch: 0, state }
    }

    fn project(&self) -> &Project {
        match &self.state {
            State::Project(project) => project,
            State::Market(_) => panic!("a market"),
        }
    }

    /// Lives through so many days, or until the end, and shows the project after each hour.
    fn live(&mut self, days: u64, mut look: impl FnMut(&Project)) {
        for _ in 0..days * 8 {
            let mut step = Step::new(&self.genesis, RULES, self.shard, self.epoch, &[], &[], false);
            let flow = Companies.step(&mut self.state, &mut step).expect("there is fuel enough");
            self.epoch += 1;
            look(self.project());
            if flow == Flow::Ended {
                break;
            }
        }
    }

    /// The tasks that were done in so many days, in the order in which they were.
    fn finished(&mut self, days: u64) -> Vec<Task> {
        let mut finished: BTreeMap<(u64, u32), Task> = BTreeMap::new();
        let mut seen = 0;
        self.live(days, |project| {
            for task in &project.tasks {
                if let (TaskState::Done, Some(done)) = (task.state, task.done)
                    && done >= seen
                {
                    finished.insert((done, task.id), task.clone());
                }
            }
            seen = project.tick.saturating_sub(DAY);
        });
        finished.into_values().collect()
    }
}

fn team() -> Vec<TeamSpec> {
    let several = |role, seniority, count| TeamSpec { count, ..TeamSpec::one(role, seniority) };
    vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Product, Seniority::Mid, 1),
        several(Role::Designer, Seniority::Mid, 1),
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Operations, Seniority::Mid, 1),
    ]
}

/// A company in its build phase, with enough to do.
fn building() -> ProjectSpec {
    let mut spec = ProjectSpec::new("Harbour", team());
    spec.cash_cents = 90_000_000_000;
    spec.phase = Phase::Build;
    spec.stop_after = Phase::Completed;
    spec.scope = 300;
    spec
}

/// A company with customers, that goes on for good.
fn grown() -> ProjectSpec {
    let mut spec = building();
    spec.phase = Phase::Growth;
    spec.scope = 40;
    spec.customers = 200;
    spec
}

fn quantile(values: &mut [f64], share: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * share / 100).min(values.len() - 1)]
}

#[test]
fn diagnose() {
    let mut ratios = Vec::new();
    let mut by_vague: [Vec<f64>; 2] = Default::default();
    let mut points = Vec::new();
    let (mut met, mut found) = ([0; 5], [0; 5]);
    let mut runs = (0, 0);
    let mut kinds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for seed in 1..=12 {
        let mut company = Company::new(building(), seed);
        let tasks = company.finished(220);
        for task in &tasks {
            let ratio = f64::from(task.spent) / f64::from(task.estimate);
            ratios.push(ratio);
            kinds.entry(format!("{:?}", task.kind)).or_default().push(ratio);
            by_vague[usize::from(task.rework > 0)].push(ratio);
            points.push((libm::log(f64::from(task.estimate)), libm::log(f64::from(task.spent))));
        }
        let p = company.project();
        println!(
            "seed {seed}: {} done {:?} scale {} made {} caught {} latent {} escaped {} energy {} morale {} velocity {} in_work {} vague {} bugs {} people {}",
            tasks.len(),
            p.phase,
            p.work.scale,
            p.totals.defects_made,
            p.totals.defects_caught,
            p.latent,
            p.totals.defects_escaped,
            p.summary().energy,
            p.summary().morale,
            p.work.sprint.velocity,
            p.work.flow.in_work,
            p.tasks.iter().filter(|t| t.vague && t.open()).count(),
            p.cache.bugs,
            p.people.len()
        );
        for at in 0..5 {
            met[at] += p.work.defects.met[at];
            found[at] += p.work.defects.found[at];
        }
        runs.0 += p.work.defects.runs;
        runs.1 += p.work.defects.runs_failed;
        let f = &p.work.flow;
        println!(
            "  L {:?} lw {:?} eff {:?}",
            f.mean_in_work(p.tick),
            f.rate(p.tick).unwrap() * f.mean_stay().unwrap(),
            f.efficiency()
        );
    }
    for (kind, mut values) in kinds {
        let n = values.len();
        println!("{kind} {n}: {:?}", [5, 25, 50, 75, 95].map(|s| quantile(&mut values, s)));
    }
    for mut v in by_vague {
        println!("rework {}: {:?}", v.len(), [5, 25, 50, 75, 95].map(|s| quantile(&mut v, s)));
    }
    println!(
        "ALL {}: {:?}",
        ratios.len(),
        [5, 15, 25, 36, 50, 70, 75, 85, 95].map(|s| quantile(&mut ratios, s))
    );
    println!(
        "exact 3%: {}",
        ratios.iter().filter(|r| (**r - 1.0).abs() < 0.03).count() as f64 / ratios.len() as f64
    );
    let n = points.len() as f64;
    let (mx, my) =
        (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let sxy: f64 = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
    let sxx: f64 = points.iter().map(|p| (p.0 - mx) * (p.0 - mx)).sum();
    println!(
        "slope {} a(hours) {}",
        sxy / sxx,
        ((my - 60f64.ln()) - sxy / sxx * (mx - 60f64.ln())).exp()
    );
    println!("met {met:?} found {found:?} runs {runs:?}");
    // Growth, flow and sprint.
    for process in [Process::Flow, Process::Sprint] {
        for seed in 1..=4 {
            let mut spec = grown();
            spec.policies.process = process;
            let mut company = Company::new(spec, seed);
            let tasks = company.finished(250);
            let p = company.project();
            let f = &p.work.flow;
            println!(
                "{process:?} {seed}: done {} deploys {}/{} change {:?} restore {:?} cycle {:?} lead {:?} L {:?} lw {} latent {} escaped {} sprint {:?} day {} bytes {}",
                tasks.len(),
                p.work.deployments.failed,
                p.work.deployments.count,
                f.change.quantile(super::histogram::MINUTES, 5000),
                f.restore.quantile(super::histogram::MINUTES, 5000),
                f.cycle.quantile(super::histogram::MINUTES, 5000),
                f.lead.quantile(super::histogram::MINUTES, 5000),
                f.mean_in_work(p.tick),
                f.rate(p.tick).unwrap() * f.mean_stay().unwrap(),
                p.latent,
                p.totals.defects_escaped,
                p.work.sprint,
                p.tick / 480,
                Companies.encode(&company.state).len() / p.people.len()
            );
        }
    }
    for (name, review, strict) in
        [("none", 0, 5000), ("lax", 8000, 0), ("usual", 8000, 5000), ("strict", 8000, 10000)]
    {
        let (mut done, mut rem, mut met, mut found, mut morale, mut rew) = (0, 0.0, 0, 0, 0u64, 0);
        for seed in 1..=5 {
            let mut spec = building();
            spec.policies.review = review;
            spec.policies.review_strictness = strict;
            let mut c = Company::new(spec, seed);
            let t = c.finished(120);
            rew += t.iter().map(|t| u32::from(t.rework)).sum::<u32>();
            done += t.len();
            let p = c.project();
            met += p.work.defects.met[3];
            found += p.work.defects.found[3];
            morale += u64::from(p.summary().morale);
            rem += f64::from(p.latent) / f64::from(p.totals.defects_made);
        }
        println!(
            "review {name}: done {done} latent share {} met {met} found {found} morale {morale} rework {rew}",
            rem / 5.0
        );
    }
}
