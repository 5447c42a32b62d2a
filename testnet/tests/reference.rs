//! The semantics of a history against a naive reference, which knows nothing of receipts, cuts and
//! anchors: it steps all shards epoch by epoch and works out inboxes, returned messages, lineages
//! and roots from the rules in the design alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use shared::engine::anchor::Anchor;
use shared::engine::command::{Command, Stamped, Target, WorldCommand};
use shared::engine::genesis::Genesis;
use shared::engine::history::{Heard, History};
use shared::engine::ledger::Entered;
use shared::engine::model::{CommandInput, Founding, Mail, Model, Outgoing};
use shared::engine::phold::{self, Order, Phold, Spec};
use shared::engine::solo::Solo;
use shared::engine::step::{self, StepInput};
use shared::id::{CommandId, Epoch, Hash, Hasher, Lineage, NodeId, ShardId, StateHash};
use shared::rng::Rng;
use shared::wire::codec;
use shared::wire::signed::Verified;

type Commands = Vec<(Epoch, Command)>;

#[derive(Default)]
struct Shard {
    founded: Epoch,
    ended: Option<Epoch>,
    lineage: Option<Lineage>,
    state: Option<<Phold as Model>::State>,
    hash: Option<StateHash>,
    sent: BTreeMap<Epoch, Vec<Outgoing>>,
}

impl Shard {
    fn alive(&self, epoch: Epoch) -> bool {
        self.founded <= epoch && self.ended.is_none_or(|end| epoch < end)
    }
}

/// Runs these commands from the start and answers with the roots of all checkpoints up to `until`.
fn reference(genesis: &Genesis, commands: &Commands, until: Epoch) -> BTreeMap<Epoch, Hash> {
    let interval = u64::from(genesis.checkpoint_interval);
    let lookahead = u64::from(genesis.lookahead);
    let world = genesis.id();
    let mut in_order: Vec<(Epoch, CommandId, &Command)> =
        commands.iter().map(|(epoch, command)| (*epoch, command.id(), command)).collect();
    in_order.sort_by_key(|(epoch, id, _)| (*epoch, *id));
    // The rules of the last change that was stamped before the newest checkpoint.
    let rules_at = |epoch: Epoch| {
        let change = in_order.iter().rev().find_map(|(stamped, _, command)| {
            let in_force = *stamped < epoch - epoch % interval && command.target == Target::World;
            let WorldCommand::Rules(rules) =
                in_force.then(|| codec::decode(&command.body).ok()).flatten()?;
            Some(rules)
        });
        change.unwrap_or(genesis.rules)
    };
    let mut shards: BTreeMap<ShardId, Shard> = BTreeMap::new();
    for (epoch, id, command) in &in_order {
        if command.target == Target::Found {
            shards.insert(ShardId(id.0), Shard { founded: *epoch, ..Shard::default() });
        }
    }
    let mut roots = BTreeMap::new();
    for epoch in 0..=until {
        if epoch > 0 && epoch % interval == 0 {
            let mut root = Hasher::new("zeromesh/root").fixed(&world.0.0).number(epoch);
            for (id, shard) in shards.iter().filter(|(_, shard)| shard.founded < epoch) {
                let (lineage, hash) = (shard.lineage.unwrap(), shard.hash.unwrap());
                root = root.fixed(&id.0.0).fixed(&lineage.0.0).fixed(&hash.0.0);
                root = root.number(shard.ended.unwrap_or(0));
            }
            roots.insert(epoch, root.finish());
        }
        let rules = rules_at(epoch);
        let mut inboxes: BTreeMap<ShardId, Vec<Mail>> = BTreeMap::new();
        let outbox = |from: &Shard, at: Option<Epoch>| -> Vec<Outgoing> {
            at.and_then(|at| from.sent.get(&at).cloned()).unwrap_or_default()
        };
        for (id, from) in &shards {
            for message in outbox(from, epoch.checked_sub(lookahead)) {
                let letter = Mail { from: *id, returned: false, body: message.body };
                inboxes.entry(message.to).or_default().push(letter);
            }
        }
        for (id, from) in &shards {
            for message in outbox(from, epoch.checked_sub(2 * lookahead)) {
                let arrived = epoch - lookahead;
                if !shards.get(&message.to).is_some_and(|to| to.alive(arrived)) {
                    let letter = Mail { from: message.to, returned: true, body: message.body };
                    inboxes.entry(*id).or_default().push(letter);
                }
            }
        }
        for (id, shard) in shards.iter_mut().filter(|(_, shard)| shard.alive(epoch)) {
            let before = shard.lineage.unwrap_or_else(|| {
                let found = Hasher::new("zeromesh/lineage/found").number(u64::from(rules));
                Lineage(found.fixed(&world.0.0).fixed(&id.0.0).number(epoch).finish())
            });
            let effective: Vec<CommandInput> = {
                let mut mine: Vec<CommandInput> = in_order
                    .iter()
                    .filter(|(stamped, _, command)| {
                        command.target == Target::Shard(*id)
                            && (*stamped).max(shard.founded) == epoch
                    })
                    .map(|(_, id, command)| CommandInput { id: *id, body: command.body.clone() })
                    .collect();
                mine.sort_by_key(|input| input.id);
                mine
            };
            let inbox = inboxes.remove(id).unwrap_or_default();
            let mut lineage = Hasher::new("zeromesh/lineage").fixed(&before.0.0).number(epoch);
            lineage = lineage.number(u64::from(rules)).number(effective.len() as u64);
            for command in &effective {
                lineage = lineage.fixed(&command.id.0.0);
            }
            lineage = lineage.number(inbox.len() as u64);
            for mail in &inbox {
                lineage = lineage.fixed(&mail.from.0.0).number(u64::from(mail.returned));
                lineage = lineage.bytes(&mail.body);
            }
            let lineage = Lineage(lineage.finish());
            let state = match shard.state.take() {
                Some(state) => Ok(state),
                None => {
                    let (_, _, founding) =
                        in_order.iter().find(|(_, command, _)| command.0 == id.0).unwrap();
                    let body = &founding.body;
                    step::found(&Phold, &Founding { genesis, rules, shard: *id, epoch, body })
                }
            };
            let input = StepInput { epoch, rules, commands: effective, inbox, lineage };
            let outcome = step::run(&Phold, genesis, *id, state, &[input], false);
            shard.sent.insert(epoch, outcome.receipt.outbox(epoch).to_vec());
            shard.lineage = Some(lineage);
            shard.hash = outcome.receipt.state;
            shard.ended = outcome.receipt.end.map(|_| epoch + 1);
            shard.state = outcome.state;
        }
    }
    roots
}

const NOBODY: NodeId = NodeId([0; 32]);

/// A history that is driven through everything that can happen to one.
struct Driven {
    history: History,
    key: SigningKey,
    /// Every state there ever was, by the lineage that names it.
    states: BTreeMap<(ShardId, Lineage), Vec<u8>>,
    anchors: Vec<Anchor>,
}

impl Driven {
    fn new(genesis: &Genesis) -> Self {
        Driven {
            history: History::new(genesis.clone()),
            key: SigningKey::from_bytes(&[5; 32]),
            states: BTreeMap::new(),
            anchors: Vec::new(),
        }
    }

    fn enter(&mut self, commands: &[(Epoch, Command)]) {
        let mut entered = Vec::new();
        for (epoch, command) in commands.iter().cloned() {
            let id = command.id();
            let stamped = Verified::sign(Stamped { epoch, command }, &self.key);
            match self.history.ledger.enter(Arc::new(stamped)) {
                Entered::New => entered.push((id, None)),
                Entered::Earlier(was) => entered.push((id, Some(was))),
                Entered::Known | Entered::Full => {}
            }
        }
        if let Some(too_old) = self.history.commands_entered(&entered) {
            self.restart(too_old);
        }
    }

    fn restart(&mut self, before: Epoch) {
        let fits = |anchor: &&Anchor| anchor.epoch <= before && self.history.fits(anchor);
        let anchor = self.anchors.iter().filter(fits).max_by_key(|anchor| anchor.epoch).cloned();
        self.history.restart(anchor.as_ref(), NOBODY);
    }

    /// Runs a span of a shard, if there is one to run.
    fn run(&mut self, id: ShardId, longest: u64) {
        let Some(shard) = self.history.shard(id).filter(|shard| shard.ended().is_none()) else {
            return;
        };
        let from = shard.settled();
        let genesis = self.history.genesis.clone();
        let interval = u64::from(genesis.checkpoint_interval);
        let until = ((from / interval + 1) * interval)
            .min(from + longest.min(u64::from(genesis.lookahead)))
            .min(self.history.horizon());
        if from >= until {
            return;
        }
        let steps = self.history.inputs(id, from, until);
        if steps.is_empty() {
            return;
        }
        let lineage = shard.lineage(from).expect("inputs are defined, so where they start is");
        let state = match self.states.get(&(id, lineage)) {
            Some(bytes) => Ok(Phold.decode(bytes).expect("it was encoded here")),
            None => {
                assert_eq!(from, shard.founded, "every state was kept");
                let body = &self.history.ledger.command(CommandId(id.0)).unwrap().body;
                let rules = self.history.rules_at(from);
                step::found(
                    &Phold,
                    &Founding { genesis: &genesis, rules, shard: id, epoch: from, body },
                )
            }
        };
        let outcome = step::run(&Phold, &genesis, id, state, &steps, false);
        if let Some(state) = &outcome.state {
            self.states.insert((id, outcome.receipt.lineage), Phold.encode(state));
        }
        let receipt = Arc::new(outcome.receipt);
        self.history.hear(Heard { receipt, author: NOBODY, own: true });
        self.history.advance();
    }

    fn ids(&self) -> Vec<ShardId> {
        self.history.shards().iter().map(|shard| shard.id).collect()
    }

    fn run_to(&mut self, until: Epoch) {
        self.history.advance();
        while self.history.closed() < until {
            let before = self.history.closed();
            for id in self.ids() {
                self.run(id, 64);
            }
            if self.history.closed() == before {
                return;
            }
        }
    }

    /// Keeps an anchor of one of the checkpoints that are still kept, and perhaps trims up to it.
    fn anchor(&mut self, rng: &mut Rng) {
        let interval = u64::from(self.history.genesis.checkpoint_interval);
        let back = rng.below(4) * interval;
        let epoch = self.history.newest_checkpoint().saturating_sub(back);
        if let Some(anchor) = self.history.anchor(epoch) {
            assert!(self.history.fits(&anchor), "an anchor fits where it was made");
            self.anchors.push(anchor);
            if rng.chance(5_000) {
                self.history.trim(epoch);
            }
        }
    }
}

struct Case {
    genesis: Genesis,
    commands: Commands,
    /// Stamps of the same commands that do not count, because they are later.
    later: Commands,
}

fn case(rng: &mut Rng, seed: u64, until: Epoch) -> Case {
    let spec = Spec {
        index: 0,
        shards: 1 + rng.below(6) as u32,
        events: 2 + rng.below(8) as u32,
        remote: *rng.pick(&[0, 1_000, 5_000]).unwrap(),
        mean_millis: 900,
    };
    let mut genesis = Genesis::new("reference", "phold", 1, seed);
    genesis.lookahead = *rng.pick(&[1, 2, 3, 8]).unwrap();
    genesis.checkpoint_interval = *rng.pick(&[1, 2, 8, 20]).unwrap();
    let world = genesis.id();
    let first = *rng.pick(&[0, 0, 5, 40]).unwrap();
    let mut commands: Commands = Vec::new();
    let mut ids = Vec::new();
    for index in 0..spec.shards {
        let command = phold::founding(world, &Spec { index, ..spec.clone() });
        ids.push(ShardId(command.id().0));
        // Many at a checkpoint, where a change of rules comes into force.
        let interval = u64::from(genesis.checkpoint_interval);
        let late = first + rng.below(until * 2 / 3);
        let epoch = *rng.pick(&[first, late, late - late % interval]).unwrap();
        commands.push((epoch, command));
    }
    ids.push(ShardId(Hash([9; 32])));
    let nonsense = Command { world, target: Target::Found, body: vec![1], nonce: 0 };
    commands.push((rng.below(until), nonsense));
    // Worlds in which all have ended for a while are worlds too.
    let ends = *rng.pick(&[1, 8]).unwrap();
    for nonce in 0..5 + rng.below(25) {
        let to = *rng.pick(&ids).unwrap();
        let (target, body) = match rng.below(12) {
            kind if kind < ends => (Target::Shard(to), codec::encode(&Order::End)),
            1 => (Target::Shard(to), codec::encode(&Order::Panic)),
            4 | 8 => (Target::World, codec::encode(&WorldCommand::Rules(1 + rng.below(2) as u32))),
            5..=7 => (Target::Shard(to), codec::encode(&Order::Send(*rng.pick(&ids).unwrap()))),
            9 => (Target::Shard(to), codec::encode(&Order::Flood(3_000))),
            _ => (Target::Shard(to), codec::encode(&Order::Inject(2))),
        };
        commands.push((rng.below(until), Command { world, target, body, nonce }));
    }
    let mut later = Vec::new();
    for (epoch, command) in &commands {
        if rng.chance(2_000) {
            later.push((*epoch + 1 + rng.below(20), command.clone()));
        }
    }
    Case { genesis, commands, later }
}

fn all_agree(seed: u64) {
    let mut bytes = [1; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut rng = Rng::from_seed(bytes);
    let until = 120;
    let Case { genesis, commands, later } = case(&mut rng, seed, until);
    let roots = reference(&genesis, &commands, until);

    let mut solo = Solo::new(&Phold, genesis.clone(), commands.iter().cloned());
    solo.run(until, |_| true);
    for (epoch, root) in &roots {
        if *epoch + 64 > until {
            let of_solo = solo.history.root(*epoch);
            assert_eq!(of_solo, Some(*root), "seed {seed}: undisturbed, at {epoch}");
        }
    }

    let mut driven = Driven::new(&genesis);
    let mut waiting: Commands = commands.iter().chain(&later).cloned().collect();
    while !waiting.is_empty() {
        for _ in 0..rng.below(60) {
            let ids = driven.ids();
            if let Some(id) = rng.pick(&ids).copied() {
                driven.run(id, 1 + rng.below(8));
            }
        }
        match rng.below(6) {
            0 | 1 => driven.anchor(&mut rng),
            2 => driven.restart(rng.below(until)),
            _ => {}
        }
        let mut batch = Vec::new();
        for _ in 0..=rng.below(3).min(waiting.len() as u64 - 1) {
            batch.push(waiting.swap_remove(rng.below(waiting.len() as u64) as usize));
        }
        driven.enter(&batch);
    }
    driven.run_to(until);
    assert!(driven.history.closed() >= until || driven.history.root(until).is_some());
    let known: BTreeSet<Epoch> = roots.keys().copied().collect();
    for epoch in known {
        if let Some(root) = driven.history.root(epoch) {
            assert_eq!(root, roots[&epoch], "seed {seed}: driven, at {epoch}");
        } else {
            assert!(epoch < driven.history.base(), "seed {seed}: no root at {epoch}");
        }
    }
}

#[test]
fn whatever_happens_to_a_history_its_roots_are_those_of_the_naive_reference() {
    std::panic::set_hook(Box::new(|info| {
        if !info.to_string().contains("told to fail") {
            eprintln!("{info}");
        }
    }));
    let seeds = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    for seed in 1..=seeds {
        all_agree(seed);
    }
}

#[test]
fn mail_of_before_a_time_in_which_nobody_lives_is_there_when_that_time_is_reopened() {
    let spec = Spec { index: 0, shards: 2, events: 0, remote: 0, mean_millis: 900 };
    let mut genesis = Genesis::new("empty", "phold", 1, 1);
    (genesis.lookahead, genesis.checkpoint_interval) = (1, 4);
    let world = genesis.id();
    let first = phold::founding(world, &spec);
    let to = ShardId(first.id().0);
    let order = |order, nonce| {
        let body = codec::encode(&order);
        Command { world, target: Target::Shard(to), body, nonce }
    };
    let mut commands = vec![
        (0, first),
        (4, order(Order::Send(to), 1)),
        (10, order(Order::End, 2)),
        (40, phold::founding(world, &Spec { index: 1, ..spec })),
    ];
    let mut driven = Driven::new(&genesis);
    driven.enter(&commands);
    driven.run_to(40);
    let late = (5, order(Order::Inject(1), 3));
    driven.enter(std::slice::from_ref(&late));
    driven.run_to(40);
    commands.push(late);
    let roots = reference(&genesis, &commands, 40);
    for epoch in [8, 12, 40] {
        assert_eq!(driven.history.root(epoch), roots.get(&epoch).copied(), "at {epoch}");
    }
}

#[test]
fn a_founding_beyond_all_reach_does_not_hold_up_a_world_whose_last_shard_ends() {
    let (genesis, commands) =
        phold::world(1, &Spec { index: 0, shards: 1, events: 0, remote: 0, mean_millis: 900 });
    let to = ShardId(commands[0].id().0);
    let body = codec::encode(&Order::End);
    let end = Command { world: genesis.id(), target: Target::Shard(to), body, nonce: 1 };
    let body = codec::encode(&Spec { index: 0, shards: 1, events: 0, remote: 0, mean_millis: 9 });
    let late = Command { world: genesis.id(), target: Target::Found, body, nonce: 2 };
    let mut driven = Driven::new(&genesis);
    driven.enter(&[(0, commands[0].clone()), (3, end), (1 << 40, late)]);
    driven.run_to(40);
    assert!(driven.history.closed() >= 1 << 40);
}

#[test]
fn an_anchor_that_is_not_whole_does_not_fit() {
    let spec = Spec { index: 0, shards: 3, events: 5, remote: 5_000, mean_millis: 900 };
    let (genesis, commands) = phold::world(1, &spec);
    let mut driven = Driven::new(&genesis);
    let commands: Commands = commands.into_iter().map(|command| (0, command)).collect();
    driven.enter(&commands);
    driven.run_to(80);
    let anchor = driven.history.anchor(80).expect("it is settled");
    assert!(driven.history.fits(&anchor));
    let mut fewer = anchor.clone();
    fewer.shards.pop();
    assert!(!driven.history.fits(&fewer), "a shard is missing");
    let mut early = anchor;
    let message = Outgoing { to: early.shards[0].id, body: vec![] };
    early.shards[0].outboxes.insert(0, (3, vec![message]));
    assert!(!driven.history.fits(&early), "a message that is not under way any more");
}
