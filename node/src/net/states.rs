//! Large states over streams of their own: asked for by hash, checked as they come.
//!
//! The asker writes a hash; the other side answers with a status byte, a length and the bytes. The
//! length is checked before a byte is read, memory is taken as bytes come, and each step has a
//! timeout, so a peer can waste neither memory nor time.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::{PeerId, Stream, StreamProtocol};
use libp2p_stream::{Control, IncomingStreams, OpenStreamError};
use shared::id::{Hash, Hasher, StateHash};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::stats::{Counters, count};

/// Looks a state up by its hash. It may read a disk: it is called on a blocking thread.
pub type StateSource = Arc<dyn Fn(StateHash) -> Option<Arc<[u8]>> + Send + Sync>;

/// The largest state that is sent or fetched at all.
pub const STATE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// States sent at once, and fetched at once: enough to fill a link, few enough to hold in memory.
pub(super) const SERVED_MAX: usize = 16;
pub(super) const FETCHED_MAX: usize = 8;

/// How long one step may take: opening, the answer's head, and each chunk.
const STEP_TIMEOUT: Duration = Duration::from_secs(5);
/// How long all of it may take.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(120);
const CHUNK_BYTES: usize = 256 * 1024;

const FOUND: u8 = 0;
const UNKNOWN: u8 = 1;
const BUSY: u8 = 2;

/// Why a state did not come.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("not connected to that node")]
    NotConnected,
    #[error("the node does not have that state")]
    Unknown,
    #[error("the node sends too many states already; try again or ask another")]
    Busy,
    #[error("the state has {bytes} bytes, more than the {max} allowed")]
    TooLarge { bytes: u64, max: u64 },
    #[error("what came is not that state: its hash differs")]
    WrongHash,
    #[error("the state stopped coming")]
    Timeout,
    #[error("the node does not send states (is it of another version?)")]
    Unsupported,
    #[error("the stream broke: {0}")]
    Broken(String),
    #[error("the network of this node has ended")]
    Ended,
}

impl From<io::Error> for FetchError {
    fn from(error: io::Error) -> Self {
        FetchError::Broken(error.to_string())
    }
}

pub(super) fn protocol(mesh: &str) -> StreamProtocol {
    StreamProtocol::try_from_owned(format!("/zeromesh/{mesh}/state/1")).expect("it begins with /")
}

async fn step<T>(future: impl Future<Output = io::Result<T>>) -> Result<T, FetchError> {
    timeout(STEP_TIMEOUT, future).await.map_err(|_| FetchError::Timeout)?.map_err(Into::into)
}

/// Fetches a state and checks that it is the one asked for.
pub(super) async fn fetch(
    mut control: Control,
    peer: PeerId,
    protocol: StreamProtocol,
    hash: StateHash,
    bytes_max: u64,
) -> Result<Vec<u8>, FetchError> {
    let whole = async {
        // A peer whose acceptor is busy for a moment drops the stream unanswered; see `serve`.
        for _ in 0..3 {
            match attempt(&mut control, peer, &protocol, hash, bytes_max).await {
                Err(FetchError::Broken(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
                result => return result,
            }
        }
        attempt(&mut control, peer, &protocol, hash, bytes_max).await
    };
    timeout(WHOLE_TIMEOUT, whole).await.unwrap_or(Err(FetchError::Timeout))
}

async fn attempt(
    control: &mut Control,
    peer: PeerId,
    protocol: &StreamProtocol,
    hash: StateHash,
    bytes_max: u64,
) -> Result<Vec<u8>, FetchError> {
    let opened = timeout(STEP_TIMEOUT, control.open_stream(peer, protocol.clone()));
    let mut stream = match opened.await.map_err(|_| FetchError::Timeout)? {
        Ok(stream) => stream,
        Err(OpenStreamError::UnsupportedProtocol(_)) => return Err(FetchError::Unsupported),
        Err(OpenStreamError::Io(error)) if error.kind() == io::ErrorKind::NotConnected => {
            return Err(FetchError::NotConnected);
        }
        Err(error) => return Err(FetchError::Broken(error.to_string())),
    };
    step(stream.write_all(&hash.0.0)).await?;
    step(stream.flush()).await?;

    let mut head = [0; 9];
    step(stream.read_exact(&mut head[..1])).await?;
    match head[0] {
        FOUND => {}
        UNKNOWN => return Err(FetchError::Unknown),
        BUSY => return Err(FetchError::Busy),
        other => return Err(FetchError::Broken(format!("an unknown status {other}"))),
    }
    step(stream.read_exact(&mut head[1..])).await?;
    let length = u64::from_be_bytes(head[1..].try_into().expect("8 bytes"));
    let max = bytes_max.min(STATE_BYTES_MAX);
    if length > max {
        return Err(FetchError::TooLarge { bytes: length, max });
    }

    // The same as `Hasher::bytes` over the whole, a chunk at a time.
    let mut hasher = Hasher::new("zeromesh/state").number(length);
    let length =
        usize::try_from(length).map_err(|_| FetchError::TooLarge { bytes: length, max })?;
    let mut bytes = Vec::with_capacity(length.min(4 * CHUNK_BYTES));
    let mut chunk = vec![0; CHUNK_BYTES.min(length)];
    while bytes.len() < length {
        let wanted = chunk.len().min(length - bytes.len());
        let read = step(stream.read(&mut chunk[..wanted])).await?;
        if read == 0 {
            return Err(FetchError::Broken("it ended early".to_string()));
        }
        hasher = hasher.fixed(&chunk[..read]);
        bytes.extend_from_slice(&chunk[..read]);
    }
    let found: Hash = hasher.finish();
    if found != hash.0 {
        return Err(FetchError::WrongHash);
    }
    let _ = timeout(STEP_TIMEOUT, stream.close()).await;
    Ok(bytes)
}

/// Answers the streams of peers until the swarm ends.
pub(super) async fn serve(
    mut streams: IncomingStreams,
    source: StateSource,
    counters: Arc<Counters>,
) {
    let room = Arc::new(Semaphore::new(SERVED_MAX));
    // Those told "busy" are few at a time too; beyond them streams are dropped unanswered.
    let busy = Arc::new(Semaphore::new(4 * SERVED_MAX));
    // They end with this task: each holds the source, and that the store.
    let mut answers = JoinSet::new();
    // The channel of streams holds one: nothing here may wait.
    while let Some((_, mut stream)) = streams.next().await {
        while answers.try_join_next().is_some() {}
        let counters = counters.clone();
        if let Ok(permit) = room.clone().try_acquire_owned() {
            let source = source.clone();
            answers.spawn(async move {
                let sent = timeout(WHOLE_TIMEOUT, answer(&mut stream, source)).await;
                if let Ok(Ok(true)) = sent {
                    count(&counters.states_served);
                }
                drop(permit);
            });
        } else if let Ok(permit) = busy.clone().try_acquire_owned() {
            answers.spawn(async move {
                let _ = step(stream.write_all(&[BUSY])).await;
                let _ = step(stream.close()).await;
                drop(permit);
            });
        }
    }
}

async fn answer(stream: &mut Stream, source: StateSource) -> Result<bool, FetchError> {
    let mut hash = [0; 32];
    step(stream.read_exact(&mut hash)).await?;
    let state = tokio::task::spawn_blocking(move || source(StateHash(Hash(hash)))).await;
    let Ok(Some(state)) = state else {
        step(stream.write_all(&[UNKNOWN])).await?;
        step(stream.close()).await?;
        return Ok(false);
    };
    let mut head = [FOUND; 9];
    head[1..].copy_from_slice(&(state.len() as u64).to_be_bytes());
    step(stream.write_all(&head)).await?;
    for chunk in state.chunks(CHUNK_BYTES) {
        step(stream.write_all(chunk)).await?;
    }
    step(stream.close()).await?;
    Ok(true)
}
