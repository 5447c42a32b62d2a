//! Running a span of steps: the one place where a model is called.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::genesis::{Genesis, RulesVersion};
use super::model::{
    CommandInput, Flow, Founding, Mail, Model, OUTBOX_BYTES_MAX, OUTBOX_MESSAGES_MAX,
    SUMMARY_BYTES_MAX, Step,
};
use super::receipt::{End, Receipt, SPAN_OUTBOX_BYTES_MAX, state_hash};
use crate::id::{Epoch, Lineage, ShardId};

/// All that goes into one step, and the name of the state after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepInput {
    /// The epoch.
    pub epoch: Epoch,
    /// The rules in force.
    pub rules: RulesVersion,
    /// The commands that take effect.
    pub commands: Vec<CommandInput>,
    /// The messages that arrive.
    pub inbox: Vec<Mail>,
    /// The lineage after the step.
    pub lineage: Lineage,
}

/// What came of a span.
pub struct Outcome<S> {
    /// The receipt of the steps that were made: at least one, perhaps fewer than asked for.
    pub receipt: Receipt,
    /// The state after them; none if the shard ended.
    pub state: Option<S>,
    /// The encoded state, if `receipt.state` names it.
    pub snapshot: Option<Vec<u8>>,
    /// The recorded events by epoch, if asked for.
    pub events: Vec<(Epoch, Vec<Vec<u8>>)>,
}

/// A shard's state before its first step.
pub fn found<M: Model>(model: &M, founding: &Founding<'_>) -> Result<M::State, End> {
    match catch_unwind(AssertUnwindSafe(|| model.found(founding))) {
        Ok(Ok(state)) => Ok(state),
        Ok(Err(why)) => Err(End::NotFounded(why)),
        Err(_) => Err(End::Panicked),
    }
}

/// Steps a shard through `steps`, which follow each other, stay within one checkpoint interval and
/// are not empty. `state` is the state before the first, or why there is none.
pub fn run<M: Model>(
    model: &M,
    genesis: &Genesis,
    shard: ShardId,
    state: Result<M::State, End>,
    steps: &[StepInput],
    record: bool,
) -> Outcome<M::State> {
    let first = &steps[0];
    let mut receipt = Receipt {
        shard,
        from: first.epoch,
        until: first.epoch,
        lineage: first.lineage,
        outboxes: Vec::new(),
        refused: Vec::new(),
        end: None,
        state: None,
        summary: Vec::new(),
    };
    let mut events = Vec::new();
    let mut sent_bytes = 0;
    let mut state = match state {
        Ok(state) => Some(state),
        Err(end) => {
            receipt.until += 1;
            receipt.end = Some(end);
            None
        }
    };
    for input in steps {
        let Some(present) = &mut state else { break };
        let mut step = Step::new(
            genesis,
            input.rules,
            shard,
            input.epoch,
            &input.commands,
            &input.inbox,
            record,
        );
        let flow = catch_unwind(AssertUnwindSafe(|| model.step(present, &mut step)));
        receipt.until = input.epoch + 1;
        receipt.lineage = input.lineage;
        receipt.end = match flow {
            Err(_) => Some(End::Panicked),
            Ok(Err(_)) => Some(End::OutOfFuel),
            Ok(Ok(_))
                if step.outbox_bytes > OUTBOX_BYTES_MAX
                    || step.outbox.len() > OUTBOX_MESSAGES_MAX =>
            {
                Some(End::OutboxTooLarge)
            }
            Ok(Ok(Flow::Ended)) => Some(End::Completed),
            Ok(Ok(Flow::On)) => None,
        };
        let events_of_step = step.take_events();
        if !events_of_step.is_empty() {
            events.push((input.epoch, events_of_step));
        }
        if receipt.end.as_ref().is_none_or(|end| *end == End::Completed) {
            receipt.refused.append(&mut step.refused);
            sent_bytes += step.outbox_bytes;
            if !step.outbox.is_empty() {
                receipt
                    .outboxes
                    .push(((input.epoch - receipt.from) as u32, std::mem::take(&mut step.outbox)));
            }
            if receipt.end.is_some() || sent_bytes > SPAN_OUTBOX_BYTES_MAX {
                break;
            }
        } else {
            // A step that failed has no outcome: what it left behind is not looked at again.
            state = None;
        }
    }
    let mut snapshot = None;
    if let Some(present) = &state {
        // Where a span ends is nobody's business but the runner's, so a summary that fails is left
        // out; where a state must be encoded is the same for all.
        let summary = catch_unwind(AssertUnwindSafe(|| model.summary(present))).unwrap_or_default();
        if summary.len() <= SUMMARY_BYTES_MAX {
            receipt.summary = summary;
        }
        if receipt.end.is_some() || genesis.is_checkpoint(receipt.until) {
            snapshot = catch_unwind(AssertUnwindSafe(|| model.encode(present))).ok();
            if snapshot.is_none() {
                receipt.end = Some(End::Panicked);
                state = None;
            }
        }
    }
    if state.is_none() {
        snapshot = Some(Vec::new());
    }
    receipt.state = snapshot.as_deref().map(state_hash);
    if receipt.end.is_some() {
        state = None;
    }
    Outcome { receipt, state, snapshot, events }
}
