//! Scenarios: a TOML file that describes a world. The format is in `docs/scenarios.md`.
//!
//! The same file and seed give the same genesis and the same commands with the same nonces, so two
//! nodes that load it have one world.

use serde::{Deserialize, de::IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::engine::command::{BODY_BYTES_MAX, Command, Target};
use crate::engine::genesis::{BadGenesis, Genesis};
use crate::id::{Epoch, ShardId};
use crate::model::command::ProjectCommand;
use crate::model::companies::{NAME, RULES};
use crate::model::spec::{BadSpec, Founding, MarketSpec, ProjectSpec};

/// The small world a node starts with when it is told nothing else.
pub const DEFAULT: &str = include_str!("../../../configs/scenarios/default.toml");
/// Bytes of a scenario.
pub const SCENARIO_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Projects of a scenario.
pub const PROJECTS_MAX: usize = 4_096;
/// Commands of a scenario.
pub const COMMANDS_MAX: usize = 10_000;
/// Wall time of an epoch, if the file says none.
pub const EPOCH_MS: u64 = 1_000;

/// A world to be started.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Where the world begins.
    pub genesis: Genesis,
    /// What is asked of it: epoch, target, body and nonce, in order of the file.
    pub commands: Vec<(Epoch, Target, Vec<u8>, u64)>,
    /// Wall time of an epoch in milliseconds (0: as fast as possible), and whether it starts paused.
    pub pace: (u64, bool),
    /// Whether the file says a seed. If not, the seed here is 0: see [`Scenario::with_seed`].
    pub seeded: bool,
    plan: Plan,
}

/// What the file says, before ids are known.
#[derive(Clone, Debug)]
struct Plan {
    market: Option<MarketSpec>,
    projects: Vec<(Epoch, ProjectSpec)>,
    orders: Vec<(Epoch, String, ProjectCommand)>,
}

/// Why a file is no scenario, with the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}:{column}: {message}")]
pub struct ScenarioError {
    /// The file, as the caller calls it.
    pub origin: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// What is wrong and what to do.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WorldTable {
    name: String,
    seed: Option<u64>,
    end: Option<u64>,
    ticks_per_epoch: Option<u32>,
    lookahead: Option<u32>,
    checkpoint_interval: Option<u32>,
    fuel_per_step: Option<u64>,
    epoch_ms: Option<u64>,
    paused: Option<bool>,
}

/// What is wrong, and where: a place in the text or a path to it.
enum Wrong {
    At(usize, String),
    Path(String, String),
}

type Table<'a> = DeTable<'a>;

impl Scenario {
    /// Reads a scenario. `origin` is what errors call the file.
    pub fn parse(text: &str, origin: &str) -> Result<Scenario, ScenarioError> {
        read(text).map_err(|wrong| {
            let (at, message) = match wrong {
                Wrong::At(at, message) => (at, message),
                Wrong::Path(path, message) => (place(text, &path), format!("`{path}`: {message}")),
            };
            let before = text.get(..at).unwrap_or(text);
            ScenarioError {
                origin: origin.to_string(),
                line: before.matches('\n').count() as u32 + 1,
                column: before.chars().rev().take_while(|&c| c != '\n').count() as u32 + 1,
                message,
            }
        })
    }

    /// The same scenario with this seed.
    pub fn with_seed(mut self, seed: u64) -> Scenario {
        self.genesis.seed = seed;
        self.commands = commands(&self.genesis, &self.plan);
        self.seeded = true;
        self
    }

    /// How many projects it founds.
    pub fn projects(&self) -> usize {
        self.plan.projects.len()
    }

    /// How many people it starts with.
    pub fn people(&self) -> u64 {
        self.plan.projects.iter().map(|(_, project)| project.people()).sum()
    }
}

/// The commands of a plan: the market first, then the projects, then the orders, each with its place
/// in the file as its nonce.
fn commands(genesis: &Genesis, plan: &Plan) -> Vec<(Epoch, Target, Vec<u8>, u64)> {
    let world = genesis.id();
    let mut commands = Vec::with_capacity(1 + plan.projects.len() + plan.orders.len());
    let mut add = |epoch, target, body: Vec<u8>| {
        let nonce = commands.len() as u64;
        let id = Command { world, target, body: body.clone(), nonce }.id();
        commands.push((epoch, target, body, nonce));
        ShardId(id.0)
    };
    let market = plan
        .market
        .as_ref()
        .map(|market| add(0, Target::Found, Founding::Market(market.clone()).to_body()));
    let mut projects = std::collections::BTreeMap::new();
    for (epoch, project) in &plan.projects {
        let spec = ProjectSpec { market, ..project.clone() };
        let shard = add(*epoch, Target::Found, Founding::Project(Box::new(spec)).to_body());
        projects.insert(project.name.clone(), shard);
    }
    for (epoch, name, order) in &plan.orders {
        if let Some(&shard) = projects.get(name) {
            add(*epoch, Target::Shard(shard), order.to_body());
        }
    }
    commands
}

fn read(text: &str) -> Result<Scenario, Wrong> {
    if text.len() > SCENARIO_BYTES_MAX {
        return Err(Wrong::At(0, format!("a scenario has at most {SCENARIO_BYTES_MAX} bytes")));
    }
    let document = DeTable::parse(text).map_err(toml_error)?;
    let mut table = document.into_inner();
    const KNOWN: [&str; 4] = ["world", "market", "project", "command"];
    for (key, _) in table.iter() {
        if !KNOWN.contains(&key.as_ref().as_ref()) {
            let message = format!(
                "unknown table `{}`, expected one of `world`, `market`, `project`, `command`",
                key.as_ref()
            );
            return Err(Wrong::At(key.span().start, with_suggestion(message)));
        }
    }
    let world = table.remove("world").ok_or_else(|| {
        Wrong::At(0, "there is no [world]: add one with at least `name = \"…\"`".into())
    })?;
    let world: WorldTable = value(world)?;
    let genesis = genesis(&world)?;
    let market: Option<MarketSpec> = table.remove("market").map(value).transpose()?;
    if let Some(market) = &market {
        market.check().map_err(|error| bad("market", error))?;
    }
    let mut plan = Plan { market, projects: Vec::new(), orders: Vec::new() };
    for (at, mut item) in items(&mut table, "project")?.into_iter().enumerate() {
        let path = format!("project[{at}]");
        let copies = number(&mut item, "copies", 1, PROJECTS_MAX as u64)?.unwrap_or(1);
        let epoch = number(&mut item, "starts_at", 0, 1 << 40)?.unwrap_or(0);
        if let Some(own) = inner(&mut item).and_then(|table| table.remove("market")) {
            let message =
                "a project of a scenario sells on the scenario's [market]: leave this out";
            return Err(Wrong::At(own.span().start, message.into()));
        }
        let spec: ProjectSpec = value(item)?;
        spec.check().map_err(|error| bad(&path, error))?;
        let bytes = Founding::Project(Box::new(spec.clone())).to_body().len() + 64;
        if bytes > BODY_BYTES_MAX {
            return Err(Wrong::Path(
                path,
                format!(
                    "it takes {bytes} bytes, more than {BODY_BYTES_MAX}: give it a shorter backlog"
                ),
            ));
        }
        for copy in 1..=copies {
            let name =
                if copies == 1 { spec.name.clone() } else { format!("{} {copy}", spec.name) };
            let project = ProjectSpec { name, ..spec.clone() };
            project.check().map_err(|error| bad(&path, error))?;
            if plan.projects.iter().any(|(_, other)| other.name == project.name) {
                let message = format!(
                    "there are two projects called `{}`: give one another name",
                    project.name
                );
                return Err(Wrong::Path(format!("{path}.name"), message));
            }
            plan.projects.push((epoch, project));
        }
        if plan.projects.len() > PROJECTS_MAX {
            return Err(Wrong::Path(
                path,
                format!("a scenario has at most {PROJECTS_MAX} projects"),
            ));
        }
    }
    if plan.projects.is_empty() {
        return Err(Wrong::At(0, "there is no [[project]]: a world needs at least one".into()));
    }
    for (at, item) in items(&mut table, "command")?.into_iter().enumerate() {
        plan.orders.push(order(at, item, &plan)?);
    }
    let commands = commands(&genesis, &plan);
    let pace = (world.epoch_ms.unwrap_or(EPOCH_MS), world.paused.unwrap_or(false));
    Ok(Scenario { genesis, commands, pace, seeded: world.seed.is_some(), plan })
}

fn genesis(world: &WorldTable) -> Result<Genesis, Wrong> {
    let mut genesis = Genesis::new(world.name.clone(), NAME, RULES, world.seed.unwrap_or(0));
    genesis.ticks_per_epoch = world.ticks_per_epoch.unwrap_or(genesis.ticks_per_epoch);
    genesis.lookahead = world.lookahead.unwrap_or(genesis.lookahead);
    genesis.checkpoint_interval = world.checkpoint_interval.unwrap_or(genesis.checkpoint_interval);
    genesis.fuel_per_step = world.fuel_per_step.unwrap_or(genesis.fuel_per_step);
    genesis.end = world.end.unwrap_or(0);
    genesis.check().map_err(|error| {
        let field = match &error {
            BadGenesis::Range { field, .. } => field,
            _ => "name",
        };
        Wrong::Path(format!("world.{field}"), error.to_string())
    })?;
    if world.epoch_ms.is_some_and(|ms| ms > 3_600_000) {
        let message = "must be from 0 (as fast as possible) to 3600000 (an hour)";
        return Err(Wrong::Path("world.epoch_ms".into(), message.into()));
    }
    Ok(genesis)
}

fn order(
    at: usize,
    mut item: Spanned<DeValue<'_>>,
    plan: &Plan,
) -> Result<(Epoch, String, ProjectCommand), Wrong> {
    let path = format!("command[{at}]");
    if at >= COMMANDS_MAX {
        return Err(Wrong::Path(path, format!("a scenario has at most {COMMANDS_MAX} commands")));
    }
    let start = item.span().start;
    let epoch = number(&mut item, "at", 0, 1 << 40)?.ok_or_else(|| {
        Wrong::At(start, "this command has no `at`: say the epoch, such as `at = 80`".into())
    })?;
    let project = inner(&mut item).and_then(|table| table.remove("project")).ok_or_else(|| {
        Wrong::At(start, "this command has no `project`: say the name of one".into())
    })?;
    let span = project.span().start;
    let name: String = value(project)?;
    if !plan.projects.iter().any(|(_, project)| project.name == name) {
        let names: Vec<String> = plan
            .projects
            .iter()
            .take(20)
            .map(|(_, project)| format!("`{}`", project.name))
            .collect();
        let message = format!("there is no project `{name}`, expected one of {}", names.join(", "));
        return Err(Wrong::At(span, with_suggestion(message)));
    }
    let order: ProjectCommand = value(item)?;
    order.check().map_err(|error| bad(&path, error))?;
    Ok((epoch, name, order))
}

fn toml_error(error: toml::de::Error) -> Wrong {
    let at = error.span().map_or(0, |span| span.start);
    Wrong::At(at, with_suggestion(error.message().to_string()))
}

fn bad(parent: &str, error: BadSpec) -> Wrong {
    let error = error.below(parent);
    Wrong::Path(error.path, error.problem)
}

fn value<'de, T: Deserialize<'de>>(value: Spanned<DeValue<'de>>) -> Result<T, Wrong> {
    let start = value.span().start;
    T::deserialize(value.into_deserializer()).map_err(|error| match toml_error(error.clone()) {
        Wrong::At(0, message) if error.span().is_none() => Wrong::At(start, message),
        wrong => wrong,
    })
}

fn inner<'t, 'a>(value: &'t mut Spanned<DeValue<'a>>) -> Option<&'t mut Table<'a>> {
    match value.get_mut() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// The tables of `[[name]]`.
fn items<'a>(table: &mut Table<'a>, name: &str) -> Result<Vec<Spanned<DeValue<'a>>>, Wrong> {
    let Some(list) = table.remove(name) else { return Ok(Vec::new()) };
    let start = list.span().start;
    match list.into_inner() {
        DeValue::Array(array) => Ok(array.into_iter().collect()),
        _ => Err(Wrong::At(
            start,
            format!("write [[{name}]] with two brackets: there may be several"),
        )),
    }
}

/// Takes a number out of a table.
fn number(
    value: &mut Spanned<DeValue<'_>>,
    key: &str,
    low: u64,
    high: u64,
) -> Result<Option<u64>, Wrong> {
    let Some(found) = inner(value).and_then(|table| table.remove(key)) else { return Ok(None) };
    let start = found.span().start;
    match found.get_ref().as_integer().and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok())
    {
        Some(number) if (low..=high).contains(&number) => Ok(Some(number)),
        _ => Err(Wrong::At(start, format!("`{key}` must be a whole number from {low} to {high}"))),
    }
}

/// Where the value of a path stands in the text; the nearest part of it that is there.
fn place(text: &str, path: &str) -> usize {
    let Ok(document) = DeTable::parse(text) else { return 0 };
    let mut at = 0;
    let root = Spanned::new(document.span(), DeValue::Table(document.into_inner()));
    let mut value = &root;
    for part in path.split('.') {
        let (key, indices) = part.split_once('[').unwrap_or((part, ""));
        let Some(next) = value.get_ref().get(key) else { break };
        value = next;
        at = value.span().start;
        for index in
            indices.split('[').filter_map(|index| index.trim_end_matches(']').parse::<usize>().ok())
        {
            let Some(next) = value.get_ref().get(index) else { return at };
            value = next;
            at = value.span().start;
        }
    }
    at
}

/// Adds the nearest of the words an error expects to the one it met: both stand in backticks.
fn with_suggestion(message: String) -> String {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let Some((wrong, expected)) = words.split_first() else { return message };
    if !message.contains("unknown") && !message.contains("there is no") {
        return message;
    }
    let nearest = expected.iter().map(|word| (distance(wrong, word), *word)).min();
    match nearest {
        Some((steps, word)) if steps <= 1 + wrong.len() / 3 => {
            format!("{message}; did you mean `{word}`?")
        }
        _ => message,
    }
}

/// Letters to change, add or take away to make one word of another (Levenshtein 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for j in 0..b.len() {
            let change = before + usize::from(letter != b[j]);
            before = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(before + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::{Founding as Input, Model};
    use crate::model::{Companies, State};

    const GOOD: &str = r#"
[world]
name = "two"
seed = 7
epoch_ms = 250

[market]
size = 1000

[[project]]
name = "North"
team = [{ role = "engineer", count = 3 }, { role = "founder", name = "Ada Stone" }]

[[project]]
name = "South"
copies = 2
starts_at = 80
team = [{ role = "engineer", seniority = "senior" }]

[[command]]
at = 16
project = "South 2"
type = "hire"
role = "tester"
"#;

    fn error(text: &str) -> String {
        Scenario::parse(text, "x.toml").expect_err("it is bad").to_string()
    }

    #[test]
    fn a_scenario_becomes_a_genesis_and_commands_with_fixed_ids() {
        let scenario = Scenario::parse(GOOD, "two.toml").unwrap();
        assert_eq!((scenario.pace, scenario.seeded), ((250, false), true));
        assert_eq!((scenario.projects(), scenario.people()), (3, 6));
        let epochs: Vec<u64> = scenario.commands.iter().map(|command| command.0).collect();
        assert_eq!(epochs, [0, 0, 80, 80, 16]);
        let nonces: Vec<u64> = scenario.commands.iter().map(|command| command.3).collect();
        assert_eq!(nonces, [0, 1, 2, 3, 4]);
        let again = Scenario::parse(GOOD, "elsewhere.toml").unwrap();
        assert_eq!(scenario.commands, again.commands);
        assert_ne!(scenario.commands, again.with_seed(8).commands);
    }

    #[test]
    fn projects_know_the_shard_of_their_market() {
        let scenario = Scenario::parse(GOOD, "two.toml").unwrap();
        let world = scenario.genesis.id();
        let ids: Vec<ShardId> = scenario
            .commands
            .iter()
            .map(|(_, target, body, nonce)| {
                let (target, body, nonce) = (*target, body.clone(), *nonce);
                ShardId(Command { world, target, body, nonce }.id().0)
            })
            .collect();
        let body = &scenario.commands[1].2;
        let input =
            Input { genesis: &scenario.genesis, rules: RULES, shard: ids[1], epoch: 0, body };
        let State::Project(project) = Companies.found(&input).unwrap() else { panic!("a market") };
        assert_eq!(project.market, Some(ids[0]));
        assert_eq!(scenario.commands[4].1, Target::Shard(ids[3]));
    }

    #[test]
    fn an_error_says_the_line_and_the_column_and_what_to_do() {
        let cases = [
            ("[world]\nnmae = \"x\"\n", "x.toml:2:1: unknown field `nmae`"),
            ("[world]\nname = \"x\"\n[[projct]]\n", "x.toml:3:3: unknown table `projct`"),
            ("[world]\nname = 3\n", "x.toml:2:8: invalid type: integer `3`, expected a string"),
            ("[world\n", "x.toml:1:7: "),
            ("", "x.toml:1:1: there is no [world]"),
            (
                "[world]\nname = \"x\"\nlookahead = 0\n",
                "x.toml:3:13: `world.lookahead`: lookahead must be from 1 to 64, not 0",
            ),
            ("[world]\nname = \"x\"\n", "x.toml:1:1: there is no [[project]]"),
        ];
        for (text, expected) in cases {
            let found = error(text);
            assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
        }
        assert!(error("[world]\nnmae = \"x\"\n").ends_with("did you mean `name`?"));
    }

    #[test]
    fn what_is_wrong_inside_a_project_is_told_with_its_place() {
        let change = |from: &str, to: &str| error(&GOOD.replacen(from, to, 1));
        let cases = [
            (
                change("\"engineer\", count", "\"enginer\", count"),
                "x.toml:12:18: unknown variant `enginer`",
                "did you mean `engineer`?",
            ),
            (change("seniority = ", "level = "), "x.toml:18:30: unknown field `level`", ""),
            (
                change("count = 3", "count = 0"),
                "x.toml:12:38: `project[0].team[0].count`: must be from 1 to 1000, not 0",
                "",
            ),
            (change("copies = 2", "copies = 0"), "x.toml:16:10: `copies` must be", ""),
            (
                change("name = \"South\"\ncopies = 2", "name = \"North\""),
                "x.toml:15:8: `project[1].name`: there are two",
                "another name",
            ),
            (
                change("\"South 2\"", "\"South 3\""),
                "x.toml:22:11: there is no project `South 3`",
                "did you mean `South 1`?",
            ),
            (
                change("name = \"South\"", "name = \"South\"\nphase = \"bild\""),
                "x.toml:16:9: unknown variant `bild`",
                "did you mean `build`?",
            ),
            (
                change(
                    "starts_at = 80",
                    "backlog = [{ title = \"A\", depends_on = [2] }, { title = \"B\", depends_on = [1] }]",
                ),
                "x.toml:17:40: `project[1].backlog[0].depends_on`: task 1 waits for itself",
                "",
            ),
            (change("type = \"hire\"\n", ""), "x.toml:20:1: missing field `type`", ""),
        ];
        for (found, start, end) in cases {
            assert!(found.starts_with(start), "{found}\n  is not\n{start}");
            assert!(found.ends_with(end), "{found} does not end in {end}");
        }
    }

    #[test]
    fn the_scenarios_that_come_with_the_program_are_good() {
        let files = [
            ("default.toml", DEFAULT, 3, 24),
            ("startups.toml", include_str!("../../../configs/scenarios/startups.toml"), 5, 40),
            ("company.toml", include_str!("../../../configs/scenarios/company.toml"), 1, 40),
            ("large.toml", include_str!("../../../configs/scenarios/large.toml"), 200, 3_000),
        ];
        for (name, text, projects, people) in files {
            let scenario = Scenario::parse(text, name).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!((scenario.projects(), scenario.people()), (projects, people), "{name}");
        }
    }

    #[test]
    fn the_example_in_the_documentation_is_a_scenario() {
        let page = include_str!("../../../docs/scenarios.md");
        let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        let scenario = Scenario::parse(example.unwrap(), "docs/scenarios.md").unwrap();
        assert_eq!((scenario.projects(), scenario.people()), (2, 8));
    }

    #[test]
    fn a_scenario_without_a_seed_takes_the_one_it_is_given() {
        let text = GOOD.replace("seed = 7\n", "");
        let scenario = Scenario::parse(&text, "x.toml").unwrap();
        assert!(!scenario.seeded);
        let seven = scenario.with_seed(7);
        assert_eq!(seven.commands, Scenario::parse(GOOD, "x.toml").unwrap().commands);
    }
}
