//! A node killed without a word (SIGKILL, in a process of its own) and started again with its key.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::*;

const KEY: u8 = 2;

/// What the other process runs: it joins, says its number on the status topic over and over, and
/// prints once when it hears the test.
#[tokio::test]
async fn child_process() {
    let Ok(told) = std::env::var("ZEROMESH_TEST_CHILD") else { return };
    let (listen, bootstrap) = told.split_once(' ').expect("two addresses");
    let mut config = config(&[listen]);
    config.bootstrap = bootstrap.split(' ').filter_map(|address| address.parse().ok()).collect();
    let mut node = Node::start(KEY, config).expect("it starts");
    let net = node.net.clone();
    tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_millis(20));
        for count in 0u64.. {
            every.tick().await;
            let text = format!("{} {count}", std::process::id());
            let _ = net.publish(Topic::Status, text.into_bytes());
        }
    });
    let address = node
        .wait("listening", |event| match event {
            NetEvent::Listening(address) => Some(address.clone()),
            _ => None,
        })
        .await;
    println!("\nlistening {address}");
    let mut heard = false;
    while let Some(event) = node.events.recv().await {
        if let NetEvent::Gossip(_) = event
            && !heard
        {
            heard = true;
            println!("\nheard");
        }
    }
}

struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(listen: &str, bootstrap: &str) -> Process {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["net::tests::rejoining::child_process", "--exact", "--nocapture"])
            .env("ZEROMESH_TEST_CHILD", format!("{listen} {bootstrap}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        Process { child, lines }
    }

    async fn line(&mut self, start: &str) -> String {
        let found = async {
            while let Ok(Some(line)) = self.lines.next_line().await {
                if let Some(rest) = line.strip_prefix(start) {
                    return rest.trim().to_string();
                }
            }
            panic!("the process ended without saying `{start}`");
        };
        timeout(DEADLINE, found).await.unwrap_or_else(|_| panic!("no `{start}`"))
    }

    fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }
}

/// The parent hears this process.
async fn hears(node: &mut Node, process: u32) {
    let start = format!("{process} ");
    node.wait("the process", |event| match event {
        NetEvent::Gossip(message) => message.data.starts_with(start.as_bytes()).then_some(()),
        _ => None,
    })
    .await;
}

/// The parent has lost the process.
async fn loses(node: &mut Node) {
    while !node.net.peers().is_empty() {
        node.wait("its end", |event| {
            matches!(event, NetEvent::Disconnected { .. } | NetEvent::Connected { .. })
                .then_some(())
        })
        .await;
    }
}

/// The parent: it listens, and speaks as long as it lives.
async fn parent(transport: Transport) -> Node {
    let listen = if transport == Transport::Quic { QUIC } else { TCP };
    let node = Node::listening(1, &[listen]).await;
    let net = node.net.clone();
    let stop = node.stop.clone();
    tokio::spawn(stop.run_until_cancelled_owned(async move {
        let mut every = tokio::time::interval(Duration::from_millis(20));
        for count in 0u64.. {
            every.tick().await;
            let _ = net.publish(Topic::Status, format!("parent {count}").into_bytes());
        }
    }));
    node
}

/// What the node that starts again has kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// Its port and where the others are.
    All,
    /// Where the others are: to them it comes from elsewhere, while its dead connection stands.
    Peers,
    /// Its port: the others have to find it.
    Port,
}

async fn a_killed_node_is_back_soon(transport: Transport, kept: Kept) {
    let listen = if transport == Transport::Quic { QUIC } else { TCP };
    let mut parent = parent(transport).await;
    let there = parent.address(transport).to_string();

    let mut first = Process::start(listen, &there);
    let address = first.line("listening ").await;
    hears(&mut parent, first.id()).await;
    first.line("heard").await;

    let killed = Instant::now();
    first.child.kill().await.expect("it is killed");
    let again = if kept == Kept::Peers { listen } else { address.as_str() };
    let mut second = Process::start(again, if kept == Kept::Port { "" } else { &there });
    hears(&mut parent, second.id()).await;
    let parent_heard = killed.elapsed();
    second.line("heard").await;
    let both = killed.elapsed();
    let stats = parent.net.stats();
    println!(
        "measured: rejoin over {} with {kept:?} kept: heard after {parent_heard:?}, both ways after \
         {both:?}; restarted {}, deaf {}",
        transport.name(),
        stats.restarted_peers,
        stats.deaf_peers,
    );
    assert!(both < Duration::from_secs(5), "{both:?}");
    if (transport, kept) == (Transport::Quic, Kept::Peers) {
        assert_eq!(stats.restarted_peers, 1, "this is the trap, and it was seen");
    }

    // And gone for good is noticed.
    parent.seen.clear();
    let killed = Instant::now();
    second.child.kill().await.expect("it is killed");
    loses(&mut parent).await;
    println!("measured: kill noticed over {} after {:?}", transport.name(), killed.elapsed());
    assert!(killed.elapsed() < Duration::from_secs(2), "{:?}", killed.elapsed());
    parent.stop.cancel();
}

#[tokio::test]
async fn a_killed_node_is_back_soon_over_quic() {
    a_killed_node_is_back_soon(Transport::Quic, Kept::All).await;
}

#[tokio::test]
async fn a_killed_node_is_back_soon_over_quic_from_another_port() {
    a_killed_node_is_back_soon(Transport::Quic, Kept::Peers).await;
}

#[tokio::test]
async fn a_killed_node_that_forgot_the_others_is_found_over_quic() {
    a_killed_node_is_back_soon(Transport::Quic, Kept::Port).await;
}

#[tokio::test]
async fn a_killed_node_is_back_soon_over_tcp() {
    a_killed_node_is_back_soon(Transport::Tcp, Kept::All).await;
}

#[tokio::test]
async fn a_killed_node_is_back_soon_over_tcp_from_another_port() {
    a_killed_node_is_back_soon(Transport::Tcp, Kept::Peers).await;
}

#[tokio::test]
async fn a_killed_node_that_forgot_the_others_is_found_over_tcp() {
    a_killed_node_is_back_soon(Transport::Tcp, Kept::Port).await;
}

/// A process that is stopped says nothing and closes nothing; then it goes on as if nothing was.
async fn a_stopped_node_is_let_go_and_comes_back(transport: Transport) {
    let listen = if transport == Transport::Quic { QUIC } else { TCP };
    let mut parent = parent(transport).await;
    let there = parent.address(transport).to_string();
    let mut child = Process::start(listen, &there);
    hears(&mut parent, child.id()).await;
    child.line("heard").await;

    let signal = async |signal: &str| {
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().await;
        assert!(sent.expect("kill runs").success());
    };
    let stopped = Instant::now();
    signal("-STOP").await;
    loses(&mut parent).await;
    println!("measured: stop noticed over {} after {:?}", transport.name(), stopped.elapsed());
    parent.seen.clear();
    while parent.events.try_recv().is_ok() {}
    let went_on = Instant::now();
    signal("-CONT").await;
    hears(&mut parent, child.id()).await;
    println!("measured: going on heard over {} after {:?}", transport.name(), went_on.elapsed());
    assert!(went_on.elapsed() < Duration::from_secs(5), "{:?}", went_on.elapsed());
    parent.stop.cancel();
}

#[tokio::test]
async fn a_stopped_node_is_let_go_and_comes_back_over_quic() {
    a_stopped_node_is_let_go_and_comes_back(Transport::Quic).await;
}

#[tokio::test]
async fn a_stopped_node_is_let_go_and_comes_back_over_tcp() {
    a_stopped_node_is_let_go_and_comes_back(Transport::Tcp).await;
}
