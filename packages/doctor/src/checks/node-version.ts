// Modules are wrapped through hooks of Node's loader. The synchronous ones are right from 22.22.3, 24.11.1, 25.1 and 26 on
// (nodejs/node#59929); before them only slow ones in a thread of their own.

import path from 'node:path';
import semver from 'semver';
import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import type { App } from '../app/app.ts';
import { readText } from '../app/read-text.ts';

const SUPPORTED = '>=22.15.0';
const WITH_SYNC_HOOKS = '^22.22.3 || ^24.11.1 || ^25.1.0 || >=26.0.0';
const ADVISED = '24.11.1';

export const nodeVersion: Check<App> = {
  name: 'node-version',
  run: async (app) => [...running(app.nodeVersion), ...(await pinned(app))],
};

function running(version: string): readonly Diagnosis[] {
  const where = { where: [`the Node that runs now: v${version}`] };
  if (!semver.satisfies(version, SUPPORTED, { includePrerelease: true }))
    return [{ ...tooOld(`Node ${version}`), ...where }];
  if (semver.satisfies(version, WITH_SYNC_HOOKS, { includePrerelease: true })) {
    return [
      {
        severity: Severity.FINE,
        found: `Node ${version} has synchronous module hooks`,
        why: 'Modules are wrapped without a second thread.',
        fix: [],
      },
    ];
  }
  return [
    {
      severity: Severity.ADVICE,
      found: `Node ${version} has no synchronous module hooks that work`,
      ...where,
      why: 'Modules are wrapped through a second thread, which makes the start about two seconds slower.',
      fix: [`Node 22.22.3, ${ADVISED}, or newer`],
    },
  ];
}

function tooOld(what: string): Diagnosis {
  return {
    severity: Severity.LOSES_DATA,
    found: `${what} is too old for the instrumentation: expected ${SUPPORTED}`,
    why: 'It does not load there, and the app runs without telemetry or not at all.',
    fix: [`Node ${ADVISED} or newer`],
  };
}

/** Versions that files ask for: the app may run on another Node than this. */
async function pinned({ folder }: App): Promise<readonly Diagnosis[]> {
  const sources = [
    ['Dockerfile', /^\s*FROM\s+(?:--\S+\s+)?(?:\S*\/)?node:v?(\d+(?:\.\d+){0,2})/gim],
    ['.nvmrc', /^\s*v?(\d+(?:\.\d+){0,2})/gm],
    ['.node-version', /^\s*v?(\d+(?:\.\d+){0,2})/gm],
  ] as const;
  const found = await Promise.all(
    sources.map(async ([file, pattern]) => {
      const text = (await readText(path.join(folder, file))) ?? '';
      return [...text.matchAll(pattern)].map(([, version = '']) => ({ file, version }));
    }),
  );
  return found
    .flat()
    .filter(({ version }) => isTooOld(version))
    .map(({ file, version }) => ({ ...tooOld(`Node ${version}`), where: [file] }));
}

/** `22` and `22.14` as ranges: the newest of them counts. */
function isTooOld(version: string): boolean {
  return !semver.intersects(version, SUPPORTED);
}
