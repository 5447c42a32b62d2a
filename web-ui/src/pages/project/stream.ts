/** What the stream of talk shows: which lines, in which order, and how the mood of them runs. */
import type { ProjectView } from '../../api/types';
import { mergeTalk } from '../../live/reducers';
import { saidOf, type TalkEntry } from '../../live/talk';

export type StreamFilter = 'all' | 'said' | 'thought' | 'news';

/** What the project remembers, then what came live; newest first. */
export function streamOf(view: ProjectView, live: TalkEntry[]): TalkEntry[] {
  return mergeTalk(mergeTalk([], view.talk.map(saidOf)), live)
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => tickOf(b.entry) - tickOf(a.entry) || b.index - a.index)
    .map(({ entry }) => entry);
}

function tickOf(entry: TalkEntry): number {
  return entry.is === 'gap' ? 0 : entry.tick;
}

export function matches(entry: TalkEntry, filter: StreamFilter): boolean {
  return filter === 'all' || entry.is === filter;
}

/** Points of the sentiment line: each the mean of a few lines, oldest first, -1 to 1. */
export function sentimentLine(entries: TalkEntry[], points: number): number[] {
  const values = entries.flatMap((entry) => (entry.is === 'said' ? [entry.talk.sentiment / 10_000] : [])).reverse();
  const size = Math.max(1, Math.ceil(values.length / points));
  const line: number[] = [];
  for (let start = 0; start < values.length; start += size) {
    const group = values.slice(start, start + size);
    line.push(group.reduce((sum, value) => sum + value, 0) / group.length);
  }
  return line;
}
