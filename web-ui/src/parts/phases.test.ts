import { describe, expect, test } from 'vitest';
import { phaseLevels } from './phases';

describe('the bar of phases', () => {
  test('is full behind the present phase, and partly full in it', () => {
    expect(phaseLevels({ phase: 'advisory', progress: 3_000 })).toEqual([10_000, 10_000, 3_000, 0, 0, 0, 0, 0, 0]);
  });

  test('leaves out what a project skipped that stopped by itself', () => {
    expect(phaseLevels({ phase: 'completed', progress: 10_000 }, 'advisory')).toEqual([
      10_000, 10_000, 10_000, 0, 0, 0, 0, 0, 10_000,
    ]);
  });
});
