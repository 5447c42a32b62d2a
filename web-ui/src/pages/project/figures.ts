/** The row of key figures of a project. */
import type { ProjectSummary } from '../../api/types';
import { money, runway, runwayText } from '../../format/money';
import { count, counted, percent } from '../../format/quantity';
import type { FigureView } from '../../parts/figure';

/** With less than this the note turns to a warning. */
const RUNWAY_MONTHS_MIN = 6;
const MORALE_MIN = 4_000;

export function projectFigures(summary: ProjectSummary): FigureView[] {
  const left = runway(summary.cash_cents, summary.burn_cents_per_month);
  const short = left.is === 'out' || (left.is === 'months' && left.months < RUNWAY_MONTHS_MIN);
  const earns = summary.burn_cents_per_month < 0;
  return [
    { name: 'Cash', value: money(summary.cash_cents), note: left.is === 'earning' ? 'in hand, growing' : 'in hand' },
    {
      name: earns ? 'Surplus' : 'Burn',
      value: money(Math.abs(summary.burn_cents_per_month)),
      note: 'a month',
    },
    { name: 'Runway', value: runwayText(left), note: short ? 'short' : 'at this burn', ...(short ? { tone: 'err' as const } : {}) },
    { name: 'Revenue', value: money(summary.revenue_cents_per_month), note: 'a month' },
    { name: 'Customers', value: count(summary.customers), note: counted(summary.defects_open, 'open defect') },
    {
      name: 'Morale',
      value: percent(summary.morale),
      note: `energy ${percent(summary.energy)} · ${count(summary.people)} people`,
      ...(summary.morale < MORALE_MIN ? { tone: 'warn' as const } : {}),
    },
  ];
}
