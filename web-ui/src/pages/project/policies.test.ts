import { expect, test } from 'vitest';
import type { Policies } from '../../api/types';
import { changeOf, formOf } from './policies';

const policies: Policies = {
  process: 'flow',
  sprint_days: 10,
  wip_limit: 2,
  review: 8_000,
  review_strictness: 5_000,
  meeting_minutes_per_week: 90,
  overtime_hours: 0,
  remote: 3_000,
  training: 300,
  hires_per_month: 1,
  replace_leavers: true,
  price_cents: 4_999,
};

test('a form that was not touched turns nothing', () => {
  expect(changeOf(policies, formOf(policies))).toEqual({});
});

test('only what was turned is asked for, in the units of the policy', () => {
  const values = { ...formOf(policies), review: 55, price_cents: 19.99, process: 'sprint' as const };
  expect(changeOf(policies, values)).toEqual({ review: 5_500, price_cents: 1_999, process: 'sprint' });
});
