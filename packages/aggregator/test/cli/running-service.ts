// The whole service as a process of its own, as `turnmeter up` runs it.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type CommandResult, MAIN, runTurnmeter } from './run-turnmeter.ts';

export const CAPTURES: string = path.join(import.meta.dirname, '../../../../test/captures');

export interface RunningService {
  readonly apiUrl: string;
  readonly otlpUrl: string;
  readonly dataDir: string;
  /** Runs another command, which asks this service. */
  turnmeter(...args: readonly string[]): Promise<CommandResult>;
  /** The same with `--json`, its output read. */
  json<Document = Record<string, unknown>>(...args: readonly string[]): Promise<Document>;
  /** @returns what the process ended with. */
  stop(signal?: NodeJS.Signals, options?: { readonly keepsData?: boolean }): Promise<Ending>;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunServiceOptions {
  /** @default a directory of its own */
  readonly dataDir?: string;
  /** Entry of the program. @default that of this version */
  readonly main?: string;
}

/** Starts a service on free ports; traces are quiet after a tenth of a second. */
export async function runService(
  env: Readonly<Record<string, string>> = {},
  options: RunServiceOptions = {},
): Promise<RunningService> {
  const { dataDir = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-cli-service-')), main = MAIN } = options;
  const child = startTurnmeter(
    [
      'up',
      '--data-dir',
      dataDir,
      '--otlp-port',
      '0',
      '--grpc-port',
      '0',
      '--http-port',
      '0',
      '--json',
      '--log-level',
      'error',
    ],
    { TURNMETER_TRACE_QUIET_SECONDS: '0.1', ...env },
    main,
  );
  const line = await child.output((text) => text.includes('\n'));
  const ports = JSON.parse(line) as { otlp_port: number; http_port: number };
  const apiUrl = `http://127.0.0.1:${ports.http_port}`;
  const turnmeter: RunningService['turnmeter'] = (...args) => runTurnmeter(args, { TURNMETER_URL: apiUrl, ...env });
  return {
    apiUrl,
    otlpUrl: `http://127.0.0.1:${ports.otlp_port}`,
    dataDir,
    turnmeter,
    json: async <Document>(...args: readonly string[]): Promise<Document> => {
      const { stdout, stderr } = await turnmeter(...args, '--json');
      if (stdout === '') throw new Error(`${args.join(' ')} printed nothing: ${stderr}`);
      return JSON.parse(stdout) as Document;
    },
    stop: async (signal = 'SIGTERM', { keepsData = false } = {}) => {
      child.process.kill(signal);
      const ending = await child.ended;
      if (!keepsData) await rm(dataDir, { recursive: true, force: true });
      return ending;
    },
  };
}

export interface StartedCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<Ending>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with standard output when it is as wished; rejects when the command ends before. */
  output(isAsWished: (text: string) => boolean): Promise<string>;
}

/** Starts a command without waiting for its end. */
export function startTurnmeter(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  main: string = MAIN,
): StartedCommand {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ending>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  return {
    process: child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    output: (isAsWished) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (isAsWished(stdout)) resolve(stdout);
        };
        child.stdout.on('data', look);
        void ended.then(({ code, signal }) =>
          reject(new Error(`it ended with ${code ?? signal}: ${stdout}\n${stderr}`)),
        );
        look();
      }),
  };
}

/** Processes that a process started, and those that they did. */
export function descendantsOf(pid: number): readonly number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number) as [pid: number, parent: number]);
  const below = (parent: number): readonly number[] =>
    rows.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Begin of every sequence that a terminal obeys. */
export const ESCAPE = '\x1b';
