// Programs that take minutes to build, once: what was built is kept under the hash of what it was built from and the version of Go.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Compilers say much where something is wrong. */
const OUTPUT_BYTES_MAX = 1 << 26;

export interface BuildOptions {
  /** Where binaries are kept. @default `TURNMETER_CACHE`, or `~/.cache/turnmeter` */
  readonly cache?: string | undefined;
  /** What is being done, a line at a time. */
  readonly progress?: ((line: string) => void) | undefined;
}

export interface Recipe {
  /** Of the folder in the cache. */
  readonly name: string;
  /** File name of the binary. */
  readonly file: string;
  /** All that makes a difference to the binary, except Go. */
  readonly ingredients: readonly string[];
  /** Builds in an empty folder and returns where the binary is. */
  readonly build: (scratch: string, progress: (line: string) => void) => Promise<string>;
}

/** Path of the binary, built where it is not there. Needs Go; throws what `go` says where it fails. */
export async function keptBuild(recipe: Recipe, options: BuildOptions = {}): Promise<string> {
  const cache = options.cache ?? process.env['TURNMETER_CACHE'] ?? path.join(homedir(), '.cache', 'turnmeter');
  const hash = createHash('sha256');
  for (const part of [...recipe.ingredients, await goVersion()]) hash.update(part);
  const directory = path.join(cache, `${recipe.name}-${hash.digest('hex').slice(0, 16)}`);
  const binary = path.join(directory, recipe.file);
  if (await isThere(binary)) return binary;
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(path.join(cache, 'building-'));
  try {
    const built = await recipe.build(scratch, options.progress ?? (() => undefined));
    await mkdir(directory, { recursive: true });
    // Whole or not there, also where two build at once.
    await rename(built, binary);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return binary;
}

/** Runs a tool of a build; what it prints is told by the error where it fails. */
export async function runTool(
  file: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  const environment = { ...process.env, CGO_ENABLED: '0', ...env };
  const { stdout } = await run(file, [...args], { cwd, env: environment, maxBuffer: OUTPUT_BYTES_MAX });
  return stdout;
}

async function goVersion(): Promise<string> {
  try {
    return (await run('go', ['version'])).stdout;
  } catch (error) {
    throw new Error('no Go on the PATH: Collector, Prometheus and Alertmanager are built with it (https://go.dev/dl)', {
      cause: error,
    });
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
