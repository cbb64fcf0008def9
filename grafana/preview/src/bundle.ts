// The page that draws, as one script and one style sheet. Made when its sources or its packages have changed.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const ROOT = path.join(import.meta.dirname, '..');
const DRAW = path.join(import.meta.dirname, 'draw');

/** Resolves to the directory of `page.js` and `page.css`. */
export async function bundlePage(): Promise<string> {
  const directory = path.join(ROOT, 'node_modules/.cache/page', await fingerprint());
  if (existsSync(path.join(directory, 'page.js'))) return directory;
  await mkdir(directory, { recursive: true });
  await build({
    entryPoints: [path.join(DRAW, 'page.tsx')],
    outfile: path.join(directory, 'page.js'),
    bundle: true,
    format: 'esm',
    target: 'es2024',
    jsx: 'automatic',
    minify: true,
    nodePaths: [path.join(ROOT, 'node_modules')],
    alias: {
      // Its package has no entry that a bundler finds.
      'react-custom-scrollbars-2': path.join(ROOT, 'node_modules/react-custom-scrollbars-2/lib/index.js'),
      // One for all, or components would not find the theme that the page gives them.
      '@grafana/data/unstable': path.join(ROOT, 'node_modules/@grafana/data/dist/esm/unstable.mjs'),
      '@grafana/data': path.join(ROOT, 'node_modules/@grafana/data/dist/esm/index.mjs'),
    },
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    loader: { '.woff': 'dataurl', '.woff2': 'dataurl', '.svg': 'dataurl', '.ttf': 'dataurl' },
    logLevel: 'error',
  });
  return directory;
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const files = (await readdir(DRAW, { recursive: true })).filter((name) => /\.tsx?$/.test(name)).toSorted();
  for (const name of files) hash.update(await readFile(path.join(DRAW, name)));
  for (const name of ['package-lock.json', '../src/query/interpolate.ts', 'src/bundle.ts'])
    hash.update(await readFile(path.join(ROOT, name)));
  return hash.digest('hex').slice(0, 16);
}
