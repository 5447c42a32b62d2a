/** The steps of the pace control: a simulated hour (an epoch) takes so long on the wall. */
import type { PaceView } from '../api/types';

export interface PaceStep {
  label: string;
  /** 0: as fast as possible. */
  epochMs: number;
  title: string;
}

/** At 1× a simulated working hour takes a second. */
const HOUR_MS = 1000;

const STEPS: PaceStep[] = [1, 4, 20].map((factor) => stepOf(HOUR_MS / factor));
const MAX: PaceStep = { label: 'max', epochMs: 0, title: 'As fast as possible' };

/** The usual steps, and the world's own if it is none of them. */
export function paceSteps(pace: PaceView): PaceStep[] {
  const known = [...STEPS, MAX].some((step) => step.epochMs === pace.epoch_ms);
  const own = known ? [] : [stepOf(pace.epoch_ms)];
  return [...[...STEPS, ...own].sort((a, b) => b.epochMs - a.epochMs), MAX];
}

function stepOf(epochMs: number): PaceStep {
  const factor = HOUR_MS / epochMs;
  const digits = factor >= 10 || Number.isInteger(factor) ? 0 : factor >= 1 ? 1 : 2;
  const wall = epochMs >= 1000 ? `${epochMs / 1000} s` : `${epochMs} ms`;
  return { label: `${factor.toFixed(digits)}×`, epochMs, title: `A simulated hour in ${wall}` };
}
