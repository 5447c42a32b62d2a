//! A node from its settings to the end of its life.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use libp2p::Multiaddr;
use shared::engine::machine::{Config, Engine, Input};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::driver::{Core, Parts};
use super::gossip::Verifier;
use super::looks::{Known, Looks};
use super::picture::Pictures;
use super::{EVENTS_MAX, Event, disk, supports};
use crate::api::inputs::Scenario;
use crate::api::metrics::MoreMetrics;
use crate::api::{self, Api, Limits};
use crate::cli::exit::CliError;
use crate::cli::run::{Announce, Plan, Ready, Start};
use crate::handle::{ASKS_MAX, Ask, Handle};
use crate::net::{self, Net, NetConfig, NetLimits};
use crate::runner::Runner;
use crate::store::{Options, Store};

/// How long a node that knows peers waits for them before it runs worlds by itself.
const HOLD_MS: u64 = 1_500;
/// Watches that wait to be begun.
const WATCHES_WAITING: usize = 64;
/// How long a world of our own may take to be on disk before the node says it is ready without.
const WORLD_TIMEOUT: Duration = Duration::from_secs(10);

/// Runs a node until it is told to end.
pub async fn run(plan: Plan, announce: Announce) -> Result<(), CliError> {
    let settings = plan.settings;
    let failed = |error: &dyn std::fmt::Display| CliError::failure(error.to_string());
    let stop = CancellationToken::new();

    // What can be refused is tried first, before anything is written.
    let listener = api::bind(settings.http_address).await.map_err(|error| failed(&error))?;
    let http_address = listener.local_addr().map_err(|error| failed(&error))?;
    let options = Options {
        cache_bytes: settings.store_cache_bytes,
        work_free_bytes_min: settings.store_reserve_bytes,
        ..Options::default()
    };
    let data = settings.data.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let store = Store::open_with(&data, options)?;
        let worlds = disk::load(&store)?;
        let peers = store.peers()?;
        Ok::<_, crate::store::StoreError>((store, worlds, peers))
    });
    let (store, worlds, peers) =
        opened.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let (key, new_key) = crate::key::load_or_create(&settings.data.join("node.key"))
        .map_err(|error| failed(&error))?;
    let me = shared::wire::signed::node_id(&key);
    if new_key {
        tracing::info!(node = %me, "a new node: its key was made");
    }
    let name = match settings.name.is_empty() {
        true => default_name(&me.to_string()),
        false => settings.name.clone(),
    };

    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = if settings.workers == 0 { cores } else { settings.workers };
    let (events, events_waiting) = mpsc::channel(EVENTS_MAX);
    let done = events.clone();
    let runner = Runner::start(workers, store.clone(), move |done_job| {
        // It fails only when the core has ended.
        let _ = done.blocking_send(Event::Input(Input::Done(done_job)));
    })
    .map_err(|error| failed(&error))?;
    let served = runner.clone();
    let config = NetConfig {
        mesh: settings.mesh.clone(),
        listen: settings.listen.clone(),
        bootstrap: settings.join.clone(),
        mdns: settings.mdns,
        limits: NetLimits { connections_max: settings.net_connections_max, ..NetLimits::default() },
    };
    let source = Arc::new(move |state| served.snapshot(state));
    let (net, net_events) =
        net::start(config, &key, source, stop.child_token()).map_err(|error| failed(&error))?;
    for (peer, addresses) in &peers {
        let addresses: Vec<Multiaddr> =
            addresses.iter().filter_map(|address| address.parse().ok()).collect();
        net.known(*peer, &addresses);
    }
    let hold_ms = if settings.join.is_empty() && peers.is_empty() { 0 } else { HOLD_MS };
    let mut engine = Engine::new(key, Config { hold_ms, ..Config::default() }, supports());
    let has_worlds = !worlds.is_empty();
    for world in worlds {
        engine.resume(world);
    }

    let known = Known::default();
    let pictures =
        Pictures::new(&settings, name.clone(), me, http_address, workers as u16, known.clone());
    let (asks, asks_waiting) = mpsc::channel(ASKS_MAX);
    let (watches, watches_waiting) = mpsc::channel(WATCHES_WAITING);
    let handle = Handle {
        asks,
        watches,
        picture: pictures.subscribe(),
        history: pictures.subscribe_history(),
    };
    let limits = Limits {
        connections_max: settings.http_connections_max,
        websockets_max: settings.http_websockets_max,
        ..Limits::default()
    };
    let token = settings.http_token.as_deref();
    let metrics: Vec<Arc<dyn MoreMetrics>> = vec![Arc::new(NetMetrics(net.clone()))];
    let api = Api::new(handle.clone(), http_address, token, limits, metrics, stop.child_token())
        .map_err(|error| CliError::refused(error.to_string()))?;

    let core = Core::new(Parts {
        engine,
        net: net.clone(),
        runner: runner.clone(),
        store: store.clone(),
        writer: disk::Writer::start(store.clone(), events.clone()),
        verifier: Verifier::start(net.clone(), events.clone()).map_err(|error| failed(&error))?,
        looks: Looks::new(runner, known, me),
        pictures,
        events: events.clone(),
        stop: stop.clone(),
    });
    tokio::spawn(forward(net_events, asks_waiting, watches_waiting, events));
    let core = tokio::spawn(core.run(events_waiting));
    let server = tokio::spawn(api::serve(api, listener));
    for address in settings.join.clone() {
        tokio::spawn(join(net.clone(), address));
    }

    if let Err(error) = first_world(&handle, plan.start, has_worlds).await {
        stop.cancel();
        let _ = core.await;
        return Err(error);
    }
    wait_for_addresses(&net, settings.listen.len()).await;
    announce(Ready {
        node: me.to_string(),
        name,
        mesh: settings.mesh.clone(),
        addresses: net.listening().iter().map(ToString::to_string).collect(),
        http: format!("http://{http_address}"),
        data: settings.data.display().to_string(),
    });

    tokio::select! {
        () = told_to_end() => tracing::info!("told to end"),
        () = stop.cancelled() => {}
    }
    stop.cancel();
    let _ = core.await;
    let _ = server.await;
    net.ended().await;
    // The last of the store flushes when it is dropped, which blocks.
    let _ = tokio::task::spawn_blocking(move || drop(store)).await;
    Ok(())
}

/// Everything that happens, in one line.
async fn forward(
    mut net: mpsc::Receiver<net::NetEvent>,
    mut asks: mpsc::Receiver<Ask>,
    mut watches: mpsc::Receiver<(
        shared::id::ShardId,
        oneshot::Sender<Result<crate::handle::Watch, crate::handle::Denied>>,
    )>,
    events: mpsc::Sender<Event>,
) {
    loop {
        let event = tokio::select! {
            Some(event) = net.recv() => Event::Net(event),
            Some(ask) = asks.recv() => Event::Ask(ask),
            Some((project, answer)) = watches.recv() => Event::Watch(project, answer),
            else => return,
        };
        if events.send(event).await.is_err() {
            return;
        }
    }
}

/// Says at once what is wrong with an address that was given; the network goes on trying it.
async fn join(net: Net, address: Multiaddr) {
    match net.dial(&address.to_string()).await {
        Ok(connected) => tracing::info!(peer = %connected.peer, %address, "joined"),
        Err(error) => tracing::warn!(%address, "cannot join: {error}. It is tried again"),
    }
}

async fn first_world(handle: &Handle, start: Start, has_worlds: bool) -> Result<(), CliError> {
    let scenario = match start {
        Start::Nothing => return Ok(()),
        Start::IfNone(_) if has_worlds => return Ok(()),
        Start::IfNone(scenario) | Start::Always(scenario) => scenario,
    };
    let Scenario { genesis, commands, pace, .. } = scenario;
    let (answer, answered) = oneshot::channel();
    let ended = || CliError::failure("the node ended before its world began");
    handle
        .asks
        .send(Ask::CreateWorld { genesis, commands, pace, answer })
        .await
        .map_err(|_| ended())?;
    match tokio::time::timeout(WORLD_TIMEOUT, answered).await {
        Ok(Ok(Ok(_))) => Ok(()),
        Ok(Ok(Err(denied))) => Err(CliError::refused(denied.to_string())),
        Ok(Err(_)) => Err(ended()),
        Err(_) => {
            Err(CliError::failure("the world could not be stored in time: is the disk very slow?"))
        }
    }
}

/// Listening on a port that was drawn takes a moment to be known.
async fn wait_for_addresses(net: &Net, expected: usize) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(2);
    while net.listening().len() < expected && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Ctrl-C, or a polite kill.
async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// A name people can say, from the end of the peer id.
fn default_name(peer_id: &str) -> String {
    let tail = peer_id.get(peer_id.len().saturating_sub(6)..).unwrap_or(peer_id);
    format!("node-{tail}")
}

struct NetMetrics(Net);

impl MoreMetrics for NetMetrics {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0.metrics());
    }
}

/// The URL of a dashboard at this address, as others may use it: none on loopback.
pub(super) fn public_url(address: SocketAddr) -> Option<String> {
    (!address.ip().is_loopback() && !address.ip().is_unspecified())
        .then(|| format!("http://{address}"))
}
