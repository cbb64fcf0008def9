// What stays in memory of sessions that are over: one process holds many of them, one after the other.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { format, printTable } from '../figures.ts';
import type { Sample } from './memory-app.ts';

export interface MemoryOptions {
  readonly folder: string;
  readonly sessions: number;
}

/** Prints how large the heap is after so many sessions. */
export async function printMemory({ folder, sessions }: MemoryOptions): Promise<void> {
  const app = fork(path.join(import.meta.dirname, 'memory-app.ts'), [folder, `${sessions}`], {
    execArgv: ['--expose-gc'],
  });
  const samples: Sample[] = [];
  app.on('message', (sample: Sample) => samples.push(sample));
  const [code] = (await once(app, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the app that holds sessions ended with exit code ${code}`);
  console.log('\nheap after garbage collection, MiB; a session is two turns with a model call each');
  printTable(
    ['sessions', 'heap', 'resident'],
    samples.map(({ sessions: held, heapMib, residentMib }) => [format(held), format(heapMib, 1), format(residentMib)]),
  );
}
