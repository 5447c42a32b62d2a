//! Cached GETs a second of a real node, against a bare hyper that says hello. Server on one core,
//! the clients on another.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use testnet::processes::launch::{Pace, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::place::on_core;
use crate::process::{Process, launch};
use crate::report::{Aim, Report};

const ROUNDS: usize = 5;
const CONNECTIONS: usize = 32;
const MEASURED: Duration = Duration::from_millis(800);
const PATHS: [(&str, f64); 2] = [("/api/v1/worlds", 0.6), ("/healthz", 0.0)];

/// The bare hyper server: prints its address and serves until it is killed.
pub fn serve_hello() -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        std::io::stdout().flush()?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(async move {
                let hello = hyper::service::service_fn(|_: Request<hyper::body::Incoming>| async {
                    Ok::<_, std::convert::Infallible>(Response::new(Full::new(Bytes::from_static(
                        b"hello",
                    ))))
                });
                let connection = hyper::server::conn::http1::Builder::new();
                let _ = connection.serve_connection(TokioIo::new(stream), hello).await;
            });
        }
    })
}

struct Hello {
    child: Child,
    address: String,
}

impl Hello {
    fn start() -> anyhow::Result<Hello> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--serve-hello").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = on_core(0, || command.spawn())?;
        let mut line = String::new();
        let output = child.stdout.take().context("its output is a pipe")?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)?;
        Ok(Hello { child, address: line.trim().to_owned() })
    }
}

impl Drop for Hello {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks again and again over one connection, as soon as the answer is there.
async fn client(
    address: String,
    path: &str,
    count: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let mut buffer = vec![0; 64 * 1024];
    let mut length = None;
    while !stop.load(Ordering::Relaxed) {
        stream.write_all(request.as_bytes()).await?;
        let mut filled = 0;
        // All answers are alike, so the length of the first is the length of all, until one is not
        loop {
            let read = stream.read(&mut buffer[filled..]).await?;
            anyhow::ensure!(read > 0, "the server closed the connection");
            filled += read;
            match length {
                Some(length) if filled == length => break,
                _ => {
                    if let Some(whole) = whole_answer(&buffer[..filled])? {
                        length = Some(whole);
                        break;
                    }
                }
            }
        }
        count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// The bytes of the answer, if all of them are there.
fn whole_answer(bytes: &[u8]) -> anyhow::Result<Option<usize>> {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, _)) = text.split_once("\r\n\r\n") else { return Ok(None) };
    anyhow::ensure!(head.starts_with("HTTP/1.1 200"), "an answer that is none: {head}");
    let lines = head.lines().map(str::to_ascii_lowercase);
    let length: usize = lines
        .filter_map(|line| line.strip_prefix("content-length:").map(|n| n.trim().to_owned()))
        .next()
        .context("an answer without a length")?
        .parse()?;
    let whole = head.len() + 4 + length;
    Ok((bytes.len() >= whole).then_some(whole))
}

/// Answers a second.
fn rate(address: &str, path: &'static str) -> anyhow::Result<f64> {
    on_core(1, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let (count, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
            let clients: Vec<_> = (0..CONNECTIONS)
                .map(|_| {
                    tokio::spawn(client(address.to_owned(), path, count.clone(), stop.clone()))
                })
                .collect();
            tokio::time::sleep(Duration::from_millis(150)).await;
            let (before, begun) = (count.load(Ordering::Relaxed), Instant::now());
            tokio::time::sleep(MEASURED).await;
            let done = count.load(Ordering::Relaxed) - before;
            let seconds = begun.elapsed().as_secs_f64();
            stop.store(true, Ordering::Relaxed);
            for client in clients {
                client.await??;
            }
            Ok(done as f64 / seconds)
        })
    })
}

pub fn measure(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    // A world that stands still: what is measured is the server
    let slow: Pace = "60000".parse().map_err(anyhow::Error::msg)?;
    let node = Process::start(&launch(folder.path(), "web", World::Default, Some(slow)), Some(0))?;
    node.wait("its world", Duration::from_secs(10), |node| Ok(node.world()?.is_some()))?;
    let hello = Hello::start()?;
    for (path, aim) in PATHS {
        let mut pairs = Vec::new();
        for _ in 0..ROUNDS {
            let base = rate(&hello.address, "/")?;
            pairs.push((rate(node.api.authority(), path)?, base));
        }
        let aim = if aim > 0.0 { Aim::RatioAtLeast(aim) } else { Aim::None };
        report.against(&format!("http: GET {path}"), "answers/s", "hyper hello", &pairs, aim);
    }
    Ok(())
}
