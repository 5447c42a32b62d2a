import { mount, unmount } from 'svelte';
import { expect, test } from 'vitest';
import type { MeshNode, ProjectRow, WorldView } from '../api/types';
import { find } from './find';
import { paceSteps } from './pace';
import WorldClock from './WorldClock.svelte';

const row = (id: string, name: string) =>
  ({ id, summary: { name, industry: 'Food', phase: 'build', people: 3 } }) as ProjectRow;
const node = { id: '12D3abc', name: 'copperhead', state: 'live', people: 9 } as MeshNode;

test('search puts what begins with the words first, and finds nodes too', () => {
  const hits = find('cop', [row('1', 'New Copper'), row('2', 'Copper Maps')], [node]);
  expect(hits.map(({ name }) => name)).toEqual(['Copper Maps', 'copperhead', 'New Copper']);
  expect(hits[1]?.address).toBe('/mesh?node=12D3abc');
  expect(find('nothing', [row('1', 'Copper')], [])).toEqual([]);
});

test('the pace control offers the usual steps, and the pace of the world if it is another', () => {
  const labels = (epoch_ms: number) => paceSteps({ epoch_ms, paused: false }).map(({ label }) => label);
  expect(labels(1_000)).toEqual(['1×', '4×', '20×', 'max']);
  expect(labels(0)).toEqual(['1×', '4×', '20×', 'max']);
  expect(labels(400)).toEqual(['1×', '2.5×', '4×', '20×', 'max']);
  expect(labels(60_000)).toEqual(['0.02×', '1×', '4×', '20×', 'max']);
});

test('the clock shows the hour that is settled', () => {
  const world = { name: 'w', epoch: 13, ticks_per_epoch: 60, waiting: null, pace: { epoch_ms: 0, paused: false } };
  const clock = mount(WorldClock, { target: document.body, props: { world: world as WorldView } });
  expect(document.body.textContent?.replace(/\s+/g, ' ')).toContain('Tue 14:00 · day 2');
  void unmount(clock);
});
