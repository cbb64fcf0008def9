import { open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Observation } from '@turnmeter/accounting';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LIMITS_DEFAULT, type Limits } from '../../../src/save/journal/admission.ts';
import { findGoodEnd, readFrames } from '../../../src/save/journal/frame-file.ts';
import { FRAME_HEAD_BYTES, readHead } from '../../../src/save/journal/frame.ts';
import { Journal } from '../../../src/save/journal/journal.ts';
import { OpenSegment } from '../../../src/save/journal/open-segment.ts';
import { SegmentDirectory } from '../../../src/save/journal/segment-directory.ts';
import { readJournal } from '../../../src/save/segments/unsealed-segment.ts';
import { type LogLine, logOf } from '../log-lines.ts';
import { call, calls, NOON_DAY, NOON_US } from '../some-rows.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Opened {
  readonly directory: SegmentDirectory;
  readonly journal: Journal;
  readonly log: readonly LogLine[];
}

async function openJournal(
  options: { readonly limits?: Partial<Limits>; readonly freeBytes?: () => Promise<number> } = {},
): Promise<Opened> {
  const directory = await SegmentDirectory.open(await temporaryDirectory());
  const log: LogLine[] = [];
  const journal = await Journal.open(directory, {
    number: 1,
    limits: { ...LIMITS_DEFAULT, ...options.limits },
    closedBytes: () => 0,
    freeBytes: options.freeBytes ?? (() => Promise.resolve(Number.POSITIVE_INFINITY)),
    logger: logOf(log),
  });
  onTestFinished(async () => {
    await journal.stop();
    directory.close();
  });
  return { directory, journal, log };
}

/** What is in a segment's journal, as a start after a crash would find it. */
async function found({ directory }: Opened, number: number): Promise<readonly Observation[]> {
  const file = directory.journalFile(number);
  const rows: Observation[] = [];
  for await (const request of readJournal(file, await findGoodEnd(file))) {
    rows.push(...request.map(({ observation }) => observation));
  }
  return rows;
}

describe('append', () => {
  it('has the request on disk when it resolves', async () => {
    const opened = await openJournal();
    expect(await opened.journal.append(calls(3), NOON_US)).toBe(1);
    expect(await found(opened, 1)).toEqual(calls(3));
  });

  it('keeps when the request came, and the day of the segment', async () => {
    const opened = await openJournal();
    await opened.journal.append([call(1)], NOON_US);
    // Past midnight, and the segment is still that of the day before: it is one partition.
    const midnightUs = (NOON_DAY + 1) * 86_400_000_000;
    await opened.journal.append([call(2)], midnightUs);
    const file = opened.directory.journalFile(1);
    const stamps: { arrivedUs: number; day: number }[] = [];
    for await (const [row] of readJournal(file, await findGoodEnd(file))) {
      if (row !== undefined) stamps.push({ arrivedUs: row.arrivedUs, day: row.day });
    }
    expect(stamps).toEqual([
      { arrivedUs: NOON_US, day: NOON_DAY },
      { arrivedUs: midnightUs, day: NOON_DAY },
    ]);
  });

  it('lets requests that wait at the same time share a sync', async () => {
    const { directory, journal } = await openJournal();
    await Promise.all(calls(50).map((said) => journal.append([said], NOON_US)));
    const syncedBefore = new Set<number>();
    let frames = 0;
    const file = directory.journalFile(1);
    for await (const { syncedBytes } of readFrames(file, await findGoodEnd(file))) {
      syncedBefore.add(syncedBytes);
      frames++;
    }
    // A frame says how much was synced before its write: frames of one write say the same.
    expect(frames).toBe(50);
    expect(syncedBefore.size).toBeLessThanOrEqual(2);
  });

  it('takes a request of more rows than a block has', async () => {
    const opened = await openJournal();
    await opened.journal.append(calls(70_000), NOON_US);
    const rows = await found(opened, 1);
    expect(rows).toHaveLength(70_000);
    expect([rows[0], rows[65_535], rows[65_536], rows[69_999]]).toEqual(
      [0, 65_535, 65_536, 69_999].map((at) => call(at)),
    );
  });

  it('takes nothing of a request without observations', async () => {
    const { directory, journal } = await openJournal();
    expect(await journal.append([], NOON_US)).toBe(1);
    expect((await stat(directory.journalFile(1))).size).toBe(0);
  });

  it('lets only this user read', async () => {
    const { directory, journal } = await openJournal();
    await journal.append([call(1)], NOON_US);
    const modes = await Promise.all(
      ['', 'quarantine', 'writer', path.basename(directory.journalFile(1))].map(async (name) => {
        const { mode } = await stat(path.join(directory.path, name));
        return (mode & 0o777).toString(8);
      }),
    );
    expect(modes).toEqual(['700', '700', '600', '600']);
  });
});

describe('rotate', () => {
  it('ends a segment with all that was appended to it, and begins the next', async () => {
    const opened = await openJournal();
    const { journal } = opened;
    const before = journal.append(calls(2), NOON_US);
    const rotated = journal.rotate();
    expect(await before).toBe(1);
    const closed = await rotated;
    expect(closed).toMatchObject({ number: 1, day: NOON_DAY, beganUs: NOON_US, rows: 2 });
    expect(closed.bytes).toBe((await stat(opened.directory.journalFile(1))).size);
    expect(await journal.append(calls(1, 2), NOON_US)).toBe(2);
    expect(await found(opened, 1)).toEqual(calls(2));
    expect(await found(opened, 2)).toEqual(calls(1, 2));
  });

  it('resolves before a request of the next segment does', async () => {
    const { journal } = await openJournal();
    for (let turn = 1; turn <= 20; turn++) {
      const order: string[] = [];
      const first = journal.append(calls(1), NOON_US);
      const rotated = journal.rotate().then(() => order.push('rotated'));
      // Requests keep coming; the first that is told the next number is the one to look at.
      const next = (async (): Promise<void> => {
        while ((await journal.append(calls(1), NOON_US)) === turn);
        order.push('appended to the next');
      })();
      await Promise.all([first, rotated, next]);
      expect(order).toEqual(['rotated', 'appended to the next']);
    }
  });

  it('gives every request to the segment it says, however they are mixed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constant('rotate'), fc.nat({ max: 5 })), { maxLength: 40 }),
        async (steps) => {
          const opened = await openJournal();
          const told = new Map<number, Observation[]>();
          let made = 0;
          const appends: Promise<void>[] = [];
          for (const step of steps) {
            if (typeof step === 'string') {
              await opened.journal.rotate();
              continue;
            }
            const request = calls(step, made);
            made += step;
            const keep = async (): Promise<void> => {
              const number = await opened.journal.append(request, NOON_US);
              told.set(number, [...(told.get(number) ?? []), ...request]);
            };
            appends.push(keep());
          }
          await Promise.all(appends);
          for (const [number, rows] of told) expect(await found(opened, number)).toEqual(rows);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a request is refused', () => {
  it('while more waits than memory may hold, and taken when the disk has caught up', async () => {
    const { journal } = await openJournal({ limits: { queueBytesMax: 1 } });
    const first = journal.append(calls(10), NOON_US);
    await expect(journal.append([call(20)], NOON_US)).rejects.toMatchObject({ code: 'queue_full', retryable: true });
    await first;
    expect(await journal.append([call(20)], NOON_US)).toBe(1);
  });

  it('while the segments that wait have used up their space', async () => {
    const { journal } = await openJournal({ limits: { spoolBytesMax: 100 } });
    await journal.append([call(1)], NOON_US);
    await expect(journal.append([call(2)], NOON_US)).rejects.toMatchObject({ code: 'spool_full', retryable: true });
  });

  it('before the disk is full, and taken when there is room again', async () => {
    let freeBytes = 10;
    const { journal } = await openJournal({
      limits: { diskReserveBytes: 1000 },
      freeBytes: () => Promise.resolve(freeBytes),
    });
    await expect(journal.append([call(1)], NOON_US)).rejects.toMatchObject({ code: 'disk_full', retryable: true });
    freeBytes = 2000;
    await expect
      .poll(() => journal.append([call(1)], NOON_US).catch((error: unknown) => error), { timeout: 5000 })
      .toBe(1);
  });

  it('and the log says so once, and once that it is over', async () => {
    const SECOND_US = 1_000_000;
    let freeBytes = 10;
    const { journal, log } = await openJournal({
      limits: { diskReserveBytes: 1000 },
      freeBytes: () => Promise.resolve(freeBytes),
    });
    for (const second of [0, 1, 2, 3]) {
      await expect(journal.append([call(1)], NOON_US + second * SECOND_US)).rejects.toThrow('nearly full');
    }
    const reason = 'The disk is nearly full: expected 1000 free bytes, received 10';
    expect(log).toEqual([
      ['warn', { code: 'disk_full', reason }, 'requests are refused; it is not told again until they are taken'],
    ]);
    freeBytes = 1_000_000;
    // Attempts that are refused until the file system is asked again are of the second 3, too.
    await expect
      .poll(() => journal.append([call(1)], NOON_US + 3 * SECOND_US).catch((error: unknown) => error), {
        timeout: 5000,
      })
      .toBe(1);
    await journal.append([call(2)], NOON_US + 7 * SECOND_US);
    expect(log).toHaveLength(1);
    await journal.append([call(3)], NOON_US + 8 * SECOND_US);
    await journal.append([call(4)], NOON_US + 9 * SECOND_US);
    expect(log.slice(1)).toEqual([
      ['info', { code: 'disk_full', refused: expect.any(Number) as number, seconds: 3 }, 'requests are taken again'],
    ]);
  });

  it('while the clock is before anything can have come', async () => {
    const { journal } = await openJournal();
    await expect(journal.append([call(1)], 1000)).rejects.toMatchObject({ code: 'clock_wrong', retryable: true });
  });

  it('for good once the journal has stopped', async () => {
    const { journal } = await openJournal();
    await journal.stop();
    await expect(journal.append([call(1)], NOON_US)).rejects.toMatchObject({ code: 'stopped', retryable: false });
  });
});

describe('a disk that takes no more', () => {
  it('refuses the request and counts nothing of it', async () => {
    const full = new OpenSegment(1, await open('/dev/full', 'w'));
    const payload = Buffer.from('some rows');
    await expect(full.write([{ payload, payloadCrc: 0, rows: 1 }])).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(full).toMatchObject({ bytes: 0, rows: 0 });
    await full.close();
  });

  it('is told to the sender as something that may heal, and goes on when it has', async () => {
    const opened = await openJournal();
    const { directory, journal } = opened;
    await journal.append([call(1)], NOON_US);
    await journal.rotate();
    await journal.append([call(2)], NOON_US);
    // The file after the next cannot be made while another has its name.
    const taken = directory.journalFile(4);
    await writeFile(taken, '');
    await journal.rotate();
    await expect(journal.rotate()).rejects.toMatchObject({ code: 'write_failed', retryable: true });
    expect(await journal.append([call(3)], NOON_US)).toBe(3);
    await rm(taken);
    expect(await journal.rotate()).toMatchObject({ number: 3, rows: 1 });
  });
});

/** A journal of some requests, and where each of them ends. */
async function written(): Promise<{
  readonly file: string;
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}> {
  const { directory, journal } = await openJournal();
  const ends: number[] = [];
  const file = directory.journalFile(1);
  for (let request = 0; request < 4; request++) {
    await journal.append(calls(2, request * 2), NOON_US);
    ends.push((await stat(file)).size);
  }
  await journal.rotate();
  return { file, bytes: await readFile(file), ends };
}

describe('what a crash leaves', () => {
  it('goes to the end of the last whole request, wherever the file ends', async () => {
    const { file, bytes, ends } = await written();
    const cuts = fc.integer({ min: 0, max: bytes.length });
    await fc.assert(
      fc.asyncProperty(cuts, async (cut) => {
        await writeFile(file, bytes.subarray(0, cut));
        expect(await findGoodEnd(file)).toBe(Math.max(0, ...ends.filter((end) => end <= cut)));
      }),
      {
        numRuns: 60,
        examples: [[0], [1], ...ends.flatMap((end): [number][] => [[end - 1], [end]]), [FRAME_HEAD_BYTES]],
      },
    );
  });

  it('goes to the last whole request when anything follows', async () => {
    const { file, bytes, ends } = await written();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
        await writeFile(file, Buffer.concat([bytes, noise]));
        expect(await findGoodEnd(file)).toBe(ends.at(-1));
      }),
      { numRuns: 30 },
    );
  });

  it('goes to the last whole request when a part of the last write never came to the disk', async () => {
    const { file, bytes, ends } = await written();
    const last = ends.at(-2) ?? 0;
    await writeFile(file, Buffer.concat([bytes.subarray(0, last + 100), Buffer.alloc(bytes.length - last - 100)]));
    expect(await findGoodEnd(file)).toBe(last);
  });

  it('is damaged when a request is broken that was acknowledged', async () => {
    const { file, bytes, ends } = await written();
    const second = ends[0] ?? 0;
    const flips = fc.integer({ min: second, max: (ends[1] ?? 0) - 1 });
    await fc.assert(
      fc.asyncProperty(flips, async (at) => {
        const broken = Buffer.from(bytes);
        broken[at] = (broken[at] ?? 0) ^ 0x10;
        await writeFile(file, broken);
        await expect(findGoodEnd(file)).rejects.toMatchObject({ code: 'segment_damaged', retryable: false });
      }),
      { numRuns: 60 },
    );
  });

  it('says in each request how much was on disk before it', async () => {
    const { bytes, ends } = await written();
    const heads = [0, ...ends.slice(0, -1)].map((at) => readHead(bytes, at)?.syncedBytes);
    expect(heads).toEqual([0, ...ends.slice(0, -1)]);
  });
});

describe('a directory of segments', () => {
  it('is for one process', async () => {
    const directory = await temporaryDirectory();
    const first = await SegmentDirectory.open(directory);
    await expect(SegmentDirectory.open(directory)).rejects.toMatchObject({ code: 'directory_in_use' });
    first.close();
    const second = await SegmentDirectory.open(directory);
    second.close();
  });

  it('keeps its name', async () => {
    const directory = await temporaryDirectory();
    const first = await SegmentDirectory.open(directory);
    first.close();
    const second = await SegmentDirectory.open(directory);
    second.close();
    expect(second.writer).toBe(first.writer);
    expect(first.writer).toMatch(/^[0-9a-f]{16}$/);
  });

  it('removes what was not finished', async () => {
    const directory = await temporaryDirectory();
    const name = '0000000000000001.entries.unfinished';
    await writeFile(path.join(directory, name), 'half of it');
    const opened = await SegmentDirectory.open(directory);
    opened.close();
    expect(await readdir(directory)).not.toContain(name);
  });
});
