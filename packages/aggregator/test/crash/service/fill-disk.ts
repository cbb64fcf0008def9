// Fills the disk of `turnmeter up`, which is one in memory: first down to the reserve, at which it has to refuse, then to the last byte,
// at which it also dies and starts again. What it acknowledged has to be there in the end. Needs root and Linux.

import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { TurnmeterProcess } from '../../../../../test/captured/turnmeter-process.ts';
import { randomFrom } from '../expected.ts';
import { CaptureFeed, type FeedFindings, type FeedReport } from './capture-feed.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;
const DISK_MIB = 900;
const RESERVE_BYTES = 300 * MIB;
const FEED_MS = 5000;

/** What was answered in one stage. */
export interface Stage {
  readonly freeBytes: number;
  readonly acknowledged: number;
  readonly refused: number;
}

export interface FillDiskReport extends FeedReport {
  readonly stages: Readonly<Record<string, Stage>>;
  /** Until a request was taken after there was room again. */
  readonly healedMs: number;
}

export async function fillDisk(options: {
  readonly directory: string;
  readonly seed: number;
}): Promise<{ readonly report: FillDiskReport; readonly findings: FeedFindings }> {
  const disk = path.join(options.directory, 'disk');
  await mkdir(disk, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk]);
  try {
    return await fill(disk, new CaptureFeed(randomFrom(options.seed)));
  } finally {
    await run('umount', [disk]);
  }
}

async function fill(disk: string, feed: CaptureFeed): ReturnType<typeof fillDisk> {
  const start = async (): Promise<TurnmeterProcess> => {
    const service = await TurnmeterProcess.start(path.join(disk, 'data'), {
      TURNMETER_SAVE_DISK_RESERVE_BYTES: `${RESERVE_BYTES}`,
    });
    feed.url = service.otlpUrl;
    return service;
  };
  let service = await start();
  const stages: Record<string, Stage> = {};
  const enter = async (stage: string): Promise<void> => {
    const before = tallyOf(feed);
    await feed.feedFor(FEED_MS);
    const after = tallyOf(feed);
    const refused = after.refused - before.refused;
    stages[stage] = {
      freeBytes: await freeBytesOf(disk),
      acknowledged: after.acknowledged - before.acknowledged,
      refused,
    };
  };

  await enter('room');
  const ballast = path.join(disk, 'ballast');
  await leave(disk, ballast, RESERVE_BYTES - 20 * MIB);
  await enter('less than the reserve');
  await leave(disk, ballast, 0);
  await enter('nothing left');
  feed.url = undefined;
  await service.kill();
  service = await start();
  await enter('nothing left, after a crash');
  await rm(ballast);
  const emptiedMs = performance.now();
  const { acknowledged } = tallyOf(feed);
  while (tallyOf(feed).acknowledged === acknowledged) await feed.feedFor(50);
  const healedMs = Math.round(performance.now() - emptiedMs);
  await enter('room again');
  const findings = await feed.finish(service);
  await service.stop();
  return { report: { ...feed.report, stages, healedMs }, findings };
}

function tallyOf({ report }: CaptureFeed): { readonly acknowledged: number; readonly refused: number } {
  const { acknowledged, refused } = report.requests;
  return { acknowledged, refused: Object.values(refused).reduce((sum, count) => sum + count, 0) };
}

async function freeBytesOf(disk: string): Promise<number> {
  const { bavail, bsize } = await statfs(disk);
  return bavail * bsize;
}

/** Fills the disk up to so many free bytes. */
async function leave(disk: string, ballast: string, bytes: number): Promise<void> {
  const fillingBytes = (await freeBytesOf(disk)) - bytes;
  const chunk = Buffer.alloc(MIB);
  for (let written = 0; written < fillingBytes; written += MIB) {
    await writeFile(ballast, chunk, { flag: 'a' }).catch(() => undefined);
  }
}
