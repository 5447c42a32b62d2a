/** Writes `.br` and `.gz` beside each text file of the build, so that the node never compresses. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|html|svg|json)$/;
/** Below this a compressed file saves no network packet. */
const BYTES_MIN = 1024;

export function precompress(): Plugin {
  let outDir = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      const dir = config.build.outDir;
      outDir = isAbsolute(dir) ? dir : join(config.root, dir);
    },
    closeBundle() {
      for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
        if (TEXT.test(name) && !name.startsWith('.')) compress(join(outDir, name));
      }
    },
  };
}

function compress(file: string): void {
  const raw = readFileSync(file);
  if (raw.length < BYTES_MIN) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(raw, { params }));
  writeFileSync(`${file}.gz`, gzipSync(raw, { level: 9 }));
}
