//! Too much, too slow, too many.

use std::time::Duration;

use node::api::Limits;
use node::api::types::Problem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::core::Core;

/// What the server says to these bytes until it closes.
async fn raw(core: &Core, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(core.address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(20), reading).await.expect("it closes");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_the_node_goes_on() {
    let core = Core::start().await;
    for (path, bytes) in [
        ("/api/v1/peers", 17 * 1024),
        ("/api/v1/worlds/main/pace", 17 * 1024),
        ("/api/v1/worlds", 4 * 1024 * 1024 + 1),
        ("/api/v1/projects/Project%203/commands", 2 * 1024 * 1024 + 1),
    ] {
        // Said beforehand: refused before a byte of the body was sent.
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {bytes}\r\n\r\n"
        );
        let answer = raw(&core, head.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{path}: {answer}");
        assert!(answer.contains("application/problem+json"), "{path}: {answer}");
    }
    // Not said beforehand.
    let mut chunked = b"POST /api/v1/peers HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
        transfer-encoding: chunked\r\n\r\n"
        .to_vec();
    for _ in 0..5 {
        chunked.extend_from_slice(format!("1000\r\n{}\r\n", "x".repeat(4096)).as_bytes());
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let answer = raw(&core, &chunked).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert_eq!(core.get("/healthz").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_head_that_is_too_large_or_too_slow_is_cut_off() {
    let head_timeout = Duration::from_millis(300);
    let core = Core::start_with(None, Limits { head_timeout, ..Limits::default() }).await;
    let long = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "y".repeat(64 * 1024));
    let answer = raw(&core, long.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431") || answer.is_empty(), "{answer}");
    let many = format!("GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "a: b\r\n".repeat(200));
    let answer = raw(&core, many.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431") || answer.is_empty(), "{answer}");
    // Half a head, and then silence: closed within the time a head may take.
    raw(&core, b"GET / HTTP/1.1\r\nhost: loc").await;
    assert_eq!(core.get("/healthz").await.status.as_u16(), 200);
}

#[tokio::test]
async fn beyond_the_most_connections_one_is_told_so() {
    let limits = Limits { connections_max: 2, ..Limits::default() };
    let core = Core::start_with(None, limits).await;
    let held = [
        TcpStream::connect(core.address).await.unwrap(),
        TcpStream::connect(core.address).await.unwrap(),
    ];
    // The first two may still be on their way in: each that gets a place is given up again.
    let told = async {
        loop {
            let answer = raw(&core, b"").await;
            if answer.starts_with("HTTP/1.1 503") {
                return answer;
            }
        }
    };
    let answer = tokio::time::timeout(Duration::from_secs(40), told).await.unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let problem: Problem = serde_json::from_str(body).unwrap();
    assert_eq!(problem.kind, "unavailable");
    drop(held);
    let free = async { while core.get("/healthz").await.status.as_u16() != 200 {} };
    tokio::time::timeout(Duration::from_secs(10), free).await.expect("places are given back");
}

#[tokio::test]
async fn a_core_that_cannot_keep_up_or_has_ended_is_told_at_once() {
    let (asks, questions) = tokio::sync::mpsc::channel(1);
    let core = Core::start_over(asks.clone(), None, Limits::default()).await;
    let place = asks.reserve_owned().await.unwrap();
    let reply = core.get("/api/v1/projects/Project%203").await;
    assert_eq!(reply.problem().status, 503);
    assert_eq!(reply.header("retry-after"), "1");
    // What is published can be read all the same.
    assert_eq!(core.get("/api/v1/worlds").await.status.as_u16(), 200);
    assert_eq!(core.get("/readyz").await.status.as_u16(), 200);
    drop((place, questions));
    let problem = core.post("/api/v1/shutdown", "").await.problem();
    assert!(problem.status == 503 && problem.detail.contains("shutting down"), "{problem:?}");
    assert_eq!(core.get("/readyz").await.status.as_u16(), 503);
}
