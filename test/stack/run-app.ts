import { spawn } from 'node:child_process';

/** How an app that ran in a process of its own ended. */
export interface AppRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AppOptions {
  /** Where it is installed. */
  readonly folder: string;
  /** What follows `node`: flags and the app. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** @default the one that runs the tests */
  readonly node?: string;
}

/** Runs an app with an environment of nothing but what is given. */
export function runApp({ folder, args, env, node = process.execPath }: AppOptions): Promise<AppRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      timeout: APP_MS_MAX,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const APP_MS_MAX = 60_000;
