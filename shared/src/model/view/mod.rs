//! What people are shown of a company: plain types with units, as JSON on the API.
//!
//! Levels are basis points: 0 to 10,000. Money is in cents. Times are ticks (simulated minutes)
//! since the start of the world, unless the name says otherwise.

pub mod chief;
pub mod phases;

pub use chief::{ActView, AnswerView, ChiefView, GoalView};
pub use phases::{ConditionView, EstimateView, EvidenceView, PathView, SetbackView};
pub mod business;

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod day;
mod people;

pub use super::policies::{Policies, Process};
pub use business::{
    Amount, BooksMonth, BusinessView, ClosedLeadView, DealView, Figure, FundingView, LeadSource,
    LeadView, RoundView, SupportView,
};
pub use day::{AppointmentView, DayView, OptionView, ThoughtView};
pub use people::{CareerView, PersonView, RelationView, SkillView};

pub mod words;
pub mod work;
pub mod workshop;

pub use words::*;
pub use work::*;
pub use workshop::*;

/// What every node knows of every project, from receipts. Small: it travels each epoch.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Summary {
    /// A company at work.
    Project(ProjectSummary),
    /// The market of the world.
    Market(MarketSummary),
}

/// A project at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, TS)]
pub struct ProjectSummary {
    pub name: String,
    pub industry: String,
    pub status: Status,
    pub phase: Phase,
    /// Of the present phase, in basis points.
    pub progress: u16,
    pub people: u32,
    /// Mean over people, in basis points.
    pub morale: u16,
    /// Mean over people, in basis points.
    pub energy: u16,
    pub tasks_todo: u32,
    pub tasks_doing: u32,
    pub tasks_review: u32,
    pub tasks_done: u32,
    /// Known and not yet fixed.
    pub defects_open: u32,
    pub cash_cents: i64,
    /// Spent less earned, over the last 20 working days; negative when the project earns.
    pub burn_cents_per_month: i64,
    pub revenue_cents_per_month: i64,
    pub customers: u32,
}

/// The market at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, TS)]
pub struct MarketSummary {
    /// Possible customers there are.
    pub size: u32,
    /// Those who have bought from somebody.
    pub adopters: u32,
    /// Projects that have announced themselves.
    pub projects: u32,
}

#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    Serialize,
    Deserialize,
    TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Active,
    Paused,
    Completed,
    Failed,
    Archived,
}

#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    Serialize,
    Deserialize,
    TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    #[default]
    Intake,
    Validation,
    Advisory,
    Design,
    Build,
    Hardening,
    Launch,
    Growth,
    Completed,
}

/// All of a project that a page shows: answered by the node that runs it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ProjectView {
    /// The tick up to which this is true.
    pub tick: u64,
    pub summary: ProjectSummary,
    pub description: String,
    pub hypothesis: String,
    pub target_customers: Vec<String>,
    pub target_market: String,
    pub business_model: String,
    /// The phase after which the project stops by itself.
    pub stop_after: Phase,
    /// What ended it, if it has ended, in words.
    pub end_reason: Option<String>,
    pub policies: Policies,
    pub people: Vec<PersonView>,
    pub tasks: Vec<TaskView>,
    pub metrics: MetricsView,
    pub artifacts: Vec<ArtifactView>,
    /// What is left, from the project's own pace.
    pub estimate: EstimateView,
    /// The way from the idea to the customers.
    pub path: PathView,
    /// Goals, acts and answers of whoever leads.
    pub chief: ChiefView,
    /// Newest last: at most the last 90 working days.
    pub finance: Vec<FinanceDay>,
    pub business: BusinessView,
    /// Newest last: the latest talk that the project still remembers.
    pub talk: Vec<Talk>,
    pub talk_analysis: TalkAnalysisView,
    /// Repository, pipeline and deployments.
    pub workshop: WorkshopView,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TaskView {
    pub id: u32,
    pub title: String,
    /// `feature`, `bug`, `research`, `design`, `ops`, …
    pub kind: String,
    /// The part of the product it belongs to.
    pub area: String,
    pub state: TaskState,
    pub phase: Phase,
    pub priority: u8,
    /// Person-minutes.
    pub estimate_minutes: u32,
    pub spent_minutes: u32,
    pub left_minutes: u32,
    pub assignee: Option<String>,
    pub assignee_name: Option<String>,
    pub reviewer_name: Option<String>,
    pub depends_on: Vec<u32>,
    pub blocked: bool,
    /// How often review sent it back.
    pub rework: u8,
    /// Whether nobody has looked into what it means yet.
    pub vague: bool,
    /// Whether it is in the sprint that runs.
    pub committed: bool,
    /// Runs of the pipeline that failed.
    pub builds_failed: u8,
    pub created_tick: u64,
    pub started_tick: Option<u64>,
    pub done_tick: Option<u64>,
    /// Where it came from, for imported work: the tracker's own id.
    pub source: Option<String>,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    Todo,
    Doing,
    Review,
    Done,
    Dropped,
}

/// What a phase leaves behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ArtifactView {
    pub phase: Phase,
    pub title: String,
    /// Markdown.
    pub text: String,
    pub tick: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FinanceDay {
    /// Working day of the world, from 0.
    pub day: u32,
    pub cash_cents: i64,
    pub spent_cents: i64,
    pub earned_cents: i64,
    pub customers: u32,
}

/// Something said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Talk {
    /// Unique in the project, growing.
    pub id: u64,
    pub tick: u64,
    pub from: String,
    pub from_name: String,
    /// Person ids; empty for all of the project.
    pub to: Vec<String>,
    /// `chat`, `stand_up`, `review`, `question`, `help`, `decision`, `escalation`, `mail`,
    /// `announcement`, `one_to_one`.
    pub kind: String,
    pub thread: u64,
    pub text: String,
    /// -10,000 to 10,000.
    /// Of what it is about and who says it: -10,000 to 10,000.
    pub sentiment: i16,
    /// Of the words alone, by a lexicon: -10,000 to 10,000, 0 if they have none.
    pub tone: i16,
    pub importance: u16,
    pub urgency: u16,
    /// Phase, kind of talk and of work, area of the product.
    pub topics: Vec<String>,
    /// Areas and tasks that are named.
    pub keywords: Vec<String>,
    /// People who are named, as colleagues call them.
    pub names: Vec<String>,
    pub task: Option<u32>,
}

/// Something that happened in a step: recorded only when somebody looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Talk { talk: Talk },
    Thought { tick: u64, person: String, name: String, text: String },
    Activity { tick: u64, person: String, activity: String, target: [u16; 2] },
    Task { tick: u64, task: u32, title: String, state: TaskState, by: Option<String> },
    Phase { tick: u64, phase: Phase, reason: String },
    Person { tick: u64, person: String, name: String, change: String },
    Refused { tick: u64, command: String, reason: String },
    Commit { tick: u64, id: u32, person: String, task: u32, message: String },
    Build { tick: u64, id: u32, task: u32, failure: Option<String> },
    Deploy { tick: u64, version: String, changes: u32, failed: bool },
}
