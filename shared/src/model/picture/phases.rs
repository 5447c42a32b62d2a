//! The picture of the way from the idea to the customers: estimate, evidence, conditions, setbacks.

use crate::model::phases::board::Advice;
use crate::model::phases::condition::{Condition, Kept};
use crate::model::phases::evidence::{Brief, Said};
use crate::model::phases::validate::Risk;
use crate::model::phases::{SetbackCause, next, word};
use crate::model::project::Project;
use crate::model::view::Phase;
use crate::model::view::phases::{
    ConditionView, EstimateView, EvidenceView, PathView, SetbackView,
};

/// What is left.
pub fn estimate(project: &Project) -> EstimateView {
    let phase = project.estimate_phase();
    let (days_50, days_85, until) = project.days_until_end();
    let (pace, spread) = project.pace();
    let daily = pace * project.people.len() as f64 / 60.0;
    let counted = project.path.pace.days.len();
    let hours = phase.minutes / 60;
    let mut explained = String::new();
    if phase.days_50 > 0 {
        let base = match counted {
            0 => "an assumed pace, as nothing has been measured yet".to_string(),
            1 => "the pace of 1 full day and an assumption".to_string(),
            days if days < 10 => format!("the pace of {days} full days and an assumption"),
            days => format!("the pace of the last {days} full days"),
        };
        explained = format!(
            "{hours} hours of work are left in {}. At {daily:.0} hours a day ({base}; it varies by \
             {:.0} % from day to day) that is about {} working days. Of the work finished, {:.0} % \
             came back as new work, which is counted in. The second number allows for the spread.",
            word(project.phase),
            spread * 100.0,
            phase.days_50,
            project.path.pace.growth() * 100.0
        );
    }
    EstimateView {
        phase_days_50: phase.days_50,
        phase_days_85: phase.days_85,
        days_50,
        days_85,
        until,
        hours_left: hours.min(u32::MAX.into()) as u32,
        hours_per_day: daily.clamp(0.0, 1e9) as u32,
        promised_days: [project.path.promised.0, project.path.promised.1],
        explained,
    }
}

/// The way so far.
pub fn path(project: &Project) -> PathView {
    let mut skipped = Vec::new();
    let mut phase = Phase::Intake;
    while phase < project.path.from {
        skipped.push(phase);
        phase = next(phase);
    }
    let evidence = &project.path.evidence;
    PathView {
        skipped,
        pivots: project.path.pivots,
        evidence: EvidenceView {
            interviews: evidence.interviews,
            confirmed: evidence.confirmed,
            asked_to_pay: evidence.asked,
            willing_to_pay: evidence.willing,
            competitors: evidence.rivals,
            missing: missing(&project.path.brief),
        },
        conditions: project
            .path
            .conditions
            .iter()
            .map(|condition| ConditionView {
                adviser: condition.adviser.name(project),
                text: condition_text(condition),
                due_day: condition.due_day,
                state: match condition.kept {
                    Kept::Open => "open",
                    Kept::Done(_) => "done",
                    Kept::Missed => "missed",
                }
                .into(),
                done_day: match condition.kept {
                    Kept::Done(day) => Some(day),
                    _ => None,
                },
            })
            .collect(),
        setbacks: project
            .path
            .setbacks
            .iter()
            .map(|setback| SetbackView {
                day: setback.day,
                from: setback.from,
                to: setback.to,
                cause: match setback.cause {
                    SetbackCause::Scope => "more work was added than was finished",
                    SetbackCause::Bugs => "defects were found that have to be put right",
                    SetbackCause::Loss => "a day cost more than it brought",
                }
                .into(),
            })
            .collect(),
    }
}

/// The parts of the idea that nobody has said.
pub fn missing(brief: &Brief) -> Vec<String> {
    let parts = ["hypothesis", "target customers", "market", "business model"];
    let missing = parts.iter().zip(brief).filter(|(_, said)| **said == Said::Missing);
    missing.map(|(part, _)| part.to_string()).collect()
}

/// A condition in words.
pub fn condition_text(condition: &Condition) -> String {
    advice_text(&condition.advice)
}

/// Advice in words, as something to do.
pub fn advice_text(advice: &Advice) -> String {
    match advice {
        Advice::MoreInterviews(count) => format!("talk to {count} more possible customers"),
        Advice::CutScope { from, to } => format!("cut the scope from {from} to {to} features"),
        Advice::Hire(role) => format!("hire somebody for {}", role.word()),
        Advice::Price { from, to } => format!(
            "set the price at {} a month, not {}",
            super::artifact::money(*to),
            super::artifact::money(*from)
        ),
        Advice::TryRiskiest => "build the riskiest part first, as a trial".into(),
        Advice::OneGroup => "choose one kind of customer and leave the others for later".into(),
        Advice::Fund(months) => format!("find money for {months} more months"),
    }
}

/// A risk in words.
pub fn risk_text(risk: &Risk) -> String {
    match risk {
        Risk::FewInterviews(0) => "nobody has been interviewed".into(),
        Risk::FewInterviews(count) => format!("only {count} interviews have been held"),
        Risk::WeakProblem(share) => format!("only {share} % of those interviewed have the problem"),
        Risk::NobodyPays(share) => format!("only {share} % of those asked would pay"),
        Risk::NobodyAsked => "nobody has been asked to pay".into(),
        Risk::NoHypothesis => "there is no hypothesis that could be proved wrong".into(),
        Risk::NoCustomers => "it is not said for whom it is".into(),
        Risk::NoModel => "it is not said how it earns money".into(),
        Risk::SmallMarket(count) => {
            format!("within three years some {count} customers are within reach, which is few")
        }
        Risk::Crowded(count) => format!("{count} competitors are there already"),
        Risk::NobodyElse => {
            "nobody else sells this: either it is new, or others gave up on it".into()
        }
        Risk::NoBuilders => "nobody on the team builds software for a living".into(),
        Risk::MoneyShort(percent) => {
            format!("getting to the launch takes {percent} % of the money there is")
        }
        Risk::FullMarket(percent) => format!("{percent} % of the market have bought from others"),
    }
}
