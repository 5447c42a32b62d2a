//! How projects go from an idea to customers, or do not.

use crate::engine::genesis::Genesis;
use crate::engine::model::{Flow, Founding, Model, Step};
use crate::id::{Hash, ShardId};
use crate::model::companies::{Companies, NAME, RULES, State, view};
use crate::model::kind::{Role, Seniority};
use crate::model::phases::board::{Advice, Adviser, Verdict};
use crate::model::phases::condition::Kept;
use crate::model::phases::estimate::Estimate;
use crate::model::phases::evidence::Said;
use crate::model::phases::{EndFacts, PhaseEnd, next};
use crate::model::project::{EndReason, Project};
use crate::model::spec::{Founding as Body, ProjectSpec, TaskSpec, TeamSpec};
use crate::model::view::{Phase, ProjectView, Status};

/// A project alone in its world.
pub(in crate::model) struct Alone {
    genesis: Genesis,
    state: State,
    epoch: u64,
}

impl Alone {
    pub fn new(spec: &ProjectSpec, seed: u64) -> Alone {
        let genesis = Genesis::new("test", NAME, RULES, seed);
        let shard = ShardId(Hash([seed as u8; 32]));
        let body = Body::Project(Box::new(spec.clone())).to_body();
        let founding =
            Founding { genesis: &genesis, rules: RULES, shard, epoch: 0, body: &body };
        let state = Companies.found(&founding).expect("the spec is good");
        Alone { genesis, state, epoch: 0 }
    }

    pub fn project(&self) -> &Project {
        match &self.state {
            State::Project(project) => project,
            State::Market(_) => unreachable!("a project was founded"),
        }
    }

    pub fn project_mut(&mut self) -> &mut Project {
        match &mut self.state {
            State::Project(project) => project,
            State::Market(_) => unreachable!("a project was founded"),
        }
    }

    /// Lives for so many working days, or until it ends.
    pub fn days(&mut self, days: u64) {
        let shard = self.project().shard;
        for _ in 0..days * 8 {
            let mut step = Step::new(&self.genesis, RULES, shard, self.epoch, &[], &[], false);
            self.epoch += 1;
            if Companies.step(&mut self.state, &mut step) != Ok(Flow::On) {
                break;
            }
        }
    }

    /// Lives until this holds; says whether it came to that within so many working days.
    pub fn until(&mut self, days: u64, holds: impl Fn(&Project) -> bool) -> bool {
        for _ in 0..days {
            if holds(self.project()) {
                return true;
            }
            self.days(1);
        }
        holds(self.project())
    }

    pub fn view(&self) -> ProjectView {
        view(&self.state, &self.genesis).expect("a project has a view")
    }

    /// The state as it is stored, back again.
    pub fn through_bytes(&mut self) {
        self.state = Companies.decode(&Companies.encode(&self.state)).expect("a sound state");
    }
}

pub(in crate::model) fn company() -> ProjectSpec {
    let several = |role, seniority, count| TeamSpec { count, ..TeamSpec::one(role, seniority) };
    let team = vec![
        several(Role::Founder, Seniority::Senior, 1),
        several(Role::Product, Seniority::Mid, 1),
        several(Role::Designer, Seniority::Mid, 1),
        several(Role::Engineer, Seniority::Senior, 2),
        several(Role::Engineer, Seniority::Mid, 3),
        several(Role::Tester, Seniority::Mid, 1),
        several(Role::Sales, Seniority::Mid, 1),
    ];
    let mut spec = ProjectSpec::new("Harbour", team);
    spec.hypothesis = "Small harbours lose berths to paper lists".into();
    spec.target_customers = vec!["harbour masters".into(), "sailing clubs".into()];
    spec.cash_cents = 400_000_000;
    spec
}

#[test]
fn explore() {
    for seed in 1..8 {
        let mut alone = Alone::new(&company(), seed);
        let mut marks: Vec<(Phase, u64, Estimate)> = Vec::new();
        let mut last = None;
        for day in 0..500 {
            alone.days(1);
            let p = alone.project();
            if last != Some(p.phase) || day % 10 == 0 {
                last = Some(p.phase);
                marks.push((p.phase, day, p.estimate_phase()));
                if seed == 3 {
                    let (m, f, u) = p.days_until_end();
                    println!("   all {day} {m} {f} {u:?} pace {:?} growth {}", p.pace(), p.path.pace.growth());
                }
            }
            if p.ended() { break; }
        }
        let p = alone.project();
        println!("seed {seed} idea {} end {:?} phase {:?}", p.idea, p.end, p.phase);
        for end in &p.ends {
            println!("  {:?} days {} promised {:?} end day {}", end.phase, end.days, end.promised, end.tick / 480);
            if let EndFacts::Report(r) = &end.facts { println!("   {:?} {} conf {} {:?}", r.scores, r.overall(), r.confidence, r.risks); }
            if let EndFacts::Board(r) = &end.facts { println!("   {:?} {:?} {:?}", r.verdict, r.opinions, r.advice); }
        }
        if seed == 3 {
            for (ph, day, e) in &marks { println!("    {ph:?} {day} {e:?}"); }
            for a in alone.view().artifacts { println!("{}\n-----", a.text); }
            let v = alone.view();
            for a in &v.chief.acts { println!("{a:?}"); }
            for a in &v.chief.goals { println!("{} {} {} = {} ({})", a.department, a.owner_name, a.text, a.value, a.state); }
            for a in &v.chief.answers { println!("Q {} A {}", a.question, a.answer); }
            for t in v.talk { println!("{} {} [{}] {}", t.thread, t.from_name, t.kind, t.text); }
            println!("{:?}", v.path);
            println!("{}", v.estimate.explained);
        }
        println!("bytes/person {}", Companies.encode(&alone.state).len() / p.people.len().max(1));
    }
}
