// What sessions are compared by: how each measure is called, taken and written for people.

import { sumOfAll } from '../query/lines.ts';
import { agentsOf, type SessionFigures, tokensOf } from '../query/session-figures.ts';
import type { Metric } from '../query/workflows.ts';

export interface Measure {
  /** As people call it, to begin a sentence with. */
  readonly name: string;
  /** Value of a session, in the metric's unit. */
  readonly of: (figures: SessionFigures) => number;
  /** What one of the unit that people use is in the metric's: a second in µs. */
  readonly unit: number;
  /** A value for people. */
  readonly write: (value: number) => string;
}

export const MEASURES: Readonly<Record<Metric, Measure>> = {
  duration_us: {
    name: 'Duration',
    of: ({ beganUs, endedUs }) => endedUs - beganUs,
    unit: 1e6,
    write: (us) => writeDuration(us / 1e6),
  },
  cost_nano_usd: {
    name: 'Cost',
    of: ({ lines }) => Number(sumOfAll(lines).cost_nano_usd),
    unit: 1e9,
    write: (nanoUsd) => writeUsd(nanoUsd / 1e9),
  },
  tokens: { name: 'Token use', of: ({ lines }) => tokensOf(lines), unit: 1, write: writeCount('token') },
  turns: { name: 'Number of turns', of: ({ turns }) => turns.length, unit: 1, write: writeCount('turn') },
  agents: { name: 'Number of agents', of: (figures) => agentsOf(figures).length, unit: 1, write: writeCount('agent') },
};

function writeDuration(seconds: number): string {
  if (seconds < 1) return `${roundTo(seconds * 1000, 3)} ms`;
  if (seconds < 120) return `${roundTo(seconds, 3)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${roundTo(minutes, 3)} min` : `${roundTo(minutes / 60, 3)} h`;
}

/** Cents are too coarse for single calls: at least three digits that tell something, `$0.000000123`. */
export function writeUsd(usd: number): string {
  const size = Math.abs(usd);
  if (size >= 1 || size === 0) return `$${usd.toFixed(2)}`;
  // Nano-dollars are the smallest there are.
  const decimals = Math.min(9, 2 - Math.floor(Math.log10(size)));
  return `$${usd.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

function writeCount(one: string): (value: number) => string {
  return (value) =>
    `${(value < 1000 ? roundTo(value, 3) : Math.round(value)).toLocaleString('en-US')} ${one}${value === 1 ? '' : 's'}`;
}

/** Rounds to significant digits, which keeps small and large values readable. */
function roundTo(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
