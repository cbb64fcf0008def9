// Prometheus 3 and Alertmanager with their tools, from their Go modules: the sources as the module proxy has them, with the versions of all
// else as their own go.mod and go.sum say. Pages for browsers are no part of the modules; all that is asked by HTTP is.

import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, keptBuild, runTool } from './kept-build.ts';

export const PROMETHEUS_PROGRAMS = ['prometheus', 'promtool', 'alertmanager', 'amtool'] as const;
export type PrometheusProgram = (typeof PROMETHEUS_PROGRAMS)[number];

interface GoModule {
  readonly module: string;
  readonly version: string;
  /** The same in the numbers of releases. */
  readonly release: string;
  readonly flags: readonly string[];
  /** Folder of built pages that the sources embed. */
  readonly pages?: string;
}

const PROMETHEUS: GoModule = {
  module: 'github.com/prometheus/prometheus',
  version: 'v0.316.0',
  release: 'v3.16.0',
  // Of some thirty ways to discover targets, files and HTTP stay: clouds have clients that are larger than Prometheus.
  flags: ['-tags', 'remove_all_sd'],
};
const ALERTMANAGER: GoModule = {
  module: 'github.com/prometheus/alertmanager',
  version: 'v0.34.2',
  release: 'v0.34.2',
  flags: [],
  pages: 'ui/app/dist',
};
const MODULES: Readonly<Record<PrometheusProgram, GoModule>> = {
  prometheus: PROMETHEUS,
  promtool: PROMETHEUS,
  alertmanager: ALERTMANAGER,
  amtool: ALERTMANAGER,
};

/** Path of a program, built where it is not there: two minutes on two cores for the first, less for the others. */
export async function prometheusBinary(program: PrometheusProgram, options?: BuildOptions): Promise<string> {
  const source = MODULES[program];
  return keptBuild(
    {
      name: program,
      file: program,
      ingredients: [source.module, source.version, ...source.flags, program],
      build: (scratch, progress) => build(source, program, { scratch, progress }),
    },
    options,
  );
}

/** The release that is built, as images are tagged. */
export function releaseOf(program: PrometheusProgram): string {
  return MODULES[program].release;
}

async function build(
  source: GoModule,
  program: PrometheusProgram,
  { scratch, progress }: { readonly scratch: string; readonly progress: (line: string) => void },
): Promise<string> {
  progress(`getting ${source.module} ${source.version} ...`);
  const answer = await runTool('go', ['mod', 'download', '-json', `${source.module}@${source.version}`], {
    cwd: scratch,
  });
  const { Dir: sources } = JSON.parse(answer) as { readonly Dir: string };
  const folder = source.pages === undefined ? sources : await withPages(sources, source.pages, scratch);
  progress(`building ${program} ${source.version}, some minutes ...`);
  const output = path.join(scratch, program);
  // In the sources' own folder, so that their go.mod rules; its go.work names folders that are no part of the module.
  // What they call themselves is asked for, by Grafana for one.
  const linked = `-s -w -X github.com/prometheus/common/version.Version=${source.release.slice(1)}`;
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', linked, ...source.flags];
  await runTool('nice', ['go', 'build', ...flags, '-o', output, `./cmd/${program}`], {
    cwd: folder,
    env: { GOWORK: 'off', GOFLAGS: '' },
  });
  return output;
}

/** The module cache is read-only: a copy gets a page that says what it is. */
async function withPages(sources: string, pages: string, scratch: string): Promise<string> {
  const folder = path.join(scratch, 'sources');
  await cp(sources, folder, { recursive: true });
  await runTool('chmod', ['--recursive', 'u+w', folder], { cwd: scratch });
  await mkdir(path.join(folder, pages), { recursive: true });
  await writeFile(path.join(folder, pages, 'index.html'), 'Built without pages: ask /api/v2.\n');
  return folder;
}
