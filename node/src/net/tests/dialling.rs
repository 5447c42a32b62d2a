use libp2p::multiaddr::Protocol;

use super::super::{DialFailed, DisconnectReason, peer_id};
use super::*;

#[tokio::test]
async fn both_transports_connect_and_the_better_one_is_taken() {
    let mut a = Node::listening(1, &[QUIC, TCP]).await;
    let mut b = Node::listening(2, &[QUIC, TCP]).await;
    let addresses = a.net.listening();
    assert_eq!(addresses.len(), 2);
    let begun = Instant::now();
    b.net.known(node(1), &addresses);
    let transport = b.connected(node(1)).await;
    println!("measured: connected over {} in {:?}", transport.name(), begun.elapsed());
    a.connected(node(2)).await;
    assert_eq!(transport, Transport::Quic);
    assert_eq!(b.net.peers()[0].node, node(1));
    assert!(b.net.peers()[0].agent.starts_with("zeromesh/"));
    b.wait("round trip", |event| matches!(event, NetEvent::Rtt { .. }).then_some(())).await;
    b.wait("address", |event| matches!(event, NetEvent::Address { .. }).then_some(())).await;
}

#[tokio::test]
async fn a_third_node_is_found_through_the_first() {
    let mut a = Node::listening(1, &[TCP]).await;
    let mut b = Node::listening(2, &[TCP]).await;
    let mut c = Node::listening(3, &[TCP]).await;
    let there = a.address(Transport::Tcp).to_string();
    b.net.dial(&there).await.expect("it connects");
    a.connected(node(2)).await;
    c.net.dial(&there).await.expect("it connects");
    b.connected(node(3)).await;
    c.connected(node(2)).await;
}

#[tokio::test]
async fn an_own_address_is_said_to_be_one() {
    let a = Node::listening(1, &[TCP, QUIC]).await;
    for full in a.net.listening() {
        let mut bare = full.clone();
        bare.pop();
        for address in [full, bare] {
            let failed = a.net.dial(&address.to_string()).await;
            assert!(matches!(failed, Err(DialFailed::OwnAddress { .. })), "{failed:?}");
        }
    }
}

#[tokio::test]
async fn nobody_there_and_somebody_else_there_are_told_apart() {
    let a = Node::listening(1, &[TCP, QUIC]).await;
    let b = Node::listening(2, &[TCP]).await;
    for (address, is) in a.net.listening().iter().zip(["refused", "silent"]) {
        let mut wrong = address.clone();
        wrong.pop();
        wrong.push(Protocol::P2p(peer_id(node(9))));
        let failed = b.net.dial(&wrong.to_string()).await;
        match failed {
            Err(DialFailed::WrongPeer { found, .. }) => assert_eq!(found, node(1).to_string()),
            other => panic!("{is}: {other:?}"),
        }
    }
    // Ports that were free a moment ago.
    let tcp = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr();
    let dead = format!("/ip4/127.0.0.1/tcp/{}", tcp.expect("an address").port());
    let failed = b.net.dial(&dead).await;
    assert!(matches!(failed, Err(DialFailed::Refused { .. })), "{failed:?}");
    let udp = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let dead = format!("/ip4/127.0.0.1/udp/{}/quic-v1", udp.local_addr().expect("it has").port());
    let failed = b.net.dial(&dead).await;
    assert!(matches!(failed, Err(DialFailed::NoAnswer { .. })), "{failed:?}");
}

#[tokio::test]
async fn a_port_that_speaks_something_else_is_not_taken_for_a_node() {
    let b = Node::listening(2, &[TCP]).await;
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = other.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = other.accept().await {
            let page = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, page).await;
        }
    });
    let failed = b.net.dial(&format!("/ip4/127.0.0.1/tcp/{port}")).await;
    assert!(matches!(failed, Err(DialFailed::NotANode { .. })), "{failed:?}");
}

async fn a_node_of_another_mesh_is_named_and_turned_away_over(transport: Transport) {
    let listen = if transport == Transport::Quic { QUIC } else { TCP };
    let mut a = Node::listening(1, &[listen]).await;
    let mut other = config(&[listen]);
    other.mesh = "other".to_string();
    let mut b = Node::start(2, other).expect("it starts");
    let failed = b.net.dial(&a.address(transport).to_string()).await;
    let expected = DialFailed::WrongMesh { theirs: "test".into(), ours: "other".into() };
    assert_eq!(failed, Err(expected));
    for (node, theirs) in [(&mut a, "other"), (&mut b, "test")] {
        let mesh = node
            .wait("stranger", |event| match event {
                NetEvent::Stranger { mesh, .. } => Some(mesh.clone()),
                _ => None,
            })
            .await;
        assert_eq!(mesh.as_deref(), Some(theirs));
        assert!(node.net.peers().is_empty());
    }
}

#[tokio::test]
async fn a_node_of_another_mesh_is_named_and_turned_away_over_quic() {
    a_node_of_another_mesh_is_named_and_turned_away_over(Transport::Quic).await;
}

#[tokio::test]
async fn a_node_of_another_mesh_is_named_and_turned_away_over_tcp() {
    a_node_of_another_mesh_is_named_and_turned_away_over(Transport::Tcp).await;
}

#[tokio::test]
async fn a_full_node_says_so_and_so_does_one_that_dials_it() {
    let mut full = config(&[TCP]);
    full.limits.connections_max = 0;
    let mut a = Node::start(1, full).expect("it starts");
    a.wait("listening", |event| matches!(event, NetEvent::Listening(_)).then_some(())).await;
    let b = Node::listening(2, &[TCP]).await;
    let failed = b.net.dial(&a.address(Transport::Tcp).to_string()).await;
    assert!(matches!(failed, Err(DialFailed::Closed { .. })), "{failed:?}");
    let failed = a.net.dial(&b.address(Transport::Tcp).to_string()).await;
    assert!(matches!(failed, Err(DialFailed::Denied { .. })), "{failed:?}");
}

#[tokio::test]
async fn a_port_in_use_is_refused_with_its_address() {
    let a = Node::listening(1, &[TCP, QUIC]).await;
    for mut taken in a.net.listening() {
        taken.pop();
        match Node::start(2, config(&[&taken.to_string()])).map(|_| ()) {
            Err(NetError::PortInUse { address }) => assert_eq!(address, taken),
            other => panic!("{other:?}"),
        }
    }
    let name = NetConfig { mesh: "no/slash".to_string(), ..config(&[]) };
    assert!(matches!(Node::start(2, name).map(|_| ()), Err(NetError::MeshName(_))));
    let address = config(&["/ip4/127.0.0.1/udp/0"]);
    assert!(matches!(Node::start(2, address).map(|_| ()), Err(NetError::ListenAddress { .. })));
}

#[tokio::test]
async fn a_dead_bootstrap_address_is_tried_again_and_shown_to_the_operator() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr();
    let port = free.expect("an address").port();
    let there = format!("/ip4/127.0.0.1/tcp/{port}");
    let mut b = config(&[TCP]);
    b.bootstrap = vec![there.parse().expect("an address")];
    let mut b = Node::start(2, b).expect("it starts");
    let deadline = Instant::now() + DEADLINE;
    while b.net.stats().dials_failed < 2 {
        assert!(Instant::now() < deadline, "it is tried again");
        tokio::task::yield_now().await;
    }
    let attempts = b.net.attempts();
    assert_eq!(attempts[0].address.to_string(), there);
    assert_eq!(attempts[0].error.as_deref(), Some("nothing listens there"));
    // And once somebody is there, it is found.
    let _a = Node::listening(1, &[&there]).await;
    b.connected(node(1)).await;
    let attempts = b.net.attempts();
    assert_eq!((attempts[0].peer, attempts[0].error.as_deref()), (Some(node(1)), None));
}

#[tokio::test]
async fn a_peer_without_topics_and_a_kicked_one_are_dialled_again() {
    let (mut a, b) = pair(Transport::Quic).await;
    a.net.kick(node(2));
    let reason = |event: &NetEvent| match event {
        NetEvent::Disconnected { reason, .. } => Some(reason.clone()),
        _ => None,
    };
    assert_eq!(a.wait("the kick", reason).await, DisconnectReason::Kicked);
    a.subscribed(node(2), Topic::Status).await;
    b.net.unsubscribe(Topic::Status);
    assert_eq!(a.wait("deafness noticed", reason).await, DisconnectReason::Deaf);
    b.net.subscribe(Topic::Status);
    a.subscribed(node(2), Topic::Status).await;
    assert_eq!(a.net.stats().deaf_peers, 1);
}

#[tokio::test]
async fn a_node_that_leaves_says_goodbye() {
    for transport in [Transport::Quic, Transport::Tcp] {
        let (mut a, b) = pair(transport).await;
        let begun = Instant::now();
        b.stop.cancel();
        b.net.ended().await;
        let reason = a
            .wait("goodbye", |event| match event {
                NetEvent::Disconnected { peer, reason } if *peer == node(2) => Some(reason.clone()),
                _ => None,
            })
            .await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        println!("measured: goodbye over {}: {reason} {:?}", transport.name(), begun.elapsed());
    }
}
