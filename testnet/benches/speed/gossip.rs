//! Gossip delivered a second from one network to another, against bare libp2p swarms with nothing but
//! gossipsub, configured alike. A sender keeps a window of messages under way: flat out gossipsub
//! loses messages and says Ok.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::StreamExt as _;
use libp2p::gossipsub::{
    self, IdentTopic, MessageAcceptance, MessageAuthenticity, MessageId, ValidationMode,
};
use libp2p::swarm::SwarmEvent;
use libp2p::{Multiaddr, Swarm, SwarmBuilder, noise, tcp, yamux};
use node::net::{NetEvent, Topic, Verdict};
use tokio::sync::{Semaphore, mpsc};

use crate::pair::{self, Transport};
use crate::report::{Aim, Report};

const ROUNDS: usize = 5;
const MEASURED: Duration = Duration::from_millis(700);
/// Messages under way: a quarter of gossipsub's own queue for small ones, 2 MiB of large ones.
const PAYLOADS: [(usize, &str, usize); 2] = [(1_024, "1 kB", 256), (64 * 1_024, "64 kB", 32)];
/// A message that does not come in this time is lost, and its place in the window given back.
const LOST_AFTER: Duration = Duration::from_millis(300);

/// Counts what is delivered and keeps the window.
struct Window {
    room: Arc<Semaphore>,
    size: usize,
}

impl Window {
    fn new(size: usize) -> Window {
        Window { room: Arc::new(Semaphore::new(size)), size }
    }

    /// Delivered a second, and lost. `send` publishes; `delivered` says that one has come.
    async fn run(
        &self,
        bytes: usize,
        mut send: impl FnMut(Vec<u8>),
        mut delivered: mpsc::UnboundedReceiver<()>,
    ) -> anyhow::Result<(f64, u64)> {
        let room = self.room.clone();
        let counting = tokio::spawn(async move {
            let mut count = 0_u64;
            while let Some(()) = delivered.recv().await {
                count += 1;
                room.add_permits(1);
            }
            count
        });
        let begun = Instant::now();
        let (mut sent, mut lost) = (0_u64, 0_u64);
        while begun.elapsed() < MEASURED {
            match tokio::time::timeout(LOST_AFTER, self.room.acquire()).await {
                Ok(permit) => permit?.forget(),
                Err(_) => {
                    lost += self.size as u64;
                    self.room.add_permits(self.size - 1);
                }
            }
            // No two messages are the same: gossip drops what it has seen
            let mut data = vec![7; bytes];
            data[..8].copy_from_slice(&sent.to_le_bytes());
            send(data);
            sent += 1;
        }
        let seconds = begun.elapsed().as_secs_f64();
        drop(send);
        counting.abort();
        let under_way = (self.size - self.room.available_permits().min(self.size)) as u64;
        let count = sent.saturating_sub(lost).saturating_sub(under_way);
        Ok((count as f64 / seconds, lost))
    }
}

async fn ours(transport: Transport, bytes: usize, window: usize) -> anyhow::Result<(f64, u64)> {
    let [from, mut to] = pair::connected(transport, Arc::new(|_| None)).await?;
    let (heard, delivered) = mpsc::unbounded_channel();
    let receiving = tokio::spawn(async move {
        while let Some(event) = to.events.recv().await {
            if let NetEvent::Gossip(message) = event {
                to.net.report(message.id.clone(), message.from, Verdict::Accept);
                if heard.send(()).is_err() {
                    return;
                }
            }
        }
    });
    let send = |data| {
        let _ = from.net.publish(Topic::Status, data);
    };
    let result = Window::new(window).run(bytes, send, delivered).await;
    receiving.abort();
    result
}

fn bare_swarm(transport: Transport) -> anyhow::Result<Swarm<gossipsub::Behaviour>> {
    // As node/src/net/behaviour.rs
    let config = gossipsub::ConfigBuilder::default()
        .mesh_outbound_min(0)
        .mesh_n_low(1)
        .mesh_n(4)
        .mesh_n_high(8)
        .heartbeat_initial_delay(Duration::from_millis(150))
        .heartbeat_interval(Duration::from_millis(500))
        .history_length(12)
        .history_gossip(6)
        .duplicate_cache_time(Duration::from_secs(300))
        .max_transmit_size(shared::wire::message::MESSAGE_BYTES_MAX)
        .validation_mode(ValidationMode::Anonymous)
        .validate_messages()
        .message_id_fn(|message| {
            let mut hasher = blake3_of(message.topic.as_str());
            hasher.update(&message.data);
            MessageId::new(&hasher.finalize().as_bytes()[..20])
        })
        .build()?;
    let behaviour = gossipsub::Behaviour::new(MessageAuthenticity::Anonymous, config)
        .map_err(anyhow::Error::msg)?;
    let mut swarm = SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::new().nodelay(true), noise::Config::new, yamux::Config::default)?
        .with_quic()
        .with_behaviour(|_| behaviour)?
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::from_secs(3_600)))
        .build();
    swarm.listen_on(transport.listen())?;
    Ok(swarm)
}

fn blake3_of(topic: &str) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new();
    hasher.update(topic.as_bytes());
    hasher
}

async fn bare(transport: Transport, bytes: usize, window: usize) -> anyhow::Result<(f64, u64)> {
    let topic = IdentTopic::new("bench");
    let (mut from, mut to) = (bare_swarm(transport)?, bare_swarm(transport)?);
    from.behaviour_mut().subscribe(&topic)?;
    to.behaviour_mut().subscribe(&topic)?;
    let address: Multiaddr = loop {
        if let SwarmEvent::NewListenAddr { address, .. } = from.select_next_some().await {
            break address;
        }
    };
    to.dial(address)?;
    let ready = async {
        let (mut from_knows, mut to_knows) = (false, false);
        while !(from_knows && to_knows) {
            let subscribed =
                |event| matches!(event, SwarmEvent::Behaviour(gossipsub::Event::Subscribed { .. }));
            tokio::select! {
                event = from.select_next_some() => from_knows |= subscribed(event),
                event = to.select_next_some() => to_knows |= subscribed(event),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ready).await.context("no subscription")?;
    let (commands, mut publishing) = mpsc::channel::<Vec<u8>>(4_096);
    let sending = tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(data) = publishing.recv() => {
                    let _ = from.behaviour_mut().publish(topic.clone(), data);
                }
                _ = from.select_next_some() => {}
            }
        }
    });
    let (heard, delivered) = mpsc::unbounded_channel();
    let receiving = tokio::spawn(async move {
        loop {
            if let SwarmEvent::Behaviour(gossipsub::Event::Message {
                propagation_source,
                message_id,
                ..
            }) = to.select_next_some().await
            {
                to.behaviour_mut().report_message_validation_result(
                    &message_id,
                    &propagation_source,
                    MessageAcceptance::Accept,
                );
                if heard.send(()).is_err() {
                    return;
                }
            }
        }
    });
    let send = |data| {
        let _ = commands.try_send(data);
    };
    let result = Window::new(window).run(bytes, send, delivered).await;
    sending.abort();
    receiving.abort();
    result
}

pub fn measure(report: &mut Report) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    for (bytes, size, window) in PAYLOADS {
        for transport in Transport::BOTH {
            let mut pairs = Vec::new();
            for _ in 0..ROUNDS {
                let (base, lost_bare) = runtime.block_on(bare(transport, bytes, window))?;
                let (ours, lost) = runtime.block_on(ours(transport, bytes, window))?;
                if lost + lost_bare > 0 {
                    eprintln!("  lost: {lost} of ours, {lost_bare} of bare gossipsub's");
                }
                pairs.push((ours, base));
            }
            let name = format!("gossip: {size} over {}, delivered", transport.name());
            report.against(&name, "messages/s", "bare gossipsub", &pairs, Aim::RatioAtLeast(0.8));
        }
    }
    Ok(())
}
