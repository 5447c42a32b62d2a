//! Days and thoughts as people see them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What somebody is weighing, and what they chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ThoughtView {
    /// In words.
    pub text: String,
    /// `problem_solving`, `collaboration`, `learning`, `rest`, `career`, `craft`, `estimate` or `review`.
    pub kind: String,
    /// What they want.
    pub goal: String,
    /// What makes it hard.
    pub doubt: Option<String>,
    /// At most three; one of them is chosen.
    pub options: Vec<OptionView>,
    /// The task it is about.
    pub task: Option<u32>,
    /// Id of the colleague it is about.
    pub person: Option<String>,
}

/// Something that could be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OptionView {
    pub label: String,
    /// Percent of all that was weighed.
    pub weight: u8,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// The day of a person so far, and what is still to come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayView {
    /// Where they are: `desk`, `colleague`, `kitchen`, `board`, `room`, `away` or `home`.
    pub place: String,
    /// The number of the meeting room they sit in.
    pub room: Option<u16>,
    /// Ids of those they are with, by what they do together: at most eleven.
    pub with: Vec<String>,
    /// Whether they work from elsewhere.
    pub remote: bool,
    pub focus_minutes: u16,
    /// How often they were interrupted today.
    pub interruptions: u8,
    /// How well they understand what is wanted, in basis points.
    pub clarity: u16,
    /// Today's appointments, in order.
    pub agenda: Vec<AppointmentView>,
}

/// An appointment of today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppointmentView {
    /// `stand_up`, `lunch`, `team_meeting`, `working_session`, `one_to_one`, `sprint_planning`
    /// or `escalation`.
    pub occasion: String,
    /// Minute of the working day.
    pub minute: u16,
    pub minutes: u8,
    pub room: u16,
}
