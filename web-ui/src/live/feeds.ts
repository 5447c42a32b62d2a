/** The feeds of the page, one for each channel, so that two views of one thing share it. */
import type { MeshView, ProjectDetail } from '../api/types';
import { Feed } from './feed.svelte';
import { reduceMesh, reduceProject, reduceTalk, reduceWorld, type WorldPicture } from './reducers';
import type { TalkEntry } from './talk';

/** Pictures of projects that were left are kept for coming back, but not many: each is large. */
const PROJECTS_KEPT_MAX = 4;

export interface ProjectFeeds {
  detail: Feed<ProjectDetail>;
  talk: Feed<TalkEntry[]>;
}

export const meshFeed = new Feed<MeshView>({ name: 'mesh' }, reduceMesh);

const worlds = new Map<string, Feed<WorldPicture>>();
const projects = new Map<string, ProjectFeeds>();

export function worldFeed(world: string): Feed<WorldPicture> {
  let feed = worlds.get(world);
  if (!feed) {
    feed = new Feed({ name: 'world', world }, reduceWorld);
    worlds.set(world, feed);
  }
  return feed;
}

export function projectFeeds(project: string): ProjectFeeds {
  const feeds = projects.get(project) ?? {
    detail: new Feed({ name: 'project', project }, reduceProject),
    talk: new Feed({ name: 'talk', project }, reduceTalk),
  };
  projects.delete(project);
  projects.set(project, feeds);
  for (const oldest of projects.keys()) {
    if (projects.size <= PROJECTS_KEPT_MAX) break;
    projects.delete(oldest);
  }
  return feeds;
}
