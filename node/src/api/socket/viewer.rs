//! One WebSocket: hears what it is to follow, and sends what is new as fast as the other end takes
//! it.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures::FutureExt;
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;

use super::feed::{Follow, Next, text};
use super::hub::Hub;
use crate::api::Api;
use crate::api::body::parse_json;
use crate::api::problem::Failure;
use crate::api::types::{Channel, ClientMessage, Problem, ServerMessage};

/// Channels one socket follows: a page needs four at most.
const SUBSCRIPTIONS_MAX: usize = 32;
/// Replies waiting to be sent. Until there is room again nothing more is heard.
const REPLIES_MAX: usize = 64;
/// What a client says within [`WINDOW`]: a page that is clicked through says a few a second.
const MESSAGES_MAX: u32 = 400;
/// What a client may say is counted anew after this.
const WINDOW: Duration = Duration::from_secs(20);
/// Below the minute after which home routers forget idle connections.
const PING_EVERY: Duration = Duration::from_secs(20);
/// Three pings unanswered: nobody is there.
const SILENCE_MAX: Duration = Duration::from_secs(65);

/// How long the other end may take to say goodbye too.
const GOODBYE: Duration = Duration::from_secs(1);

/// Why a conversation ends.
enum End {
    /// The other end left, or the connection broke.
    Gone,
    /// Nothing could be sent for too long.
    Stuck,
    /// It is told why with this code.
    Told(u16, &'static str),
}

struct Viewer {
    api: Api,
    bell: Arc<Notify>,
    follows: BTreeMap<Channel, Follow>,
    /// The channel that was served last: the others come first.
    served: Option<Channel>,
    replies: VecDeque<Utf8Bytes>,
    heard_at: Instant,
    /// Heard since the window began.
    messages: u32,
    window: Instant,
}

/// Serves a WebSocket until it ends.
pub async fn serve(api: Api, mut socket: WebSocket) {
    let mut viewer = Viewer {
        bell: Arc::default(),
        follows: BTreeMap::new(),
        served: None,
        replies: VecDeque::new(),
        heard_at: Instant::now(),
        messages: 0,
        window: Instant::now(),
        api,
    };
    let end = viewer.converse(&mut socket).await;
    match end {
        End::Gone => {}
        End::Stuck => {
            viewer.api.counters.stuck.fetch_add(1, Ordering::Relaxed);
        }
        End::Told(code, reason) => {
            let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
            let told = viewer.send(&mut socket, close).await;
            // With words of theirs unread, the connection would be reset and ours lost.
            let read = async { while let Some(Ok(_)) = socket.recv().await {} };
            if told.is_ok() {
                let _ = tokio::time::timeout(GOODBYE, read).await;
            }
        }
    }
}

impl Viewer {
    async fn converse(&mut self, socket: &mut WebSocket) -> End {
        let mut ping = tokio::time::interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.reset();
        let shutdown = self.api.shutdown.clone();
        let bell = self.bell.clone();
        loop {
            let ended = if let Some(text) = self.due() {
                match self.send(socket, Message::Text(text)).await {
                    // Somebody who is sent a lot is heard all the same.
                    Ok(()) if self.replies.len() < REPLIES_MAX => {
                        match socket.recv().now_or_never() {
                            Some(message) => self.hear(message),
                            None => Ok(()),
                        }
                    }
                    sent => sent,
                }
            } else {
                tokio::select! {
                    () = bell.notified() => Ok(()),
                    message = socket.recv() => self.hear(message),
                    _ = ping.tick() => self.ping(socket).await,
                    () = shutdown.cancelled() => {
                        Err(End::Told(close_code::AWAY, "the node is shutting down"))
                    }
                }
            };
            if let Err(end) = ended {
                return end;
            }
        }
    }

    async fn send(&self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        match tokio::time::timeout(self.api.limits.stuck_after, socket.send(message)).await {
            Ok(Ok(())) => {
                self.api.counters.messages.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Stuck),
        }
    }

    async fn ping(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        if self.heard_at.elapsed() > SILENCE_MAX {
            return Err(End::Gone);
        }
        self.send(socket, Message::Ping(Bytes::new())).await
    }

    /// What is to be sent next: replies first, then the channels in turn.
    fn due(&mut self) -> Option<Utf8Bytes> {
        if let Some(reply) = self.replies.pop_front() {
            return Some(reply);
        }
        let after = match &self.served {
            Some(channel) => (Bound::Excluded(channel.clone()), Bound::Unbounded),
            None => (Bound::Unbounded, Bound::Unbounded),
        };
        let first = self.follows.range_mut(after).find_map(take);
        let (channel, next) = first.or_else(|| self.follows.iter_mut().find_map(take))?;
        self.served = Some(channel.clone());
        Some(match next {
            Next::Message(_, text) => text,
            Next::Gap(seq) => {
                self.api.counters.gaps.fetch_add(1, Ordering::Relaxed);
                text(&ServerMessage::Gap { channel, seq })
            }
            Next::Ended(problem) => {
                self.follows.remove(&channel);
                text(&ServerMessage::Error { channel: Some(channel), problem })
            }
            Next::Nothing => return None,
        })
    }

    fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(error)) if too_long(&error) => {
                return Err(End::Told(close_code::SIZE, "a message has at most 4096 bytes"));
            }
            Some(Err(_)) | None => return Err(End::Gone),
        };
        self.heard_at = Instant::now();
        if self.window.elapsed() > WINDOW {
            (self.window, self.messages) = (self.heard_at, 0);
        }
        self.messages += 1;
        if self.messages > MESSAGES_MAX {
            return Err(End::Told(close_code::POLICY, "too many messages: say less"));
        }
        match message {
            Message::Text(text) => match parse_json(text.as_bytes()) {
                Ok(message) => self.obey(message),
                Err(failure) => self.complain(None, failure.0),
            },
            Message::Binary(_) => {
                let failure = Failure::bad_request("bad-json", "Messages are JSON as text.");
                self.complain(None, failure.0);
            }
            // Answered by the library.
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Close(_) => return Err(End::Gone),
        }
        Ok(())
    }

    fn obey(&mut self, message: ClientMessage) {
        match message {
            ClientMessage::Subscribe { channel, after } => {
                if let Err(failure) = self.subscribe(&channel, after) {
                    self.complain(Some(channel), failure.0);
                }
            }
            ClientMessage::Unsubscribe { channel } => {
                if self.follows.remove(&channel).is_none()
                    && let Ok((channel, _)) = self.api.hub.resolve(&channel)
                {
                    self.follows.remove(&channel);
                }
            }
            ClientMessage::Ping { nonce } => {
                self.replies.push_back(text(&ServerMessage::Pong { nonce }));
            }
        }
    }

    fn subscribe(&mut self, channel: &Channel, after: Option<u64>) -> Result<(), Failure> {
        if self.follows.len() >= SUBSCRIPTIONS_MAX && !self.follows.contains_key(channel) {
            return Err(Failure::new(
                axum::http::StatusCode::TOO_MANY_REQUESTS,
                "too-many-subscriptions",
                format!(
                    "One socket follows at most {SUBSCRIPTIONS_MAX} channels. Unsubscribe from \
                     some first."
                ),
            ));
        }
        let follow = Hub::follow(&self.api, channel, self.bell.clone(), after)?;
        self.follows.insert(follow.feed.channel.clone(), follow);
        Ok(())
    }

    fn complain(&mut self, channel: Option<Channel>, problem: Problem) {
        self.replies.push_back(text(&ServerMessage::Error { channel, problem }));
    }
}

fn take((channel, follow): (&Channel, &mut Follow)) -> Option<(Channel, Next)> {
    match follow.take() {
        Next::Nothing => None,
        next => Some((channel.clone(), next)),
    }
}

/// The library closes the stream at a message over the limit; the sender is told why.
fn too_long(error: &axum::Error) -> bool {
    error.to_string().to_lowercase().contains("too long")
}
