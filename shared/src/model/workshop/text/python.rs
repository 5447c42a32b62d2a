//! Functions as they are written in Python.

use super::template::Template;

/// The first lines of a module.
pub const HEAD: &str = "\
\"\"\"{Subject}: how it is kept and what is done with it.\"\"\"

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class {Rec}:
    \"\"\"One {noun} as it is kept. Times are minutes since the start.\"\"\"

    id: int
    {key}: str
    {num}: int
    {time}: int
    {flag}: bool
";

/// The first lines of its tests, behind the import.
pub const TEST_HEAD: &str = "

def sample(number: int) -> {Rec}:
    return {Rec}(
        id=number,
        {key}=f\"{noun} {number}\",
        {num}=10 * number,
        {time}=60 * number,
        {flag}=number % 2 == 1,
    )


def samples(count: int) -> list[{Rec}]:
    return [sample(number) for number in range(1, count + 1)]
";

/// One of each kind of function, with three tests.
pub const FUNCTIONS: [Template; 14] = [
    Template {
        code: "\
def {f}(items: list[{Rec}], {key}: str) -> {Rec} | None:
    \"\"\"The {noun} with this {key}.
d|
d|    Where several have the same one, the first is given.
    \"\"\"
1|    if not {key}:
1|        return None
2|    {key} = {key}.strip()
n|    for {v} in items:
n|        if {v}.{key} == {key}:
n|            return {v}
n|    return None
e|    return next(({v} for {v} in items if {v}.{key} == {key}), None)",
        tests: [
            "items = samples({n})\nassert {f}(items, \"{noun} 2\") is items[1]",
            "assert {f}(samples(2), \"nobody\") is None",
            "assert {f}([], \"{noun} 1\") is None",
        ],
    },
    Template {
        code: "\
def {f}(items: list[{Rec}]) -> int:
    \"\"\"All {num} together.
d|
d|    What is below zero lowers the total, until somebody says otherwise.
    \"\"\"
1|    if not items:
1|        return 0
n|    total = 0
n|    for {v} in items:
2n|        if {v}.{num} < 0:
2n|            continue
n|        total += {v}.{num}
n|    return total
1e|    # Checked above: there is at least one.
2e|    items = [{v} for {v} in items if {v}.{num} >= 0]
e|    return sum({v}.{num} for {v} in items)",
        tests: [
            "assert {f}(samples({n})) == 5 * {n} * ({n} + 1)",
            "assert {f}([]) == 0",
            "assert {f}([sample(1)]) == 10",
        ],
    },
    Template {
        code: "\
def {f}(items: list[{Rec}], since: int) -> list[{Rec}]:
    \"\"\"Those with a {time} at or after this minute.
d|
d|    The order is that of the list they come from.
    \"\"\"
1|    if since <= 0:
1|        return list(items)
2|    if not items:
2|        return []
n|    out = []
n|    for {v} in items:
n|        if {v}.{time} >= since:
n|            out.append({v})
n|    return out
e|    return [{v} for {v} in items if {v}.{time} >= since]",
        tests: [
            "assert len({f}(samples({n}), 120)) == {n} - 1",
            "assert len({f}(samples(3), 0)) == 3",
            "assert {f}(samples(3), 10_000) == []",
        ],
    },
    Template {
        code: "\
def {f}(items: list[{Rec}], page: int, size: int) -> list[{Rec}]:
    \"\"\"One page of a list; the first has number 0.
d|
d|    A page has at most {L} of them, whatever is asked for.
    \"\"\"
1|    if page < 0:
1|        raise ValueError(f\"there is no page {page}\")
2|    if not items:
2|        return []
n|    {w} = max(1, min(size, {L}))
e|    {w} = sorted((1, size, {L}))[1]
    return items[page * {w} : (page + 1) * {w}]",
        tests: [
            "items = samples({n})\nassert {f}(items, 0, 2) == items[:2]",
            "assert {f}(samples(3), 9, 2) == []",
            "assert len({f}(samples(3), 1, 2)) == 1",
        ],
    },
    Template {
        code: "\
def {f}(line: str) -> {Rec}:
    \"\"\"Reads one from a line of `id;{key};{num}`.
d|
d|    What a line does not say is not set.
    \"\"\"
1|    if not line.strip():
1|        raise ValueError(\"the line is empty\")
    {w} = line.split(\";\")
    if len({w}) != 3:
        raise ValueError(f\"{len({w})} fields instead of 3\")
n|    number, {key}, amount = int({w}[0]), {w}[1], int({w}[2])
e|    number, {key} = int({w}[0]), {w}[1]
e|    amount = int({w}[2])
2|    if number <= 0:
2|        raise ValueError(f\"{number} is no id\")
    return {Rec}(id=number, {key}={key}, {num}=amount, {time}=0, {flag}=False)",
        tests: [
            "read = {f}(\"{n};some {noun};-5\")\nassert (read.id, read.{num}) == ({n}, -5)",
            "try:\n    {f}(\"1;name;many\")\nexcept ValueError:\n    return\nassert False, \"it should have been refused\"",
            "try:\n    {f}(\"1;name\")\nexcept ValueError as error:\n    assert \"2 fields\" in str(error)",
        ],
    },
    Template {
        code: "\
def {f}({v}: {Rec}) -> str:
    \"\"\"One as a line of `id;{key};{num}`.
d|
d|    The line has no end of its own.
    \"\"\"
    text = {v}.{key}.strip()
1|    text = text.replace(\";\", \",\")
2|    text = text.replace(\"\\n\", \" \")
n|    return f\"{{v}.id};{text};{{v}.{num}}\"
e|    return \";\".join([str({v}.id), text, str({v}.{num})])",
        tests: [
            "assert {f}(sample({n})) == f\"{n};{noun} {n};{10 * {n}}\"",
            "assert {f}(sample(1)).count(\";\") == 2",
            "one = sample(1)\none.{key} = \" spaced \"\nassert \";spaced;\" in {f}(one)",
        ],
    },
    Template {
        code: "\
def {f}({v}: {Rec}) -> list[str]:
    \"\"\"What is wrong with one, in words; nothing if all is well.
d|
d|    All that is wrong is told at once, so that it can be put right at once.
    \"\"\"
n|    problems = []
n|    if not {v}.{key}.strip():
n|        problems.append(\"{key} is empty\")
e|    problems = [] if {v}.{key}.strip() else [\"{key} is empty\"]
1|    if len({v}.{key}) > {M}:
1|        problems.append(\"{key} is too long\")
2|    if {v}.{num} < 0:
2|        problems.append(\"{num} is below zero\")
    return problems",
        tests: [
            "assert {f}(sample({n})) == []",
            "one = sample(1)\none.{key} = \"\"\nassert {f}(one) == [\"{key} is empty\"]",
            "one = sample(1)\none.{flag} = False\nassert {f}(one) == []",
        ],
    },
    Template {
        code: "\
def {f}(items: list[{Rec}]) -> dict[str, int]:
    \"\"\"How many there are of each {key}.
d|
d|    In order of {key}, so that reports look the same every time.
    \"\"\"
    counts: dict[str, int] = {}
    for {v} in items:
1|        if not {v}.{key}:
1|            continue
n|        counts[{v}.{key}] = counts.get({v}.{key}, 0) + 1
e|        counts.setdefault({v}.{key}, 0)
e|        counts[{v}.{key}] += 1
2|    assert all(count > 0 for count in counts.values())
    return dict(sorted(counts.items()))",
        tests: [
            "assert len({f}(samples({n}))) == {n}",
            "assert {f}([sample(1), sample(1)])[\"{noun} 1\"] == 2",
            "assert {f}([]) == {}",
        ],
    },
    Template {
        code: "\
def {f}(items: list[{Rec}], now: int) -> int:
    \"\"\"Drops those whose {time} is more than {W} minutes ago, and says how many.
d|
d|    What lies in the future stays.
    \"\"\"
1|    if not items:
1|        return 0
    before = len(items)
n|    items[:] = [{v} for {v} in items if now - {v}.{time} <= {W}]
e|    oldest = now - {W}
e|    items[:] = [{v} for {v} in items if {v}.{time} >= oldest]
2|    assert len(items) <= before
    return before - len(items)",
        tests: [
            "items = samples(3)\nassert {f}(items, {W} + 120) == 1\nassert items[0].id == 2",
            "assert {f}(samples(3), 0) == 0",
            "assert {f}(samples(3), 1_000_000) == 3",
        ],
    },
    Template {
        code: "\
def {f}(ours: list[{Rec}], theirs: list[{Rec}]) -> list[{Rec}]:
    \"\"\"Two lists as one: of those with the same id the one with the later {time}.
d|
d|    New ones go to the end.
    \"\"\"
1|    if not theirs:
1|        return list(ours)
n|    out = {mine.id: mine for mine in ours}
e|    out: dict[int, {Rec}] = {}
e|    for mine in ours:
e|        out[mine.id] = mine
    for {v} in theirs:
        mine = out.get({v}.id)
        if mine is None or mine.{time} < {v}.{time}:
            out[{v}.id] = {v}
2|    out = dict(sorted(out.items()))
    return list(out.values())",
        tests: [
            "assert len({f}(samples({n}), samples(2))) == {n}",
            "newer = sample(1)\nnewer.{time} += 1\nassert {f}(samples(1), [newer]) == [newer]",
            "assert {f}([], samples(2)) == samples(2)",
        ],
    },
    Template {
        code: "\
def {f}(items: list[{Rec}], count: int) -> list[{Rec}]:
    \"\"\"The newest ones by {time}, at most {L}.
d|
d|    Of equals the first in the list comes first.
    \"\"\"
1|    if count <= 0:
1|        return []
2|    count = min(count, len(items))
n|    out = sorted(items, key=lambda {v}: {v}.{time}, reverse=True)
e|    out = sorted(items, key=lambda {v}: -{v}.{time})
    return out[: min(count, {L})]",
        tests: [
            "latest = {f}(samples({n}), 2)\nassert latest[0].id == {n}",
            "assert {f}(samples(3), 0) == []",
            "assert len({f}(samples(3), 9)) == 3",
        ],
    },
    Template {
        code: "\
def {f}(attempt: int) -> int:
    \"\"\"Milliseconds to wait before an attempt: twice as long each time.
d|
d|    The first attempt after the original one has number 1.
    \"\"\"
1|    if attempt <= 0:
1|        return 0
n|    {w} = {L} * 2 ** min(attempt, 20)
e|    {w} = {L}
e|    for _ in range(min(attempt, 20)):
e|        {w} *= 2
2|    {w} = min({w}, {M}_000)
    return {w}",
        tests: [
            "assert {f}(1) == 2 * {L}",
            "assert {f}(2) == 2 * {f}(1)",
            "assert {f}(40) >= {f}(3)",
        ],
    },
    Template {
        code: "\
def {f}(before: {Rec}, {v}: {Rec}) -> list[str]:
    \"\"\"The names of the fields in which two differ.
d|
d|    The id is what they have in common and is not compared.
    \"\"\"
1|    if before == {v}:
1|        return []
n|    changed = []
n|    if before.{key} != {v}.{key}:
n|        changed.append(\"{key}\")
n|    if before.{num} != {v}.{num}:
n|        changed.append(\"{num}\")
e|    fields = (\"{key}\", \"{num}\")
e|    changed = [name for name in fields if getattr(before, name) != getattr({v}, name)]
2|    if before.{flag} != {v}.{flag}:
2|        changed.append(\"{flag}\")
    return sorted(changed)",
        tests: [
            "after = sample({n})\nafter.{num} += 1\nassert {f}(sample({n}), after) == [\"{num}\"]",
            "assert {f}(sample(1), sample(1)) == []",
            "after = sample(1)\nafter.{key} += \"!\"\nassert {f}(sample(1), after) == [\"{key}\"]",
        ],
    },
    Template {
        code: "\
def {f}(items: list[{Rec}], now: int) -> bool:
    \"\"\"Whether one more may come now: at most {L} in an hour.
d|
d|    Counted by {time}, the present minute included.
    \"\"\"
1|    if len(items) < {L}:
1|        return True
2|    items = [{v} for {v} in items if {v}.{time} <= now]
n|    recent = 0
n|    for {v} in items:
n|        if now - {v}.{time} < 60:
n|            recent += 1
n|    return recent < {L}
e|    return sum(now - {v}.{time} < 60 for {v} in items) < {L}",
        tests: [
            "assert {f}(samples({n}), 60 * {n} + 30)",
            "assert not {f}([sample(1)] * {L}, 60)",
            "assert {f}([], 0)",
        ],
    },
];
