//! Talk analysed, as people are shown it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the talk of a project comes to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TalkAnalysisView {
    /// Notes ever said.
    pub notes: u64,
    /// Notes ever said by kind, most first.
    pub kinds: Vec<KindCount>,
    /// Newest last: at most the last 90 working days.
    pub days: Vec<ToneDayView>,
    /// Share of urgent notes over those days, in basis points.
    pub urgent_share: u16,
    /// What talk was about in the last weeks, most first.
    pub topics: Vec<TopicView>,
    /// Who is at the centre, first to last, at most ten.
    pub central: Vec<CentralView>,
    /// Names in the talk that is still remembered, most often first, at most ten.
    pub names: Vec<KindCount>,
}

/// How often something came up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct KindCount {
    pub name: String,
    pub count: u32,
}

/// A working day of talk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ToneDayView {
    /// Working day of the world, from 0.
    pub day: u32,
    pub notes: u32,
    /// Of these, urgent ones.
    pub urgent: u32,
    /// Mean sentiment, weighted by importance: -10,000 to 10,000.
    pub sentiment: i16,
}

/// Something talk was about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TopicView {
    /// An area of the product or a kind of work.
    pub name: String,
    /// `area` or `kind`.
    pub sort: String,
    /// Notes a week, newest last, at most six weeks; the last week is the present one.
    pub weeks: Vec<u32>,
    /// Share of talk in the last whole week against the weeks before it, in basis points: 10,000
    /// for no change. 0 if it was not talked of, 20,000 for twice as much and for what is new.
    pub trend: u32,
}

/// Somebody in the web of relations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct CentralView {
    /// Person id.
    pub person: String,
    pub name: String,
    /// Colleagues who keep a relation to this person or to whom this person keeps one.
    pub degree: u32,
    /// Mean affinity of others to this person: -10,000 to 10,000.
    pub regard: i16,
}
