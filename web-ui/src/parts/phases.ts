/** The phases of a project, in order, with how they are shown. */
import type { Phase, ProjectSummary, Status } from '../api/types';
import { label, percent } from '../format/quantity';

export const PHASES: Phase[] = [
  'intake',
  'validation',
  'advisory',
  'design',
  'build',
  'hardening',
  'launch',
  'growth',
  'completed',
];

export const STATUS_COLORS: Record<Status, string> = {
  active: 'var(--ok)',
  paused: 'var(--warn)',
  completed: 'var(--info)',
  failed: 'var(--err)',
  archived: 'var(--fg3)',
};

/** `Build · 8 %` */
export function phaseText({ phase, progress }: Pick<ProjectSummary, 'phase' | 'progress'>): string {
  return phase === 'completed' ? label(phase) : `${label(phase)} · ${percent(progress)}`;
}

/**
 * How full each phase is, in basis points: all of those behind, a part of the present one. A project
 * that stopped by itself after a phase has skipped those between it and its completion.
 */
export function phaseLevels(
  summary: Pick<ProjectSummary, 'phase' | 'progress'>,
  stopAfter: Phase = 'completed',
): number[] {
  const present = PHASES.indexOf(summary.phase);
  const last = PHASES.indexOf(stopAfter);
  return PHASES.map((phase, index) => {
    if (index > last && index < present) return 0;
    if (index < present || (phase === 'completed' && present === index)) return 10_000;
    return index === present ? summary.progress : 0;
  });
}
