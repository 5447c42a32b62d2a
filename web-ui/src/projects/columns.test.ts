import { describe, expect, test } from 'vitest';
import type { ProjectRow, ProjectSummary } from '../api/types';
import { filterRows, nextSorting, sortRows } from './columns';

function row(id: string, summary: Partial<ProjectSummary>, more: Partial<ProjectRow> = {}): ProjectRow {
  const whole = { name: id, industry: 'Food', status: 'active', phase: 'build', progress: 0, ...summary };
  return { id, world: 'w', epoch: 1, summary: whole, runner: 'n', runner_name: 'heron', standby: [], halted: null, ...more } as ProjectRow;
}

const names = (rows: ProjectRow[]) => rows.map(({ id }) => id);

describe('sorting', () => {
  test('puts phases in their order, then by progress', () => {
    const rows = [
      row('a', { phase: 'launch', progress: 0 }),
      row('b', { phase: 'build', progress: 9_000 }),
      row('c', { phase: 'build', progress: 100 }),
    ];
    expect(names(sortRows(rows, { key: 'phase', descending: false }))).toEqual(['c', 'b', 'a']);
  });

  test('counts a project that earns as the one that lasts longest', () => {
    const rows = [
      row('earns', { cash_cents: 1, burn_cents_per_month: -5 }),
      row('out', { cash_cents: -1, burn_cents_per_month: 5 }),
      row('lasts', { cash_cents: 100, burn_cents_per_month: 5 }),
    ];
    expect(names(sortRows(rows, { key: 'runway', descending: true }))).toEqual(['earns', 'lasts', 'out']);
  });

  test('leaves equal rows where they were', () => {
    const rows = [row('b', { people: 3 }), row('a', { people: 3 })];
    expect(names(sortRows(rows, { key: 'people', descending: true }))).toEqual(['a', 'b']);
    expect(names(sortRows(rows.toReversed(), { key: 'people', descending: false }))).toEqual(['a', 'b']);
  });

  test('turns round at the second press, and begins with the largest number', () => {
    const first = nextSorting({ key: 'name', descending: false }, 'cash');
    expect(first).toEqual({ key: 'cash', descending: true });
    expect(nextSorting(first, 'cash')).toEqual({ key: 'cash', descending: false });
  });
});

describe('filtering', () => {
  const rows = [
    row('1', { name: 'Bluebird Labs', industry: 'Health' }),
    row('2', { name: 'Copper Foods', status: 'failed' }, { runner_name: 'falcon' }),
    row('3', { name: 'Copper Maps' }, { halted: 'a fault' }),
  ];

  test('finds by any words of name, industry, phase, state and node', () => {
    expect(names(filterRows(rows, 'copper'))).toEqual(['2', '3']);
    expect(names(filterRows(rows, 'copper falcon'))).toEqual(['2']);
    expect(names(filterRows(rows, 'HEALTH'))).toEqual(['1']);
    expect(names(filterRows(rows, 'halted'))).toEqual(['3']);
    expect(names(filterRows(rows, '  '))).toEqual(['1', '2', '3']);
  });
});
