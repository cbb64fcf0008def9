// The Collector with just the components of builder.yaml, built by OpenTelemetry's own builder. Takes some five minutes on two cores, once:
// the binary is kept under the hash of the manifest and the version of Go.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const run = promisify(execFile);
const MANIFEST = path.join(import.meta.dirname, '../builder.yaml');
/** Compilers say much where something is wrong. */
const OUTPUT_BYTES_MAX = 1 << 26;

export interface CollectorBinaryOptions {
  /** Where binaries are kept. @default `TURNMETER_CACHE`, or `~/.cache/turnmeter` */
  readonly cache?: string | undefined;
  /** What is being done, a line at a time. */
  readonly progress?: (line: string) => void;
}

/** Path of the binary, built where it is not there. Needs Go; throws what `go` says where it fails. */
export async function collectorBinary(options: CollectorBinaryOptions = {}): Promise<string> {
  const cache = options.cache ?? process.env['TURNMETER_CACHE'] ?? path.join(homedir(), '.cache', 'turnmeter');
  const manifest = await readFile(MANIFEST, 'utf8');
  const { stdout: version } = await run('go', ['version']);
  const key = createHash('sha256').update(manifest).update(version).digest('hex').slice(0, 16);
  const directory = path.join(cache, `collector-${key}`);
  const binary = path.join(directory, 'turnmeter-collector');
  if (await isThere(binary)) return binary;
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(path.join(cache, 'building-'));
  try {
    await build(manifest, scratch, options.progress ?? (() => undefined));
    await mkdir(directory, { recursive: true });
    // Whole or not there, also where two build at once.
    await rename(path.join(scratch, 'build', 'turnmeter-collector'), binary);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return binary;
}

async function build(manifest: string, scratch: string, progress: (line: string) => void): Promise<void> {
  const { dist } = parse(manifest) as { readonly dist: { readonly version: string } };
  const environment = { ...process.env, GOBIN: scratch, CGO_ENABLED: '0' };
  progress(`getting OpenTelemetry's builder ${dist.version} ...`);
  await run('go', ['install', `go.opentelemetry.io/collector/cmd/builder@v${dist.version}`], {
    env: environment,
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  await writeFile(path.join(scratch, 'builder.yaml'), manifest);
  progress('building the Collector, some minutes ...');
  await run(path.join(scratch, 'builder'), ['--config', 'builder.yaml'], {
    cwd: scratch,
    env: environment,
    maxBuffer: OUTPUT_BYTES_MAX,
  });
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
