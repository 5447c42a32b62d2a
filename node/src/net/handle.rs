//! The handle of the network and what it is started with.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use libp2p::identity::Keypair;
use libp2p::metrics::Registry;
use libp2p::request_response::ResponseChannel;
use libp2p::{Multiaddr, StreamProtocol};
use libp2p_stream::Control;
use shared::id::{NodeId, StateHash};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::ask::{ASK_TIMEOUT, ASKS_MAX, AskError, QUESTION_BYTES_MAX};
use super::behaviour::{self, GOSSIP_BYTES_MAX};
use super::book::{Attempt, Book};
use super::dial::{self, Connected, DIAL_TIMEOUT, DialFailed};
use super::events::{EVENTS_MAX, Events, GossipId, NetEvent, Verdict};
use super::ids::{Transport, peer_id};
use super::states::{self, FETCHED_MAX, FetchError, StateSource};
use super::stats::{Counters, Stats, add, count};
use super::swarm::Task;
use super::topics::Topic;

/// Commands that wait for the swarm task. It never waits for anybody, so a full queue means that it
/// is short of time: what may be lost is, and counted.
const COMMANDS_MAX: usize = 4_096;
/// Bytes of messages of ours that wait for the swarm task, and of peers that wait for the core.
pub(super) const GOSSIP_WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The longest name of a mesh.
const MESH_NAME_BYTES_MAX: usize = 48;

/// How the network is set up.
#[derive(Clone, Debug)]
pub struct NetConfig {
    /// Nodes with the same name form one mesh. Letters, digits, `-`, `_` and `.`.
    pub mesh: String,
    /// Where to listen, QUIC and TCP.
    pub listen: Vec<Multiaddr>,
    /// Where to find the mesh, with or without `/p2p/…`. Tried for ever.
    pub bootstrap: Vec<Multiaddr>,
    /// Whether to look for nodes on the local network.
    pub mdns: bool,
    pub limits: NetLimits,
}

/// What the network may take.
#[derive(Clone, Copy, Debug)]
pub struct NetLimits {
    pub connections_max: u32,
    /// More than one each way: both ends may dial at once, and a dead connection may still stand.
    pub connections_per_peer_max: u32,
    /// Handshakes under way, each way.
    pub pending_max: u32,
    /// No new connections beyond this much memory of the process. None: 90 % of the machine's.
    pub memory_bytes_max: Option<usize>,
}

impl Default for NetLimits {
    fn default() -> Self {
        NetLimits {
            connections_max: 256,
            connections_per_peer_max: 8,
            pending_max: 128,
            memory_bytes_max: None,
        }
    }
}

/// Why the network could not start.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    #[error(
        "`{0}` cannot name a mesh: use 1 to {MESH_NAME_BYTES_MAX} letters, digits, `-`, `_` or `.`"
    )]
    MeshName(String),
    #[error(
        "{address} is in use: another node or program listens there. Stop it, or give another port \
         (0 picks a free one)"
    )]
    PortInUse { address: Multiaddr },
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: Multiaddr,
        #[source]
        source: io::Error,
    },
    #[error(
        "cannot listen on {address}: use /ip4/ADDRESS/udp/PORT/quic-v1 or /ip4/ADDRESS/tcp/PORT"
    )]
    ListenAddress { address: Multiaddr },
    #[error("mDNS cannot start: {0}. Leave it off to go on without")]
    Mdns(#[source] io::Error),
    #[error("the key is not an ed25519 key")]
    Key,
    #[error("the network cannot be set up: {0}")]
    Setup(String),
}

/// Why a message was not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    #[error("a message of {0} bytes is too large to be gossiped: at most {GOSSIP_BYTES_MAX}")]
    TooLarge(usize),
    #[error("the network of this node is short of time: the message was dropped")]
    Busy,
}

/// A connected node of our mesh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    pub node: NodeId,
    pub transport: Transport,
    pub address: Multiaddr,
    /// What it says it runs, as `zeromesh/0.1.0`.
    pub agent: String,
    pub rtt: Option<Duration>,
    pub since: Instant,
}

/// What the swarm task can be told.
pub(super) enum Command {
    Publish { topic: Topic, data: Vec<u8>, _room: OwnedSemaphorePermit },
    Report { id: GossipId, from: NodeId, verdict: Verdict },
    Ask { peer: NodeId, bytes: Vec<u8>, answer: oneshot::Sender<Result<Vec<u8>, AskError>> },
    Respond { channel: ResponseChannel<Option<Vec<u8>>>, answer: Option<Vec<u8>> },
    Dial { address: Multiaddr, answer: oneshot::Sender<Result<Connected, DialFailed>> },
}

/// What the handle and the task both see. What is wanted is kept as a state rather than sent as a
/// message: it needs no queue, so it cannot be lost.
pub(super) struct Shared {
    pub(super) me: NodeId,
    pub(super) mesh: String,
    pub(super) wanted: Mutex<BTreeSet<Topic>>,
    pub(super) kicks: Mutex<BTreeSet<NodeId>>,
    pub(super) wake: Notify,
    pub(super) book: Mutex<Book>,
    pub(super) peers: Mutex<BTreeMap<NodeId, Peer>>,
    pub(super) listening: Mutex<Vec<Multiaddr>>,
    pub(super) counters: Arc<Counters>,
    pub(super) registry: Registry,
}

/// Nobody holds one of these locks across anything that panics or waits.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The network, as the core sees it. Cheap to clone; when the last is dropped the task ends at once.
#[derive(Clone)]
pub struct Net {
    shared: Arc<Shared>,
    commands: mpsc::Sender<Command>,
    publish_room: Arc<Semaphore>,
    ask_room: Arc<Semaphore>,
    fetch_room: Arc<Semaphore>,
    streams: Control,
    states: StreamProtocol,
    task: Arc<Mutex<Option<AbortOnDropHandle<()>>>>,
}

/// Starts the network in the present tokio runtime. It ends when `stop` is cancelled: peers are told,
/// so that they need not find out.
pub fn start(
    config: NetConfig,
    key: &SigningKey,
    state_source: StateSource,
    stop: CancellationToken,
) -> Result<(Net, mpsc::Receiver<NetEvent>), NetError> {
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if config.mesh.is_empty()
        || config.mesh.len() > MESH_NAME_BYTES_MAX
        || !config.mesh.chars().all(named)
    {
        return Err(NetError::MeshName(config.mesh.chars().take(80).collect()));
    }
    let keypair = Keypair::ed25519_from_bytes(key.to_bytes()).map_err(|_| NetError::Key)?;
    let me = NodeId(key.verifying_key().to_bytes());
    // TLS's library gathers its first random number for 30 ms, which would be in the first QUIC
    // handshake. What fails here fails there, with an error.
    tokio::task::spawn_blocking(|| aws_lc_rs::rand::fill(&mut [0; 32]));
    let boot = boot();
    let agent = format!("zeromesh/{}/{boot:016x}", env!("CARGO_PKG_VERSION"));

    let mut registry = Registry::default();
    let mut swarm = behaviour::swarm(&config, &keypair, agent, &mut registry)?;
    for address in &config.listen {
        listen(&mut swarm, address)?;
    }

    let now = Instant::now();
    let mut book = Book::new(me);
    for address in &config.bootstrap {
        book.bootstrap(address, now);
    }
    let counters = Arc::new(Counters::default());
    let shared = Arc::new(Shared {
        me,
        mesh: config.mesh.clone(),
        wanted: Mutex::default(),
        kicks: Mutex::default(),
        wake: Notify::new(),
        book: Mutex::new(book),
        peers: Mutex::default(),
        listening: Mutex::default(),
        counters: counters.clone(),
        registry,
    });

    let mut streams = swarm.behaviour().streams.new_control();
    let protocol = states::protocol(&config.mesh);
    let incoming =
        streams.accept(protocol.clone()).map_err(|error| NetError::Setup(error.to_string()))?;
    let (commands, commands_receiver) = mpsc::channel(COMMANDS_MAX);
    let (events, events_receiver) = mpsc::channel(EVENTS_MAX);
    let task = Task::new(
        swarm,
        shared.clone(),
        commands.downgrade(),
        commands_receiver,
        Events::new(events),
    );
    let serving = states::serve(incoming, state_source, counters);
    let task = tokio::spawn(async move {
        tokio::select! {
            () = task.run(stop) => {}
            () = serving => {}
        }
    });
    let net = Net {
        shared,
        commands,
        publish_room: Arc::new(Semaphore::new(GOSSIP_WAITING_BYTES_MAX)),
        ask_room: Arc::new(Semaphore::new(ASKS_MAX)),
        fetch_room: Arc::new(Semaphore::new(FETCHED_MAX)),
        streams,
        states: protocol,
        task: Arc::new(Mutex::new(Some(AbortOnDropHandle::new(task)))),
    };
    Ok((net, events_receiver))
}

fn listen(
    swarm: &mut libp2p::Swarm<behaviour::Behaviour>,
    address: &Multiaddr,
) -> Result<(), NetError> {
    use libp2p::multiaddr::Protocol;
    let in_use = || NetError::PortInUse { address: address.clone() };
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => in_use(),
        _ => NetError::Listen { address: address.clone(), source },
    };
    // libp2p shares TCP ports (SO_REUSEPORT), so a second node on the same port would be given half
    // of the first one's peers instead of an error. A plain socket tells.
    let mut parts = address.iter();
    let ip = match parts.next() {
        Some(Protocol::Ip4(ip)) => Some(std::net::IpAddr::from(ip)),
        Some(Protocol::Ip6(ip)) => Some(std::net::IpAddr::from(ip)),
        _ => None,
    };
    if let (Some(ip), Some(Protocol::Tcp(port))) = (ip, parts.next())
        && port != 0
    {
        drop(std::net::TcpListener::bind((ip, port)).map_err(failed)?);
    }
    match swarm.listen_on(address.clone()) {
        Ok(_) => Ok(()),
        Err(libp2p::TransportError::MultiaddrNotSupported(_)) => {
            Err(NetError::ListenAddress { address: address.clone() })
        }
        Err(libp2p::TransportError::Other(error)) => {
            // The kind is lost on the way up through the transports.
            if error.to_string().contains("in use") { Err(in_use()) } else { Err(failed(error)) }
        }
    }
}

/// A number of this start of the process: peers see by it that a node restarted.
fn boot() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one((std::process::id(), std::time::SystemTime::now()))
}

impl Net {
    /// This node.
    pub fn me(&self) -> NodeId {
        self.shared.me
    }

    /// The name of the mesh.
    pub fn mesh(&self) -> &str {
        &self.shared.mesh
    }

    /// Where others can join: full addresses with `/p2p/…`.
    pub fn listening(&self) -> Vec<Multiaddr> {
        let me = peer_id(self.shared.me);
        lock(&self.shared.listening)
            .iter()
            .filter_map(|address| address.clone().with_p2p(me).ok())
            .collect()
    }

    /// Listens to a topic.
    pub fn subscribe(&self, topic: Topic) {
        lock(&self.shared.wanted).insert(topic);
        self.shared.wake.notify_one();
    }

    /// Stops listening to a topic.
    pub fn unsubscribe(&self, topic: Topic) {
        lock(&self.shared.wanted).remove(&topic);
        self.shared.wake.notify_one();
    }

    /// Gossips a message. Gossip may be lost at any point; with nobody subscribed it is lost here,
    /// quietly. See [`Net::stats`].
    pub fn publish(&self, topic: Topic, data: Vec<u8>) -> Result<(), PublishError> {
        if data.len() > GOSSIP_BYTES_MAX {
            return Err(PublishError::TooLarge(data.len()));
        }
        let bytes = u32::try_from(data.len().max(1)).unwrap_or(u32::MAX);
        let busy = || {
            count(&self.shared.counters.publish_dropped);
            PublishError::Busy
        };
        let room = self.publish_room.clone().try_acquire_many_owned(bytes).map_err(|_| busy())?;
        let command = Command::Publish { topic, data, _room: room };
        self.commands.try_send(command).map_err(|_| busy())
    }

    /// Gives the verdict on a message.
    pub fn report(&self, id: GossipId, from: NodeId, verdict: Verdict) {
        if self.commands.try_send(Command::Report { id, from, verdict }).is_err() {
            count(&self.shared.counters.verdict_dropped);
        }
    }

    /// Asks a connected peer. Waits while too many questions are on their way.
    pub async fn ask(&self, peer: NodeId, bytes: Vec<u8>) -> Result<Vec<u8>, AskError> {
        if bytes.len() > QUESTION_BYTES_MAX {
            return Err(AskError::TooLarge(bytes.len()));
        }
        let asked = async {
            let _room = self.ask_room.acquire().await.map_err(|_| AskError::Ended)?;
            let (answer, answered) = oneshot::channel();
            let command = Command::Ask { peer, bytes, answer };
            self.commands.send(command).await.map_err(|_| AskError::Ended)?;
            answered.await.map_err(|_| AskError::Ended)?
        };
        // A little beyond libp2p's own time, so that its more precise error is the one seen.
        let limit = ASK_TIMEOUT + Duration::from_millis(250);
        let result = tokio::time::timeout(limit, asked).await.unwrap_or(Err(AskError::Timeout));
        let counters = &self.shared.counters;
        count(if result.is_ok() { &counters.asks_answered } else { &counters.asks_failed });
        result
    }

    /// Fetches a state from a connected peer and checks that it has this hash. Waits while too many
    /// are being fetched.
    pub async fn fetch_state(
        &self,
        peer: NodeId,
        hash: StateHash,
        bytes_max: u64,
    ) -> Result<Vec<u8>, FetchError> {
        let _room = self.fetch_room.acquire().await.map_err(|_| FetchError::Ended)?;
        if !lock(&self.shared.peers).contains_key(&peer) {
            return Err(FetchError::NotConnected);
        }
        let streams = self.streams.clone();
        let bytes =
            states::fetch(streams, peer_id(peer), self.states.clone(), hash, bytes_max).await?;
        count(&self.shared.counters.states_fetched);
        Ok(bytes)
    }

    /// Joins by address, as a person gives it. Resolves once the node there has said that it is of
    /// our mesh.
    pub async fn dial(&self, address: &str) -> Result<Connected, DialFailed> {
        let address = dial::parse(address)?;
        let shown = address.to_string();
        let (answer, answered) = oneshot::channel();
        let command = Command::Dial { address, answer };
        self.commands.send(command).await.map_err(|_| DialFailed::Ended)?;
        match tokio::time::timeout(DIAL_TIMEOUT + Duration::from_secs(1), answered).await {
            Ok(result) => result.map_err(|_| DialFailed::Ended)?,
            Err(_) => Err(DialFailed::NoAnswer { address: shown }),
        }
    }

    /// Tells where a peer may be: remembered from earlier, or heard from others. It is dialled if it
    /// is not connected.
    pub fn known<'a>(&self, peer: NodeId, addresses: impl IntoIterator<Item = &'a Multiaddr>) {
        let now = Instant::now();
        let mut book = lock(&self.shared.book);
        for address in addresses {
            book.learn(peer, address, now);
        }
        drop(book);
        self.shared.wake.notify_one();
    }

    /// Disconnects a peer and dials it again: for one whose gossip went silent while its connection
    /// stands.
    pub fn kick(&self, peer: NodeId) {
        lock(&self.shared.kicks).insert(peer);
        self.shared.wake.notify_one();
    }

    /// The connected nodes of our mesh.
    pub fn peers(&self) -> Vec<Peer> {
        lock(&self.shared.peers).values().cloned().collect()
    }

    /// Every known address and what came of trying it last.
    pub fn attempts(&self) -> Vec<Attempt> {
        lock(&self.shared.book).attempts(Instant::now())
    }

    /// The counters.
    pub fn stats(&self) -> Stats {
        let text = self.metrics();
        let sum = |name: &str| -> u64 {
            let lines = text.lines().filter_map(|line| line.strip_prefix(name));
            // `name{labels} number`
            lines
                .filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok())
                .fold(0, |sum, number| sum + number as u64)
        };
        let all = sum("gossipsub_topic_msg_recv_counts_unfiltered_total{");
        let first = sum("gossipsub_topic_msg_recv_counts_total{");
        self.shared.counters.snapshot(all.saturating_sub(first))
    }

    /// Gossipsub's own metrics in the Prometheus text format.
    pub fn metrics(&self) -> String {
        let mut text = String::new();
        // Writing to a string fails only where a metric does not encode, and these do.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.shared.registry);
        text
    }

    /// Waits until the network has ended after its token was cancelled.
    pub async fn ended(&self) {
        let task = lock(&self.task).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

impl Shared {
    pub(super) fn add(&self, counter: impl Fn(&Counters) -> &std::sync::atomic::AtomicU64, n: u64) {
        add(counter(&self.counters), n);
    }
}
