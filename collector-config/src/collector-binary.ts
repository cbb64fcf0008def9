// The Collector with just the components of builder.yaml, built by OpenTelemetry's own builder. Takes some five minutes on two cores, once.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, keptBuild, runTool } from '@turnmeter/programs/kept-build';
import { parse } from 'yaml';

const MANIFEST = path.join(import.meta.dirname, '../builder.yaml');
const FILE = 'turnmeter-collector';

export interface CollectorBinaryOptions extends BuildOptions {
  /** The builder's manifest; its `dist` has the name and `output_path` of builder.yaml. @default builder.yaml */
  readonly manifest?: string | undefined;
}

/** Path of the binary, built where it is not there. Needs Go; throws what `go` says where it fails. */
export async function collectorBinary(options: CollectorBinaryOptions = {}): Promise<string> {
  const manifest = await readFile(options.manifest ?? MANIFEST, 'utf8');
  const recipe = {
    name: 'collector',
    file: FILE,
    ingredients: [manifest],
    build: (scratch: string, progress: (line: string) => void) => build(manifest, scratch, progress),
  };
  return keptBuild(recipe, options);
}

async function build(manifest: string, scratch: string, progress: (line: string) => void): Promise<string> {
  const { dist } = parse(manifest) as { readonly dist: { readonly version: string } };
  progress(`getting OpenTelemetry's builder ${dist.version} ...`);
  await runTool('go', ['install', `go.opentelemetry.io/collector/cmd/builder@v${dist.version}`], {
    cwd: scratch,
    env: { GOBIN: scratch },
  });
  await writeFile(path.join(scratch, 'builder.yaml'), manifest);
  progress('building the Collector, some minutes ...');
  await runTool(path.join(scratch, 'builder'), ['--config', 'builder.yaml'], { cwd: scratch });
  return path.join(scratch, 'build', FILE);
}
