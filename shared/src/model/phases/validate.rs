//! The validator: weighs problem, market, competition and feasibility by the evidence at hand.

use bincode::{Decode, Encode};

use crate::model::business::adoption::CIRCLE_SIZE;
use crate::model::kind::{Department, Skill};
use crate::model::phases::evidence::{Evidence, Said};
use crate::model::project::Project;
use crate::model::view::Phase;

/// A validation score below this ends the project. Our assumption.
pub const SCORE_NEEDED: u16 = 4_500;
/// With this many interviews, fewer people with the problem than [`PROBLEM_NEEDED`] end it alone.
pub const INTERVIEWS_ENOUGH: u16 = 8;
/// Score of the problem below which nothing else can make up for it. Our assumption.
pub const PROBLEM_NEEDED: u16 = 4_000;
/// Answers that everybody starts with in their head: half of them yes. Our assumption.
const PRIOR_ANSWERS: u32 = 4;
/// Years ahead to which the market is looked at. Our assumption.
const YEARS_AHEAD: f64 = 3.0;
/// Risks that a report names.
pub const RISKS_MAX: usize = 5;

/// What may go wrong, with the number that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Risk {
    FewInterviews(u16),
    /// Of those talked to, in percent.
    WeakProblem(u16),
    NobodyPays(u16),
    NobodyAsked,
    NoHypothesis,
    NoCustomers,
    NoModel,
    SmallMarket(u32),
    Crowded(u16),
    NobodyElse,
    NoBuilders,
    /// Cost up to the launch against the money there is, in percent.
    MoneyShort(u16),
    FullMarket(u16),
}

/// The report of the validator, as facts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// Problem, market, competition, feasibility, in basis points.
    pub scores: [u16; 4],
    /// How sure it is, in basis points.
    pub confidence: u16,
    pub evidence: Evidence,
    /// Who might buy within [`YEARS_AHEAD`] years.
    pub reachable: u32,
    pub price_cents: i64,
    /// People whose craft is to build, and the best of them, in basis points.
    pub builders: u16,
    pub craft: u16,
    pub scope: u32,
    /// Up to the launch, as far as anybody can say: working days and money.
    pub launch_days: u32,
    pub launch_cents: i64,
    pub cash_cents: i64,
    pub risks: Vec<Risk>,
}

impl Report {
    /// All four scores in one.
    pub fn overall(&self) -> u16 {
        overall(&self.scores)
    }

    /// Whether the idea may go on.
    pub fn passed(&self) -> bool {
        let hopeless =
            self.scores[0] < PROBLEM_NEEDED && self.evidence.interviews >= INTERVIEWS_ENOUGH;
        self.overall() >= SCORE_NEEDED && !hopeless
    }
}

/// The problem counts for 40 %, the others for 20 % each. Our assumption.
pub fn overall(scores: &[u16; 4]) -> u16 {
    let [problem, market, competition, feasibility] = scores.map(u32::from);
    ((problem * 4 + market * 2 + competition * 2 + feasibility * 2) / 10).min(10_000) as u16
}

/// A share of yes among answers, pulled towards one half while they are few.
fn share(yes: u16, of: u16) -> u32 {
    (u32::from(yes) + PRIOR_ANSWERS / 2) * 10_000 / (u32::from(of) + PRIOR_ANSWERS)
}

/// Who will have bought from anybody after some years, by Bass (1969):
/// F(t) = (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t).
fn bass_share(innovation: u16, imitation: u16, years: f64) -> f64 {
    let (p, q) = (f64::from(innovation.max(1)) / 10_000.0, f64::from(imitation) / 10_000.0);
    let fade = libm::exp(-(p + q) * years);
    (1.0 - fade) / (1.0 + q / p * fade)
}

impl Project {
    /// Weighs what has been found out.
    pub fn validate(&self) -> Report {
        let evidence = self.path.evidence.clone();
        let clamp = |value: f64| value.clamp(200.0, 9_800.0) as u16;
        let problem = clamp(f64::from(share(evidence.confirmed, evidence.interviews)));
        let price = self.policies.price_cents;
        // The own part of those who will buy, shared with the others who sell.
        let (size, innovation, imitation) = match evidence.survey {
            Some(s) => (s.size.saturating_sub(s.adopters), s.innovation, s.imitation),
            None => (CIRCLE_SIZE, 300, 3_800),
        };
        let sellers = 1 + evidence.survey.map_or(0, |survey| survey.projects);
        let bought = f64::from(size) * bass_share(innovation, imitation, YEARS_AHEAD);
        let reachable = (bought / f64::from(sellers)).clamp(0.0, 1e9) as u32;
        let launch = self.days_to_launch();
        let daily = self.daily_cost_cents().max(1);
        let launch_cents = daily.saturating_mul(i64::from(launch));
        // What they would pay in a year against what the company costs in one: even is 5,000,
        // ten times as much or a tenth moves it by 2,500. Our assumption.
        let income = f64::from(reachable) * price as f64 * 12.0;
        let worth = (income + 1.0) / (daily as f64 * 260.0);
        let size_score = 5_000.0 + 2_500.0 * libm::log10(worth.max(1e-6));
        let pay = f64::from(share(evidence.willing, evidence.asked));
        // A third who would pay is what one hopes for: 30 % gives 5,000. Our assumption.
        let pay_score = (pay * 5.0 / 3.0).min(9_800.0);
        let market = clamp((size_score.clamp(200.0, 9_800.0) + pay_score) / 2.0);
        let rivals = u32::from(evidence.rivals).max(sellers - 1);
        // Each competitor takes a part; nobody at all is a question mark. Our assumption.
        let crowd = match rivals {
            0 => 6_500.0,
            some => 8_500.0 / (1.0 + f64::from(some) / 12.0),
        };
        let dear = match evidence.survey {
            Some(survey) if price > survey.usual_price_cents.saturating_mul(3) / 2 => 1_000.0,
            _ => 0.0,
        };
        let competition = clamp(crowd - dear);
        let building: Vec<_> = self
            .people
            .iter()
            .filter(|person| person.role.department() == Department::Engineering)
            .collect();
        let best =
            |skill: Skill| self.people.iter().map(|person| person.skill(skill)).max().unwrap_or(0);
        let craft = best(Skill::Programming).max(best(Skill::Architecture)).min(10_000);
        let hands = (building.len() as f64 / 3.0).min(1.0);
        let skilled = f64::from(craft) * (0.4 + 0.6 * hands);
        let paid = self.cash_cents as f64 / launch_cents.max(1) as f64;
        let feasibility = clamp(skilled * 0.6 + (paid * 5_000.0).clamp(0.0, 9_800.0) * 0.4);
        let known = self.path.brief.iter().filter(|&&said| said != Said::Missing).count() as u32;
        let answers = u32::from(evidence.interviews) + u32::from(evidence.asked);
        let sources = u32::from(evidence.survey.is_some()) + u32::from(evidence.looked);
        let confidence = 1_000
            + 4_000 * answers / (answers + 12)
            + u32::from(evidence.research) / 5
            + 500 * known
            + 500 * sources;
        let mut report = Report {
            scores: [problem, market, competition, feasibility],
            confidence: confidence.min(9_500) as u16,
            reachable,
            price_cents: price,
            builders: building.len().min(9_999) as u16,
            craft: craft as u16,
            scope: self.scope,
            launch_days: launch,
            launch_cents,
            cash_cents: self.cash_cents,
            risks: Vec::new(),
            evidence,
        };
        report.risks = self.risks(&report, rivals as u16);
        report
    }

    /// What may go wrong, the worst first.
    fn risks(&self, report: &Report, rivals: u16) -> Vec<Risk> {
        let evidence = &report.evidence;
        let percent = |part: u16, of: u16| (u32::from(part) * 100 / u32::from(of).max(1)) as u16;
        let mut risks: Vec<(u32, Risk)> = Vec::new();
        let mut add = |weight: u32, risk: Risk| risks.push((weight, risk));
        if report.builders == 0 {
            add(90, Risk::NoBuilders);
        }
        let cost = report.launch_cents.saturating_mul(100) / report.cash_cents.max(1);
        if cost > 70 {
            add(50 + (cost / 4).min(45) as u32, Risk::MoneyShort(cost.min(9_999) as u16));
        }
        if evidence.interviews < INTERVIEWS_ENOUGH {
            add(60, Risk::FewInterviews(evidence.interviews));
        } else if report.scores[0] < 5_500 {
            let share = percent(evidence.confirmed, evidence.interviews);
            add(85, Risk::WeakProblem(share));
        }
        match percent(evidence.willing, evidence.asked) {
            _ if evidence.asked == 0 => add(55, Risk::NobodyAsked),
            share if share < 30 => add(75, Risk::NobodyPays(share)),
            _ => {}
        }
        let [hypothesis, customers, _, model] = self.path.brief;
        if hypothesis == Said::Missing {
            add(58, Risk::NoHypothesis);
        }
        if customers == Said::Missing {
            add(57, Risk::NoCustomers);
        }
        if model == Said::Missing {
            add(40, Risk::NoModel);
        }
        if let Some(survey) = evidence.survey
            && survey.adopters > survey.size / 2
        {
            let taken = u64::from(survey.adopters) * 100 / u64::from(survey.size.max(1));
            add(65, Risk::FullMarket(taken as u16));
        }
        if report.scores[1] < 4_000 {
            add(62, Risk::SmallMarket(report.reachable));
        }
        match rivals {
            0 if evidence.looked => add(20, Risk::NobodyElse),
            6.. => add(45 + u32::from(rivals.min(30)), Risk::Crowded(rivals)),
            _ => {}
        }
        // The first of equals stays first.
        risks.sort_by_key(|&(weight, _)| std::cmp::Reverse(weight));
        risks.into_iter().take(RISKS_MAX).map(|(_, risk)| risk).collect()
    }

    /// Working days to the launch in the middle of what is to be expected.
    pub fn days_to_launch(&self) -> u32 {
        let mut days = self.estimate_phase().days_50;
        let mut phase = crate::model::phases::next(self.phase);
        while phase < Phase::Growth {
            days = days.saturating_add(self.estimate_later(phase).days_50);
            phase = crate::model::phases::next(phase);
        }
        days
    }
}
