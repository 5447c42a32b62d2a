/** The columns of the list of projects: what each sorts by, and how rows are found and put in order. */
import type { ProjectRow } from '../api/types';
import { runway } from '../format/money';
import { PHASES } from '../parts/phases';

export type ColumnKey =
  | 'name'
  | 'phase'
  | 'status'
  | 'people'
  | 'todo'
  | 'doing'
  | 'review'
  | 'done'
  | 'cash'
  | 'burn'
  | 'runway'
  | 'customers'
  | 'runner';

export interface Column {
  key: ColumnKey;
  title: string;
  hint?: string;
  number: boolean;
  value: (row: ProjectRow) => number | string;
}

export const COLUMNS: Column[] = [
  { key: 'name', title: 'Project', number: false, value: ({ summary }) => summary.name.toLowerCase() },
  { key: 'phase', title: 'Phase', number: false, value: phaseValue },
  { key: 'status', title: 'Status', number: false, value: ({ halted, summary }) => (halted ? '!' : summary.status) },
  { key: 'people', title: 'People', number: true, value: ({ summary }) => summary.people },
  { key: 'todo', title: 'Todo', number: true, value: ({ summary }) => summary.tasks_todo },
  { key: 'doing', title: 'Doing', number: true, value: ({ summary }) => summary.tasks_doing },
  { key: 'review', title: 'Review', number: true, value: ({ summary }) => summary.tasks_review },
  { key: 'done', title: 'Done', number: true, value: ({ summary }) => summary.tasks_done },
  { key: 'cash', title: 'Cash', number: true, value: ({ summary }) => summary.cash_cents },
  {
    key: 'burn',
    title: 'Burn',
    hint: 'Spent less earned, a month; below zero the project earns',
    number: true,
    value: ({ summary }) => summary.burn_cents_per_month,
  },
  { key: 'runway', title: 'Runway', hint: 'Cash over burn', number: true, value: runwayValue },
  { key: 'customers', title: 'Customers', number: true, value: ({ summary }) => summary.customers },
  { key: 'runner', title: 'Runs on', number: false, value: ({ runner_name }) => runner_name ?? '' },
];

export interface Sorting {
  key: ColumnKey;
  descending: boolean;
}

export const ROWS_PER_PAGE = 50;

/** Another press on the same column turns it round; numbers begin with the largest. */
export function nextSorting(before: Sorting, key: ColumnKey): Sorting {
  if (before.key === key) return { key, descending: !before.descending };
  return { key, descending: COLUMNS.find((column) => column.key === key)?.number ?? false };
}

export function sortRows(rows: Iterable<ProjectRow>, { key, descending }: Sorting): ProjectRow[] {
  const column = COLUMNS.find((one) => one.key === key);
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const order = column ? compare(column.value(a), column.value(b)) * sign : 0;
    // Equal rows stay where they are from one message to the next.
    return order || (a.id < b.id ? -1 : 1);
  });
}

/** Every word must be somewhere in what the row says of itself. */
export function filterRows(rows: Iterable<ProjectRow>, text: string): ProjectRow[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return [...rows].filter((row) => {
    const { name, industry, phase, status } = row.summary;
    const own = [name, industry, phase, row.halted ? 'halted' : status, row.runner_name ?? '', row.id];
    const haystack = own.join(' ').toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b));
}

function phaseValue({ summary }: ProjectRow): number {
  return PHASES.indexOf(summary.phase) * 10_001 + summary.progress;
}

function runwayValue({ summary }: ProjectRow): number {
  const value = runway(summary.cash_cents, summary.burn_cents_per_month);
  if (value.is === 'months') return value.months;
  return value.is === 'out' ? 0 : Number.MAX_VALUE;
}
