/** The policies of a project as fields of a form: bounds, units and what each of them does. */
import type { Policies } from '../../api/types';

export type PolicyField = {
  key: Exclude<keyof Policies, 'process' | 'replace_leavers'>;
  name: string;
  /** What the number in the form is multiplied by to be the policy. */
  scale: number;
  min: number;
  max: number;
  step: number;
  effect: string;
};

const PERCENT = 100;
const CENTS = 100;

export const POLICY_FIELDS: PolicyField[] = [
  { key: 'wip_limit', name: 'Tasks a person', scale: 1, min: 1, max: 8, step: 1, effect: 'More at once means more switching.' },
  { key: 'sprint_days', name: 'Sprint (days)', scale: 1, min: 2, max: 30, step: 1, effect: 'Counts when work goes in sprints.' },
  { key: 'review', name: 'Reviewed work (%)', scale: PERCENT, min: 0, max: 100, step: 1, effect: 'Each review finds about a third of the defects.' },
  { key: 'review_strictness', name: 'Strictness (%)', scale: PERCENT, min: 0, max: 100, step: 1, effect: 'Finds more, takes longer, and is felt.' },
  { key: 'meeting_minutes_per_week', name: 'Meetings (min a week)', scale: 1, min: 0, max: 1200, step: 15, effect: 'They take focus and spare misunderstandings.' },
  { key: 'overtime_hours', name: 'Overtime (h a day)', scale: 1, min: 0, max: 6, step: 1, effect: 'Helps for weeks, then wears people out.' },
  { key: 'remote', name: 'Remote (% of people)', scale: PERCENT, min: 0, max: 100, step: 1, effect: 'Fewer interruptions, slower help.' },
  { key: 'training', name: 'Training (% of time)', scale: PERCENT, min: 0, max: 30, step: 1, effect: 'Costs time now, raises skill.' },
  { key: 'hires_per_month', name: 'New positions a month', scale: 1, min: 0, max: 20, step: 1, effect: 'What the chief may open beyond replacements.' },
  { key: 'price_cents', name: 'Price a month (€)', scale: CENTS, min: 0, max: 10_000_000, step: 0.01, effect: 'Dearer wins and keeps fewer customers.' },
];

export type PolicyValues = Record<PolicyField['key'], number> & Pick<Policies, 'process' | 'replace_leavers'>;

/** The policies as the form shows them. */
export function formOf(policies: Policies): PolicyValues {
  const numbers = Object.fromEntries(POLICY_FIELDS.map(({ key, scale }) => [key, policies[key] / scale]));
  return { ...numbers, process: policies.process, replace_leavers: policies.replace_leavers } as PolicyValues;
}

/** What the form would turn: only what differs. */
export function changeOf(policies: Policies, values: PolicyValues): Partial<Policies> {
  const change: Partial<Policies> = {};
  for (const { key, scale } of POLICY_FIELDS) {
    const value = Math.round(values[key] * scale);
    if (value !== policies[key]) change[key] = value;
  }
  if (values.process !== policies.process) change.process = values.process;
  if (values.replace_leavers !== policies.replace_leavers) change.replace_leavers = values.replace_leavers;
  return change;
}
