//! What people are shown of a person.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DayView, ThoughtView, WorkstationView};

/// All of a person that a page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// Unique in the world.
    pub id: String,
    pub name: String,
    pub role: String,
    pub department: String,
    pub seniority: String,
    /// Openness, conscientiousness, extraversion, agreeableness, neuroticism, in basis points.
    pub personality: [u16; 5],
    /// Technical and soft skills by name, in basis points.
    pub skills: Vec<SkillView>,
    pub specialisations: Vec<String>,
    pub experience_years: u16,
    pub achievements: Vec<String>,
    /// The turns of their working life that are remembered, newest last.
    pub career: Vec<CareerView>,
    pub salary_cents_per_year: i64,
    /// Salary against what the role and seniority usually earn, in percent.
    pub pay_percent: u16,
    /// Share of the working day given to the project, in basis points.
    pub share: u16,
    pub energy: u16,
    pub morale: u16,
    /// What weeks of strain leave behind, in basis points: above 7,000 somebody may break down.
    pub exhaustion: u16,
    /// How well they know the project, in basis points.
    pub familiarity: u16,
    pub productivity: u16,
    /// `at_work`, `in_training`, `sick`, `on_leave`, `burned_out`.
    pub status: String,
    /// Working day on which they are back, while they are away.
    pub back_on_day: Option<u32>,
    /// Whether they work from elsewhere.
    pub remote: bool,
    /// Who shows them around while they are new: id and name.
    pub mentor: Option<String>,
    pub mentor_name: Option<String>,
    /// Newcomers they show around.
    pub mentees: u8,
    /// Working day they joined on.
    pub joined_day: u32,
    /// What the person is doing, in a word: `working`, `meeting`, `review`, `coffee`, `away`, …
    pub activity: String,
    /// The task in hand.
    pub task: Option<u32>,
    /// What the person is weighing, with the choice made.
    pub thought: Option<String>,
    /// The same, taken apart: the aim, the doubt, the options and the choice.
    pub weighing: Option<ThoughtView>,
    /// Their day so far: where they are, with whom, what is still to come.
    pub day: DayView,
    /// Where they are and where they go, in office cells of 1 m.
    pub location: [u16; 2],
    pub target: [u16; 2],
    /// What they think of others of the project, strongest first, at most eight.
    pub relations: Vec<RelationView>,
    pub tasks_done: u32,
    /// The machine they work at.
    pub workstation: WorkstationView,
}

/// How good somebody is at something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SkillView {
    pub name: String,
    /// In basis points.
    pub level: u16,
    pub soft: bool,
    /// Weeks since it was last practised, at most 255; what is not practised is forgotten.
    pub idle_weeks: u8,
}

/// What somebody thinks of a colleague.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RelationView {
    pub person: String,
    pub name: String,
    /// Liking, from -10,000 to 10,000.
    pub affinity: i16,
    /// How far they count on them, from -10,000 to 10,000.
    pub trust: i16,
}

/// A turn in somebody's working life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CareerView {
    /// Working day of the world.
    pub day: u32,
    pub text: String,
    /// The id of a person's former self, for a project they were at before.
    pub former: Option<String>,
}
