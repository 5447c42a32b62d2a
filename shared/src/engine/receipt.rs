//! Receipts: what came of the steps of a shard, and bulletins, in which nodes sign them.

use bincode::{Decode, Encode};

use super::model::{
    OUTBOX_BYTES_MAX, OUTBOX_MESSAGES_MAX, Outgoing, REFUSALS_MAX, Refusal, Refused,
    SUMMARY_BYTES_MAX,
};
use crate::id::{Epoch, Lineage, ShardId, StateHash, WorldId};
use crate::wire::codec;
use crate::wire::signed::Statement;

/// "Shard s, stepped from here to there, had this lineage at the end: and this came of it."
///
/// A receipt covers a span of at most `lookahead` epochs that crosses no checkpoint. Because a
/// lineage hashes all that went in before, one that is right at the end of the span is right all
/// through it. And because no span is longer than the lookahead, nothing that goes into a span
/// depends on what comes out of it, so whoever ran it could be heard by everybody in time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// Whose steps.
    pub shard: ShardId,
    /// The first epoch.
    pub from: Epoch,
    /// The epoch after the last one.
    pub until: Epoch,
    /// The lineage at `until`.
    pub lineage: Lineage,
    /// The messages sent, by epoch (counted from `from`); epochs without any are left out.
    pub outboxes: Vec<(u32, Vec<Outgoing>)>,
    /// The commands refused in the span.
    pub refused: Vec<Refused>,
    /// Set if the last step was the shard's last.
    pub end: Option<End>,
    /// The hash of the state at `until`, if that is a checkpoint or the end.
    pub state: Option<StateHash>,
    /// The summary at `until`. It is a service to viewers: nothing depends on it.
    pub summary: Vec<u8>,
}

/// Why a shard has no next step.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum End {
    /// It came to its own end.
    Completed,
    /// The founding command made no sense.
    NotFounded(Refusal),
    /// Its step panicked.
    Panicked,
    /// Its step burned all its fuel.
    OutOfFuel,
    /// It sent more in one step than is allowed.
    OutboxTooLarge,
}

impl End {
    /// What halted the shard, in words; none if it came to its own end.
    pub fn fault(&self) -> Option<String> {
        match self {
            End::Completed => None,
            End::NotFounded(why) => Some(format!("it could not be founded: {why}")),
            End::Panicked => Some("its step failed (a fault in the model)".into()),
            End::OutOfFuel => Some("its step burned all its fuel".into()),
            End::OutboxTooLarge => Some("its step sent more messages than is allowed".into()),
        }
    }
}

/// A span ends early once its outboxes hold this much, so that a receipt fits into a message.
pub const SPAN_OUTBOX_BYTES_MAX: usize = 128 * 1024;
/// A bulletin is closed once its receipts take this much. The largest possible receipt on top of
/// it (two outboxes, a summary, the refusals) still fits into a message.
pub const BULLETIN_BYTES: usize = 384 * 1024;
/// The receipts of one bulletin.
pub const RECEIPTS_MAX: usize = 16_384;
/// The claims of one bulletin.
pub const CLAIMS_MAX: usize = 4_096;

impl Receipt {
    /// The messages sent in an epoch of the span.
    pub fn outbox(&self, epoch: Epoch) -> &[Outgoing] {
        let offset = epoch.wrapping_sub(self.from);
        match self.outboxes.binary_search_by_key(&offset, |(at, _)| u64::from(*at)) {
            Ok(index) => &self.outboxes[index].1,
            Err(_) => &[],
        }
    }

    /// Whether two receipts of the same span and lineage say that the same came of it.
    pub fn agrees(&self, other: &Receipt) -> bool {
        self.outboxes == other.outboxes
            && self.refused == other.refused
            && self.end == other.end
            && self.state == other.state
    }

    /// About the bytes it takes on the wire.
    pub fn size(&self) -> usize {
        let messages: usize = self
            .outboxes
            .iter()
            .flat_map(|(_, sent)| sent)
            .map(|message| 36 + message.body.len())
            .sum();
        120 + messages
            + self.summary.len()
            + self.refused.iter().map(|r| 40 + r.reason.0.len()).sum::<usize>()
    }

    fn check(&self) -> Result<(), &'static str> {
        let span = self.until.checked_sub(self.from).filter(|span| (1..=64).contains(span));
        let span = span.ok_or("a receipt covers 1 to 64 epochs")?;
        if self.until > super::command::EPOCH_MAX {
            return Err("the epoch of a receipt is out of all reach");
        }
        if self.summary.len() > SUMMARY_BYTES_MAX {
            return Err("a summary is too large");
        }
        if self.refused.len() > REFUSALS_MAX * span as usize {
            return Err("a receipt refuses too much");
        }
        let ordered = self.outboxes.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if !ordered || self.outboxes.last().is_some_and(|(at, _)| u64::from(*at) >= span) {
            return Err("the outboxes of a receipt are out of order");
        }
        for (_, outbox) in &self.outboxes {
            let bytes: usize = outbox.iter().map(|message| message.body.len()).sum();
            if outbox.is_empty() || outbox.len() > OUTBOX_MESSAGES_MAX || bytes > OUTBOX_BYTES_MAX {
                return Err("an outbox is empty or too large");
            }
        }
        Ok(())
    }
}

/// The receipts of one node, in one signed envelope.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Bulletin {
    /// The world they are of.
    pub world: WorldId,
    /// Shards whose present state the node holds and which it runs from now on, because it ranks
    /// better for them than the node that ran them.
    pub claims: Vec<ShardId>,
    /// What came of the steps it ran.
    pub receipts: Vec<Receipt>,
}

impl Statement for Bulletin {
    const DOMAIN: &'static str = "zeromesh/bulletin/1";
    fn check(&self) -> Result<(), &'static str> {
        if self.receipts.len() > RECEIPTS_MAX || self.claims.len() > CLAIMS_MAX {
            return Err("a bulletin has too many entries");
        }
        self.receipts.iter().try_for_each(Receipt::check)
    }
}

/// The hash of an encoded state.
pub fn state_hash(bytes: &[u8]) -> StateHash {
    StateHash(crate::id::Hasher::new("zeromesh/state").bytes(bytes).finish())
}

/// Puts receipts into as few bulletins as fit on the wire.
pub fn bulletins(world: WorldId, claims: Vec<ShardId>, receipts: Vec<Receipt>) -> Vec<Bulletin> {
    let mut all = Vec::new();
    let mut claims = claims.chunks(CLAIMS_MAX).map(<[ShardId]>::to_vec);
    let first = claims.next().unwrap_or_default();
    all.extend(claims.map(|claims| Bulletin { world, claims, receipts: Vec::new() }));
    let mut bulletin = Bulletin { world, claims: first, receipts: Vec::new() };
    let mut size = 0;
    for receipt in receipts {
        if size >= BULLETIN_BYTES || bulletin.receipts.len() >= RECEIPTS_MAX {
            let next = Bulletin { world, claims: Vec::new(), receipts: Vec::new() };
            all.push(std::mem::replace(&mut bulletin, next));
            size = 0;
        }
        size += receipt.size();
        bulletin.receipts.push(receipt);
    }
    if !bulletin.receipts.is_empty() || !bulletin.claims.is_empty() {
        all.push(bulletin);
    }
    debug_assert!(
        all.iter().all(|b| codec::encode(b).len() < crate::wire::message::MESSAGE_BYTES_MAX)
    );
    all
}
