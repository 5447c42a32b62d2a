//! `GET /metrics`: what a Prometheus server collects.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Api;
use super::types::NodeState;
use crate::handle::Picture;

/// The text format's media type.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Upper ends of the buckets of answer times, in milliseconds: a cached answer takes well under
/// one, a question to a runner a few, joining seconds.
const BUCKETS_MS: [u64; 7] = [1, 5, 25, 100, 500, 2_500, 10_000];

/// Metrics of another part of the node, shown with the API's own.
pub trait MoreMetrics: Send + Sync {
    /// Appends lines in the Prometheus text format. Called for every collection, so it must be
    /// quick; a `# EOF` line is taken off.
    fn write(&self, out: &mut String);
}

/// What the API counts of itself.
#[derive(Default)]
pub struct Counters {
    /// By hundreds of the status.
    answers: [AtomicU64; 6],
    took_us: AtomicU64,
    buckets: [AtomicU64; BUCKETS_MS.len()],
    pub connections: AtomicU64,
    pub connections_refused: AtomicU64,
    pub sockets: AtomicU64,
    pub messages: AtomicU64,
    pub gaps: AtomicU64,
    pub stuck: AtomicU64,
}

impl Counters {
    /// Counts an answer.
    pub fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).min(self.answers.len() - 1);
        self.answers[class].fetch_add(1, Ordering::Relaxed);
        self.took_us.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
        let bucket = BUCKETS_MS.iter().position(|&end| took <= Duration::from_millis(end));
        if let Some(bucket) = bucket {
            self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
    }

    fn write(&self, text: &mut Text) {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        text.head("zeromesh_http_requests_total", "counter", "Answers given, by class of status.");
        for (class, count) in self.answers.iter().enumerate().skip(1) {
            text.line(
                "zeromesh_http_requests_total",
                &[("class", &format!("{class}xx"))],
                get(count),
            );
        }
        let name = "zeromesh_http_request_seconds";
        text.head(name, "histogram", "Time from the head of a request to the head of its answer.");
        let mut below = 0;
        for (end, count) in BUCKETS_MS.iter().zip(&self.buckets) {
            below += get(count);
            let end = (*end as f64 / 1e3).to_string();
            text.line(&format!("{name}_bucket"), &[("le", &end)], below);
        }
        let all: u64 = self.answers.iter().map(get).sum();
        text.line(&format!("{name}_bucket"), &[("le", "+Inf")], all);
        text.line(&format!("{name}_sum"), &[], get(&self.took_us) as f64 / 1e6);
        text.line(&format!("{name}_count"), &[], all);
        let gauges = [
            ("zeromesh_http_connections", "gauge", "Open connections.", &self.connections),
            (
                "zeromesh_http_connections_refused_total",
                "counter",
                "Connections refused because there were too many.",
                &self.connections_refused,
            ),
            ("zeromesh_websockets", "gauge", "Open WebSockets.", &self.sockets),
            ("zeromesh_websocket_messages_total", "counter", "Messages sent.", &self.messages),
            (
                "zeromesh_websocket_gaps_total",
                "counter",
                "Times a slow reader was told that it missed something.",
                &self.gaps,
            ),
            (
                "zeromesh_websocket_stuck_total",
                "counter",
                "WebSockets closed because nothing could be sent for too long.",
                &self.stuck,
            ),
        ];
        for (name, kind, help, counter) in gauges {
            text.one(name, kind, help, get(counter));
        }
    }
}

/// `GET /metrics`.
pub async fn metrics(State(api): State<Api>) -> Response {
    let mut text = Text::default();
    let picture = api.handle.picture.borrow().clone();
    node(&mut text, &picture);
    mesh(&mut text, &picture);
    worlds(&mut text, &picture);
    let waiting = api.handle.asks.max_capacity() - api.handle.asks.capacity();
    text.one("zeromesh_core_questions", "gauge", "Questions waiting for the core.", waiting);
    api.counters.write(&mut text);
    let mut out = text.0;
    for more in &api.more_metrics {
        more.write(&mut out);
        if let Some(end) = out.strip_suffix("# EOF\n").map(str::len) {
            out.truncate(end);
        }
    }
    ([(header::CONTENT_TYPE, HeaderValue::from_static(TEXT))], out).into_response()
}

fn node(text: &mut Text, picture: &Picture) {
    let status = &picture.status;
    text.head("zeromesh_node_info", "gauge", "Always 1; the labels say which node this is.");
    let labels = [
        ("node", status.node.as_str()),
        ("name", &status.name),
        ("mesh", &status.mesh),
        ("version", &status.version),
    ];
    text.line("zeromesh_node_info", &labels, 1);
    let ready = u8::from(picture.ready);
    text.one("zeromesh_ready", "gauge", "1 if the node takes part.", ready);
    text.one("zeromesh_problems", "gauge", "Things wrong with it.", status.problems.len());
    text.one("zeromesh_uptime_seconds", "gauge", "Since start.", status.uptime_ms as f64 / 1e3);
    text.one("zeromesh_peers", "gauge", "Connected peers.", status.peers_connected);
    text.one("zeromesh_projects_run", "gauge", "Projects it runs.", status.projects_run);
    text.one("zeromesh_people_run", "gauge", "People it runs.", status.people_run);
    text.one("zeromesh_disk_used_bytes", "gauge", "Its store.", status.disk_used_bytes);
    text.one("zeromesh_disk_free_bytes", "gauge", "Left on the disk.", status.disk_free_bytes);
    text.one("zeromesh_memory_bytes", "gauge", "Resident memory.", status.memory_bytes);
}

fn mesh(text: &mut Text, picture: &Picture) {
    text.head("zeromesh_mesh_nodes", "gauge", "Nodes known, by whether they are heard from.");
    for (state, name) in [(NodeState::Live, "live"), (NodeState::Missing, "missing")] {
        let count = picture.mesh.nodes.iter().filter(|node| node.state == state).count();
        text.line("zeromesh_mesh_nodes", &[("state", name)], count);
    }
    text.head("zeromesh_peer_rtt_seconds", "gauge", "Round trip to each connected peer.");
    for node in &picture.mesh.nodes {
        if let Some(rtt_us) = node.rtt_us {
            let labels = [("peer", node.id.as_str()), ("name", &node.name)];
            text.line("zeromesh_peer_rtt_seconds", &labels, rtt_us as f64 / 1e6);
        }
    }
}

fn worlds(text: &mut Text, picture: &Picture) {
    type Read = fn(&crate::handle::WorldPicture) -> u64;
    let gauges: [(&str, &str, &str, Read); 6] = [
        ("zeromesh_world_epoch", "gauge", "Settled up to this epoch.", |w| w.view.epoch),
        ("zeromesh_world_epochs_per_second", "gauge", "Epochs settled in the last second.", |w| {
            w.view.epochs_per_second.into()
        }),
        ("zeromesh_world_projects", "gauge", "Projects.", |w| w.view.projects.into()),
        ("zeromesh_world_people", "gauge", "People.", |w| w.view.people.into()),
        ("zeromesh_world_commands", "gauge", "Commands known.", |w| w.view.commands),
        ("zeromesh_world_waiting", "gauge", "1 if it waits for something.", |w| {
            w.view.waiting.is_some().into()
        }),
    ];
    for (name, kind, help, read) in gauges {
        text.head(name, kind, help);
        for (id, world) in &picture.worlds {
            text.line(name, &[("world", &id.short()), ("name", &world.view.name)], read(world));
        }
    }
}

/// Writes the text format.
#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            self.0.push(if at == 0 { '{' } else { ',' });
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.0, "{label}=\"{text}\"");
        }
        let end = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{end} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        self.line(name, &[], value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        let mut text = Text::default();
        text.line("a", &[("b", "x\"y\\z\n"), ("c", "d")], 1);
        assert_eq!(text.0, "a{b=\"x\\\"y\\\\z\\n\",c=\"d\"} 1\n");
    }
}
