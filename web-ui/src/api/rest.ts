/** Questions over HTTP. Every failure comes out as a `ProblemError`, a dead node included. */
import type {
  Accepted,
  Imported,
  Joined,
  JoinRequest,
  MeshView,
  NodeStatus,
  PaceView,
  Problem,
  WorldView,
} from './types';
import type { ProjectCommand } from './commands';
import { tokenHeaders } from './token';

export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
  }
}

export const getStatus = () => request<NodeStatus>('status');
export const getMesh = () => request<MeshView>('mesh');
export const getWorlds = () => request<WorldView[]>('worlds');

export function join(address: string): Promise<Joined> {
  const body: JoinRequest = { address };
  return request<Joined>('peers', post('application/json', JSON.stringify(body)));
}

export function setPace(world: string, pace: PaceView): Promise<unknown> {
  return request(`worlds/${world}/pace`, post('application/json', JSON.stringify(pace)));
}

export function giveCommand(project: string, command: ProjectCommand): Promise<Accepted> {
  const body = JSON.stringify(command);
  return request<Accepted>(`projects/${project}/commands`, post('application/json', body));
}

export function getCommand(world: string, command: string): Promise<Accepted> {
  return request<Accepted>(`worlds/${world}/commands/${command}`);
}

/** `asOf` as YYYY-MM-DD; `backlog` is a GitLab CSV export. */
export function importBacklog(
  world: string,
  name: string,
  asOf: string,
  backlog: Blob,
): Promise<Imported> {
  const query = new URLSearchParams({ name, as_of: asOf });
  return request<Imported>(`worlds/${world}/import?${query}`, post('text/csv', backlog));
}

function post(contentType: string, body: BodyInit): RequestInit {
  return { method: 'POST', headers: { 'content-type': contentType }, body };
}

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, { ...init, headers: { ...init?.headers, ...tokenHeaders() } });
  } catch {
    throw new ProblemError(NO_ANSWER);
  }
  if (!response.ok) throw new ProblemError(await problemOf(response));
  const text = await response.text();
  return (text === '' ? null : JSON.parse(text)) as T;
}

async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const body: Partial<Problem> = await response.json().catch(() => ({}));
    if (body.title) return { type: 'about:blank', status: response.status, detail: '', ...body } as Problem;
  }
  const detail = `The node answered ${response.status} ${response.statusText}`.trim() + '.';
  return { type: 'about:blank', title: 'The node refused', status: response.status, detail };
}

const NO_ANSWER: Problem = {
  type: 'no-answer',
  title: 'No answer',
  status: 0,
  detail: 'The node did not answer. See that it runs, then try again.',
};

/** The node asks for its token, or for another one. */
export const UNAUTHORIZED = 401;

/** The problem in whatever was thrown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { type: 'about:blank', title: 'Something went wrong', status: 0, detail: String(error) };
}
