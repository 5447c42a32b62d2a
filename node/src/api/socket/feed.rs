//! One channel: its newest state, or its latest talk, written once for all who follow it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::Notify;

use crate::api::types::{Channel, Problem, ServerMessage};

/// Messages of talk kept for those who come back or fall behind.
const TALK_MESSAGES_MAX: usize = 1_024;
/// Bytes of them.
const TALK_BYTES_MAX: usize = 2 * 1024 * 1024;

/// A channel that somebody follows, or did a moment ago.
pub struct Feed {
    pub channel: Channel,
    state: Mutex<State>,
    /// Why it ended: the project is gone, or the node stops.
    ended: OnceLock<Problem>,
}

struct State {
    /// Of the newest message. It begins at the wall clock's microseconds, which no feed outruns, so
    /// that it keeps growing when the channel, or the node, starts anew. (JavaScript's numbers hold
    /// these until the year 2255.)
    seq: u64,
    newest: Option<Newest>,
    talk: VecDeque<(u64, Utf8Bytes)>,
    talk_bytes: usize,
    bells: HashMap<u64, Arc<Notify>>,
    next_bell: u64,
    /// Since when nobody follows it.
    idle_since: Option<Instant>,
}

/// The newest state of a channel.
struct Newest {
    /// What changed since the message before; for those who have that one.
    change: Option<Utf8Bytes>,
    /// Whether the change is all of the state too.
    stands_alone: bool,
    /// All of it: written when the first one needs it.
    whole: Arc<Whole>,
}

type Write = Box<dyn Fn(u64) -> ServerMessage + Send + Sync>;

struct Whole {
    seq: u64,
    write: Write,
    written: OnceLock<Utf8Bytes>,
}

impl Whole {
    fn text(&self) -> Utf8Bytes {
        self.written.get_or_init(|| text(&(self.write)(self.seq))).clone()
    }
}

/// What comes next for one who follows.
#[derive(Debug)]
pub enum Next {
    /// Nothing new.
    Nothing,
    /// This, after which the follower has come to this seq.
    Message(u64, Utf8Bytes),
    /// What came up to this seq is not kept any more.
    Gap(u64),
    /// There will be nothing more.
    Ended(Problem),
}

/// A place among those who follow. Given up when dropped.
pub struct Follow {
    pub feed: Arc<Feed>,
    /// The seq of the last message taken; none before the first one.
    pub at: Option<u64>,
    bell: u64,
}

impl Drop for Follow {
    fn drop(&mut self) {
        let mut state = self.feed.lock();
        state.bells.remove(&self.bell);
        if state.bells.is_empty() {
            state.idle_since = Some(Instant::now());
        }
    }
}

impl Follow {
    /// What comes next, and steps over it.
    pub fn take(&mut self) -> Next {
        let next = self.feed.next(self.at);
        if let Next::Message(seq, _) | Next::Gap(seq) = next {
            self.at = Some(seq);
        }
        next
    }
}

impl Feed {
    /// A channel on which nothing was said yet.
    pub fn new(channel: Channel) -> Arc<Self> {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Arc::new(Feed {
            channel,
            state: Mutex::new(State {
                seq: since_1970.as_micros() as u64,
                newest: None,
                talk: VecDeque::new(),
                talk_bytes: 0,
                bells: HashMap::new(),
                next_bell: 0,
                idle_since: Some(Instant::now()),
            }),
            ended: OnceLock::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins those who follow; `bell` rings when there is something new. `after` is the last seq
    /// seen on an earlier connection: talk goes on there, states begin with the newest anyway.
    pub fn follow(self: &Arc<Self>, bell: Arc<Notify>, after: Option<u64>) -> Follow {
        let mut state = self.lock();
        let id = state.next_bell;
        state.next_bell += 1;
        state.bells.insert(id, bell);
        state.idle_since = None;
        let at = match self.channel {
            Channel::Talk { .. } => Some(after.unwrap_or(state.seq)),
            _ => None,
        };
        Follow { feed: self.clone(), at, bell: id }
    }

    /// How many follow.
    pub fn followers(&self) -> usize {
        self.lock().bells.len()
    }

    /// For how long nobody has followed it.
    pub fn idle(&self) -> std::time::Duration {
        self.lock().idle_since.map(|since| since.elapsed()).unwrap_or_default()
    }

    /// A new state. `change` tells it to those who have the state before (and to all, if it
    /// `stands_alone`); `whole` to those who do not.
    pub fn state(
        &self,
        change: Option<impl FnOnce(u64) -> ServerMessage>,
        stands_alone: bool,
        whole: impl Fn(u64) -> ServerMessage + Send + Sync + 'static,
    ) {
        let mut state = self.lock();
        state.seq += 1;
        let seq = state.seq;
        // With nobody there, nothing is written.
        let change = change.filter(|_| !state.bells.is_empty()).map(|change| text(&change(seq)));
        let whole = Arc::new(Whole { seq, write: Box::new(whole), written: OnceLock::new() });
        state.newest = Some(Newest { change, stands_alone, whole });
        ring(&state);
    }

    /// Something said, at the next seq.
    pub fn talk(&self, message: impl FnOnce(u64) -> ServerMessage) {
        let mut state = self.lock();
        state.seq += 1;
        let seq = state.seq;
        let message = text(&message(seq));
        state.talk_bytes += message.len();
        state.talk.push_back((seq, message));
        while state.talk.len() > TALK_MESSAGES_MAX || state.talk_bytes > TALK_BYTES_MAX {
            match state.talk.pop_front() {
                Some((_, old)) => state.talk_bytes -= old.len(),
                None => break,
            }
        }
        ring(&state);
    }

    /// This many messages of talk were lost before they came here.
    pub fn lost(&self, messages: u64) {
        let mut state = self.lock();
        state.seq += messages.max(1);
        state.talk.clear();
        state.talk_bytes = 0;
        ring(&state);
    }

    /// There will be nothing more, for this reason.
    pub fn end(&self, problem: Problem) {
        let _ = self.ended.set(problem);
        ring(&self.lock());
    }

    fn next(&self, at: Option<u64>) -> Next {
        if let Some(problem) = self.ended.get() {
            return Next::Ended(problem.clone());
        }
        let whole = {
            let state = self.lock();
            if let Channel::Talk { .. } = self.channel {
                return state.next_talk(at.unwrap_or(state.seq));
            }
            match state.next_state(at) {
                Ok(next) => return next,
                Err(whole) => whole,
            }
        };
        // Outside the lock: a whole world may take a while to write.
        Next::Message(whole.seq, whole.text())
    }
}

impl State {
    fn next_talk(&self, at: u64) -> Next {
        if at == self.seq {
            return Next::Nothing;
        }
        let oldest = self.talk.front().map_or(self.seq + 1, |(seq, _)| *seq);
        // Ahead of the feed: from a clock that was ahead. It starts over.
        if at > self.seq || at + 1 < oldest {
            return Next::Gap(oldest - 1);
        }
        match self.talk.get((at + 1 - oldest) as usize) {
            Some((seq, text)) => Next::Message(*seq, text.clone()),
            None => Next::Gap(self.seq),
        }
    }

    fn next_state(&self, at: Option<u64>) -> Result<Next, Arc<Whole>> {
        let Some(newest) = &self.newest else { return Ok(Next::Nothing) };
        match (at, &newest.change) {
            (Some(at), _) if at == newest.whole.seq => Ok(Next::Nothing),
            (Some(at), Some(change)) if newest.stands_alone || at + 1 == newest.whole.seq => {
                Ok(Next::Message(newest.whole.seq, change.clone()))
            }
            _ => Err(newest.whole.clone()),
        }
    }
}

fn ring(state: &State) {
    for bell in state.bells.values() {
        bell.notify_one();
    }
}

/// A message as it goes out.
pub fn text(message: &ServerMessage) -> Utf8Bytes {
    // These types have no maps with other keys than strings, so this cannot fail.
    serde_json::to_string(message).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk() -> Arc<Feed> {
        Feed::new(Channel::Talk { project: "p".into() })
    }

    fn say(feed: &Feed, epoch: u64) {
        feed.talk(|seq| ServerMessage::Talk { seq, project: "p".into(), epoch, events: vec![] });
    }

    fn epochs(follow: &mut Follow) -> Vec<u64> {
        std::iter::from_fn(|| match follow.take() {
            Next::Message(_, text) => match serde_json::from_str(&text).unwrap() {
                ServerMessage::Talk { epoch, .. } => Some(epoch),
                other => panic!("{other:?}"),
            },
            Next::Nothing => None,
            other => panic!("{other:?}"),
        })
        .collect()
    }

    #[test]
    fn talk_is_told_in_order_and_goes_on_where_a_connection_was_cut() {
        let feed = talk();
        say(&feed, 1);
        let mut first = feed.follow(Arc::default(), None);
        assert_eq!(epochs(&mut first), [0; 0], "it begins with what comes now");
        say(&feed, 2);
        assert_eq!(epochs(&mut first), [2]);
        let seen = first.at;
        drop(first);
        say(&feed, 3);
        say(&feed, 4);
        assert_eq!(epochs(&mut feed.follow(Arc::default(), seen)), [3, 4]);
    }

    #[test]
    fn who_falls_behind_is_told_of_the_gap_and_gets_what_is_kept() {
        let feed = talk();
        let mut slow = feed.follow(Arc::default(), None);
        let mut quick = feed.follow(Arc::default(), None);
        for epoch in 0..TALK_MESSAGES_MAX as u64 + 10 {
            say(&feed, epoch);
            assert_eq!(epochs(&mut quick), [epoch]);
        }
        assert!(matches!(slow.take(), Next::Gap(_)));
        let kept = epochs(&mut slow);
        assert_eq!(kept.first(), Some(&10));
        assert_eq!(kept.len(), TALK_MESSAGES_MAX);
        feed.lost(3);
        assert!(matches!(quick.take(), Next::Gap(_)));
        assert!(matches!(quick.take(), Next::Nothing));
    }

    #[test]
    fn a_seq_from_another_life_of_the_node_is_a_gap() {
        let feed = talk();
        say(&feed, 1);
        let mut ahead = feed.follow(Arc::default(), Some(u64::MAX - 1));
        assert!(matches!(ahead.take(), Next::Gap(_)));
        assert_eq!(epochs(&mut ahead), [1]);
        let mut behind = feed.follow(Arc::default(), Some(5));
        assert!(matches!(behind.take(), Next::Gap(_)));
        assert_eq!(epochs(&mut behind), [1]);
    }

    #[test]
    fn states_are_told_as_changes_to_those_who_keep_up_and_whole_to_the_others() {
        let feed = Feed::new(Channel::Mesh);
        // A pong stands for a state here: what it is does not matter to a feed.
        let publish = |change: bool| {
            let whole = |_| ServerMessage::Pong { nonce: 1 };
            feed.state(change.then_some(|_| ServerMessage::Pong { nonce: 2 }), false, whole);
        };
        let mut follow = feed.follow(Arc::default(), None);
        let nonce = |follow: &mut Follow| match follow.take() {
            Next::Message(_, text) => match serde_json::from_str(&text).unwrap() {
                ServerMessage::Pong { nonce } => nonce,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        assert!(matches!(follow.take(), Next::Nothing));
        publish(true);
        assert_eq!(nonce(&mut follow), 1, "the first is whole");
        publish(true);
        assert_eq!(nonce(&mut follow), 2);
        publish(true);
        publish(true);
        assert_eq!(nonce(&mut follow), 1, "one was skipped");
        assert!(matches!(follow.take(), Next::Nothing));
    }
}
