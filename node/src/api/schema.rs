//! The types of the API, once: TypeScript for the dashboard and JSON Schema for the OpenAPI
//! document are both read off the declarations that `ts-rs` derives, so they cannot disagree.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::model::view;
use ts_rs::{Config, TS};

use super::{declaration, types};

/// A type of the API.
struct Type {
    name: String,
    docs: Option<String>,
    /// `type Name = …;`
    declaration: String,
}

fn config() -> Config {
    // Everything counted stays far below 2^53, and hashes are strings.
    Config::new().with_large_int("number")
}

/// Every type that goes over the API, in the order of the file they are written to.
fn all() -> Vec<Type> {
    let config = config();
    macro_rules! types {
        ($($module:ident :: { $($name:ident),+ $(,)? })+) => {
            vec![$($(Type {
                name: stringify!($name).to_owned(),
                docs: <$module::$name as TS>::docs(),
                declaration: <$module::$name as TS>::decl(&config),
            }),+),+]
        };
    }
    let mut all = types! {
        types::{
            NodeStatus, MeshView, NodeState, MeshNode, DialAttempt, Link, MeshSample, WorldView,
            PaceView, RootView, ProjectRow, ProjectDetail, RefusedView, ShareRow, PersonRow,
            PeoplePage, Accepted, CommandState, WorldCreated, Imported, PaceRequest, JoinRequest,
            Joined, Stopping, Health, Problem, ClientMessage, Channel, ServerMessage,
        }
        view::{
            Summary, ProjectSummary, MarketSummary, Status, Phase, ProjectView, Policies, Process,
            PersonView, SkillView, RelationView, CareerView, TaskView, TaskState, ArtifactView,
            FinanceDay, Talk, TalkAnalysisView, KindCount, ToneDayView, TopicView, CentralView, Event,
            ThoughtView, OptionView, DayView, AppointmentView,
            MetricsView, MetricView, QuantilesView, StageView, WorkWeekView, SprintView,
            EstimateView, PathView, EvidenceView, ConditionView, SetbackView,
            ChiefView, GoalView, ActView, AnswerView,
            WorkshopView, BranchView, CommitView, FileView, OpenFileView, RunView, RunStageView,
            ReviewView, DeploymentView, ScanView, FindingView, FileDiff, CommitDetail, FileText,
            RunLog, WorkstationView, ProcessView,
            BusinessView, Figure, Amount, BooksMonth, LeadView, ClosedLeadView,
            LeadSource, SupportView, FundingView, RoundView, DealView,
        }
    };
    all.push(Type {
        name: "Page".into(),
        docs: None,
        declaration: <types::Page<ts_rs::Dummy> as TS>::decl(&config),
    });
    all
}

/// The file `web-ui/src/api/generated.ts`.
pub fn typescript() -> String {
    let mut out = String::from(
        "// Made from the node's Rust types. Do not edit: change those, then run\n\
         // UPDATE_TYPES=1 cargo test -p node typescript_types_are_up_to_date\n",
    );
    for each in all() {
        out.push('\n');
        if let Some(docs) = &each.docs {
            out.push_str("/**\n");
            for line in docs.trim().lines() {
                let line = line.trim().trim_start_matches(['/', '*']).trim();
                if !line.is_empty() {
                    out.push_str(&format!(" * {line}\n"));
                }
            }
            out.push_str(" */\n");
        }
        out.push_str(&format!("export {}\n", each.declaration));
    }
    out
}

/// JSON Schemas by name, for the OpenAPI document.
pub fn json_schemas() -> BTreeMap<String, Value> {
    let mut schemas = BTreeMap::new();
    for each in all() {
        if each.name == "Page" {
            continue;
        }
        schemas.insert(each.name, schema(&each.declaration, each.docs.as_deref()));
    }
    let page = format!(
        "type ProjectPage = {};",
        <types::Page<types::ProjectRow> as TS>::inline(&config())
    );
    schemas.insert("ProjectPage".into(), schema(&page, None));
    // What the model reads is richer than a schema can say; errors name the place of a mistake.
    let open = |about: &str, required: Value, properties: Value| json!({ "type": "object", "description": about, "required": required, "properties": properties });
    schemas.insert(
        "ProjectSpec".into(),
        open(
            "A project on the day it is founded, as in a scenario file; see docs/scenarios.md for \
             all of its fields.",
            json!(["name", "team"]),
            json!({ "name": { "type": "string" }, "team": { "type": "array", "items": { "type": "object" } } }),
        ),
    );
    schemas.insert(
        "ProjectCommand".into(),
        open(
            "A command, by its `type`: hire, fire, rename, add_task, move_task, prioritise, \
             set_policies, fund, pause, resume, archive or set_stop_after, with the fields of each.",
            json!(["type"]),
            json!({ "type": { "type": "string" } }),
        ),
    );
    schemas
}

fn schema(declaration: &str, docs: Option<&str>) -> Value {
    let mut schema = declaration::to_schema(declaration)
        .unwrap_or_else(|error| panic!("ts-rs wrote something new: {error} in {declaration}"));
    if let (Some(docs), Some(object)) = (docs, schema.as_object_mut()) {
        object.entry("description").or_insert_with(|| declaration::plain(docs).into());
    }
    schema
}
