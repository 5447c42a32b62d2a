//! The HTTP API, and the dashboard over it.
//!
//! A request goes through [`server`] (limits, timeouts), [`access`] (who may ask) and [`routes`]
//! (one table, of which the OpenAPI document is made too) to a handler in [`read`], [`write`],
//! [`people`], [`workshop`], [`health`], [`metrics`] or [`socket`]. Handlers read the pictures the core publishes
//! or ask it through its [`Handle`]; they decide nothing about worlds themselves.

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use crate::handle::{Answer, Ask, Handle};

pub mod access;
pub mod body;
pub mod dashboard;
pub mod declaration;
pub mod health;
pub mod idempotency;
pub mod inputs;
pub mod lookup;
pub mod metrics;
pub mod openapi;
pub mod page;
pub mod people;
pub mod problem;
pub mod read;
pub mod render;
pub mod routes;
pub mod schema;
pub mod server;
pub mod socket;
pub mod stall;
pub mod types;
pub mod workshop;
pub mod write;

pub use server::{BindError, Limits, bind, serve};

use access::{Access, Exposed};
use metrics::{Counters, MoreMetrics};
use problem::Failure;

/// How long the core may take over a question. Joining dials for up to ten seconds; twice that.
const ASK_TIMEOUT: Duration = Duration::from_secs(20);

/// Large bodies read at a time: each may take 64 MiB, and as much again once understood.
const LARGE_MAX: usize = 2;

/// What every handler has at hand. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

/// See [`Api`].
pub struct Inner {
    pub(crate) handle: Handle,
    pub(crate) access: Access,
    pub(crate) limits: Limits,
    pub(crate) rendered: render::Cache,
    pub(crate) keys: idempotency::Keys,
    pub(crate) counters: Arc<Counters>,
    pub(crate) more_metrics: Vec<Arc<dyn MoreMetrics>>,
    pub(crate) hub: socket::hub::Hub,
    pub(crate) large: Semaphore,
    pub(crate) shutdown: CancellationToken,
}

impl Deref for Api {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Api {
    /// The API over this core, for a server at `address`. Others' metrics are shown with its own.
    /// When `shutdown` is cancelled, the server and all sockets end.
    pub fn new(
        handle: Handle,
        address: std::net::SocketAddr,
        token: Option<&str>,
        limits: Limits,
        more_metrics: Vec<Arc<dyn MoreMetrics>>,
        shutdown: CancellationToken,
    ) -> Result<Self, Exposed> {
        let counters = Arc::new(Counters::default());
        Ok(Api(Arc::new(Inner {
            access: Access::new(address, token)?,
            rendered: render::Cache::default(),
            keys: idempotency::Keys::default(),
            hub: socket::hub::Hub::new(handle.clone(), counters.clone(), shutdown.clone()),
            handle,
            limits,
            large: Semaphore::new(LARGE_MAX),
            counters,
            more_metrics,
            shutdown,
        })))
    }

    /// Asks the core and waits for its answer. A full queue is said at once: waiting in line for a
    /// core that cannot keep up helps nobody.
    pub(crate) async fn ask<T>(&self, ask: impl FnOnce(Answer<T>) -> Ask) -> Result<T, Failure> {
        let stopping = || Failure::unavailable("This node is shutting down. Ask another node.");
        let (answer, answered) = oneshot::channel();
        self.handle.asks.try_send(ask(answer)).map_err(|error| match error {
            TrySendError::Full(_) => Failure::unavailable(
                "This node has too many requests waiting. Try again in a second.",
            ),
            TrySendError::Closed(_) => stopping(),
        })?;
        let started = Instant::now();
        match tokio::time::timeout(ASK_TIMEOUT, answered).await {
            Ok(Ok(answer)) => Ok(answer?),
            Ok(Err(_)) => Err(stopping()),
            Err(_) => Err(Failure::new(
                axum::http::StatusCode::GATEWAY_TIMEOUT,
                "timeout",
                format!(
                    "There was no answer within {} s. It may still be done: look before you try \
                     again.",
                    started.elapsed().as_secs()
                ),
            )),
        }
    }
}
