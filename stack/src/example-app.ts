// `--example`: chats of an app with instrumentation and a scripted model, again and again, as compose's profile of this name.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from './stack.ts';

const SCRIPT = path.join(import.meta.dirname, '../../scripts/run-example.sh');
const PAUSE_MS = 10_000;

/** Runs it through the Collector until told to stop. Rejects where it fails. */
export async function repeatExample(stack: Stack, headers: string, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const app = spawn('sh', [SCRIPT, 'live-chats'], {
      env: {
        ...process.env,
        OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otlpHttp'),
        OTEL_EXPORTER_OTLP_HEADERS: headers,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const stop = (): boolean => app.kill('SIGTERM');
    stopping.addEventListener('abort', stop, { once: true });
    const [code] = (await once(app, 'exit')) as [number | null];
    stopping.removeEventListener('abort', stop);
    if (code !== 0 && !stopping.aborted) throw new Error(`the example ended with exit code ${code}`);
    await sleep(PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}
