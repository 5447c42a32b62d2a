//! Functions as they are written in Rust.

use super::template::Template;

/// The first lines of a module.
pub const HEAD: &str = "\
//! {Subject}: how it is kept and what is done with it.

/// One {noun} as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct {Rec} {
    pub id: u64,
    pub {key}: String,
    pub {num}: i64,
    /// Minutes since the start.
    pub {time}: u64,
    pub {flag}: bool,
}
";

/// The first lines of its tests.
pub const TEST_HEAD: &str = "
#[cfg(test)]
mod tests {
    use super::*;

    fn sample(id: u64) -> {Rec} {
        {Rec} {
            id,
            {key}: format!(\"{noun} {id}\"),
            {num}: 10 * id as i64,
            {time}: 60 * id,
            {flag}: id % 2 == 1,
        }
    }

    fn samples(count: u64) -> Vec<{Rec}> {
        (1..=count).map(sample).collect()
    }
";

/// One of each kind of function, with three tests.
pub const FUNCTIONS: [Template; 14] = [
    Template {
        code: "\
/// The {noun} with this {key}.
d|///
d|/// Where several have the same one, the first is given.
pub fn {f}<'a>(items: &'a [{Rec}], {key}: &str) -> Option<&'a {Rec}> {
1|    if {key}.is_empty() {
1|        return None;
1|    }
2|    let {key} = {key}.trim();
n|    items.iter().find(|{v}| {v}.{key} == {key})
e|    let mut same = items.iter().filter(|{v}| {v}.{key} == {key});
e|    same.next()
}",
        tests: [
            "let items = samples({n});\nassert_eq!({f}(&items, \"{noun} 2\"), Some(&items[1]));",
            "assert_eq!({f}(&samples(2), \"nobody\"), None);",
            "assert_eq!({f}(&[], \"{noun} 1\"), None);",
        ],
    },
    Template {
        code: "\
/// All {num} together.
d|///
d|/// It stays at the largest number there is instead of overflowing.
pub fn {f}(items: &[{Rec}]) -> i64 {
1|    if items.is_empty() {
1|        return 0;
1|    }
n|    let mut total: i64 = 0;
n|    for {v} in items {
2n|        if {v}.{num} < 0 {
2n|            continue;
2n|        }
n|        total = total.saturating_add({v}.{num});
n|    }
n|    total
e|    items
e|        .iter()
e|        .map(|{v}| {v}.{num})
2e|        .filter(|number| *number >= 0)
e|        .fold(0, i64::saturating_add)
}",
        tests: [
            "let count = {n};\nassert_eq!({f}(&samples(count)), 5 * (count * (count + 1)) as i64);",
            "assert_eq!({f}(&[]), 0);",
            "let mut items = samples(2);\nitems[0].{num} = i64::MAX;\nassert_eq!({f}(&items), i64::MAX);",
        ],
    },
    Template {
        code: "\
/// Those with a {time} at or after this minute.
d|///
d|/// The order is that of the list they come from.
pub fn {f}(items: &[{Rec}], since: u64) -> Vec<&{Rec}> {
1|    if since == 0 {
1|        return items.iter().collect();
1|    }
n|    let mut out = Vec::new();
n|    for {v} in items {
n|        if {v}.{time} >= since {
n|            out.push({v});
n|        }
n|    }
e|    let mut out: Vec<_> = Vec::with_capacity(items.len());
e|    out.extend(items.iter().filter(|{v}| {v}.{time} >= since));
2|    out.dedup();
    out
}",
        tests: [
            "assert_eq!({f}(&samples({n}), 120).len(), {n} - 1);",
            "assert_eq!({f}(&samples(3), 0).len(), 3);",
            "assert!({f}(&samples(3), 10_000).is_empty());",
        ],
    },
    Template {
        code: "\
/// One page of a list; the first has number 0.
d|///
d|/// A page has at most {L} of them, whatever is asked for.
pub fn {f}(items: &[{Rec}], page: usize, size: usize) -> &[{Rec}] {
2|    if items.is_empty() {
2|        return items;
2|    }
    let {w} = size.clamp(1, {L});
1|    if page > items.len() / {w} {
1|        return &[];
1|    }
n|    let from = page.saturating_mul({w}).min(items.len());
n|    let to = from.saturating_add({w}).min(items.len());
n|    &items[from..to]
e|    items.chunks({w}).nth(page).unwrap_or_default()
}",
        tests: [
            "let items = samples({n});\nassert_eq!({f}(&items, 0, 2), &items[..2]);",
            "assert!({f}(&samples(3), 9, 2).is_empty());",
            "assert_eq!({f}(&samples(3), 1, 2).len(), 1);",
        ],
    },
    Template {
        code: "\
/// Reads one from a line of `id;{key};{num}`.
d|///
d|/// What a line does not say is not set.
pub fn {f}(line: &str) -> Result<{Rec}, String> {
1|    if line.trim().is_empty() {
1|        return Err(\"the line is empty\".to_string());
1|    }
    let {w}: Vec<&str> = line.split(';').collect();
n|    let [id, {key}, number] = {w}[..] else {
n|        return Err(format!(\"{} fields instead of 3\", {w}.len()));
n|    };
e|    let (id, {key}, number) = match {w}[..] {
e|        [id, {key}, number] => (id, {key}, number),
e|        _ => return Err(format!(\"{} fields instead of 3\", {w}.len())),
e|    };
    let id: u64 = id.parse().map_err(|error| format!(\"`{id}` is no id: {error}\"))?;
2|    if id == 0 {
2|        return Err(\"0 is no id\".to_string());
2|    }
    let {num}: i64 = number.parse().map_err(|error| format!(\"`{number}`: {error}\"))?;
    Ok({Rec} { id, {key}: {key}.to_string(), {num}, {time}: 0, {flag}: false })
}",
        tests: [
            "let read = {f}(\"{n};some {noun};-5\").expect(\"a good line\");\nassert_eq!((read.id, read.{num}), ({n}, -5));",
            "assert!({f}(\"1;name;many\").is_err());",
            "assert!({f}(\"1;name\").is_err());",
        ],
    },
    Template {
        code: "\
/// One as a line of `id;{key};{num}`.
d|///
d|/// The line has no end of its own.
pub fn {f}({v}: &{Rec}) -> String {
n|    let text = {v}.{key}.trim().to_string();
e|    let text = String::from({v}.{key}.trim());
1|    let text = text.replace(';', \",\");
2|    let text = text.replace('\\n', \" \");
    format!(\"{};{text};{}\", {v}.id, {v}.{num})
}",
        tests: [
            "assert_eq!({f}(&sample({n})), format!(\"{n};{noun} {n};{}\", 10 * {n}));",
            "assert_eq!({f}(&sample(1)).split(';').count(), 3);",
            "let mut one = sample(1);\none.{key} = \" spaced \".to_string();\nassert!({f}(&one).contains(\";spaced;\"));",
        ],
    },
    Template {
        code: "\
/// What is wrong with one, in words; nothing if all is well.
d|///
d|/// All that is wrong is told at once, so that it can be put right at once.
pub fn {f}({v}: &{Rec}) -> Vec<&'static str> {
n|    let mut problems = Vec::new();
n|    if {v}.{key}.trim().is_empty() {
n|        problems.push(\"{key} is empty\");
n|    }
e|    let mut problems = Vec::new();
e|    problems.extend({v}.{key}.trim().is_empty().then_some(\"{key} is empty\"));
1|    if {v}.{key}.len() > {M} {
1|        problems.push(\"{key} is too long\");
1|    }
2|    if {v}.{num} < 0 {
2|        problems.push(\"{num} is below zero\");
2|    }
    problems
}",
        tests: [
            "assert!({f}(&sample({n})).is_empty());",
            "let mut one = sample(1);\none.{key}.clear();\nassert_eq!({f}(&one), [\"{key} is empty\"]);",
            "let mut one = sample(1);\none.{flag} = false;\nassert!({f}(&one).is_empty());",
        ],
    },
    Template {
        code: "\
/// How many there are of each {key}.
d|///
d|/// In order of {key}, so that reports look the same every time.
pub fn {f}(items: &[{Rec}]) -> std::collections::BTreeMap<String, usize> {
    let mut counts: std::collections::BTreeMap<String, usize> = Default::default();
    for {v} in items {
1|        if {v}.{key}.is_empty() {
1|            continue;
1|        }
n|        let count = counts.entry({v}.{key}.clone()).or_insert(0);
n|        *count += 1;
e|        *counts.entry({v}.{key}.clone()).or_default() += 1;
    }
2|    counts.retain(|_, count| *count > 0);
    counts
}",
        tests: [
            "let counts = {f}(&samples({n}));\nassert_eq!(counts.len(), {n});",
            "let counts = {f}(&[sample(1), sample(1)]);\nassert_eq!(counts[\"{noun} 1\"], 2);",
            "assert!({f}(&[]).is_empty());",
        ],
    },
    Template {
        code: "\
/// Drops those whose {time} is more than {W} minutes ago, and says how many.
d|///
d|/// What lies in the future stays.
pub fn {f}(items: &mut Vec<{Rec}>, now: u64) -> usize {
1|    if items.is_empty() {
1|        return 0;
1|    }
    let before = items.len();
n|    items.retain(|{v}| now.saturating_sub({v}.{time}) <= {W});
e|    let oldest = now.saturating_sub({W});
e|    items.retain(|{v}| {v}.{time} >= oldest);
2|    items.shrink_to_fit();
    before - items.len()
}",
        tests: [
            "let mut items = samples(3);\nassert_eq!({f}(&mut items, {W} + 120), 1);\nassert_eq!(items[0].id, 2);",
            "let mut items = samples(3);\nassert_eq!({f}(&mut items, 0), 0);",
            "let mut items = samples(3);\nassert_eq!({f}(&mut items, 1_000_000), 3);",
        ],
    },
    Template {
        code: "\
/// Two lists as one: of those with the same id the one with the later {time}.
d|///
d|/// New ones go to the end.
pub fn {f}(ours: &[{Rec}], theirs: &[{Rec}]) -> Vec<{Rec}> {
1|    if theirs.is_empty() {
1|        return ours.to_vec();
1|    }
    let mut out = ours.to_vec();
    for {v} in theirs {
n|        match out.iter_mut().find(|mine| mine.id == {v}.id) {
n|            Some(mine) if mine.{time} < {v}.{time} => *mine = {v}.clone(),
n|            Some(_) => {}
n|            None => out.push({v}.clone()),
n|        }
e|        let Some(mine) = out.iter_mut().find(|mine| mine.id == {v}.id) else {
e|            out.push({v}.clone());
e|            continue;
e|        };
e|        if mine.{time} < {v}.{time} {
e|            *mine = {v}.clone();
e|        }
    }
2|    out.sort_by_key(|mine| mine.id);
    out
}",
        tests: [
            "assert_eq!({f}(&samples({n}), &samples(2)).len(), {n});",
            "let mut newer = sample(1);\nnewer.{time} += 1;\nassert_eq!({f}(&samples(1), &[newer.clone()]), [newer]);",
            "assert_eq!({f}(&[], &samples(2)), samples(2));",
        ],
    },
    Template {
        code: "\
/// The newest ones by {time}, at most {L}.
d|///
d|/// Of equals the first in the list comes first.
pub fn {f}(items: &[{Rec}], count: usize) -> Vec<{Rec}> {
1|    if count == 0 {
1|        return Vec::new();
1|    }
    let mut out = items.to_vec();
n|    out.sort_by(|one, {v}| {v}.{time}.cmp(&one.{time}));
e|    out.sort_by_key(|{v}| std::cmp::Reverse({v}.{time}));
    out.truncate(count.min({L}));
2|    out.shrink_to_fit();
    out
}",
        tests: [
            "let latest = {f}(&samples({n}), 2);\nassert_eq!(latest[0].id, {n});",
            "assert!({f}(&samples(3), 0).is_empty());",
            "assert_eq!({f}(&samples(3), 9).len(), 3);",
        ],
    },
    Template {
        code: "\
/// Milliseconds to wait before an attempt: twice as long each time.
d|///
d|/// The first attempt after the original one has number 1.
pub fn {f}(attempt: u32) -> u64 {
1|    if attempt == 0 {
1|        return 0;
1|    }
n|    let {w}: u64 = {L} * (1 << attempt.min(20));
e|    let steps = attempt.min(20);
e|    let {w}: u64 = (0..steps).fold({L}, |{v}, _| {v} * 2);
2|    let {w} = {w}.min({M}_000);
    {w}
}",
        tests: [
            "assert_eq!({f}(1), 2 * {L});",
            "assert_eq!({f}(2), 2 * {f}(1));",
            "assert!({f}(40) >= {f}(3));",
        ],
    },
    Template {
        code: "\
/// The names of the fields in which two differ.
d|///
d|/// The id is what they have in common and is not compared.
pub fn {f}(before: &{Rec}, {v}: &{Rec}) -> Vec<&'static str> {
1|    if before == {v} {
1|        return Vec::new();
1|    }
n|    let mut changed = Vec::new();
n|    if before.{key} != {v}.{key} {
n|        changed.push(\"{key}\");
n|    }
n|    if before.{num} != {v}.{num} {
n|        changed.push(\"{num}\");
n|    }
e|    let fields = [
e|        (\"{key}\", before.{key} != {v}.{key}),
e|        (\"{num}\", before.{num} != {v}.{num}),
e|    ];
e|    let mut changed: Vec<_> =
e|        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
2|    if before.{flag} != {v}.{flag} {
2|        changed.push(\"{flag}\");
2|    }
    changed.sort_unstable();
    changed
}",
        tests: [
            "let mut after = sample({n});\nafter.{num} += 1;\nassert_eq!({f}(&sample({n}), &after), [\"{num}\"]);",
            "assert!({f}(&sample(1), &sample(1)).is_empty());",
            "let mut after = sample(1);\nafter.{key}.push('!');\nassert_eq!({f}(&sample(1), &after), [\"{key}\"]);",
        ],
    },
    Template {
        code: "\
/// Whether one more may come now: at most {L} in an hour.
d|///
d|/// Counted by {time}, the present minute included.
pub fn {f}(items: &[{Rec}], now: u64) -> bool {
1|    if items.len() < {L} {
1|        return true;
1|    }
n|    let mut recent = 0;
n|    for {v} in items {
2n|        if {v}.{time} > now {
2n|            continue;
2n|        }
n|        if now.saturating_sub({v}.{time}) < 60 {
n|            recent += 1;
n|        }
n|    }
e|    let recent = items
e|        .iter()
2e|        .filter(|{v}| {v}.{time} <= now)
e|        .filter(|{v}| now.saturating_sub({v}.{time}) < 60)
e|        .count();
    recent < {L}
}",
        tests: [
            "assert!({f}(&samples({n}), 60 * {n} + 30));",
            "assert!(!{f}(&vec![sample(1); {L}], 60));",
            "assert!({f}(&[], 0));",
        ],
    },
];
