//! What is said about the work as a whole: builds, deployments, sprints.

use bincode::{Decode, Encode};

use crate::model::workshop::Failure;

/// Something about the work as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum WorkTalk {
    /// The pipeline said no to a task, again.
    BuildFailed { failure: Failure },
    /// A deployment brought the service down.
    Incident,
    /// It is up again, after so many working hours.
    Restored { hours: u16 },
    /// A sprint begins: its number, and tasks committed to.
    Sprint { number: u32, tasks: u16 },
    /// A sprint is over: done of what was committed to in basis points, and tasks carried over.
    Retro { kept: u16, carried: u16 },
    /// So much more was asked for while it is built.
    Creep { more: u8 },
}

impl WorkTalk {
    /// The kind of talk it is.
    pub fn kind(self) -> &'static str {
        match self {
            WorkTalk::BuildFailed { .. } => "chat",
            WorkTalk::Incident => "escalation",
            WorkTalk::Restored { .. } => "help",
            WorkTalk::Sprint { .. } | WorkTalk::Retro { .. } | WorkTalk::Creep { .. } => "decision",
        }
    }

    /// Importance and urgency, in basis points.
    pub fn weight(self) -> (u16, u16) {
        match self {
            WorkTalk::BuildFailed { .. } => (3_500, 4_000),
            WorkTalk::Incident => (9_000, 9_500),
            WorkTalk::Restored { .. } => (7_000, 3_000),
            WorkTalk::Sprint { .. } => (6_000, 3_000),
            WorkTalk::Retro { .. } => (5_500, 2_000),
            WorkTalk::Creep { .. } => (6_000, 3_500),
        }
    }

    /// In words: about the task of this title.
    pub fn words(self, title: &str, turn: u8) -> String {
        let ways = match self {
            WorkTalk::BuildFailed { failure } => {
                let what = match failure {
                    Failure::Compile => "does not compile",
                    Failure::Test => "fails its tests",
                    Failure::Lint => "fails the style check",
                    Failure::Scan => "fails the security scan",
                    Failure::Flaky => "fails a test that passed an hour ago",
                };
                vec![
                    format!("Second red build: {title} {what}."),
                    format!("{title} {what}, again. I am on it."),
                    format!("The pipeline does not like me today. {title} {what}."),
                ]
            }
            WorkTalk::Incident => vec![
                format!(
                    "The last deployment broke something for customers. I drop the rest and do {title}."
                ),
                format!(
                    "We are down since the deployment. {title} goes first, please hold everything else."
                ),
                format!("Customers see errors. I am looking into it: {title}."),
            ],
            WorkTalk::Restored { hours } => vec![
                format!("The service is up again after {hours} working hours. {title} is out."),
                format!("{title} is deployed, customers are back. It took us {hours} hours."),
                format!("All green again, {hours} hours after it broke. Thanks for {title}."),
            ],
            WorkTalk::Sprint { number, tasks } => vec![
                format!("Sprint {number}: we commit to {tasks} tasks, the rest waits."),
                format!("Planned sprint {number}. {tasks} tasks, and no more unless we run dry."),
                format!("{tasks} tasks for sprint {number}. That is what our pace says."),
            ],
            WorkTalk::Retro { kept, carried: 0 } => vec![
                format!("All of the sprint is done ({} %). What made it easy?", kept / 100),
                "Nothing carried over this time. Let us keep doing that.".to_string(),
                "The board is empty at the end of the sprint. Well done.".to_string(),
            ],
            WorkTalk::Retro { kept, carried } => vec![
                format!(
                    "We did {} % of the sprint and carry {carried} over. What held us up?",
                    kept / 100
                ),
                format!(
                    "{carried} tasks go on into the next sprint. We took on too much, or something was in the way."
                ),
                format!(
                    "Looking back: {} % done, {carried} left. One thing to do better?",
                    kept / 100
                ),
            ],
            WorkTalk::Creep { more: 1 } => vec![
                format!("One more thing was asked for: {title}."),
                format!("{title} came up on the way. It is in the plan now."),
                format!("It turns out they need {title} as well."),
            ],
            WorkTalk::Creep { more } => vec![
                format!("{more} more things were asked for, {title} among them."),
                format!("The scope grew by {more} this week. {title} is part of it."),
                format!("They need {more} things we did not plan, such as {title}."),
            ],
        };
        ways.get(usize::from(turn) % ways.len().max(1)).cloned().unwrap_or_default()
    }
}
