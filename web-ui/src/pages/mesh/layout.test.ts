import { describe, expect, test } from 'vitest';
import { fit, layOut, type LayoutLink } from './layout';

const ids = ['a', 'b', 'c', 'd', 'e'];
const ring: LayoutLink[] = ids.map((from, at) => ({ from, to: ids[(at + 1) % ids.length]!, rttUs: 2_000 }));

describe('the map of the mesh', () => {
  test('is the same for the same mesh, whatever the order of its nodes', () => {
    expect(layOut(ids, ring, new Map())).toEqual(layOut(ids.toReversed(), ring, new Map()));
  });

  test('keeps nodes apart', () => {
    const places = [...layOut(ids, ring, new Map()).values()];
    for (const [at, one] of places.entries()) {
      for (const other of places.slice(at + 1)) {
        expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(50);
      }
    }
  });

  test('lives with links to nodes it does not know', () => {
    expect(layOut(['a'], [{ from: 'a', to: 'ghost', rttUs: null }], new Map()).size).toBe(1);
    expect(layOut([], [], new Map()).size).toBe(0);
  });

  test('fits any card with room for the names', () => {
    for (const [width, height] of [
      [740, 480],
      [330, 330],
    ] as const) {
      for (const { x, y } of fit(layOut(ids, ring, new Map()), width, height).values()) {
        expect(x).toBeGreaterThanOrEqual(40);
        expect(x).toBeLessThanOrEqual(width - 40);
        expect(y).toBeGreaterThanOrEqual(30);
        expect(y).toBeLessThanOrEqual(height - 40);
      }
    }
  });

  test('puts a mesh of one in the middle', () => {
    const place = fit(layOut(['a'], [], new Map()), 600, 400).get('a');
    expect(place?.x).toBeCloseTo(300);
  });
});
