//! The protocols of a node, put together: what libp2p calls a behaviour, and the swarm around it.

use std::num::NonZeroUsize;
use std::time::Duration;

use libp2p::gossipsub::{self, IdentityTransform, MessageAuthenticity, MessageId, ValidationMode};
use libp2p::identity::Keypair;
use libp2p::metrics::Registry;
use libp2p::swarm::NetworkBehaviour;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::{
    StreamProtocol, Swarm, SwarmBuilder, connection_limits, dns, identify, kad, mdns,
    memory_connection_limits, noise, ping, request_response, tcp, yamux,
};
use shared::wire::message::MESSAGE_BYTES_MAX;

use super::ask::{ASK_TIMEOUT, ASKS_MAX, AskCodec};
use super::topics::{self, TopicFilter};
use super::{NetConfig, NetError};

/// The largest message that is gossiped. libp2p's limit is on the whole frame: a message within about
/// 130 bytes of it is sent with an Ok, refused by every receiver, and silences its sender from then
/// on. So all nodes have the same limit and messages keep well below it.
pub const GOSSIP_BYTES_MAX: usize = MESSAGE_BYTES_MAX - 2 * 1024;

/// A QUIC peer that says nothing for this long is gone. Short, for two reasons: a killed node's work
/// is taken over only then, and a node that restarts is not heard while its old connection stands.
const QUIC_IDLE_MS: u32 = 1_500;
/// Several keep-alives fit into the idle time, so that one lost packet ends nothing.
const QUIC_KEEP_ALIVE: Duration = Duration::from_millis(400);
/// A handshake, of any transport.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Pings measure the round trip and find silent peers.
const PING_INTERVAL: Duration = Duration::from_secs(1);
const PING_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections are closed by us, never for being idle: only gossip's mesh keeps one open by itself.
const IDLE_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 3_600);
/// Gossipsub remembers messages this long to drop them when they come again.
const DUPLICATE_CACHE: Duration = Duration::from_secs(300);

pub(super) type Gossip = gossipsub::Behaviour<IdentityTransform, TopicFilter>;

/// The gates come first: libp2p asks in this order, and what a later one allotted for a connection
/// that is denied afterwards would leak.
#[derive(NetworkBehaviour)]
pub(super) struct Behaviour {
    pub(super) limits: connection_limits::Behaviour,
    pub(super) memory: memory_connection_limits::Behaviour,
    pub(super) identify: identify::Behaviour,
    pub(super) gossip: Gossip,
    pub(super) ask: request_response::Behaviour<AskCodec>,
    pub(super) streams: libp2p_stream::Behaviour,
    pub(super) kad: kad::Behaviour<kad::store::MemoryStore>,
    pub(super) mdns: Toggle<mdns::tokio::Behaviour>,
    pub(super) ping: ping::Behaviour,
}

/// What identify calls the protocol: a node of another mesh is known by it at once.
pub(super) fn protocol(mesh: &str) -> String {
    format!("/zeromesh/{mesh}/1")
}

/// The name of a message: the same bytes on the same topic have the same name wherever they come
/// from. 20 bytes keep gossip's control messages small.
pub(super) fn message_id(topic: &str, data: &[u8]) -> MessageId {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(topic.len() as u64).to_le_bytes());
    hasher.update(topic.as_bytes());
    hasher.update(data);
    MessageId::new(&hasher.finalize().as_bytes()[..20])
}

fn gossip(mesh: &str, registry: &mut Registry) -> Result<Gossip, NetError> {
    let config = gossipsub::ConfigBuilder::default()
        // For meshes of 2 to 5 nodes, and good for more (STACK: measured).
        .mesh_outbound_min(0)
        .mesh_n_low(1)
        .mesh_n(4)
        .mesh_n_high(8)
        .heartbeat_initial_delay(Duration::from_millis(150))
        .heartbeat_interval(Duration::from_millis(500))
        .history_length(12)
        .history_gossip(6)
        .prune_backoff(Duration::from_secs(10))
        .unsubscribe_backoff(Duration::from_secs(2))
        .duplicate_cache_time(DUPLICATE_CACHE)
        .max_transmit_size(MESSAGE_BYTES_MAX)
        .validation_mode(ValidationMode::Anonymous)
        .validate_messages()
        .message_id_fn(|message| message_id(message.topic.as_str(), &message.data))
        .build()
        .map_err(|error| NetError::Setup(error.to_string()))?;
    let filter = topics::filter(mesh);
    let gossip =
        Gossip::new_with_subscription_filter(MessageAuthenticity::Anonymous, config, filter)
            .map_err(|error| NetError::Setup(error.to_string()))?;
    let metrics = registry.sub_registry_with_prefix("gossipsub");
    Ok(gossip.with_metrics(metrics, gossipsub::MetricsConfig::default()))
}

fn behaviour(
    config: &NetConfig,
    key: &Keypair,
    agent: String,
    registry: &mut Registry,
) -> Result<Behaviour, NetError> {
    let me = key.public().to_peer_id();
    let mesh = &config.mesh;
    let limits = connection_limits::ConnectionLimits::default()
        .with_max_pending_incoming(Some(config.limits.pending_max))
        .with_max_pending_outgoing(Some(config.limits.pending_max))
        .with_max_established(Some(config.limits.connections_max))
        .with_max_established_per_peer(Some(config.limits.connections_per_peer_max));
    let memory = match config.limits.memory_bytes_max {
        Some(bytes) => memory_connection_limits::Behaviour::with_max_bytes(bytes),
        None => memory_connection_limits::Behaviour::with_max_percentage(0.9),
    };
    let identify = identify::Config::new(protocol(mesh), key.public())
        .with_agent_version(agent)
        .with_push_listen_addr_updates(true);
    let named = |kind: &str| {
        StreamProtocol::try_from_owned(format!("/zeromesh/{mesh}/{kind}/1"))
            .map_err(|error| NetError::Setup(error.to_string()))
    };
    let ask = request_response::Behaviour::new(
        [(named("ask")?, request_response::ProtocolSupport::Full)],
        request_response::Config::default()
            .with_request_timeout(ASK_TIMEOUT)
            .with_max_concurrent_streams(ASKS_MAX),
    );
    let mut kad_config = kad::Config::new(named("kad")?);
    kad_config
        .set_query_timeout(Duration::from_secs(10))
        .set_replication_factor(NonZeroUsize::new(8).expect("8 is not 0"))
        .set_periodic_bootstrap_interval(Some(Duration::from_secs(60)))
        // Peers are found here, nothing is stored.
        .set_record_filtering(kad::StoreInserts::FilterBoth);
    let mut kad = kad::Behaviour::with_config(me, kad::store::MemoryStore::new(me), kad_config);
    kad.set_mode(Some(kad::Mode::Server));
    let mdns = match config.mdns {
        true => {
            let config = mdns::Config {
                // The default is five minutes: too long to wait for a machine next to this one.
                query_interval: Duration::from_secs(20),
                ..mdns::Config::default()
            };
            Some(mdns::tokio::Behaviour::new(config, me).map_err(NetError::Mdns)?)
        }
        false => None,
    };
    let ping = ping::Config::new().with_interval(PING_INTERVAL).with_timeout(PING_TIMEOUT);
    Ok(Behaviour {
        limits: connection_limits::Behaviour::new(limits),
        memory,
        identify: identify::Behaviour::new(identify),
        gossip: gossip(mesh, registry)?,
        ask,
        streams: libp2p_stream::Behaviour::new(),
        kad,
        mdns: mdns.into(),
        ping: ping::Behaviour::new(ping),
    })
}

/// The swarm: QUIC and TCP, always both, so that a network that drops one still carries the other.
pub(super) fn swarm(
    config: &NetConfig,
    key: &Keypair,
    agent: String,
    registry: &mut Registry,
) -> Result<Swarm<Behaviour>, NetError> {
    let behaviour = behaviour(config, key, agent, registry)?;
    let setup = |error: &dyn std::fmt::Display| NetError::Setup(error.to_string());
    let transports = || {
        SwarmBuilder::with_existing_identity(key.clone())
            .with_tokio()
            .with_tcp(tcp::Config::new().nodelay(true), noise::Config::new, yamux::Config::default)
            .map(|builder| {
                builder.with_quic_config(|mut quic| {
                    quic.max_idle_timeout = QUIC_IDLE_MS;
                    quic.keep_alive_interval = QUIC_KEEP_ALIVE;
                    quic.handshake_timeout = CONNECT_TIMEOUT;
                    quic
                })
            })
            .map_err(|error| setup(&error))
    };
    let swarm_config = |config: libp2p::swarm::Config| {
        config.with_smart_dial().with_idle_connection_timeout(IDLE_TIMEOUT)
    };
    match transports()?.with_dns() {
        Ok(builder) => Ok(builder
            .with_behaviour(|_| behaviour)
            .map_err(|error| setup(&error))?
            .with_swarm_config(swarm_config)
            .with_connection_timeout(CONNECT_TIMEOUT)
            .build()),
        // A machine without a resolver still has addresses: only names are lost.
        Err(error) => {
            tracing::warn!(%error, "the system's name servers cannot be read; names will not resolve");
            let none = dns::ResolverConfig::default();
            Ok(transports()?
                .with_dns_config(none, dns::ResolverOpts::default())
                .with_behaviour(|_| behaviour)
                .map_err(|error| setup(&error))?
                .with_swarm_config(swarm_config)
                .with_connection_timeout(CONNECT_TIMEOUT)
                .build())
        }
    }
}
