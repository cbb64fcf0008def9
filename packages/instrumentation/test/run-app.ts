import { spawn } from 'node:child_process';
import path from 'node:path';

/** How an app that ran in a process of its own ended. */
export interface AppRun {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AppOptions {
  /** A file of `test/apps`. */
  readonly app: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Without the flag nothing is attached. @default true */
  readonly isRegistered?: boolean;
  /** More flags of Node, before the app. */
  readonly flags?: readonly string[];
  /** Sends a signal when this text is written. */
  readonly signal?: { readonly at: string; readonly name: NodeJS.Signals };
}

/** Runs an app as its developer does: `node --import @turnmeter/instrumentation/register app.js`. */
export function runApp({
  app,
  args = [],
  env = {},
  isRegistered = true,
  flags = [],
  signal,
}: AppOptions): Promise<AppRun> {
  const register = isRegistered ? ['--import', REGISTER] : [];
  const folder = path.join(import.meta.dirname, 'apps');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...register, ...flags, path.join(folder, app), ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      timeout: APP_MS_MAX,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (signal !== undefined && stdout.includes(signal.at)) child.kill(signal.name);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code, by) => resolve({ code, signal: by, stdout, stderr }));
  });
}

/** What `@turnmeter/instrumentation/register` is; the name itself is tried with the packed package (`npm run packages:check`). */
export const REGISTER: string = new URL('../src/register.ts', import.meta.url).href;
const APP_MS_MAX = 30_000;
