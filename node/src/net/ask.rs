//! What one peer asks of another: opaque bytes both ways, length first, bounded before they are read.

use std::io;
use std::time::Duration;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::StreamProtocol;
use libp2p::request_response::{self, OutboundFailure, ResponseChannel};
use shared::wire::message::MESSAGE_BYTES_MAX;
use tokio::sync::mpsc;

use super::Command;

/// The largest question: what fits into a message.
pub const QUESTION_BYTES_MAX: usize = MESSAGE_BYTES_MAX;

/// The largest answer. Larger things are states, see [`fetch_state`](super::Net::fetch_state).
pub const ANSWER_BYTES_MAX: usize = 4 * MESSAGE_BYTES_MAX;

/// How long an answer may take: longer than any answer is computed, shorter than a person waits.
pub const ASK_TIMEOUT: Duration = Duration::from_secs(5);

/// Questions on their way at once, each way; each may hold an answer of 4 MiB.
pub const ASKS_MAX: usize = 64;

/// An answer came, or a clear no.
const ANSWERED: u8 = 0;
const REFUSED: u8 = 1;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    #[error("not connected to that node")]
    NotConnected,
    #[error("a question of {0} bytes is too large: at most {QUESTION_BYTES_MAX}")]
    TooLarge(usize),
    #[error("no answer within {} seconds", ASK_TIMEOUT.as_secs())]
    Timeout,
    #[error("the node refused to answer")]
    Refused,
    #[error("the connection was lost before the answer came")]
    Lost,
    #[error("the node does not take questions (is it of another version?)")]
    Unsupported,
    #[error("the answer could not be read: {0}")]
    Io(String),
    #[error("the network of this node has ended")]
    Ended,
}

impl From<OutboundFailure> for AskError {
    fn from(failure: OutboundFailure) -> Self {
        match failure {
            OutboundFailure::DialFailure => AskError::NotConnected,
            OutboundFailure::Timeout => AskError::Timeout,
            OutboundFailure::ConnectionClosed => AskError::Lost,
            OutboundFailure::UnsupportedProtocols => AskError::Unsupported,
            OutboundFailure::Io(error) => match error.kind() {
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof => AskError::Lost,
                io::ErrorKind::TimedOut => AskError::Timeout,
                _ => AskError::Io(error.to_string()),
            },
        }
    }
}

/// The place for an answer. Dropped, it says no.
#[derive(Debug)]
pub struct Reply {
    channel: Option<ResponseChannel<Option<Vec<u8>>>>,
    commands: mpsc::Sender<Command>,
    /// Bounds the questions that wait for their answers here.
    _room: tokio::sync::OwnedSemaphorePermit,
}

impl Reply {
    pub(super) fn new(
        channel: ResponseChannel<Option<Vec<u8>>>,
        commands: mpsc::Sender<Command>,
        room: tokio::sync::OwnedSemaphorePermit,
    ) -> Self {
        Reply { channel: Some(channel), commands, _room: room }
    }

    /// Answers. An answer beyond [`ANSWER_BYTES_MAX`] becomes a refusal, as the peer would not read it.
    pub fn send(mut self, bytes: Vec<u8>) {
        let answer = (bytes.len() <= ANSWER_BYTES_MAX).then_some(bytes);
        debug_assert!(answer.is_some(), "an answer beyond its bound");
        self.respond(answer);
    }

    fn respond(&mut self, answer: Option<Vec<u8>>) {
        if let Some(channel) = self.channel.take() {
            // When the queue is full the channel is dropped with it: the peer is told nothing and
            // sees a lost answer, which it asks for again.
            let _ = self.commands.try_send(Command::Respond { channel, answer });
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.respond(None);
    }
}

/// Length-prefixed bytes: a `u32` and so many bytes; an answer has a status byte before.
#[derive(Clone, Default)]
pub struct AskCodec;

async fn read_bytes<T: AsyncRead + Unpin + Send>(io: &mut T, max: usize) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    io.read_exact(&mut length).await?;
    let length = u32::from_be_bytes(length) as usize;
    if length > max {
        let message = format!("{length} bytes were announced, at most {max} are read");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    // Memory is taken as bytes come, not as they are announced.
    let mut bytes = Vec::with_capacity(length.min(64 * 1024));
    io.take(length as u64).read_to_end(&mut bytes).await?;
    if bytes.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

async fn write_bytes<T: AsyncWrite + Unpin + Send>(io: &mut T, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    io.write_all(&length.to_be_bytes()).await?;
    io.write_all(bytes).await
}

impl request_response::Codec for AskCodec {
    type Protocol = StreamProtocol;
    type Request = Vec<u8>;
    type Response = Option<Vec<u8>>;

    async fn read_request<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Vec<u8>> {
        read_bytes(io, QUESTION_BYTES_MAX).await
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Option<Vec<u8>>> {
        let mut status = [0];
        io.read_exact(&mut status).await?;
        match status[0] {
            ANSWERED => read_bytes(io, ANSWER_BYTES_MAX).await.map(Some),
            REFUSED => Ok(None),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "an unknown status byte")),
        }
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        question: Vec<u8>,
    ) -> io::Result<()> {
        write_bytes(io, &question).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        answer: Option<Vec<u8>>,
    ) -> io::Result<()> {
        match answer {
            Some(bytes) => {
                io.write_all(&[ANSWERED]).await?;
                write_bytes(io, &bytes).await
            }
            None => io.write_all(&[REFUSED]).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::io::Cursor;

    use super::*;

    #[tokio::test]
    async fn a_length_that_lies_is_refused_before_it_is_read() {
        let mut too_large = Cursor::new(u32::MAX.to_be_bytes().to_vec());
        let error = read_bytes(&mut too_large, 100).await.expect_err("too large");
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);

        let mut too_short = Cursor::new([0, 0, 0, 9, 1, 2]);
        let error = read_bytes(&mut too_short, 100).await.expect_err("too short");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
