/** The repository of a fake company, its pipeline and deployments; and the machine of a person. */
import type { PersonView, WorkshopView, WorkstationView } from '../src/api/types';
import { chance, pick, whole } from './fake-random';

const MESSAGES = ['Keep orders that arrive twice', 'Read the tax of a country from its table', 'Test the export with an empty list', 'Back off between retries', 'Say which row of the file is wrong'];
const PATHS = ['src/orders/import.rs', 'src/orders/export.rs', 'src/tax/table.rs', 'tests/orders.rs', 'README.md'];
const STAGES = ['compile', 'test', 'lint', 'scan'];

export function fakeWorkshop(people: PersonView[], tick: number, launched: boolean): WorkshopView {
  const branchOf = (task: number) => `task/${task}-import-of-orders`;
  return {
    language: 'Rust',
    commits_total: 486,
    branches: [
      { name: 'main', task: null, head: 486, opened_tick: 480, commits: 402 },
      ...[12, 31, 44].map((task) => ({ name: branchOf(task), task, head: 480 + (task % 6), opened_tick: tick - whole(300, 2_000), commits: whole(1, 9) })),
    ],
    commits: Array.from({ length: 14 }, (_, at) => {
      const { id, name } = pick(people);
      const task = pick([12, 31, 44]);
      return { id: 473 + at, tick: tick - (14 - at) * 55, author: id, author_name: name, branch: chance(0.4) ? 'main' : branchOf(task), task, message: pick(MESSAGES), parents: [472 + at], files_changed: whole(1, 6), added: whole(2, 180), removed: whole(0, 70) };
    }),
    files: PATHS.map((path) => ({ path, lines: whole(40, 600), bytes: whole(1_000, 20_000) })),
    open_files: [],
    runs: Array.from({ length: 12 }, (_, at) => {
      const task = pick([12, 31, 44]);
      const broken = chance(0.25) ? whole(0, 3) : STAGES.length;
      const stages = STAGES.map((name, place) => ({ name, seconds: whole(10, 200), passed: place < broken ? true : place === broken ? false : null }));
      return { id: 301 + at, tick: tick - (12 - at) * 70, branch: branchOf(task), task, passed: broken === STAGES.length, failure: STAGES[broken] ?? null, seconds: whole(90, 700), stages };
    }),
    reviews: [],
    deployments: launched
      ? Array.from({ length: 6 }, (_, at) => ({ version: `v${at + 1}`, tick: tick - (6 - at) * 700, commit: 400 + at * 14, changes: whole(1, 8), failed: at === 3 }))
      : [],
    scans: [
      { tick: tick - 4_000, findings: [] },
      {
        tick: tick - 600,
        findings: [
          { rule: 'unbounded-input', severity: 'high', text: 'A file of any size is read into memory.', path: 'src/orders/import.rs' },
          { rule: 'weak-random', severity: 'low', text: 'An identifier could be guessed.', path: 'src/orders/export.rs' },
        ],
      },
    ],
  };
}

export function fakeWorkstation(): WorkstationView {
  return {
    cpu: whole(400, 9_000),
    memory_mb: whole(3_000, 14_000),
    memory_total_mb: 16_384,
    received_kbps: whole(10, 4_000),
    sent_kbps: whole(5, 900),
    open_files: ['src/orders/import.rs', '10.0.4.12:5432'],
    processes: [
      { name: 'rustc', cpu: whole(1_000, 5_000), memory_mb: whole(400, 2_400) },
      { name: 'editor', cpu: whole(100, 900), memory_mb: whole(300, 900) },
      { name: 'browser', cpu: whole(50, 800), memory_mb: whole(500, 2_000) },
    ],
  };
}
