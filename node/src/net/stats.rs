//! What the network did, in numbers: read by the metrics and the mesh page.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Counters since the start of the network.
        #[derive(Debug, Default)]
        pub(super) struct Counters {
            $(pub(super) $name: AtomicU64,)*
        }

        /// The counters at a moment.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Stats {
            $($(#[$doc])* pub $name: u64,)*
            /// Gossip that came again. Gossipsub drops it before we see it, so this is read from its
            /// own metrics.
            pub gossip_duplicate: u64,
        }

        impl Counters {
            pub(super) fn snapshot(&self, gossip_duplicate: u64) -> Stats {
                Stats { $($name: self.$name.load(Ordering::Relaxed),)* gossip_duplicate }
            }
        }
    };
}

counters! {
    /// Messages of ours handed to at least one peer.
    gossip_sent,
    /// Bytes of these.
    gossip_sent_bytes,
    /// Messages that came for the first time.
    gossip_received,
    /// Bytes of these.
    gossip_received_bytes,
    /// Messages reported as not valid.
    gossip_rejected,
    /// Messages of ours that nobody was subscribed to.
    gossip_unheard,
    /// Messages of ours published before.
    gossip_repeated,
    /// Messages of ours lost because every peer's queue was full.
    gossip_queues_full,
    /// Messages that came and were dropped because the core was slow.
    gossip_dropped,
    /// Messages of ours dropped because the network task was slow.
    publish_dropped,
    /// Verdicts lost for the same reason: their messages are not forwarded.
    verdict_dropped,
    /// Times a peer could not keep up with gossip.
    slow_peers,
    /// Events the core never heard of because its queue overflowed.
    events_lost,
    /// Questions answered by peers.
    asks_answered,
    /// Questions that failed.
    asks_failed,
    /// Questions of peers that were refused here because too many waited.
    asked_refused,
    /// States sent to peers.
    states_served,
    /// States fetched from peers.
    states_fetched,
    /// Dials begun.
    dials,
    /// Dials that failed.
    dials_failed,
    /// Peers of other meshes turned away.
    strangers,
    /// Peers disconnected and dialled again because they were connected without topics.
    deaf_peers,
    /// Peers found restarted behind a connection that still stood.
    restarted_peers,
    /// Peers disconnected because pings went unanswered.
    silent_peers,
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

pub(super) fn add(counter: &AtomicU64, number: u64) {
    counter.fetch_add(number, Ordering::Relaxed);
}
