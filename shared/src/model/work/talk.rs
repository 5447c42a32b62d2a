//! What is said about the work as a whole: builds, deployments, sprints. The templates are told by
//! [`phrases`](crate::model::words::phrases).

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
    /// The kind of talk it is, as a place in [`KINDS`](crate::model::words::talk::KINDS).
    pub fn kind_at(self) -> usize {
        match self {
            WorkTalk::BuildFailed { .. } => 0,
            WorkTalk::Sprint { .. } | WorkTalk::Creep { .. } => 5,
            WorkTalk::Incident => 6,
            WorkTalk::Restored { .. } | WorkTalk::Retro { .. } => 8,
        }
    }

    /// Importance and urgency, in basis points; our assumption.
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

    /// The numbers `n` and `m` of its template.
    pub fn numbers(self) -> (u64, u64) {
        match self {
            WorkTalk::BuildFailed { .. } | WorkTalk::Incident => (0, 0),
            WorkTalk::Restored { hours } => (hours.into(), 0),
            WorkTalk::Sprint { number, tasks } => (tasks.into(), number.into()),
            WorkTalk::Retro { kept, carried } => (carried.into(), u64::from(kept / 100)),
            WorkTalk::Creep { more } => (more.into(), 0),
        }
    }

    /// The template of its words.
    pub fn template(self) -> &'static str {
        match self {
            WorkTalk::BuildFailed { failure } => match failure {
                Failure::Compile => COMPILE,
                Failure::Test => TEST,
                Failure::Lint => LINT,
                Failure::Scan => SCAN,
                Failure::Flaky => FLAKY,
            },
            WorkTalk::Incident => INCIDENT,
            WorkTalk::Restored { .. } => RESTORED,
            WorkTalk::Sprint { .. } => SPRINT,
            WorkTalk::Retro { carried: 0, .. } => RETRO_DONE,
            WorkTalk::Retro { .. } => RETRO,
            WorkTalk::Creep { more: 1 } => CREEP_ONE,
            WorkTalk::Creep { .. } => CREEP,
        }
    }
}

/// All templates, so that it can be tested that they are sound.
#[cfg(test)]
pub const TEMPLATES: [&str; 12] = [
    COMPILE, TEST, LINT, SCAN, FLAKY, INCIDENT, RESTORED, SPRINT, RETRO_DONE, RETRO, CREEP_ONE,
    CREEP,
];

const COMPILE: &str = "{second red build|red again|another red build}: <task> does not {compile|build}. {I am on it|give me a moment|my mistake}.";
const TEST: &str = "{second red build|red again|another red build}: {the tests|some tests} of <task> {fail|say no}. {I am on it|I look into it|they are right, I think}.";
const LINT: &str = "{second red build|red again|another red build}: <task> {fails|does not pass} the style check. {I am on it|a small thing|I tidy it up}.";
const SCAN: &str = "{second red build|red again|another red build}: the security scan {stops|does not like} <task>. {I am on it|I look what it found|that needs a closer look}.";
const FLAKY: &str = "{second red build|red again|another red build}: a test {fails now and then|is flaky}, {it is not|not because of} <task>. {I run it again|we should fix that test|once more}.";
const INCIDENT: &str = "{the last deployment broke something for customers|we are down since the deployment|customers see errors since the deployment}. {I drop the rest and do <task>|<task> goes first|I am on it: <task>}{, please hold everything else|}.";
const RESTORED: &str = "{the service is up again|all green again|customers are back}{: <task> is out|, <task> is deployed|}. It took {us|} <n:working hour/working hours>. {Thank you all|Good work|Let us learn from it}.";
const SPRINT: &str = "{sprint <m>: we commit to|we planned sprint <m>:|for sprint <m> we take} <n:task/tasks>{, the rest waits|, no more unless we run dry|. That is what our pace says}.";
const RETRO_DONE: &str = "{all of the sprint is done|nothing is carried over|the sprint is done to the last task}. {What made it easy?|Let us keep doing that.|Well done, all.|Good work.}";
const RETRO: &str = "{we did <m> % of the sprint|<m> % of the sprint is done|looking back, <m> % is done} and <n:task/tasks> {are left over|carry over}. {What held us up?|Did we take on too much?|What do we do better next time?}";
const CREEP_ONE: &str = "{one more thing was asked for|this came up on the way|it turns out something is missing}: <task>. {It is in the plan now|We have to fit it in|The scope grows by one}.";
const CREEP: &str = "{<n> more things were asked for|the scope grew by <n> this week|<n> things came up that nobody planned}, <task> {among them|is one of them}. {They are in the plan now|We have to fit them in|It adds up}.";
