//! Gossip is decoded and verified once, on a thread of its own: away from the network task, which
//! must never wait, and from the core, which has better things to do.

use shared::engine::machine::Input;
use shared::wire::codec;
use shared::wire::message::Gossip;
use tokio::sync::mpsc;

use super::Event;
use crate::net::{GossipMessage, Net, Topic, Verdict};

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
                let verdict = match verify(message.topic, &message.data) {
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

fn verify(topic: Topic, data: &[u8]) -> Result<Input, String> {
    let gossip: Gossip = codec::decode(data).map_err(|error| error.to_string())?;
    let verified = gossip.verify().map_err(|error| error.to_string())?;
    if verified.topic() != topic {
        return Err("it is on the wrong topic".into());
    }
    Ok(Input::Heard(verified))
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use shared::engine::command::{Command, Stamped, Target};
    use shared::id::{Hash, WorldId};
    use shared::wire::signed::Verified;

    use super::*;

    const WORLD: WorldId = WorldId(Hash([3; 32]));

    fn stamped(epoch: u64, body: usize) -> Vec<u8> {
        let command =
            Command { world: WORLD, target: Target::Found, body: vec![0; body], nonce: 0 };
        let signed = Verified::sign(Stamped { epoch, command }, &SigningKey::from_bytes(&[1; 32]));
        codec::encode(&Gossip::Command(signed.envelope().clone()))
    }

    #[test]
    fn what_is_well_signed_and_on_its_topic_is_passed_on() {
        let bytes = stamped(1, 10);
        assert!(matches!(verify(Topic::Commands(WORLD), &bytes), Ok(Input::Heard(_))));
    }

    #[test]
    fn what_is_forged_cut_or_extended_is_refused_and_never_panics() {
        let bytes = stamped(1, 40);
        for index in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[index] ^= 1;
            assert!(verify(Topic::Commands(WORLD), &forged).is_err(), "byte {index}");
            assert!(verify(Topic::Commands(WORLD), &bytes[..index]).is_err(), "cut at {index}");
        }
        let mut extended = bytes;
        extended.push(0);
        assert!(verify(Topic::Commands(WORLD), &extended).is_err());
    }

    #[test]
    fn what_belongs_on_another_topic_is_refused() {
        let bytes = stamped(1, 10);
        let other = WorldId(Hash([4; 32]));
        for topic in
            [Topic::Status, Topic::Control, Topic::Commands(other), Topic::Bulletins(WORLD)]
        {
            assert!(verify(topic, &bytes).is_err(), "{topic}");
        }
    }
}
