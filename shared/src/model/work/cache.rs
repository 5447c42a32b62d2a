//! What is derived from the tasks: kept beside them, so that nobody has to look through all of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use bincode::{Decode, Encode};

use crate::model::kind::TaskKind;

/// What can be worked out again from the rest of a project at any time. It is never encoded.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// Who wakes up next within the epoch: (tick, place in `people`).
    pub queue: BinaryHeap<Reverse<(u64, u32)>>,
    /// The ids of the tasks, in order.
    pub ids: Vec<u32>,
    /// What may be taken on now, in order.
    pub ready: Vec<Ready>,
    /// Who waits for whom among the open tasks: (id of the earlier one, place of the later one), in order.
    pub dependents: Vec<(u32, u32)>,
    /// Places of the tasks in review, in no order.
    pub in_review: Vec<u32>,
    /// Whether `ready` and `dependents` have to be made anew before they are used.
    pub ready_stale: bool,
    /// Tasks by [`TaskState`](super::super::view::TaskState).
    pub counts: [u32; 5],
    /// Open bugs.
    pub bugs: u32,
    /// Estimates of the open tasks up to the present phase together, in person-minutes.
    pub open_minutes: u64,
}

/// A task that may be taken on, with all that is asked of it when somebody chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ready {
    /// 5 less the priority: the least comes first.
    pub rank: u8,
    /// Place in `tasks`: the older one comes first.
    pub place: u32,
    pub kind: TaskKind,
    /// The person it is meant for.
    pub meant: Option<u32>,
}

impl Encode for Cache {
    fn encode<E: bincode::enc::Encoder>(
        &self,
        _: &mut E,
    ) -> Result<(), bincode::error::EncodeError> {
        Ok(())
    }
}

impl<C> Decode<C> for Cache {
    fn decode<D: bincode::de::Decoder<Context = C>>(
        _: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        Ok(Cache { ready_stale: true, ..Cache::default() })
    }
}

bincode::impl_borrow_decode!(Cache);
