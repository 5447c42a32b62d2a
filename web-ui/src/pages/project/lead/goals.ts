/** Goals by department: those of the whole company first, then departments by name. */
import type { GoalView } from '../../../api/types';

export interface DepartmentGoals {
  department: string;
  goals: GoalView[];
}

const COMPANY = 'leadership';

export const GOAL_COLORS: Record<string, string> = {
  on_track: 'var(--ok)',
  met: 'var(--ok)',
  at_risk: 'var(--warn)',
  off: 'var(--err)',
  missed: 'var(--err)',
};

export function byDepartment(goals: GoalView[]): DepartmentGoals[] {
  const names = [...new Set(goals.map(({ department }) => department))].sort(
    (a, b) => Number(b === COMPANY) - Number(a === COMPANY) || a.localeCompare(b),
  );
  return names.map((department) => ({ department, goals: goals.filter((goal) => goal.department === department) }));
}

/** How far the way from where it began to the target is gone, in basis points. */
export function goalLevel({ base, target, value }: Pick<GoalView, 'base' | 'target' | 'value'>): number {
  if (base === target) return value === target ? 10_000 : 0;
  return Math.round(Math.max(0, Math.min(1, (value - base) / (target - base))) * 10_000);
}
