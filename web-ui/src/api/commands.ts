/**
 * What the dashboard asks of a project: the body of `POST /api/v1/projects/{project}/commands`
 * (`shared/src/model/command.rs`, of which these are the ones with a form here).
 */
import type { Phase, Policies } from './types';

export type ProjectCommand =
  | { type: 'hire'; role: string; seniority: string }
  | { type: 'add_task'; task: TaskSpec }
  | ({ type: 'set_policies' } & PoliciesChange)
  | { type: 'fund'; cents: number }
  | { type: 'pause' }
  | { type: 'resume' };

export type TaskSpec = {
  title: string;
  kind: string;
  phase: Phase;
  estimate_minutes: number;
  /** 1 (whenever) to 5 (first of all). */
  priority: number;
};

/** What to turn; the rest stays. */
export type PoliciesChange = Partial<Policies>;

export const ROLES = [
  'engineer',
  'tester',
  'designer',
  'product',
  'researcher',
  'operations',
  'data',
  'manager',
  'marketing',
  'sales',
  'support',
  'finance',
];

export const SENIORITIES = ['junior', 'mid', 'senior', 'lead', 'principal'];

export const TASK_KINDS = ['feature', 'bug', 'research', 'design', 'ops', 'test', 'docs', 'chore', 'marketing', 'sales', 'support', 'finance'];
