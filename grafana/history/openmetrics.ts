// Series as files that `promtool tsdb create-blocks-from openmetrics` reads: one a day, since it reads a file once for each block.

import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { DAY_MS } from './calendar.ts';

/** A series with its moments, both ascending; NaN is no sample. */
export interface PastSeries {
  /** `turnmeter_up{job="turnmeter",part="clickhouse"}` */
  readonly name: string;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Text that is written at once. */
const CHUNK_CHARACTERS = 1 << 20;

/** Resolves to the files, a day each, in the order of time. */
export async function writeOpenMetrics(
  directory: string,
  label: string,
  series: readonly PastSeries[],
): Promise<readonly string[]> {
  const first = Math.min(...series.map(({ timesMs }) => timesMs[0] ?? Infinity));
  const last = Math.max(...series.map(({ timesMs }) => timesMs.at(-1) ?? 0));
  const files: string[] = [];
  for (let dayMs = first - (first % DAY_MS); dayMs <= last; dayMs += DAY_MS) {
    const file = path.join(directory, `${label}-${new Date(dayMs).toISOString().slice(0, 10)}.om`);
    await writeDay(file, series, dayMs);
    files.push(file);
  }
  return files;
}

async function writeDay(file: string, series: readonly PastSeries[], dayMs: number): Promise<void> {
  const stream = createWriteStream(file);
  let text = '';
  for (const { name, timesMs, values } of series) {
    for (let at = firstFrom(timesMs, dayMs); at < timesMs.length; at++) {
      const timeMs = timesMs[at] ?? 0;
      if (timeMs >= dayMs + DAY_MS) break;
      const value = values[at] ?? Number.NaN;
      if (!Number.isNaN(value)) text += `${name} ${value} ${timeMs / 1000}\n`;
    }
    if (text.length < CHUNK_CHARACTERS) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(`${text}# EOF\n`);
  await once(stream, 'finish');
}

function firstFrom(timesMs: Float64Array, fromMs: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
