//! Gossip is decoded and verified once, on a thread of its own: away from the network task, which
//! must never wait, and from the core, which has better things to do.

use shared::engine::machine::Input;
use shared::wire::codec;
use shared::wire::message::Gossip;
use tokio::sync::mpsc;

use super::Event;
use crate::net::{GossipMessage, Net, Verdict};

/// Messages that wait to be verified. Beyond it they are dropped: anti-entropy repairs that.
const WAITING_MAX: usize = 4_096;

/// Takes messages to be verified.
#[derive(Clone)]
pub struct Verifier {
    messages: mpsc::Sender<GossipMessage>,
    net: Net,
}

impl Verifier {
    /// Starts the thread. It ends when the verifier is dropped.
    pub fn start(net: Net, events: mpsc::Sender<Event>) -> std::io::Result<Verifier> {
        let (messages, mut waiting) = mpsc::channel::<GossipMessage>(WAITING_MAX);
        let verdicts = net.clone();
        std::thread::Builder::new().name("verify".into()).spawn(move || {
            while let Some(message) = waiting.blocking_recv() {
                let verdict = match verify(&message) {
                    Ok(input) => {
                        if events.blocking_send(Event::Input(input)).is_err() {
                            return;
                        }
                        Verdict::Accept
                    }
                    Err(why) => {
                        tracing::debug!(from = ?message.from, topic = ?message.topic, why, "gossip was refused");
                        Verdict::Reject
                    }
                };
                verdicts.report(message.id, message.from, verdict);
            }
        })?;
        Ok(Verifier { messages, net })
    }

    /// Verifies a message in its turn, or drops it.
    pub fn verify(&self, message: GossipMessage) {
        if let Err(full) = self.messages.try_send(message) {
            let message = full.into_inner();
            self.net.report(message.id, message.from, Verdict::Ignore);
        }
    }
}

fn verify(message: &GossipMessage) -> Result<Input, String> {
    let gossip: Gossip = codec::decode(&message.data).map_err(|error| error.to_string())?;
    let verified = gossip.verify().map_err(|error| error.to_string())?;
    if verified.topic() != message.topic {
        return Err("it is on the wrong topic".into());
    }
    Ok(Input::Heard(verified))
}
