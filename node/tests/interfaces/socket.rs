//! The WebSocket: what followers see, slow ones and quick ones.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use node::api::Limits;
use node::api::types::*;
use shared::model::view::Event;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::core::{Core, PROJECTS, detail, project_id, row, world_id};

/// Far longer than anything here takes.
const SOON: Duration = Duration::from_secs(10);

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Core {
    async fn socket(&self) -> Socket {
        Socket(self.connect(&[]).await.unwrap())
    }

    async fn connect(
        &self,
        headers: &[(&'static str, &str)],
    ) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Error> {
        let url = format!("ws://{}/api/v1/ws", self.address);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        connect_async(request).await.map(|(socket, _)| socket)
    }
}

impl Socket {
    async fn say(&mut self, message: &ClientMessage) {
        let text = serde_json::to_string(message).unwrap();
        self.0.send(Message::text(text)).await.unwrap();
    }

    async fn subscribe(&mut self, channel: Channel, after: Option<u64>) {
        self.say(&ClientMessage::Subscribe { channel, after }).await;
    }

    async fn hear(&mut self) -> ServerMessage {
        loop {
            let message = tokio::time::timeout(SOON, self.0.next()).await.expect("a message");
            if let Message::Text(text) = message.expect("an open socket").unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// Until the socket is closed.
    async fn end(&mut self) -> Option<(u16, String)> {
        let mut told = None;
        let closed = async {
            while let Some(Ok(message)) = self.0.next().await {
                if let Message::Close(Some(frame)) = message {
                    told = Some((frame.code.into(), frame.reason.to_string()));
                }
            }
        };
        tokio::time::timeout(SOON, closed).await.expect("it is closed");
        told
    }

    /// Says nothing until what was said before has been heard by the node.
    async fn settle(&mut self) {
        self.say(&ClientMessage::Ping { nonce: 77 }).await;
        while self.hear().await != (ServerMessage::Pong { nonce: 77 }) {}
    }
}

fn talk(n: u8) -> Channel {
    Channel::Talk { project: project_id(n).to_string() }
}

fn words(message: &ServerMessage) -> String {
    match message {
        ServerMessage::Talk { events, .. } => match &events[0] {
            Event::Thought { text, .. } => text.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// Says something once the node watches the project.
async fn watched(core: &Core, watches: usize) {
    let mut count = core.watched.clone();
    tokio::time::timeout(SOON, count.wait_for(|n| *n == watches)).await.expect("a watch").unwrap();
}

#[tokio::test]
async fn the_mesh_comes_with_all_its_history_and_then_each_second() {
    let core = Core::start().await;
    let mut socket = core.socket().await;
    socket.subscribe(Channel::Mesh, None).await;
    let ServerMessage::Mesh { seq, mesh } = socket.hear().await else { panic!() };
    assert_eq!(mesh.history.len(), 10);
    let ServerMessage::Mesh { seq: next, mesh } = socket.hear().await else { panic!() };
    assert!(next > seq);
    assert!(mesh.history.len() < 10 && mesh.history.last().unwrap().at_ms == 9_000);
}

#[tokio::test]
async fn a_world_comes_whole_and_then_what_changed() {
    let core = Core::start().await;
    let mut socket = core.socket().await;
    // Any way to name a world will do.
    socket.subscribe(Channel::World { world: "main".into() }, None).await;
    let ServerMessage::World { seq, rows, complete, .. } = socket.hear().await else { panic!() };
    assert_eq!((rows.len(), complete), (usize::from(PROJECTS), true));
    core.change(|picture| {
        let world = picture.worlds.get_mut(&world_id(1)).unwrap();
        world.view.epoch += 1;
        world.projects.get_mut(&project_id(3)).unwrap().summary.customers = 9;
    });
    let heard = socket.hear().await;
    let ServerMessage::World { seq: next, world, rows, complete } = heard else { panic!() };
    assert_eq!((next, world.epoch, complete), (seq + 1, 101, false));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].summary.customers, 9);
    // Nothing changed for this world: nothing is said.
    core.change(|picture| picture.status.uptime_ms += 1);
    socket.say(&ClientMessage::Ping { nonce: 5 }).await;
    assert_eq!(socket.hear().await, ServerMessage::Pong { nonce: 5 });
    socket
        .say(&ClientMessage::Unsubscribe { channel: Channel::World { world: "main".into() } })
        .await;
    socket.settle().await;
    core.change(|picture| picture.worlds.get_mut(&world_id(1)).unwrap().view.epoch += 1);
    socket.say(&ClientMessage::Ping { nonce: 6 }).await;
    assert_eq!(socket.hear().await, ServerMessage::Pong { nonce: 6 });
}

#[tokio::test]
async fn a_project_is_watched_once_however_many_follow_it() {
    let core = Core::start().await;
    let id = project_id(3);
    let mut sockets = Vec::new();
    for _ in 0..20 {
        let mut socket = core.socket().await;
        socket.subscribe(Channel::Project { project: id.to_string() }, None).await;
        sockets.push(socket);
    }
    watched(&core, 1).await;
    core.details[&id].send_replace(Some(Arc::new(detail(row(3), true))));
    for socket in &mut sockets {
        let ServerMessage::Project { project, detail, .. } = socket.hear().await else { panic!() };
        assert_eq!(project, id.to_string());
        assert!(detail.view.is_some());
    }
    assert_eq!(*core.watched.borrow(), 1);
}

#[tokio::test]
async fn talk_goes_on_after_a_cut_where_it_was() {
    let core = Core::start().await;
    let id = project_id(3);
    let mut socket = core.socket().await;
    socket.subscribe(talk(3), None).await;
    watched(&core, 1).await;
    core.say(id, 1, "one");
    let first = socket.hear().await;
    assert_eq!(words(&first), "one");
    let ServerMessage::Talk { seq, .. } = first else { panic!() };
    drop(socket);
    core.say(id, 2, "two");
    core.say(id, 3, "three");
    let mut again = core.socket().await;
    again.subscribe(talk(3), Some(seq)).await;
    assert_eq!(words(&again.hear().await), "two");
    assert_eq!(words(&again.hear().await), "three");
    core.say(id, 4, "four");
    assert_eq!(words(&again.hear().await), "four");
    // One who has been away since another life of the node is told that something is missing.
    let mut stranger = core.socket().await;
    stranger.subscribe(talk(3), Some(17)).await;
    assert!(matches!(stranger.hear().await, ServerMessage::Gap { .. }));
    assert_eq!(words(&stranger.hear().await), "one");
}

#[tokio::test]
async fn a_slow_reader_is_told_of_its_gap_and_harms_nobody() {
    let core = Core::start().await;
    let id = project_id(3);
    let (mut slow, mut quick) = (core.socket().await, core.socket().await);
    slow.subscribe(talk(3), None).await;
    slow.settle().await;
    quick.subscribe(talk(3), None).await;
    quick.settle().await;
    watched(&core, 1).await;
    // Far more than what the node keeps and the sockets' buffers hold together.
    let text = "x".repeat(100_000);
    for epoch in 0..400 {
        core.say(id, epoch, &text);
        let ServerMessage::Talk { epoch: heard, .. } = quick.hear().await else { panic!() };
        assert_eq!(heard, epoch, "the quick one misses nothing and waits for nobody");
    }
    let (mut last, mut gaps) = (None, 0);
    while last != Some(399) {
        match slow.hear().await {
            ServerMessage::Talk { epoch, .. } => {
                assert!(last < Some(epoch), "in order");
                last = Some(epoch);
            }
            ServerMessage::Gap { channel, .. } => {
                assert_eq!(channel, talk(3));
                gaps += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(gaps > 0);
}

#[tokio::test]
async fn who_takes_nothing_for_too_long_is_cut_off() {
    let limits = Limits { stuck_after: Duration::from_millis(200), ..Limits::default() };
    let core = Core::start_with(None, limits).await;
    let mut stuck = core.socket().await;
    stuck.subscribe(talk(3), None).await;
    stuck.settle().await;
    watched(&core, 1).await;
    let text = "x".repeat(1_000_000);
    let cut_off = async {
        loop {
            core.say(project_id(3), 1, &text);
            let metrics = core.get("/metrics").await;
            let metrics = String::from_utf8_lossy(&metrics.body).into_owned();
            if metrics.contains("zeromesh_websocket_stuck_total 1") {
                assert!(metrics.contains("zeromesh_websockets 0"), "{metrics}");
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), cut_off).await.expect("it is cut off");
}

#[tokio::test]
async fn mistakes_are_told_and_the_socket_stays_open() {
    let core = Core::start().await;
    let mut socket = core.socket().await;
    socket.0.send(Message::text("{")).await.unwrap();
    let ServerMessage::Error { channel: None, problem } = socket.hear().await else { panic!() };
    assert_eq!(problem.status, 400);
    socket.0.send(Message::binary(vec![1])).await.unwrap();
    assert!(matches!(socket.hear().await, ServerMessage::Error { .. }));
    let nowhere = Channel::World { world: "nope".into() };
    socket.subscribe(nowhere.clone(), None).await;
    let ServerMessage::Error { channel, problem } = socket.hear().await else { panic!() };
    assert_eq!((channel, problem.kind.as_str()), (Some(nowhere), "unknown-world"));
    // The core has the last word on ids that are in no picture.
    let absent = Channel::Talk { project: project_id(200).to_string() };
    socket.subscribe(absent.clone(), None).await;
    let ServerMessage::Error { channel, problem } = socket.hear().await else { panic!() };
    assert_eq!((channel, problem.status), (Some(absent), 404));
    socket.subscribe(Channel::Mesh, None).await;
    assert!(matches!(socket.hear().await, ServerMessage::Mesh { .. }));
}

#[tokio::test]
async fn too_much_is_refused() {
    let limits = Limits { websockets_max: 2, ..Limits::default() };
    let core = Core::start_with(None, limits).await;
    let mut large = core.socket().await;
    large.0.send(Message::text("x".repeat(10_000))).await.unwrap();
    assert_eq!(large.end().await.map(|end| end.0), Some(1009));
    let mut loud = core.socket().await;
    for _ in 0..500 {
        if loud.0.send(Message::text(r#"{"do":"ping","nonce":1}"#)).await.is_err() {
            break;
        }
    }
    assert_eq!(loud.end().await.map(|end| end.0), Some(1008));
    // Both places are free again.
    let both = async {
        loop {
            if let (Ok(a), Ok(b)) = (core.connect(&[]).await, core.connect(&[]).await) {
                return [a, b];
            }
        }
    };
    let _held = tokio::time::timeout(SOON, both).await.expect("places are given back");
    match core.connect(&[]).await {
        Err(Error::Http(reply)) => assert_eq!(reply.status().as_u16(), 503),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_socket_follows_so_many_channels_and_no_more() {
    let core = Core::start().await;
    let mut socket = core.socket().await;
    for n in 0..16 {
        socket.subscribe(talk(n), None).await;
        // Again is not more.
        socket.subscribe(talk(n), None).await;
        socket.subscribe(Channel::Project { project: project_id(n).to_string() }, None).await;
    }
    socket.say(&ClientMessage::Ping { nonce: 1 }).await;
    assert_eq!(socket.hear().await, ServerMessage::Pong { nonce: 1 });
    socket.subscribe(talk(17), None).await;
    let ServerMessage::Error { channel, problem } = socket.hear().await else { panic!() };
    assert_eq!((channel, problem.kind.as_str()), (Some(talk(17)), "too-many-subscriptions"));
    socket.say(&ClientMessage::Unsubscribe { channel: talk(1) }).await;
    socket.subscribe(talk(17), None).await;
    socket.say(&ClientMessage::Ping { nonce: 2 }).await;
    assert_eq!(socket.hear().await, ServerMessage::Pong { nonce: 2 });
}

#[tokio::test]
async fn sockets_of_other_sites_and_without_the_token_are_refused() {
    let refused = |result: Result<_, Error>| match result {
        Err(Error::Http(reply)) => reply.status().as_u16(),
        Err(other) => panic!("{other}"),
        Ok(_) => 101,
    };
    let core = Core::start().await;
    assert_eq!(refused(core.connect(&[("origin", "https://evil.example")]).await), 403);
    assert_eq!(refused(core.connect(&[("origin", &core.url())]).await), 101);
    let core = Core::start_with(Some("a-long-secret-token"), Limits::default()).await;
    assert_eq!(refused(core.connect(&[]).await), 401);
    let protocols = [("sec-websocket-protocol", "zeromesh, bearer.a-long-secret-token")];
    assert_eq!(refused(core.connect(&protocols).await), 101);
    // No upgrade at all is a problem like any other.
    let core = Core::start().await;
    let reply = core.get("/api/v1/ws").await;
    assert!(reply.status.is_client_error());
    reply.problem();
}

#[tokio::test]
async fn at_the_end_everybody_is_told() {
    let core = Core::start().await;
    let mut socket = core.socket().await;
    socket.settle().await;
    drop(core);
    assert_eq!(socket.end().await.map(|end| end.0), Some(1001));
}
