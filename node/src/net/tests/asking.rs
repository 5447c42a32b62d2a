use shared::id::{Hash, Hasher, StateHash};

use super::super::{ANSWER_BYTES_MAX, AskError, FetchError, QUESTION_BYTES_MAX};
use super::*;

/// Answers one question as told.
async fn answer(node: &mut Node, with: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>) {
    let deadline = Instant::now() + DEADLINE;
    while let Ok(Some(event)) = timeout_at(deadline, node.events.recv()).await {
        if let NetEvent::Asked { bytes, reply, .. } = event {
            if let Some(answer) = with(bytes) {
                reply.send(answer);
            }
            return;
        }
    }
    panic!("nobody asked");
}

async fn a_question_is_answered_or_refused_over(transport: Transport) {
    let (mut a, b) = pair(transport).await;
    let reversed = |mut bytes: Vec<u8>| {
        bytes.reverse();
        Some(bytes)
    };
    let (asked, ()) = tokio::join!(b.net.ask(node(1), vec![1, 2, 3]), answer(&mut a, reversed));
    assert_eq!(asked, Ok(vec![3, 2, 1]));
    let (asked, ()) = tokio::join!(b.net.ask(node(1), vec![1]), answer(&mut a, |_| None));
    assert_eq!(asked, Err(AskError::Refused));
    let largest =
        |bytes: Vec<u8>| (bytes.len() == QUESTION_BYTES_MAX).then(|| vec![9; ANSWER_BYTES_MAX]);
    let question = vec![7; QUESTION_BYTES_MAX];
    let (asked, ()) = tokio::join!(b.net.ask(node(1), question), answer(&mut a, largest));
    assert_eq!(asked.map(|bytes| bytes.len()), Ok(ANSWER_BYTES_MAX));
}

#[tokio::test]
async fn a_question_is_answered_or_refused_over_quic() {
    a_question_is_answered_or_refused_over(Transport::Quic).await;
}

#[tokio::test]
async fn a_question_is_answered_or_refused_over_tcp() {
    a_question_is_answered_or_refused_over(Transport::Tcp).await;
}

#[tokio::test]
async fn a_question_to_nobody_or_too_large_fails_at_once() {
    let a = Node::listening(1, &[TCP]).await;
    assert_eq!(a.net.ask(node(9), vec![1]).await, Err(AskError::NotConnected));
    let size = QUESTION_BYTES_MAX + 1;
    assert_eq!(a.net.ask(node(9), vec![1; size]).await, Err(AskError::TooLarge(size)));
}

#[tokio::test]
async fn a_question_to_a_node_that_dies_is_lost_soon() {
    let (a, b) = pair(Transport::Tcp).await;
    let asked = {
        let net = b.net.clone();
        tokio::spawn(async move { net.ask(node(1), vec![1]).await })
    };
    let mut a = a;
    a.wait("question", |event| matches!(event, NetEvent::Asked { .. }).then_some(())).await;
    drop(a);
    assert_eq!(asked.await.expect("it ends"), Err(AskError::Refused).or(Err(AskError::Lost)));
}

fn hash_of(bytes: &[u8]) -> StateHash {
    StateHash(Hasher::new("zeromesh/state").bytes(bytes).finish())
}

/// A node with one large state, one it lies about, and one that is empty.
async fn a_state_comes_whole_or_not_at_all_over(transport: Transport) {
    let large: Arc<[u8]> = (0..16 * 1024 * 1024u32).map(|n| (n ^ (n >> 9)) as u8).collect();
    let large_hash = hash_of(&large);
    let lie = StateHash(Hash([1; 32]));
    let source = large.clone();
    let states: StateSource = Arc::new(move |hash| match hash {
        hash if hash == large_hash || hash == lie => Some(source.clone()),
        hash if hash == hash_of(b"") => Some(Arc::from(Vec::new())),
        _ => None,
    });
    let listen = if transport == Transport::Quic { QUIC } else { TCP };
    let mut a = Node::serving(1, config(&[listen]), states).expect("it starts");
    a.wait("listening", |event| matches!(event, NetEvent::Listening(_)).then_some(())).await;
    let b = Node::listening(2, &[listen]).await;
    b.net.dial(&a.address(transport).to_string()).await.expect("it connects");

    let begun = Instant::now();
    let bytes = b.net.fetch_state(node(1), large_hash, 64 << 20).await.expect("it comes");
    let megabytes = bytes.len() as f64 / 1e6 / begun.elapsed().as_secs_f64();
    println!("measured: state over {}: {megabytes:.0} MB/s (this build)", transport.name());
    assert!(bytes[..] == large[..]);
    assert_eq!(b.net.fetch_state(node(1), hash_of(b""), 0).await, Ok(Vec::new()));
    assert_eq!(
        b.net.fetch_state(node(1), large_hash, 1 << 20).await,
        Err(FetchError::TooLarge { bytes: 16 << 20, max: 1 << 20 })
    );
    assert_eq!(b.net.fetch_state(node(1), lie, 64 << 20).await, Err(FetchError::WrongHash));
    let unknown = hash_of(b"unknown");
    assert_eq!(b.net.fetch_state(node(1), unknown, 1).await, Err(FetchError::Unknown));
    assert_eq!(b.net.fetch_state(node(9), unknown, 1).await, Err(FetchError::NotConnected));

    // More at once than are served at once: each comes, or is told that the node is busy.
    let many = (0..24).map(|_| b.net.fetch_state(node(1), hash_of(b""), 0));
    for result in futures::future::join_all(many).await {
        assert!(matches!(result, Ok(_) | Err(FetchError::Busy)), "{result:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_comes_whole_or_not_at_all_over_quic() {
    a_state_comes_whole_or_not_at_all_over(Transport::Quic).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_comes_whole_or_not_at_all_over_tcp() {
    a_state_comes_whole_or_not_at_all_over(Transport::Tcp).await;
}
