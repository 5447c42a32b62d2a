//! Functions as they are written in TypeScript.

use super::template::Template;

/// The first lines of a module.
pub const HEAD: &str = "\
// {Subject}: how it is kept and what is done with it.

/** One {noun} as it is kept. Times are minutes since the start. */
export interface {Rec} {
  id: number;
  {key}: string;
  {num}: number;
  {time}: number;
  {flag}: boolean;
}
";

/// The first lines of its tests, behind the import.
pub const TEST_HEAD: &str = "
function sample(id: number): {Rec} {
  return {
    id,
    {key}: `{noun} ${id}`,
    {num}: 10 * id,
    {time}: 60 * id,
    {flag}: id % 2 === 1,
  };
}

function samples(count: number): {Rec}[] {
  return Array.from({ length: count }, (_, at) => sample(at + 1));
}
";

/// One of each kind of function, with three tests.
pub const FUNCTIONS: [Template; 14] = [
    Template {
        code: "\
/**
 * The {noun} with this {key}.
d| * Where several have the same one, the first is given.
 */
export function {f}(items: readonly {Rec}[], {key}: string): {Rec} | undefined {
1|  if ({key} === \"\") return undefined;
2|  const wanted = {key}.trim();
2|  {key} = wanted;
n|  return items.find(({v}) => {v}.{key} === {key});
e|  for (const {v} of items) {
e|    if ({v}.{key} === {key}) return {v};
e|  }
e|  return undefined;
}",
        tests: [
            "const items = samples({n});\nassert.equal({f}(items, \"{noun} 2\"), items[1]);",
            "assert.equal({f}(samples(2), \"nobody\"), undefined);",
            "assert.equal({f}([], \"{noun} 1\"), undefined);",
        ],
    },
    Template {
        code: "\
/**
 * All {num} together.
d| * What is below zero lowers the total, until somebody says otherwise.
 */
export function {f}(items: readonly {Rec}[]): number {
1|  if (items.length === 0) return 0;
n|  let total = 0;
n|  for (const {v} of items) {
2n|    if ({v}.{num} < 0) continue;
n|    total += {v}.{num};
n|  }
n|  return total;
e|  return items
2e|    .filter(({v}) => {v}.{num} >= 0)
e|    .reduce((total, {v}) => total + {v}.{num}, 0);
}",
        tests: [
            "assert.equal({f}(samples({n})), 5 * {n} * ({n} + 1));",
            "assert.equal({f}([]), 0);",
            "assert.equal({f}([sample(1)]), 10);",
        ],
    },
    Template {
        code: "\
/**
 * Those with a {time} at or after this minute.
d| * The order is that of the list they come from.
 */
export function {f}(items: readonly {Rec}[], since: number): {Rec}[] {
1|  if (since <= 0) return [...items];
2|  if (items.length === 0) return [];
n|  return items.filter(({v}) => {v}.{time} >= since);
e|  const out: {Rec}[] = [];
e|  for (const {v} of items) {
e|    if ({v}.{time} >= since) out.push({v});
e|  }
e|  return out;
}",
        tests: [
            "assert.equal({f}(samples({n}), 120).length, {n} - 1);",
            "assert.equal({f}(samples(3), 0).length, 3);",
            "assert.deepEqual({f}(samples(3), 10_000), []);",
        ],
    },
    Template {
        code: "\
/**
 * One page of a list; the first has number 0.
d| * A page has at most {L} of them, whatever is asked for.
 */
export function {f}(items: readonly {Rec}[], page: number, size: number): {Rec}[] {
1|  if (page < 0) throw new RangeError(`there is no page ${page}`);
2|  if (items.length === 0) return [];
n|  const {w} = Math.max(1, Math.min(size, {L}));
e|  let {w} = Math.min(size, {L});
e|  if ({w} < 1) {w} = 1;
  return items.slice(page * {w}, (page + 1) * {w});
}",
        tests: [
            "const items = samples({n});\nassert.deepEqual({f}(items, 0, 2), items.slice(0, 2));",
            "assert.deepEqual({f}(samples(3), 9, 2), []);",
            "assert.equal({f}(samples(3), 1, 2).length, 1);",
        ],
    },
    Template {
        code: "\
/**
 * Reads one from a line of `id;{key};{num}`.
d| * What a line does not say is not set.
 */
export function {f}(line: string): {Rec} {
1|  if (line.trim() === \"\") throw new Error(\"the line is empty\");
  const {w} = line.split(\";\");
  if ({w}.length !== 3) throw new Error(`${{w}.length} fields instead of 3`);
n|  const id = Number({w}[0]);
n|  const {num} = Number({w}[2]);
e|  const [id, , {num}] = {w}.map(Number) as [number, number, number];
  if (Number.isNaN(id) || Number.isNaN({num})) throw new Error(`no number in ${line}`);
2|  if (id <= 0) throw new Error(`${id} is no id`);
  return { id, {key}: {w}[1] ?? \"\", {num}, {time}: 0, {flag}: false };
}",
        tests: [
            "const read = {f}(\"{n};some {noun};-5\");\nassert.deepEqual([read.id, read.{num}], [{n}, -5]);",
            "assert.throws(() => {f}(\"1;name;many\"));",
            "assert.throws(() => {f}(\"1;name\"), /2 fields/);",
        ],
    },
    Template {
        code: "\
/**
 * One as a line of `id;{key};{num}`.
d| * The line has no end of its own.
 */
export function {f}({v}: {Rec}): string {
  let text = {v}.{key}.trim();
1|  text = text.replaceAll(\";\", \",\");
2|  text = text.replaceAll(\"\\n\", \" \");
n|  return `${{v}.id};${text};${{v}.{num}}`;
e|  return [{v}.id, text, {v}.{num}].join(\";\");
}",
        tests: [
            "assert.equal({f}(sample({n})), `{n};{noun} {n};${10 * {n}}`);",
            "assert.equal({f}(sample(1)).split(\";\").length, 3);",
            "const one = { ...sample(1), {key}: \" spaced \" };\nassert.ok({f}(one).includes(\";spaced;\"));",
        ],
    },
    Template {
        code: "\
/**
 * What is wrong with one, in words; nothing if all is well.
d| * All that is wrong is told at once, so that it can be put right at once.
 */
export function {f}({v}: {Rec}): string[] {
n|  const problems: string[] = [];
n|  if ({v}.{key}.trim() === \"\") problems.push(\"{key} is empty\");
e|  const empty = {v}.{key}.trim() === \"\";
e|  const problems = empty ? [\"{key} is empty\"] : [];
1|  if ({v}.{key}.length > {M}) problems.push(\"{key} is too long\");
2|  if ({v}.{num} < 0) problems.push(\"{num} is below zero\");
  return problems;
}",
        tests: [
            "assert.deepEqual({f}(sample({n})), []);",
            "const one = { ...sample(1), {key}: \"\" };\nassert.deepEqual({f}(one), [\"{key} is empty\"]);",
            "const one = { ...sample(1), {flag}: false };\nassert.deepEqual({f}(one), []);",
        ],
    },
    Template {
        code: "\
/**
 * How many there are of each {key}.
d| * In the order in which they come up.
 */
export function {f}(items: readonly {Rec}[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const {v} of items) {
1|    if ({v}.{key} === \"\") continue;
n|    counts.set({v}.{key}, (counts.get({v}.{key}) ?? 0) + 1);
e|    const before = counts.get({v}.{key}) ?? 0;
e|    counts.set({v}.{key}, before + 1);
  }
2|  counts.delete(\"unknown\");
  return counts;
}",
        tests: [
            "assert.equal({f}(samples({n})).size, {n});",
            "assert.equal({f}([sample(1), sample(1)]).get(\"{noun} 1\"), 2);",
            "assert.equal({f}([]).size, 0);",
        ],
    },
    Template {
        code: "\
/**
 * Those whose {time} is at most {W} minutes ago.
d| * What lies in the future stays.
 */
export function {f}(items: readonly {Rec}[], now: number): {Rec}[] {
1|  if (items.length === 0) return [];
2|  if (Number.isNaN(now)) return [...items];
n|  return items.filter(({v}) => now - {v}.{time} <= {W});
e|  const oldest = now - {W};
e|  return items.filter(({v}) => {v}.{time} >= oldest);
}",
        tests: [
            "const left = {f}(samples({n}), {W} + 120);\nassert.equal(left.length, {n} - 1);",
            "assert.equal({f}(samples(3), 0).length, 3);",
            "assert.deepEqual({f}(samples(3), 1_000_000), []);",
        ],
    },
    Template {
        code: "\
/**
 * Two lists as one: of those with the same id the one with the later {time}.
d| * New ones go to the end.
 */
export function {f}(ours: readonly {Rec}[], theirs: readonly {Rec}[]): {Rec}[] {
1|  if (theirs.length === 0) return [...ours];
  const out = new Map<number, {Rec}>();
n|  for (const mine of ours) out.set(mine.id, mine);
e|  ours.forEach((mine) => out.set(mine.id, mine));
  for (const {v} of theirs) {
    const mine = out.get({v}.id);
    if (mine === undefined || mine.{time} < {v}.{time}) out.set({v}.id, {v});
  }
2|  if (out.size === ours.length && theirs.length === 0) return [...ours];
  return [...out.values()];
}",
        tests: [
            "assert.equal({f}(samples({n}), samples(2)).length, {n});",
            "const newer = { ...sample(1), {time}: 61 };\nassert.deepEqual({f}(samples(1), [newer]), [newer]);",
            "assert.deepEqual({f}([], samples(2)), samples(2));",
        ],
    },
    Template {
        code: "\
/**
 * The newest ones by {time}, at most {L}.
d| * Of equals the first in the list comes first.
 */
export function {f}(items: readonly {Rec}[], count: number): {Rec}[] {
1|  if (count <= 0) return [];
n|  const out = [...items].sort((one, {v}) => {v}.{time} - one.{time});
e|  const out = items.slice();
e|  out.sort((one, {v}) => {v}.{time} - one.{time});
2|  if (count >= out.length) return out.slice(0, {L});
  return out.slice(0, Math.min(count, {L}));
}",
        tests: [
            "assert.equal({f}(samples({n}), 2)[0]?.id, {n});",
            "assert.deepEqual({f}(samples(3), 0), []);",
            "assert.equal({f}(samples(3), 9).length, 3);",
        ],
    },
    Template {
        code: "\
/**
 * Milliseconds to wait before an attempt: twice as long each time.
d| * The first attempt after the original one has number 1.
 */
export function {f}(attempt: number): number {
1|  if (attempt <= 0) return 0;
n|  const {w} = {L} * 2 ** Math.min(attempt, 20);
e|  let {w} = {L};
e|  for (let step = 0; step < Math.min(attempt, 20); step += 1) {w} *= 2;
2|  if ({w} > {M}_000) return {M}_000;
  return {w};
}",
        tests: [
            "assert.equal({f}(1), 2 * {L});",
            "assert.equal({f}(2), 2 * {f}(1));",
            "assert.ok({f}(40) >= {f}(3));",
        ],
    },
    Template {
        code: "\
/**
 * The names of the fields in which two differ.
d| * The id is what they have in common and is not compared.
 */
export function {f}(before: {Rec}, {v}: {Rec}): string[] {
1|  if (before === {v}) return [];
n|  const changed: string[] = [];
n|  if (before.{key} !== {v}.{key}) changed.push(\"{key}\");
n|  if (before.{num} !== {v}.{num}) changed.push(\"{num}\");
e|  const fields = [\"{key}\", \"{num}\"] as const;
e|  const changed: string[] = fields.filter((name) => before[name] !== {v}[name]);
2|  if (before.{flag} !== {v}.{flag}) changed.push(\"{flag}\");
  return changed;
}",
        tests: [
            "const after = { ...sample({n}), {num}: -1 };\nassert.deepEqual({f}(sample({n}), after), [\"{num}\"]);",
            "assert.deepEqual({f}(sample(1), sample(1)), []);",
            "const after = { ...sample(1), {key}: \"other\" };\nassert.deepEqual({f}(sample(1), after), [\"{key}\"]);",
        ],
    },
    Template {
        code: "\
/**
 * Whether one more may come now: at most {L} in an hour.
d| * Counted by {time}, the present minute included.
 */
export function {f}(items: readonly {Rec}[], now: number): boolean {
1|  if (items.length < {L}) return true;
n|  let recent = 0;
n|  for (const {v} of items) {
2n|    if ({v}.{time} > now) continue;
n|    if (now - {v}.{time} < 60) recent += 1;
n|  }
n|  return recent < {L};
e|  const recent = items
2e|    .filter(({v}) => {v}.{time} <= now)
e|    .filter(({v}) => now - {v}.{time} < 60);
e|  return recent.length < {L};
}",
        tests: [
            "assert.ok({f}(samples({n}), 60 * {n} + 30));",
            "assert.ok(!{f}(Array.from({ length: {L} }, () => sample(1)), 60));",
            "assert.ok({f}([], 0));",
        ],
    },
];
