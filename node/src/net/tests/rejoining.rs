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
    config.bootstrap = vec![bootstrap.parse().expect("an address")];
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
    fn start(listen: &str, bootstrap: &Multiaddr) -> Process {
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

async fn a_killed_node_is_back_soon(transport: Transport, same_port: bool) {
    let listen = if transport == Transport::Quic { QUIC } else { TCP };
    let mut parent = Node::listening(1, &[listen]).await;
    let net = parent.net.clone();
    let talking = tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_millis(20));
        for count in 0u64.. {
            every.tick().await;
            let _ = net.publish(Topic::Status, format!("parent {count}").into_bytes());
        }
    });
    let there = parent.address(transport);

    let mut first = Process::start(listen, &there);
    let address = first.line("listening ").await;
    hears(&mut parent, first.id()).await;
    first.line("heard").await;

    let killed = Instant::now();
    first.child.kill().await.expect("it is killed");
    let again = if same_port { address.as_str() } else { listen };
    let mut second = Process::start(again, &there);
    hears(&mut parent, second.id()).await;
    let parent_heard = killed.elapsed();
    second.line("heard").await;
    let both = killed.elapsed();
    println!(
        "measured: rejoin over {} on {} port: heard after {parent_heard:?}, both ways after {both:?}",
        transport.name(),
        if same_port { "the same" } else { "another" },
    );
    assert!(both < Duration::from_secs(5), "{both:?}");

    // And gone for good is noticed.
    parent.seen.clear();
    let killed = Instant::now();
    second.child.kill().await.expect("it is killed");
    loop {
        let gone = parent
            .wait("its end", |event| match event {
                NetEvent::Disconnected { .. } => Some(true),
                NetEvent::Connected { .. } => Some(false),
                _ => None,
            })
            .await;
        if gone && parent.net.peers().is_empty() {
            break;
        }
    }
    println!("measured: kill noticed over {} after {:?}", transport.name(), killed.elapsed());
    assert!(killed.elapsed() < Duration::from_secs(2), "{:?}", killed.elapsed());
    talking.abort();
}

#[tokio::test]
async fn a_killed_node_is_back_soon_over_quic_on_its_port() {
    a_killed_node_is_back_soon(Transport::Quic, true).await;
}

#[tokio::test]
async fn a_killed_node_is_back_soon_over_quic_on_another_port() {
    a_killed_node_is_back_soon(Transport::Quic, false).await;
}

#[tokio::test]
async fn a_killed_node_is_back_soon_over_tcp_on_its_port() {
    a_killed_node_is_back_soon(Transport::Tcp, true).await;
}

#[tokio::test]
async fn a_killed_node_is_back_soon_over_tcp_on_another_port() {
    a_killed_node_is_back_soon(Transport::Tcp, false).await;
}
