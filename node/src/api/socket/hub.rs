//! Keeps the feeds that somebody follows, and feeds them from the core.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::id::{ShardId, WorldId};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, oneshot};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::feed::{Feed, Follow};
use crate::api::metrics::Counters;
use crate::api::problem::Failure;
use crate::api::types::{Channel, MeshView, ProjectRow, ServerMessage};
use crate::api::{Api, lookup};
use crate::handle::{Handle, Picture, Watch, WorldPicture};

/// How long a feed is kept when nobody follows it, so that a page that was reloaded or cut off goes
/// on where it was.
const LINGER: Duration = Duration::from_secs(30);
/// How often the mesh is told, and feeds are looked through for those that nobody follows.
const SECOND: Duration = Duration::from_secs(1);
/// Seconds of history in each message on the mesh after the first: one is new; the others make up
/// for a message that a slow reader skipped.
const NEWEST_SAMPLES: usize = 3;
/// How long the core may take to say whether a project can be watched.
const WATCH_TIMEOUT: Duration = Duration::from_secs(10);
/// Feeds at a time: each project watched costs its runner work.
const FEEDS_MAX: usize = 4_096;

/// The feeds there are.
pub struct Hub {
    handle: Handle,
    counters: Arc<Counters>,
    shutdown: CancellationToken,
    feeds: Mutex<HashMap<Channel, Entry>>,
    /// Rung when a feed is new and wants its first state.
    fresh: Notify,
}

struct Entry {
    feed: Arc<Feed>,
    /// What the feed showed last.
    shown: Option<Arc<Picture>>,
}

impl Hub {
    /// No feeds yet.
    pub fn new(handle: Handle, counters: Arc<Counters>, shutdown: CancellationToken) -> Self {
        Hub { handle, counters, shutdown, feeds: Mutex::default(), fresh: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Channel, Entry>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The channel with full ids, and the project it is about.
    pub fn resolve(&self, channel: &Channel) -> Result<(Channel, Option<ShardId>), Failure> {
        let picture = self.handle.picture.borrow();
        let project = |text: &str| match lookup::project(&picture, text) {
            Ok((id, _)) => Ok(id),
            Err(failure) => text.parse().map_err(|_| failure),
        };
        Ok(match channel {
            Channel::Mesh => (Channel::Mesh, None),
            Channel::World { world } => {
                let world = lookup::world(&picture, world)?.0.to_string();
                (Channel::World { world }, None)
            }
            Channel::Project { project: text } => {
                let id = project(text)?;
                (Channel::Project { project: id.to_string() }, Some(id))
            }
            Channel::Talk { project: text } => {
                let id = project(text)?;
                (Channel::Talk { project: id.to_string() }, Some(id))
            }
        })
    }

    /// Follows a channel, which is fed from now on if it was not.
    pub fn follow(
        api: &Api,
        channel: &Channel,
        bell: Arc<Notify>,
        after: Option<u64>,
    ) -> Result<Follow, Failure> {
        let hub = &api.hub;
        let (channel, project) = hub.resolve(channel)?;
        let mut feeds = hub.lock();
        if let Some(entry) = feeds.get(&channel) {
            return Ok(entry.feed.follow(bell, after));
        }
        if feeds.len() >= FEEDS_MAX {
            return Err(Failure::unavailable(
                "Too many different things are watched on this node. Try another node.",
            ));
        }
        let feed = Feed::new(channel.clone());
        feeds.insert(channel, Entry { feed: feed.clone(), shown: None });
        let follow = feed.follow(bell, after);
        drop(feeds);
        match project {
            Some(project) => drop(tokio::spawn(watch_project(api.clone(), feed, project))),
            None => hub.fresh.notify_one(),
        }
        Ok(follow)
    }

    /// Forgets the feed if nobody has followed it for a while. Whoever wants to follow it comes
    /// through the same lock, so nobody is left with a feed that is fed no more.
    fn forget_idle(&self, feed: &Feed) -> bool {
        let mut feeds = self.lock();
        let idle = feed.followers() == 0 && feed.idle() >= LINGER;
        if idle {
            feeds.remove(&feed.channel);
        }
        idle
    }

    fn end(&self, feed: &Feed, failure: Failure) {
        self.lock().remove(&feed.channel);
        feed.end(failure.0);
    }
}

/// Feeds the mesh and the worlds from the core's pictures until the node stops.
pub async fn run(api: Api) {
    let hub = &api.hub;
    let mut pictures = hub.handle.picture.clone();
    let mut second = tokio::time::interval(SECOND);
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let mut tick = false;
        tokio::select! {
            () = hub.shutdown.cancelled() => return,
            changed = pictures.changed() => if changed.is_err() { return },
            _ = second.tick() => tick = true,
            () = hub.fresh.notified() => {}
        }
        let picture = pictures.borrow_and_update().clone();
        let feeds: Vec<_> =
            hub.lock().values().map(|entry| (entry.feed.clone(), entry.shown.clone())).collect();
        for (feed, shown) in feeds {
            match &feed.channel {
                Channel::Mesh if tick || shown.is_none() => show_mesh(hub, &feed, &picture),
                Channel::World { world } => show_world(&feed, world, shown.as_deref(), &picture),
                _ => continue,
            }
            if tick && hub.forget_idle(&feed) {
                continue;
            }
            if let Some(entry) = hub.lock().get_mut(&feed.channel) {
                entry.shown = Some(picture.clone());
            }
        }
    }
}

fn show_mesh(hub: &Hub, feed: &Feed, picture: &Arc<Picture>) {
    let history = hub.handle.history.borrow().clone();
    let newest = history.iter().rev().take(NEWEST_SAMPLES).rev().cloned().collect();
    let change = |seq| ServerMessage::Mesh {
        seq,
        mesh: MeshView { history: newest, ..picture.mesh.clone() },
    };
    let picture = picture.clone();
    feed.state(Some(change), true, move |seq| {
        let history = history.iter().cloned().collect();
        ServerMessage::Mesh { seq, mesh: MeshView { history, ..picture.mesh.clone() } }
    });
}

fn show_world(feed: &Feed, world: &str, shown: Option<&Picture>, picture: &Arc<Picture>) {
    let Ok(id) = world.parse::<WorldId>() else { return };
    let Some(now) = picture.worlds.get(&id) else { return };
    let before = shown.and_then(|shown| shown.worlds.get(&id));
    let rows = before.and_then(|before| changed(before, now));
    if rows.as_ref().is_some_and(Vec::is_empty) && before.is_some_and(|it| it.view == now.view) {
        return;
    }
    let change = rows.map(|rows| {
        let world = now.view.clone();
        move |seq| ServerMessage::World { seq, world, rows, complete: false }
    });
    let picture = picture.clone();
    feed.state(change, false, move |seq| {
        let now = &picture.worlds[&id];
        let rows = now.projects.values().cloned().collect();
        ServerMessage::World { seq, world: now.view.clone(), rows, complete: true }
    });
}

/// The rows that are not as they were; none if some are gone, which a change cannot say.
fn changed(before: &WorldPicture, now: &WorldPicture) -> Option<Vec<ProjectRow>> {
    if before.projects.keys().any(|id| !now.projects.contains_key(id)) {
        return None;
    }
    let rows = now.projects.iter().filter(|(id, row)| before.projects.get(id) != Some(row));
    Some(rows.map(|(_, row)| row.clone()).collect())
}

/// Feeds one channel of a project for as long as it is followed. When the core ends the watch (the
/// project moved, or its runner went away) it asks for another.
async fn watch_project(api: Api, feed: Arc<Feed>, project: ShardId) {
    let hub = &api.hub;
    loop {
        let watch = tokio::select! {
            () = hub.shutdown.cancelled() => return,
            watch = ask_for_watch(&hub.handle, project) => watch,
        };
        let watch = match watch {
            Ok(watch) => watch,
            Err(failure) => return hub.end(&feed, failure),
        };
        let fed = async {
            match feed.channel {
                Channel::Talk { .. } => feed_talk(hub, &feed, watch).await,
                _ => feed_detail(&feed, watch).await,
            }
        };
        let idle = async {
            loop {
                tokio::time::sleep(LINGER / 4).await;
                if hub.forget_idle(&feed) {
                    break;
                }
            }
        };
        tokio::select! {
            () = hub.shutdown.cancelled() => return,
            () = idle => return,
            () = fed => tokio::time::sleep(SECOND).await,
        }
        if hub.forget_idle(&feed) {
            return;
        }
    }
}

async fn ask_for_watch(handle: &Handle, project: ShardId) -> Result<Watch, Failure> {
    let asked = async {
        let (answer, answered) = oneshot::channel();
        handle.watches.send((project, answer)).await.ok()?;
        answered.await.ok()
    };
    match tokio::time::timeout(WATCH_TIMEOUT, asked).await {
        Ok(Some(watch)) => Ok(watch?),
        Ok(None) => Err(Failure::unavailable("This node is shutting down. Watch on another node.")),
        Err(_) => Err(Failure::unavailable("The node is too busy to watch this. Try again.")),
    }
}

async fn feed_detail(feed: &Feed, watch: Watch) {
    // The events are not needed: unread, they would be kept.
    let Watch { mut detail, events, _alive } = watch;
    drop(events);
    loop {
        if let Some(detail) = detail.borrow_and_update().clone() {
            let project = detail.row.id.clone();
            // Written when the first follower takes it: all of it is what changed, too.
            feed.state(None::<fn(u64) -> ServerMessage>, true, move |seq| {
                let (project, detail) = (project.clone(), (*detail).clone());
                ServerMessage::Project { seq, project, detail }
            });
        }
        if detail.changed().await.is_err() {
            return;
        }
    }
}

async fn feed_talk(hub: &Hub, feed: &Feed, watch: Watch) {
    let Watch { detail, mut events, _alive } = watch;
    drop(detail);
    loop {
        match events.recv().await {
            Ok(epoch) if epoch.events.is_empty() => {}
            Ok(epoch) => feed.talk(|seq| ServerMessage::Talk {
                seq,
                project: epoch.project.to_string(),
                epoch: epoch.epoch,
                events: epoch.events.to_vec(),
            }),
            Err(RecvError::Lagged(messages)) => {
                hub.counters.gaps.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                feed.lost(messages);
            }
            Err(RecvError::Closed) => {
                // What is said until the next watch begins is not heard.
                feed.lost(1);
                return;
            }
        }
    }
}
