/** The five figures of the overview: is the mesh well, and does its world move? */
import type { MeshView, ProjectRow, WorldView } from '../../api/types';
import { compact, count } from '../../format/quantity';
import type { FigureView } from '../../parts/figure';
import { meshFigures } from '../mesh/health';

export function overviewFigures(mesh: MeshView, world: WorldView | null, rows: Iterable<ProjectRow>): FigureView[] {
  const [nodes, roundTrip, gossip] = meshFigures(mesh);
  return [nodes!, paceFigure(world), projectsFigure([...rows]), roundTrip!, gossip!];
}

function paceFigure(world: WorldView | null): FigureView {
  const name = 'Simulated';
  if (!world) return { name, value: '–', note: 'no world' };
  const value = `${compact(world.epochs_per_second)} h/s`;
  if (world.pace.paused) return { name, value: 'paused', note: `at epoch ${count(world.epoch)}`, tone: 'warn' };
  if (world.waiting) return { name, value, note: world.waiting, tone: 'warn' };
  return { name, value, note: `epoch ${count(world.epoch)}` };
}

function projectsFigure(rows: ProjectRow[]): FigureView {
  const halted = rows.filter((row) => row.halted).length;
  const failed = rows.filter((row) => row.summary.status === 'failed').length;
  const people = rows.reduce((sum, row) => sum + row.summary.people, 0);
  const trouble = [halted > 0 ? `${halted} halted` : '', failed > 0 ? `${failed} failed` : ''].filter(Boolean);
  return {
    name: 'Projects',
    value: count(rows.length),
    note: [`${count(people)} people`, ...trouble].join(' · '),
    ...(halted > 0 ? { tone: 'err' as const } : {}),
  };
}
