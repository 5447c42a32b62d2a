//! Two networks of ours in this process, connected over loopback.

use std::time::Duration;

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use libp2p::Multiaddr;
use node::net::{self, Net, NetConfig, NetEvent, NetLimits, StateSource, Topic};
use shared::id::NodeId;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Quic,
    Tcp,
}

impl Transport {
    pub const BOTH: [Transport; 2] = [Transport::Quic, Transport::Tcp];

    pub fn name(self) -> &'static str {
        match self {
            Transport::Quic => "QUIC",
            Transport::Tcp => "TCP",
        }
    }

    pub fn listen(self) -> Multiaddr {
        let text = match self {
            Transport::Quic => "/ip4/127.0.0.1/udp/0/quic-v1",
            Transport::Tcp => "/ip4/127.0.0.1/tcp/0",
        };
        text.parse().expect("an address")
    }
}

pub struct End {
    pub net: Net,
    pub events: mpsc::Receiver<NetEvent>,
    stop: CancellationToken,
}

impl Drop for End {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl End {
    fn start(number: u8, transport: Transport, source: StateSource) -> anyhow::Result<End> {
        let config = NetConfig {
            mesh: "bench".to_owned(),
            listen: vec![transport.listen()],
            bootstrap: Vec::new(),
            mdns: false,
            limits: NetLimits::default(),
        };
        let stop = CancellationToken::new();
        let key = SigningKey::from_bytes(&[number; 32]);
        let (net, events) = net::start(config, &key, source, stop.clone())?;
        net.subscribe(Topic::Status);
        Ok(End { net, events, stop })
    }

    async fn until(
        &mut self,
        what: &str,
        mut so: impl FnMut(&NetEvent) -> bool,
    ) -> anyhow::Result<()> {
        let waiting = async {
            while let Some(event) = self.events.recv().await {
                if so(&event) {
                    return Ok(());
                }
            }
            anyhow::bail!("the network ended")
        };
        tokio::time::timeout(DEADLINE, waiting).await.with_context(|| format!("no {what}"))?
    }
}

/// Two that are connected and listen to one topic. The first serves these states.
pub async fn connected(transport: Transport, source: StateSource) -> anyhow::Result<[End; 2]> {
    let mut first = End::start(1, transport, source)?;
    let mut second = End::start(2, transport, std::sync::Arc::new(|_| None))?;
    first.until("address", |event| matches!(event, NetEvent::Listening(_))).await?;
    let address = first.net.listening().first().context("no address")?.to_string();
    second.net.dial(&address).await?;
    let subscribed = |of: NodeId| move |event: &NetEvent| matches!(event, NetEvent::Subscribed { peer, .. } if *peer == of);
    let (a, b) = (first.net.me(), second.net.me());
    first.until("subscription", subscribed(b)).await?;
    second.until("subscription", subscribed(a)).await?;
    Ok([first, second])
}
