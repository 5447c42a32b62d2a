import { describe, expect, test } from 'vitest';
import type { MeshNode, MeshSample, MeshView } from '../../api/types';
import { dotsFor } from './drawing';
import { flowOf, healthOf, healthText, meshFigures } from './health';

const node = (more: Partial<MeshNode>) => ({ id: 'x', name: 'x', state: 'live', people: 0, last_heard_ms: 100_000, ...more }) as MeshNode;
const mesh = (more: Partial<MeshView>): MeshView => ({ me: 'me', mesh: 'm', now_ms: 100_000, nodes: [], links: [], history: [], ...more });

describe('a node', () => {
  test('is late after some missed heartbeats, and missing when the mesh says so', () => {
    expect(healthOf(node({}), mesh({}))).toBe('live');
    expect(healthOf(node({ last_heard_ms: 93_000 }), mesh({}))).toBe('late');
    expect(healthOf(node({ state: 'missing' }), mesh({}))).toBe('missing');
    expect(healthText(node({ state: 'missing', last_heard_ms: 40_000 }), mesh({}))).toBe('Missing 1 min');
  });

  test('never finds itself late', () => {
    expect(healthOf(node({ id: 'me', last_heard_ms: 1 }), mesh({}))).toBe('live');
  });
});

test('the figures count who is missing', () => {
  const [nodes] = meshFigures(mesh({ nodes: [node({}), node({ id: 'y', state: 'missing' })] }));
  expect(nodes).toMatchObject({ value: '1 / 2', note: '1 missing', tone: 'err' });
});

test('flow is a mean of the last seconds', () => {
  const samples = [100, 1, 2, 3, 4, 5].map((gossip_sent) => ({ gossip_sent }) as MeshSample);
  expect(flowOf(samples).sent).toBe(3);
  expect(flowOf([]).sent).toBe(0);
});

test('no gossip, no dots', () => {
  expect(dotsFor(0)).toBe(0);
  expect(dotsFor(1)).toBe(1);
  expect(dotsFor(100_000)).toBe(4);
});
