import { describe, expect, test } from 'vitest';
import type { MeshSample, MeshView, ProjectDetail, ProjectRow, Talk, WorldView } from '../api/types';
import { HISTORY_MAX, mergeHistory, mergeTalk, reduceMesh, reduceProject, reduceTalk, reduceWorld, TALK_MAX } from './reducers';
import { saidOf } from './talk';

const sample = (second: number, sent = 0) => ({ at_ms: second * 1000, gossip_sent: sent }) as MeshSample;
const row = (id: string, epoch: number) => ({ id, epoch }) as ProjectRow;
const world = { id: 'w' } as WorldView;
const talk = (id: number) => ({ id, tick: id }) as Talk;

describe('the history of the mesh', () => {
  test('is kept when a message comes without it', () => {
    const before = { history: [sample(1), sample(2)] } as MeshView;
    const after = reduceMesh(before, { is: 'mesh', seq: 2, mesh: { history: [] as MeshSample[] } as MeshView });
    expect(after?.history).toEqual(before.history);
  });

  test('takes what is newer in place of what it had, and forgets the oldest', () => {
    const merged = mergeHistory([sample(1), sample(2, 5)], [sample(2, 9), sample(3)]);
    expect(merged).toEqual([sample(1), sample(2, 9), sample(3)]);
    const many = Array.from({ length: HISTORY_MAX }, (_, at) => sample(at));
    expect(mergeHistory(many, [sample(HISTORY_MAX)])).toHaveLength(HISTORY_MAX);
    expect(mergeHistory(many, [sample(HISTORY_MAX)])[0]).toEqual(sample(1));
  });
});

describe('the rows of a world', () => {
  test('change one by one, and are replaced by a complete list', () => {
    const first = reduceWorld(null, { is: 'world', seq: 1, world, rows: [row('a', 1), row('b', 1)], complete: true });
    const second = reduceWorld(first, { is: 'world', seq: 2, world, rows: [row('b', 2)], complete: false });
    expect([...second!.rows.values()]).toEqual([row('a', 1), row('b', 2)]);
    expect(first!.rows.get('b')?.epoch).toBe(1);
    const third = reduceWorld(second, { is: 'world', seq: 3, world, rows: [row('b', 3)], complete: true });
    expect([...third!.rows.keys()]).toEqual(['b']);
  });
});

test('a project whose runner died keeps its last picture', () => {
  const whole = { row: row('a', 8), view: { tick: 480 }, view_epoch: 8, refused: [] } as unknown as ProjectDetail;
  const bare = { row: row('a', 9), view: null, view_epoch: null, refused: [] };
  const after = reduceProject(whole, { is: 'project', seq: 2, project: 'a', detail: bare });
  expect(after).toMatchObject({ row: { epoch: 9 }, view: { tick: 480 }, view_epoch: 8 });
});

describe('talk', () => {
  test('is shown once, however often it comes', () => {
    const message = (ids: number[]) =>
      ({ is: 'talk', seq: 1, project: 'p', epoch: 1, events: ids.map((id) => ({ type: 'talk' as const, talk: talk(id) })) }) as const;
    const first = reduceTalk(null, message([1, 2]));
    expect(reduceTalk(first, message([2, 3, 3]))?.map((entry) => entry.key)).toEqual(['said-1', 'said-2', 'said-3']);
  });

  test('says where lines are missing', () => {
    const after = reduceTalk([saidOf(talk(1))], { is: 'gap', channel: { name: 'talk', project: 'p' }, seq: 9 });
    expect(after?.at(-1)?.is).toBe('gap');
  });

  test('keeps the newest lines', () => {
    const many = Array.from({ length: TALK_MAX + 5 }, (_, id) => saidOf(talk(id)));
    expect(mergeTalk([], many)[0]?.key).toBe('said-5');
  });
});
