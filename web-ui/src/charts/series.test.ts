import { expect, test } from 'vitest';
import { DAY_AXIS, spread, WALL_AXIS } from './series';

test('a chart is told in a few rows, evenly apart, with the newest', () => {
  expect(spread(900, 10)).toHaveLength(10);
  expect(spread(900, 10).at(-1)).toBe(899);
  expect(spread(3, 10)).toEqual([0, 1, 2]);
  expect(spread(0, 10)).toEqual([]);
});

test('ticks less than a minute apart show their seconds', () => {
  expect(WALL_AXIS.text(0, 60)).toMatch(/^\d\d:\d\d$/);
  expect(WALL_AXIS.text(0, 10)).toMatch(/^\d\d:\d\d:\d\d$/);
});

test('the first working day is day 1', () => {
  expect(DAY_AXIS.text(0, 1)).toBe('day 1');
});
