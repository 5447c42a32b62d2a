/** The board: tasks by column, those that matter now first. */
import type { ProjectSummary, TaskState, TaskView } from '../../api/types';

export interface BoardColumnView {
  state: TaskState;
  title: string;
  tasks: TaskView[];
  /** Tasks there are: a project keeps only the last of those done, but counts them all. */
  total: number;
}

type Count = 'tasks_todo' | 'tasks_doing' | 'tasks_review' | 'tasks_done';

const COLUMNS: Array<[TaskState, string, Count]> = [
  ['todo', 'Todo', 'tasks_todo'],
  ['doing', 'Doing', 'tasks_doing'],
  ['review', 'Review', 'tasks_review'],
  ['done', 'Done', 'tasks_done'],
];

/** Cards shown in a column before `show more`, and with each press of it. */
export const CARDS_STEP = 12;

export function boardOf(all: TaskView[], summary: Pick<ProjectSummary, Count>): BoardColumnView[] {
  return COLUMNS.map(([state, title, counted]) => {
    const tasks = all.filter((task) => task.state === state).sort(state === 'done' ? newestDone : mostUrgent);
    return { state, title, tasks, total: Math.max(tasks.length, summary[counted]) };
  });
}

/** What is blocked waits below; then the higher priority, then the older. */
function mostUrgent(a: TaskView, b: TaskView): number {
  return Number(a.blocked) - Number(b.blocked) || b.priority - a.priority || a.id - b.id;
}

function newestDone(a: TaskView, b: TaskView): number {
  return (b.done_tick ?? 0) - (a.done_tick ?? 0) || b.id - a.id;
}

/** How much of the work is behind, in basis points. */
export function workLevel(task: TaskView): number {
  if (task.state === 'done') return 10_000;
  const all = task.spent_minutes + task.left_minutes;
  return all === 0 ? 0 : Math.round((task.spent_minutes / all) * 10_000);
}
