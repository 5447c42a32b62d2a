use shared::id::{Hash, WorldId};

use super::super::{GOSSIP_BYTES_MAX, PublishError, Verdict};
use super::*;

async fn a_message_reaches_those_who_listen_over(transport: Transport) {
    let (a, mut b) = pair(transport).await;
    a.net.publish(Topic::Status, b"hello".to_vec()).expect("it is published");
    assert_eq!(b.heard().await, b"hello");
    assert_eq!(a.net.stats().gossip_sent, 1);
    assert_eq!(b.net.stats().gossip_received, 1);
}

#[tokio::test]
async fn a_message_reaches_those_who_listen_over_quic() {
    a_message_reaches_those_who_listen_over(Transport::Quic).await;
}

#[tokio::test]
async fn a_message_reaches_those_who_listen_over_tcp() {
    a_message_reaches_those_who_listen_over(Transport::Tcp).await;
}

/// The trap: a message near libp2p's limit is sent with an Ok and silences its sender.
async fn the_largest_message_arrives_and_the_next_one_too_over(transport: Transport) {
    let (a, mut b) = pair(transport).await;
    let too_large = vec![1; GOSSIP_BYTES_MAX + 1];
    assert_eq!(
        a.net.publish(Topic::Status, too_large),
        Err(PublishError::TooLarge(GOSSIP_BYTES_MAX + 1))
    );
    a.net.publish(Topic::Status, vec![2; GOSSIP_BYTES_MAX]).expect("it is published");
    assert_eq!(b.heard().await.len(), GOSSIP_BYTES_MAX);
    a.net.publish(Topic::Status, b"still here".to_vec()).expect("it is published");
    assert_eq!(b.heard().await, b"still here");
}

#[tokio::test]
async fn the_largest_message_arrives_and_the_next_one_too_over_quic() {
    the_largest_message_arrives_and_the_next_one_too_over(Transport::Quic).await;
}

#[tokio::test]
async fn the_largest_message_arrives_and_the_next_one_too_over_tcp() {
    the_largest_message_arrives_and_the_next_one_too_over(Transport::Tcp).await;
}

#[tokio::test]
async fn a_message_is_forwarded_once_it_is_accepted_and_not_when_it_is_rejected() {
    let mut hub = Node::listening(1, &[TCP]).await;
    let (mut a, mut b) = (Node::listening(2, &[TCP]).await, Node::listening(3, &[TCP]).await);
    // The hub is the only way: a and b know nothing of each other in a world of their own.
    let world = Topic::Commands(WorldId(Hash([7; 32])));
    for leaf in [&mut a, &mut b] {
        leaf.net.dial(&hub.address(Transport::Tcp).to_string()).await.expect("it connects");
        leaf.net.subscribe(world);
    }
    hub.net.subscribe(world);
    a.subscribed(node(1), world).await;
    hub.subscribed(node(3), world).await;
    // Only the hub is told, and its verdict decides for b. (a and b may find each other by
    // Kademlia meanwhile; then b has the message from a, which is as well.)
    a.net.publish(world, b"bad".to_vec()).expect("it is published");
    let (id, from) = hub
        .wait("gossip", |event| match event {
            NetEvent::Gossip(message) => Some((message.id.clone(), message.from)),
            _ => None,
        })
        .await;
    assert_eq!(from, node(2));
    hub.net.report(id, from, Verdict::Reject);
    a.net.publish(world, b"good".to_vec()).expect("it is published");
    let (id, from) = hub
        .wait("gossip", |event| match event {
            NetEvent::Gossip(message) if message.data == b"good" => {
                Some((message.id.clone(), message.from))
            }
            _ => None,
        })
        .await;
    hub.net.report(id, from, Verdict::Accept);
    let heard = b
        .wait("the good message", |event| match event {
            NetEvent::Gossip(message) if message.data == b"good" => Some(()),
            _ => None,
        })
        .await;
    assert_eq!((heard, hub.net.stats().gossip_rejected), ((), 1));
}

#[tokio::test]
async fn without_listeners_a_message_is_dropped_quietly_and_counted() {
    let (a, mut b) = pair(Transport::Tcp).await;
    let world = Topic::Bulletins(WorldId(Hash([7; 32])));
    a.net.publish(world, b"nobody".to_vec()).expect("quietly");
    a.net.publish(Topic::Status, b"somebody".to_vec()).expect("it is published");
    a.net.publish(Topic::Status, b"somebody".to_vec()).expect("a repetition is dropped too");
    a.net.publish(Topic::Status, b"the end".to_vec()).expect("it is published");
    assert_eq!(b.heard().await, b"somebody");
    assert_eq!(b.heard().await, b"the end");
    let stats = a.net.stats();
    assert_eq!((stats.gossip_unheard, stats.gossip_repeated, stats.gossip_sent), (1, 1, 2));
}

#[tokio::test]
async fn a_topic_left_is_heard_no_more() {
    let (a, mut b) = pair(Transport::Tcp).await;
    b.net.unsubscribe(Topic::Status);
    let mut a = a;
    a.wait("unsubscription", |event| match event {
        NetEvent::Unsubscribed { peer, topic: Topic::Status } if *peer == node(2) => Some(()),
        _ => None,
    })
    .await;
    b.net.subscribe(Topic::Control);
    a.subscribed(node(2), Topic::Control).await;
    a.net.publish(Topic::Status, b"unheard".to_vec()).expect("quietly");
    a.net.publish(Topic::Control, b"heard".to_vec()).expect("it is published");
    assert_eq!(b.heard().await, b"heard");
}
