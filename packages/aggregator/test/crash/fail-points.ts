// Lets a process die at a chosen call to the operating system. The calls are wrapped in the process that is to die, from outside: the
// product knows nothing of it.

import fsPromises, { open } from 'node:fs/promises';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { FailPoint } from './messages.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- any function of any module may be wrapped.
type Wrapped = Record<string, (...parameters: any[]) => unknown>;

/** Call it before the modules that are to be wrapped are imported by others. */
export async function arm(failPoint: FailPoint | undefined): Promise<void> {
  if (failPoint === undefined) return;
  const { call } = failPoint;
  const count = { calls: 0 };
  const owner = await ownerOf(call);
  const original = owner[call];
  if (original === undefined) throw new Error(`There is no ${call} to die at`);
  owner[call] = function (this: unknown, ...parameters) {
    count.calls++;
    const isIt = count.calls === failPoint.at;
    if (isIt && failPoint.when === 'before') die();
    const result = original.apply(this, parameters);
    if (!isIt) return result;
    if (!(result instanceof Promise)) die();
    return (result as Promise<unknown>).finally(die);
  };
  syncBuiltinESMExports();
}

/** Counts INSERTs that are sent, which are named in the addresses of requests. The same holds as for `arm`. */
export function countInserts(table: string): { readonly inserts: number } {
  const count = { inserts: 0 };
  const owner = http as unknown as Wrapped;
  const original = owner['request'];
  owner['request'] = function (this: unknown, ...parameters) {
    if (
      parameters.some((one) => decodeURIComponent(String(one)).replaceAll('+', ' ').includes(`INSERT INTO ${table} `))
    ) {
      count.inserts++;
    }
    return original?.apply(this, parameters);
  };
  syncBuiltinESMExports();
  return count;
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

async function ownerOf(call: FailPoint['call']): Promise<Wrapped> {
  switch (call) {
    case 'rename':
    case 'rm':
    case 'open':
      return fsPromises as unknown as Wrapped;
    case 'request':
      return http as unknown as Wrapped;
    default: {
      const handle = await open(path.join(os.tmpdir(), `turnmeter-crash-${process.pid}`), 'w');
      await handle.close();
      await fsPromises.rm(path.join(os.tmpdir(), `turnmeter-crash-${process.pid}`));
      return Object.getPrototypeOf(handle) as Wrapped;
    }
  }
}
