// What processes take, as Linux tells it, and places for their files.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const KIB_PER_MIB = 1024;

/** Memory of a process that is in use now. */
export function residentMib(pid: number): number {
  return statusOf(pid, 'VmRSS') / KIB_PER_MIB;
}

/** The most that it ever was. */
export function residentMibMax(pid: number): number {
  return statusOf(pid, 'VmHWM') / KIB_PER_MIB;
}

/** proc(5): a line of `/proc/<pid>/status`, KiB. */
function statusOf(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
}

/** proc(5): utime and stime of `/proc/<pid>/stat`, which are in hundredths of a second. All threads. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Children of a process, not their children. */
export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
}

/** A directory that is gone afterwards, whatever happens. */
export async function withDirectory<Result>(use: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-bench-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
