// A real aggregator in a process of its own, as `turnmeter up` runs it.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface RunningAggregator {
  readonly apiUrl: string;
  readonly otlpUrl: string;
  stop(): Promise<void>;
}

export async function runAggregator(): Promise<RunningAggregator> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-ag2-'));
  const main = path.join(import.meta.dirname, '../../../aggregator/src/main.ts');
  const ports = ['--otlp-port', '0', '--grpc-port', '0', '--http-port', '0'];
  const child = spawn(
    process.execPath,
    [main, 'up', '--data-dir', dataDir, ...ports, '--json', '--log-level', 'error'],
    {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8');
      if (text.includes('\n')) resolve(text);
    });
    void ended.then(() => reject(new Error(`the aggregator ended: ${text}`)));
  });
  const { otlp_port: otlpPort, http_port: httpPort } = JSON.parse(line) as Readonly<Record<string, number>>;
  return {
    apiUrl: `http://127.0.0.1:${httpPort}`,
    otlpUrl: `http://127.0.0.1:${otlpPort}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
