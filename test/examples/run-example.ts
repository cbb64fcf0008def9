// Runs an example as a process of its own, against a model server of the test.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { groupChatScript, startModelServer, type LedgerTotals, type ModelServer } from '@turnmeter/model-server';
import { ROOT } from '../repository.ts';

export interface ExampleRun {
  readonly code: number | null;
  /** Lines of standard output that are JSON. */
  readonly documents: readonly unknown[];
  readonly stdout: string;
  readonly stderr: string;
}

/** A model server that plays a group chat, for one test. */
export async function startScriptedModel(): Promise<ModelServer & AsyncDisposable> {
  const server = await startModelServer({ script: groupChatScript() });
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}

export async function runExample(
  example: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ExampleRun> {
  const flags = ['--import', '@turnmeter/instrumentation/register'];
  const child = spawn(process.execPath, [...flags, `${example}/main.ts`, '--once', ...args], {
    cwd: path.join(ROOT, 'examples'),
    env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', ...env },
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const documents = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);
  return { code, documents, stdout, stderr };
}

/** What figures have to say of the calls that a ledger sums up. */
export function figuresOf({ calls, input, output, cacheRead, cacheWrite, reasoning }: LedgerTotals): object {
  return { inferences: calls, tokens: { input, output, cacheRead, cacheWrite, reasoning } };
}
