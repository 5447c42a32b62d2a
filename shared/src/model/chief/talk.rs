//! What whoever leads says, and what is said to them: facts, and the words for them.

use bincode::{Decode, Encode};

use crate::model::chief::act::ActKind;
use crate::model::chief::goal::GoalState;
use crate::model::chief::measure::Measure;
use crate::model::kind::Department;
use crate::model::phases::SetbackCause;
use crate::model::phases::board::Advice;
use crate::model::project::Project;
use crate::model::words::talk::Note;

/// What leading is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ChiefTalk {
    Goal {
        goal: u32,
        measure: Measure,
        target: i32,
        due: u32,
    },
    Report {
        goal: u32,
        measure: Measure,
        value: i32,
        target: i32,
        state: GoalState,
    },
    Escalate {
        goal: u32,
        measure: Measure,
        value: i32,
        target: i32,
    },
    Act {
        kind: ActKind,
        measure: Measure,
        before: i32,
    },
    /// A month of goals is over.
    Closed {
        met: u8,
        of: u8,
    },
    /// Progress went back, in basis points.
    Setback {
        from: u16,
        to: u16,
        cause: SetbackCause,
    },
    /// A condition of the board was met by a decision.
    Followed {
        advice: Advice,
    },
}

impl ChiefTalk {
    /// The kind, as a place in [`KINDS`](crate::model::words::talk::KINDS).
    pub fn kind_at(self) -> usize {
        match self {
            ChiefTalk::Act { kind: ActKind::Talk(_), .. } => 9,
            ChiefTalk::Goal { .. } | ChiefTalk::Act { .. } | ChiefTalk::Followed { .. } => 5,
            ChiefTalk::Report { .. } | ChiefTalk::Closed { .. } => 10,
            ChiefTalk::Escalate { .. } | ChiefTalk::Setback { .. } => 6,
        }
    }

    /// Importance and urgency, in basis points.
    pub fn weight(self) -> (u16, u16) {
        match self {
            ChiefTalk::Goal { .. } => (6_500, 3_000),
            ChiefTalk::Report { state: GoalState::OnTrack | GoalState::Met, .. } => (4_500, 1_500),
            ChiefTalk::Report { .. } => (6_000, 4_500),
            ChiefTalk::Escalate { .. } => (7_500, 7_500),
            ChiefTalk::Act { kind: ActKind::LetGo(_) | ActKind::FreezeHiring, .. } => {
                (9_500, 8_000)
            }
            ChiefTalk::Act { kind: ActKind::Talk(_), .. } => (6_000, 5_000),
            ChiefTalk::Act { .. } => (7_500, 5_500),
            ChiefTalk::Closed { .. } => (5_500, 1_500),
            ChiefTalk::Setback { .. } => (7_000, 5_500),
            ChiefTalk::Followed { .. } => (7_000, 3_500),
        }
    }

    /// Whether it goes on from what was said before: reports and escalations from the goal they
    /// are about, an act from an escalation or a report on the same measure.
    pub fn follows(self, before: ChiefTalk) -> bool {
        match (self, before) {
            (
                ChiefTalk::Report { goal, .. } | ChiefTalk::Escalate { goal, .. },
                ChiefTalk::Goal { goal: other, .. }
                | ChiefTalk::Report { goal: other, .. }
                | ChiefTalk::Escalate { goal: other, .. },
            ) => goal == other,
            (
                ChiefTalk::Act { measure, kind, .. },
                ChiefTalk::Escalate { measure: other, .. }
                | ChiefTalk::Report { measure: other, .. },
            ) => measure == other && !matches!(kind, ActKind::Talk(_)),
            _ => false,
        }
    }

    /// What it is about, in a word.
    pub fn topic(self) -> &'static str {
        match self {
            ChiefTalk::Goal { measure, .. }
            | ChiefTalk::Report { measure, .. }
            | ChiefTalk::Escalate { measure, .. }
            | ChiefTalk::Act { measure, .. } => measure.word(),
            ChiefTalk::Closed { .. } => "goals",
            ChiefTalk::Setback { .. } => "progress",
            ChiefTalk::Followed { .. } => "advice",
        }
    }
}

fn pick(turn: u64, ways: &[String]) -> String {
    ways.get((turn % ways.len().max(1) as u64) as usize).cloned().unwrap_or_default()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The note in words.
pub fn words(project: &Project, note: &Note, talk: ChiefTalk) -> String {
    let heard = note.to.first();
    let to = heard.map_or_else(|| "all".to_string(), |id| project.short_name_of(id));
    let turn = note.seed(project);
    match talk {
        ChiefTalk::Goal { measure, target, due, .. } => {
            let aim = measure.text(target);
            match (measure.up(), heard) {
                (false, _) => pick(
                    turn,
                    &[
                        format!("No more than {aim} by day {due}: that is my line."),
                        format!("By day {due} we want to be at {aim} or below."),
                        format!("My goal up to day {due}: at most {aim}."),
                    ],
                ),
                (true, Some(_)) => pick(
                    turn,
                    &[
                        format!("{to}, you can count on us for {aim} by day {due}."),
                        format!("What my department does about it: {aim} until day {due}."),
                        format!("We take on {aim}, due on day {due}."),
                    ],
                ),
                (true, None) => pick(
                    turn,
                    &[
                        format!("What counts until day {due}: {aim}. The rest serves that."),
                        format!("Our first goal is {aim} by day {due}."),
                        format!("If we reach one thing by day {due}, let it be {aim}."),
                    ],
                ),
            }
        }
        ChiefTalk::Report { measure, value, target, state, .. } => {
            let (is, aim) = (measure.text(value), measure.short(target));
            let bound = if measure.up() { "at least" } else { "at most" };
            match state {
                GoalState::OnTrack | GoalState::Met => pick(
                    turn,
                    &[
                        format!("{to}, on track: {is}; the goal is {bound} {aim}."),
                        format!(
                            "Week in one line: {is}, {bound} {aim} wanted. Nothing to worry about."
                        ),
                        format!(
                            "We stand at {is}. {} {aim} was asked, so it looks good.",
                            capital(bound)
                        ),
                        format!("All well here, {to}: {is}."),
                        format!("{}, as it should be, {to}.", capital(&is)),
                    ],
                ),
                GoalState::AtRisk => pick(
                    turn,
                    &[
                        format!("{to}, this is getting tight: {is}, and we need {bound} {aim}."),
                        format!("At risk. {} so far, {bound} {aim} was the goal.", capital(&is)),
                        format!("We are behind: {is} against {bound} {aim}. I keep an eye on it."),
                        format!("{to}, {is}. I would not bet on {bound} {aim} yet."),
                    ],
                ),
                GoalState::Off | GoalState::Missed => pick(
                    turn,
                    &[
                        format!("{to}, we are off: {is}, where we wanted {bound} {aim}."),
                        format!(
                            "No good news. {}; {bound} {aim} is out of sight the way it goes.",
                            capital(&is)
                        ),
                        format!("I report {is} and do not see us getting to {aim}."),
                        format!("{}. The goal said {bound} {aim}. I have no excuse.", capital(&is)),
                    ],
                ),
            }
        }
        ChiefTalk::Escalate { measure, value, target, .. } => {
            let (is, aim) = (measure.text(value), measure.short(target));
            pick(
                turn,
                &[
                    format!("{to}, I cannot solve this in my department: {is}, not {aim}."),
                    format!(
                        "This one goes up to you, {to}. {}, and the goal was {aim}.",
                        capital(&is)
                    ),
                    format!("I need a decision on {}: {is} instead of {aim}.", measure.word()),
                    format!("{to}, with {is} we miss {aim}. What do we drop, or whom do I get?"),
                ],
            )
        }
        ChiefTalk::Act { kind, measure, before } => act(project, note, kind, measure, before),
        ChiefTalk::Closed { met, of } => {
            let missed = of.saturating_sub(met);
            pick(
                turn,
                &[
                    format!("The month is over: {met} of {of} goals met."),
                    format!("{met} goals met, {missed} not. New ones from Monday."),
                    format!("We set {of} goals and met {met}. Thank you for those."),
                ],
            )
        }
        ChiefTalk::Setback { from, to, cause } => {
            let (from, to) = (from / 100, to / 100);
            match cause {
                SetbackCause::Scope => pick(
                    turn,
                    &[
                        format!(
                            "We were at {from} % and are at {to} %: there is more to do than we had planned."
                        ),
                        format!("The scope has grown. That takes us from {from} back to {to} %."),
                        format!(
                            "{to} %, not {from}: work has been added faster than it was finished."
                        ),
                    ],
                ),
                SetbackCause::Bugs => pick(
                    turn,
                    &[
                        format!(
                            "Back from {from} to {to} %: what was found has to be put right first."
                        ),
                        format!(
                            "The defects of this week cost us {} points of progress.",
                            from.saturating_sub(to)
                        ),
                        format!("{to} % after {from} %. Testing found more than we fixed."),
                    ],
                ),
                SetbackCause::Loss => pick(
                    turn,
                    &[
                        "A day at a loss: the count of days that pay for themselves begins again."
                            .into(),
                        format!(
                            "We were {from} % of the way to paying for ourselves. A loss puts us at {to} %."
                        ),
                        format!("Today cost more than it brought. {to} % instead of {from} %."),
                    ],
                ),
            }
        }
        ChiefTalk::Followed { advice } => {
            let what = crate::model::picture::phases::advice_text(&advice);
            pick(
                turn,
                &[
                    format!("We follow the board: {what}."),
                    format!("Decided after the board's answer: {what}."),
                    format!("The board asked for it and we do it now: {what}."),
                ],
            )
        }
    }
}

fn act(project: &Project, note: &Note, kind: ActKind, measure: Measure, before: i32) -> String {
    let turn = note.seed(project);
    let is = measure.text(before);
    let name = |id: u32| project.short_name_of(id);
    match kind {
        ActKind::Raise(department) => {
            let place = place_of(department);
            pick(
                turn,
                &[
                    format!("With {is}, the oldest work of {place} comes first now."),
                    format!(
                        "Decision: what others wait for in {place} goes to the top of the board."
                    ),
                    format!("I have moved the work of {place} up. We stand at {is}."),
                ],
            )
        }
        ActKind::Hire(role) => {
            let role = role.word();
            pick(
                turn,
                &[
                    format!("We look for one more person: {role}. We can pay for it."),
                    format!("A position is open: {role}. Tell good people you know."),
                    format!("We need another hand in {role}; I have opened a position."),
                ],
            )
        }
        ActKind::HardeningWeek => pick(
            turn,
            &[
                format!(
                    "{} are too many. This week we fix and test before anything new.",
                    capital(&is)
                ),
                format!("A week of hardening: {is}, that has to come down."),
                format!("Stop starting, start fixing. {is} as of today."),
            ],
        ),
        ActKind::CutScope(count) => pick(
            turn,
            &[
                format!("We leave out {count} of the less important features. {is} is not enough."),
                format!(
                    "I have taken {count} features off the board. What is left has to be good."
                ),
                format!(
                    "{count} features less: better a small product on time than a large one never."
                ),
            ],
        ),
        ActKind::Talk(person) => pick(
            turn,
            &[
                format!("{}, let us take half an hour, just the two of us.", name(person)),
                format!("{}, you seemed down this week. Tell me what would help.", name(person)),
                format!(
                    "Thank you for being open today, {}. I will see what I can change.",
                    name(person)
                ),
                format!(
                    "{}, I have noticed. Which part of the work can I take off you?",
                    name(person)
                ),
            ],
        ),
        ActKind::Reassign(from, to) => pick(
            turn,
            &[
                format!(
                    "{} has more than fits into a week: {} takes over half of it.",
                    name(from),
                    name(to)
                ),
                format!("{}, please take what waits for {}.", name(to), name(from)),
                format!(
                    "Half of what was meant for {} goes to {} from today.",
                    name(from),
                    name(to)
                ),
            ],
        ),
        ActKind::FreezeHiring => pick(
            turn,
            &[
                format!("{is}: until that changes we hire nobody."),
                format!("All open positions are closed for now. We have {is}."),
                format!("No new people while there is {is}."),
            ],
        ),
        ActKind::ResumeHiring => pick(
            turn,
            &[
                format!("{is}: we can look for people again."),
                "The hiring freeze is over.".into(),
                format!("Good news: {is}. Positions may be opened again."),
            ],
        ),
        ActKind::LetGo(person) => pick(
            turn,
            &[
                format!("We have to part with {}. With {is} there is no other way.", name(person)),
                format!(
                    "{} has to go, and it is not because of their work. {is} is all we have.",
                    name(person)
                ),
                format!(
                    "This is the worst part of my work: {} leaves us, because of the money.",
                    name(person)
                ),
            ],
        ),
    }
}

/// How people call a department.
pub fn place_of(department: Department) -> &'static str {
    match department {
        Department::Leadership => "the whole company",
        Department::Product => "product",
        Department::Engineering => "engineering",
        Department::Quality => "quality",
        Department::Commercial => "sales and support",
        Department::Finance => "finance",
    }
}
