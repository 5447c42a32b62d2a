/** What the search box finds: projects and nodes, by any part of their name or the start of their id. */
import type { MeshNode, ProjectRow } from '../api/types';
import { label } from '../format/quantity';
import { addressOf } from '../routing/route';

export interface Hit {
  address: string;
  kind: 'Project' | 'Node';
  name: string;
  note: string;
}

export const HITS_MAX = 12;

export function find(words: string, rows: Iterable<ProjectRow>, nodes: Iterable<MeshNode>): Hit[] {
  const wanted = words.trim().toLowerCase();
  const hits: Array<Hit & { rank: number }> = [];
  for (const row of rows) {
    const rank = rankOf(wanted, row.summary.name, row.id, row.summary.industry);
    if (rank === null) continue;
    const address = addressOf({ page: 'project', project: row.id, person: null });
    const note = `${label(row.summary.phase)} · ${row.summary.people} people`;
    hits.push({ rank, address, kind: 'Project', name: row.summary.name, note });
  }
  for (const node of nodes) {
    const rank = rankOf(wanted, node.name, node.id, '');
    if (rank === null) continue;
    const address = addressOf({ page: 'mesh', node: node.id });
    const note = `${label(node.state)} · ${node.people} people`;
    hits.push({ rank, address, kind: 'Node', name: node.name, note });
  }
  hits.sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name));
  return hits.slice(0, HITS_MAX).map(({ rank: _, ...hit }) => hit);
}

/** Lower is better: the name begins with it, contains it, something else does. */
function rankOf(wanted: string, name: string, id: string, more: string): number | null {
  const text = name.toLowerCase();
  if (text.startsWith(wanted)) return 0;
  if (text.includes(wanted)) return 1;
  if (id.toLowerCase().startsWith(wanted) || more.toLowerCase().includes(wanted)) return 2;
  return null;
}
