//! Answers: what whoever leads would say to a question, from the state of the company and nothing
//! else. Worked out when somebody asks; changes nothing.

use crate::model::chief::goal::GoalState;
use crate::model::chief::measure::{Measure, idle};
use crate::model::chief::talk::place_of;
use crate::model::kind::{Department, Role};
use crate::model::phases::condition::Kept;
use crate::model::phases::{PROFITABLE_DAYS, SetbackCause, word};
use crate::model::picture::phases::{condition_text, risk_text};
use crate::model::project::Project;
use crate::model::view::Phase;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    HowAreWe,
    WhenDone,
    /// So many more people.
    CanAfford(u8),
    BiggestRisk,
    WhoIsOverloaded,
    WhatHaveYouDone,
}

impl Question {
    /// Those that are answered for whoever looks.
    pub const USUAL: [Question; 7] = [
        Question::HowAreWe,
        Question::WhenDone,
        Question::CanAfford(1),
        Question::CanAfford(3),
        Question::BiggestRisk,
        Question::WhoIsOverloaded,
        Question::WhatHaveYouDone,
    ];

    /// The question in words.
    pub fn text(self) -> String {
        match self {
            Question::HowAreWe => "How are we doing?".into(),
            Question::WhenDone => "When are we done?".into(),
            Question::CanAfford(1) => "Can we afford one more person?".into(),
            Question::CanAfford(count) => format!("Can we afford {count} more people?"),
            Question::BiggestRisk => "What is the biggest risk?".into(),
            Question::WhoIsOverloaded => "Who is overloaded?".into(),
            Question::WhatHaveYouDone => "What have you done about it?".into(),
        }
    }
}

/// The answer in words.
pub fn answer(project: &Project, question: Question) -> String {
    if project.ended() || project.people.is_empty() {
        return crate::model::picture::end_text(project)
            .unwrap_or_else(|| "There is nobody here to answer.".into());
    }
    match question {
        Question::HowAreWe => how_are_we(project),
        Question::WhenDone => when_done(project),
        Question::CanAfford(count) => can_afford(project, count),
        Question::BiggestRisk => biggest_risk(project),
        Question::WhoIsOverloaded => overloaded(project),
        Question::WhatHaveYouDone => done_about_it(project),
    }
}

fn money_text(days: u32) -> String {
    match days {
        9_999.. => "we earn what we spend".into(),
        days if days >= 60 => format!("the money lasts {} months", days / 20),
        days => format!("the money lasts {days} more working days"),
    }
}

fn how_are_we(project: &Project) -> String {
    let phase = word(project.phase);
    let progress = project.progress() / 100;
    let morale = project.measure(Measure::Morale, Department::Leadership);
    let mood = match morale {
        65.. => "people are in good spirits",
        52.. => "the mood is fair",
        42.. => "the mood has suffered",
        _ => "the mood is bad",
    };
    let goals = &project.chief.goals;
    let bad = goals.iter().filter(|goal| goal.state >= GoalState::AtRisk);
    let bad = bad.filter(|goal| goal.state != GoalState::Met).count();
    let mut text = match project.phase {
        Phase::Growth => format!(
            "We are in growth with {} customers, {} of {PROFITABLE_DAYS} days in a row in profit.",
            project.customers,
            project.profitable_days.min(PROFITABLE_DAYS)
        ),
        _ => format!("We are in {phase}, {progress} % through it."),
    };
    text.push_str(&format!(
        " {} people work here, {mood}, and {}.",
        project.people.len(),
        money_text(project.money_days())
    ));
    match (goals.len(), bad) {
        (0, _) => {}
        (all, 0) => text.push_str(&format!(" All {all} goals of the month are on track.")),
        (all, bad) => {
            let worst = goals.iter().find(|goal| goal.state == GoalState::Off);
            text.push_str(&format!(" {bad} of {all} goals of the month are not on track"));
            match worst {
                Some(goal) => text.push_str(&format!(
                    ", above all {} ({}, not {}).",
                    goal.measure.word(),
                    goal.measure.text(goal.value),
                    goal.measure.short(goal.target)
                )),
                None => text.push('.'),
            }
        }
    }
    if project.cache.bugs > 0 {
        text.push_str(&format!(" {} known defects are open.", project.cache.bugs));
    }
    text
}

fn when_done(project: &Project) -> String {
    if project.only_backlog {
        let left = project.estimate_phase();
        return format!(
            "The backlog of {} hours takes about {} working days, and with 85 % likelihood no more than {}.",
            left.minutes / 60,
            left.days_50,
            left.days_85
        );
    }
    if project.phase == Phase::Growth {
        let missing = PROFITABLE_DAYS.saturating_sub(project.profitable_days);
        return match (project.stop_after, project.money_days()) {
            (Phase::Completed, _) => "We are not meant to be done: we go on.".into(),
            (_, 9_999) => {
                format!(
                    "If it stays as it is, in {missing} working days: we earn more than we spend."
                )
            }
            _ => format!(
                "When we have earned more than we spent for {PROFITABLE_DAYS} days in a row. With {} customers we do not.",
                project.customers
            ),
        };
    }
    let phase = project.estimate_phase();
    let (all_50, all_85, until) = project.days_until_end();
    let mut text = format!(
        "{} takes about {} more working days (85 %: {}).",
        capital(word(project.phase)),
        phase.days_50,
        phase.days_85
    );
    if until != project.phase {
        text.push_str(&format!(
            " With all that follows up to {}, about {all_50} (85 %: {all_85}).",
            word(until)
        ));
    }
    let (_, promised) = project.path.promised;
    let gone = Project::day_of(project.tick.saturating_sub(project.phase_since));
    if promised > 0 && gone.saturating_add(phase.days_50) > promised {
        text.push_str(&format!(
            " We had said {promised} for this phase at the outside and {gone} are gone: we are late."
        ));
    }
    text
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn can_afford(project: &Project, count: u8) -> String {
    let now = i64::from(project.money_days());
    let then = project.money_days_with(usize::from(count), Role::Engineer);
    let wanted = super::act::RUNWAY_TO_HIRE;
    let who =
        if count == 1 { "one more engineer".into() } else { format!("{count} more engineers") };
    if then >= 9_999 {
        return format!("Yes: even with {who} we would earn what we spend.");
    }
    let was = match now {
        9_999.. => "no end in sight".to_string(),
        days => format!("{days} working days"),
    };
    let launch = project.days_to_launch();
    let mut text = match then {
        days if days >= wanted => {
            format!("Yes. The money would last {days} working days with {who}; today it is {was}.")
        }
        days => format!(
            "No. With {who} the money would last {days} working days instead of {was}; I want {wanted}."
        ),
    };
    if project.phase < Phase::Growth && i64::from(launch) > then {
        text.push_str(&format!(" The launch is {launch} working days away."));
    }
    if project.chief.frozen {
        text.push_str(" We hire nobody at the moment anyway.");
    }
    text
}

fn biggest_risk(project: &Project) -> String {
    let money = project.money_days();
    let launch = if project.phase < Phase::Growth { project.days_to_launch() } else { 0 };
    let people = project.people.len() as u32;
    let mut risks: Vec<(u32, String)> = Vec::new();
    if money < 9_999 && launch > money {
        risks.push((
            100,
            format!("Money: it lasts {money} working days and the launch is {launch} away."),
        ));
    } else if money < 80 {
        risks.push((95, format!("Money: it lasts {money} working days.")));
    }
    let low = project.people.iter().filter(|p| p.morale < super::weigh::UNHAPPY);
    if let Some(worst) = low.clone().min_by_key(|p| (p.morale, p.id)) {
        let count = low.count() as u32;
        risks.push((
            50 + (count * 100 / people.max(1)).min(45),
            format!(
                "People: {count} of {people} are unhappy, {} most of all, and may leave.",
                worst.name.short()
            ),
        ));
    }
    if project.cache.bugs > people.max(4) {
        risks.push((
            60 + (project.cache.bugs / people.max(1)).min(30),
            format!("Quality: {} known defects are open for {people} people.", project.cache.bugs),
        ));
    }
    if let Some(setback) = project.path.setbacks.last()
        && setback.cause == SetbackCause::Scope
        && Project::day_of(project.tick) < setback.day.saturating_add(20)
    {
        risks.push((
            55,
            format!(
                "Scope: on day {} progress fell from {} to {} % because work was added.",
                setback.day,
                setback.from / 100,
                setback.to / 100
            ),
        ));
    }
    let mut conditions = project.path.conditions.iter();
    if let Some(missed) = conditions.rfind(|condition| condition.kept == Kept::Missed) {
        risks.push((
            45,
            format!("The board's advice that was not followed: {}.", condition_text(missed)),
        ));
    }
    let report = project.ends.iter().rev().find_map(|end| match &end.facts {
        crate::model::phases::EndFacts::Report(report) => report.risks.first(),
        _ => None,
    });
    if let Some(risk) = report.filter(|_| project.phase < Phase::Growth) {
        risks.push((40, format!("What validation named first: {}.", risk_text(risk))));
    }
    match risks.into_iter().max_by_key(|&(weight, _)| weight) {
        Some((_, text)) => text,
        None => {
            "Nothing stands out. The usual one remains: that it takes longer than we think.".into()
        }
    }
}

fn overloaded(project: &Project) -> String {
    let mut loads: Vec<(u32, usize)> = project
        .people
        .iter()
        .enumerate()
        .map(|(at, person)| {
            let waiting = (person.hand.len() + person.reviews.len()) as u32;
            let worn = u32::from(person.exhaustion) / 1_500;
            (waiting * 2 + worn + u32::from(person.asked_by.is_some()), at)
        })
        .filter(|&(load, _)| load >= 6)
        .collect();
    loads.sort_by_key(|&(load, at)| (std::cmp::Reverse(load), at));
    let free: Vec<String> =
        project.people.iter().filter(|p| idle(p)).take(3).map(|p| p.name.short()).collect();
    let mut text = match loads.len() {
        0 => "Nobody stands out: work in hand, reviews and strain are spread evenly.".to_string(),
        _ => {
            let named: Vec<String> = loads
                .iter()
                .take(3)
                .map(|&(_, at)| {
                    let person = &project.people[at];
                    format!(
                        "{} in {} ({} in hand, {} reviews waiting, exhaustion {} of 100)",
                        person.name.short(),
                        place_of(person.role.department()),
                        person.hand.len(),
                        person.reviews.len(),
                        person.exhaustion / 100
                    )
                })
                .collect();
            format!("{}.", named.join("; "))
        }
    };
    if !free.is_empty() {
        text.push_str(&format!(" {} found nothing to do on the board.", free.join(", ")));
    }
    text
}

fn done_about_it(project: &Project) -> String {
    let acts = &project.chief.acts;
    if acts.is_empty() {
        return match project.led() {
            true => "Nothing yet: nothing called for it.".into(),
            false => "We are few enough to see for ourselves.".into(),
        };
    }
    let last: Vec<String> = acts
        .iter()
        .rev()
        .take(3)
        .map(|act| {
            let what = crate::model::picture::chief::act_text(project, act);
            let came = crate::model::picture::chief::outcome_text(act);
            format!("On day {}: {what}. {came}", act.day)
        })
        .collect();
    last.join(" ")
}
