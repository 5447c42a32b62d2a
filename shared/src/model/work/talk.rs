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

    /// How it is said: a template of [`grammar`](crate::model::words::grammar), with the slots `task`,
    /// `why` and the numbers `n` and `m`.
    pub fn template(self) -> &'static str {
        match self {
            WorkTalk::BuildFailed { .. } => {
                "{{second red build|red again|the pipeline says no|no luck with the build}: <task> <why>|<task> <why>{, again|, for the second time|}|{the pipeline does not like me|I broke the build again}: <task> <why>}{.|. I am on it.|, sorry.|. Back to it.| and I do not see why yet.}"
            }
            WorkTalk::Incident => {
                "{{the last deployment|what we deployed} {broke something for customers|hurt customers}|{we are down|it is broken} since the deployment|customers see errors{, and it is our fault|}|trouble in production}{.|:} {{I drop the rest and do <task>|<task> goes first, please hold everything else|I am looking into it: <task>|all hands off the pipeline until <task> is out}.}"
            }
            WorkTalk::Restored { .. } => {
                "{{the service is up again|we are back|all green again|it works again} {after <n:working hour/working hours>|, <n:hour/hours> after it broke}|<task> is {deployed|out} and customers are back{, after <n:hour/hours>|. It took us <n:hour/hours>}|solved by <task>, {<n:hour/hours> in all|it took <n:hour/hours>}}. {thanks {for the patience|to whoever stayed|, all}.|{glad|good} that is over.|I write down what we learned.}"
            }
            WorkTalk::Sprint { .. } => {
                "{sprint <n>|planned: sprint <n>|for sprint <n>}: {we {commit to|take on} <m:task/tasks>|<m:task/tasks>, {by|that is} our pace|<m:task/tasks> and no more}{, the rest waits|, unless we run dry|}. {{<task> first|questions today, please|what is not in it can wait|see you at the stand-up}.|}"
            }
            WorkTalk::Retro { carried: 0, .. } => {
                "{all of the sprint is done|nothing carried over {this time|}|the board is empty at the end of the sprint}{: well done|, good work|, great}{.|, all.|, everybody.} {what made it easy?|let us keep {doing that|the size}.|what do we keep for the next one?|thanks for it.}"
            }
            WorkTalk::Retro { .. } => {
                "{looking back|sprint over|end of the sprint}: {<n> % done, <m:task/tasks> left|we did <n> % and carry <m> over|<m:task goes/tasks go> into the next one, <n> % done}. {{what held us up|one thing to do better|what got in the way|did we take on too much}?|we took on too much, or something was in the way.|next time a little less.}"
            }
            WorkTalk::Creep { .. } => {
                "{<n:more thing was/more things were> asked for|the scope grew by <n>|on the way came <n:more thing/more things>|they need <n:thing/things> we did not plan}: <task>{ among what is new| {is|comes} with it|}{. It is in the plan now|. Please look at it before you start|. The date does not move|. Say so if it does not fit|}."
            }
        }
    }

    /// The numbers `n` and `m` of the template.
    pub fn numbers(self) -> (u64, u64) {
        match self {
            WorkTalk::BuildFailed { .. } | WorkTalk::Incident => (0, 0),
            WorkTalk::Restored { hours } => (hours.into(), 0),
            WorkTalk::Sprint { number, tasks } => (number.into(), tasks.into()),
            WorkTalk::Retro { kept, carried } => (u64::from(kept) / 100, carried.into()),
            WorkTalk::Creep { more } => (more.into(), 0),
        }
    }

    /// Why a build failed, for the slot `why`.
    pub fn why(self) -> &'static str {
        let WorkTalk::BuildFailed { failure } = self else { return "" };
        match failure {
            Failure::Compile => "does not {compile|build}",
            Failure::Test => "{fails its tests|does not pass its tests}",
            Failure::Lint => "fails the {style|type} check",
            Failure::Scan => "fails the security scan",
            Failure::Flaky => "fails a test that passed an hour ago",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::words::grammar::{fault, ways};

    #[test]
    fn talk_of_work_has_sound_templates_with_many_ways() {
        for talk in [
            WorkTalk::BuildFailed { failure: Failure::Lint },
            WorkTalk::Incident,
            WorkTalk::Restored { hours: 1 },
            WorkTalk::Sprint { number: 2, tasks: 9 },
            WorkTalk::Retro { kept: 10_000, carried: 0 },
            WorkTalk::Retro { kept: 7_000, carried: 3 },
            WorkTalk::Creep { more: 2 },
        ] {
            assert_eq!(fault(talk.template(), &["task", "why", "n", "m"]), None);
            assert!(ways(talk.template(), &[]) >= 20, "{talk:?}");
        }
    }
}
