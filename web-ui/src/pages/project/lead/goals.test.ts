import { expect, test } from 'vitest';
import type { GoalView } from '../../../api/types';
import { byDepartment, goalLevel } from './goals';

const goal = (id: number, department: string) => ({ id, department }) as GoalView;

test('goals of the company come first, then departments by name', () => {
  const groups = byDepartment([goal(1, 'sales'), goal(2, 'engineering'), goal(3, 'leadership'), goal(4, 'sales')]);
  expect(groups.map(({ department, goals }) => [department, goals.length])).toEqual([['leadership', 1], ['engineering', 1], ['sales', 2]]);
});

test('a goal that goes down is as far as one that goes up', () => {
  expect(goalLevel({ base: 20, target: 10, value: 15 })).toBe(5_000);
  expect(goalLevel({ base: 10, target: 20, value: 30 })).toBe(10_000);
  expect(goalLevel({ base: 10, target: 20, value: 5 })).toBe(0);
  expect(goalLevel({ base: 4, target: 4, value: 4 })).toBe(10_000);
});
