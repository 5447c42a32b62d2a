import { expect, test } from 'vitest';
import type { TaskView } from '../../api/types';
import { boardOf, workLevel } from './board';

const task = (id: number, more: Partial<TaskView>) =>
  ({ id, state: 'todo', priority: 3, blocked: false, done_tick: null, spent_minutes: 0, left_minutes: 60, ...more }) as TaskView;
const counts = { tasks_todo: 3, tasks_doing: 0, tasks_review: 0, tasks_done: 140 };

test('what can be done now comes first, and what was dropped is left out', () => {
  const columns = boardOf(
    [task(1, { blocked: true, priority: 5 }), task(2, {}), task(3, { priority: 5 }), task(4, { state: 'dropped' })],
    counts,
  );
  expect(columns[0]?.tasks.map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(columns.flatMap(({ tasks }) => tasks)).toHaveLength(3);
});

test('done counts all, though only the newest are kept one by one', () => {
  const done = boardOf([task(1, { state: 'done', done_tick: 5 }), task(2, { state: 'done', done_tick: 9 })], counts)[3];
  expect(done?.tasks.map(({ id }) => id)).toEqual([2, 1]);
  expect(done?.total).toBe(140);
});

test('the level of work is what is spent of what is spent and left', () => {
  expect(workLevel(task(1, { spent_minutes: 30, left_minutes: 90 }))).toBe(2_500);
  expect(workLevel(task(1, { spent_minutes: 0, left_minutes: 0 }))).toBe(0);
  expect(workLevel(task(1, { state: 'done' }))).toBe(10_000);
});
