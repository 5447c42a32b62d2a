/**
 * Checks what a browser must fetch, packed with gzip, against the budget: the shell, and each page on top
 * of it. Reads the manifest of the last build (`npm run build`, or another folder as the first argument).
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const SHELL_KB_MAX = 40;
const PAGE_KB_MAX = 45;
const FONTS_KB_MAX = 55;

const dist = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../dist');
/** @type {Record<string, { file: string, css?: string[], assets?: string[], imports?: string[], isEntry?: boolean, isDynamicEntry?: boolean, src?: string }>} */
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));

/** The scripts and styles of an entry with all it imports at once. @param {string} key @param {Set<string>} files */
function filesOf(key, files = new Set()) {
  const chunk = manifest[key];
  if (!chunk || files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const next of chunk.imports ?? []) filesOf(next, files);
  return files;
}

/** @param {Iterable<string>} files */
function packedKb(files) {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
  return bytes / 1000;
}

const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry);
if (!entry) throw new Error('the build has no entry');
const shell = filesOf(entry);
const fonts = Object.values(manifest).flatMap(({ file }) => (file.endsWith('.woff2') ? [file] : []));
const fontsKb = fonts.reduce((sum, file) => sum + readFileSync(join(dist, file)).length, 0) / 1000;

const rows = [
  { name: 'shell', kb: packedKb(['index.html', ...shell]), max: SHELL_KB_MAX },
  ...Object.keys(manifest)
    .filter((key) => manifest[key]?.isDynamicEntry)
    .map((key) => ({
      name: key.replace(/^.*\/|\.svelte$/g, ''),
      kb: packedKb([...filesOf(key)].filter((file) => !shell.has(file))),
      max: PAGE_KB_MAX,
    })),
  { name: 'fonts', kb: fontsKb, max: FONTS_KB_MAX },
];

for (const { name, kb, max } of rows) {
  console.log(`${name.padEnd(16)} ${kb.toFixed(1).padStart(6)} kB of ${max} ${kb > max ? 'TOO LARGE' : ''}`);
}
process.exitCode = rows.some(({ kb, max }) => kb > max) ? 1 : 0;
