//! A snapshot of 16 MiB over a stream of ours, hash checked, against raw quinn without any check.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use libp2p::identity::Keypair;
use node::net::STATE_BYTES_MAX;
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use shared::engine::receipt::state_hash;

use crate::pair::{self, End, Transport};
use crate::report::{Aim, Report};

const BYTES: usize = 16 * 1024 * 1024;
const ROUNDS: usize = 7;
const MIB: f64 = 1024.0 * 1024.0;

/// One connection of raw quinn that answers every stream with these bytes.
struct Quinn {
    connection: quinn::Connection,
    _ends: (quinn::Endpoint, quinn::Endpoint),
}

impl Quinn {
    async fn connected(bytes: Arc<[u8]>) -> anyhow::Result<Quinn> {
        let (key, other) = (Keypair::generate_ed25519(), Keypair::generate_ed25519());
        // The same certificates and ciphers as libp2p's
        let server = QuicServerConfig::try_from(libp2p_tls::make_server_config(&key)?)?;
        let client = QuicClientConfig::try_from(libp2p_tls::make_client_config(&other, None)?)?;
        let server = quinn::ServerConfig::with_crypto(Arc::new(server));
        let listening = quinn::Endpoint::server(server, "127.0.0.1:0".parse()?)?;
        let mut dialling = quinn::Endpoint::client("127.0.0.1:0".parse()?)?;
        dialling.set_default_client_config(quinn::ClientConfig::new(Arc::new(client)));
        let address = listening.local_addr()?;
        let accepting = listening.clone();
        tokio::spawn(async move {
            let connection = accepting.accept().await.context("no connection")?.await?;
            while let Ok((mut send, _receive)) = connection.accept_bi().await {
                send.write_all(&bytes).await?;
                send.finish()?;
            }
            anyhow::Ok(())
        });
        let connection = dialling.connect(address, "l")?.await?;
        Ok(Quinn { connection, _ends: (listening, dialling) })
    }

    async fn fetch(&self) -> anyhow::Result<Vec<u8>> {
        let (mut send, mut receive) = self.connection.open_bi().await?;
        send.write_all(&[0; 32]).await?;
        Ok(receive.read_to_end(BYTES).await?)
    }
}

pub fn measure(report: &mut Report) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let state: Arc<[u8]> = (0..BYTES).map(|n| ((n * 2_654_435_761) >> 7) as u8).collect();
    let hash = state_hash(&state);
    for transport in Transport::BOTH {
        let pairs: anyhow::Result<Vec<(f64, f64)>> = runtime.block_on(async {
            let served = state.clone();
            let [server, client]: [End; 2] =
                pair::connected(transport, Arc::new(move |_| Some(served.clone()))).await?;
            let quinn = Quinn::connected(state.clone()).await?;
            let rate = |begun: Instant| BYTES as f64 / MIB / begun.elapsed().as_secs_f64();
            let mut pairs = Vec::new();
            for round in 0..=ROUNDS {
                let begun = Instant::now();
                anyhow::ensure!(quinn.fetch().await?.len() == BYTES, "quinn lost something");
                let base = rate(begun);
                let begun = Instant::now();
                client.net.fetch_state(server.net.me(), hash, STATE_BYTES_MAX).await?;
                // The first opens windows
                if round > 0 {
                    pairs.push((rate(begun), base));
                }
            }
            Ok(pairs)
        });
        let name = format!("snapshot: 16 MiB over {}", transport.name());
        report.against(&name, "MiB/s", "raw quinn", &pairs?, Aim::None);
    }
    Ok(())
}
