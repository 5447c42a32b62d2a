/** What a view knows after a message: functions from the picture before and a message to the next. */
import type { MeshSample, MeshView, ProjectDetail, ProjectRow, ServerMessage, WorldView } from '../api/types';
import { entriesOf, type TalkEntry } from './talk';

/** 15 minutes of samples, one a second. */
export const HISTORY_MAX = 900;
/** Lines of talk kept in the page; older ones are in the node. */
export const TALK_MAX = 400;

export interface WorldPicture {
  world: WorldView;
  rows: Map<string, ProjectRow>;
}

export function reduceMesh(before: MeshView | null, message: ServerMessage): MeshView | null {
  if (message.is !== 'mesh') return before;
  const history = mergeHistory(before?.history ?? [], message.mesh.history);
  return { ...message.mesh, history };
}

/** The first message brings all of the history, the later ones what is new, if anything. */
export function mergeHistory(before: MeshSample[], news: MeshSample[]): MeshSample[] {
  const first = news[0];
  if (!first) return before;
  const kept = before.filter((sample) => sample.at_ms < first.at_ms);
  return [...kept, ...news].slice(-HISTORY_MAX);
}

export function reduceWorld(before: WorldPicture | null, message: ServerMessage): WorldPicture | null {
  if (message.is !== 'world') return before;
  const rows = new Map(message.complete ? [] : before?.rows);
  for (const row of message.rows) rows.set(row.id, row);
  return { world: message.world, rows };
}

export function reduceProject(before: ProjectDetail | null, message: ServerMessage): ProjectDetail | null {
  if (message.is !== 'project') return before;
  const { detail } = message;
  // A runner that has just died leaves its last picture standing; `view_epoch` says how old it is.
  if (detail.view || !before?.view) return detail;
  return { ...detail, view: before.view, view_epoch: before.view_epoch };
}

export function reduceTalk(before: TalkEntry[] | null, message: ServerMessage): TalkEntry[] | null {
  if (message.is === 'gap') return mergeTalk(before ?? [], [{ is: 'gap', key: `gap-${message.seq}` }]);
  if (message.is !== 'talk') return before;
  return mergeTalk(before ?? [], entriesOf(message));
}

/** Oldest first, nothing twice, at most `TALK_MAX`. */
export function mergeTalk(before: TalkEntry[], news: TalkEntry[]): TalkEntry[] {
  const known = new Set(before.map((entry) => entry.key));
  const fresh = news.filter(({ key }) => {
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
  return fresh.length === 0 ? before : [...before, ...fresh].slice(-TALK_MAX);
}
