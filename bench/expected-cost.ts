// Which mean tells best what sessions of a workflow normally cost, when some of them ran away? Costs of ten kinds are made up; each estimator is
// compared with the mean of the sessions that did not run away.

import { robustMean } from '@turnmeter/budget';
import { type SeededRandom, seededRandom } from '@turnmeter/budget/forecast';
import { printTable, quantile } from './figures.ts';

type Estimator = (sorted: readonly number[]) => number;

/** Costs of one kind, and what a session normally costs. */
interface Kind {
  readonly name: string;
  readonly truth: number;
  readonly draw: (random: SeededRandom) => number;
}

const SIZES: readonly number[] = [5, 10, 30, 100, 500];

const ESTIMATORS: Readonly<Record<string, Estimator>> = {
  'Huber, 2 scales (robustMean)': (sorted) => robustMean(sorted) ?? Number.NaN,
  mean,
  median,
  'trimmed 10 %': (sorted) => trimmed(sorted, 0.1),
  'trimmed 20 %': (sorted) => trimmed(sorted, 0.2),
  'winsorized 10 %': (sorted) => winsorized(sorted, 0.1),
  'winsorized 20 %': (sorted) => winsorized(sorted, 0.2),
  'clipped at 2.5 deviations of logarithms': clippedInLogarithms,
  'clipped at Tukey’s fences': fenced,
};

const KINDS: readonly Kind[] = [
  { name: 'normal', truth: 1, draw: (random) => Math.max(0.01, 1 + 0.2 * random.normal()) },
  logNormal(0.3, 0, 1),
  logNormal(0.5, 0, 1),
  logNormal(1, 0, 1),
  logNormal(0.3, 0.05, 20),
  logNormal(0.5, 0.05, 20),
  logNormal(0.5, 0.1, 10),
  logNormal(1, 0.05, 10),
  { name: 'Pareto 2.5', truth: 2.5 / 1.5, draw: (random) => (1 - random.uniform()) ** (-1 / 2.5) },
  {
    name: 'two kinds of runs, 5 % × 20',
    truth: (0.8 + 0.2 * 3) * Math.exp(0.02),
    draw: (random) =>
      (random.uniform() < 0.2 ? 3 : 1) * Math.exp(0.2 * random.normal()) * (random.uniform() < 0.05 ? 20 : 1),
  },
];

export function run({ samples }: { readonly samples: number }): void {
  const random = seededRandom(20_261_123);
  const names = Object.keys(ESTIMATORS);
  const errors = new Map<string, readonly number[]>(names.map((name) => [name, []]));
  for (const size of SIZES) {
    const sums = new Map<string, number>(names.map((name) => [name, 0]));
    for (const kind of KINDS) {
      for (const [name, error] of errorsOf(kind, size, samples, random)) sums.set(name, (sums.get(name) ?? 0) + error);
    }
    for (const name of names) errors.set(name, [...(errors.get(name) ?? []), (sums.get(name) ?? 0) / KINDS.length]);
  }
  console.log(
    `Root mean square error as a share of the truth, mean of ${KINDS.length} kinds of costs, ${samples} samples each`,
  );
  printTable(
    ['estimator', ...SIZES.map((size) => `n = ${size}`)],
    [...errors].map(([name, list]) => [name, ...list.map((error) => error.toFixed(3))]),
  );
}

function errorsOf(
  { truth, draw }: Kind,
  size: number,
  samples: number,
  random: SeededRandom,
): ReadonlyMap<string, number> {
  const squares = new Map<string, number>();
  for (let sample = 0; sample < samples; sample++) {
    const sorted = Array.from({ length: size }, () => draw(random)).toSorted((a, b) => a - b);
    for (const [name, estimate] of Object.entries(ESTIMATORS)) {
      squares.set(name, (squares.get(name) ?? 0) + (estimate(sorted) / truth - 1) ** 2);
    }
  }
  return new Map([...squares].map(([name, sum]) => [name, Math.sqrt(sum / samples)]));
}

/** A share of the sessions costs so many times as much, which is not what they normally cost. */
function logNormal(sigma: number, share: number, factor: number): Kind {
  return {
    name: `log-normal ${sigma}, ${share * 100} % × ${factor}`,
    truth: Math.exp(sigma ** 2 / 2),
    draw: (random) => Math.exp(sigma * random.normal()) * (random.uniform() < share ? factor : 1),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(sorted: readonly number[]): number {
  const below = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (below + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN)) / 2;
}

function trimmed(sorted: readonly number[], share: number): number {
  const cut = Math.floor(share * sorted.length);
  return mean(sorted.slice(cut, sorted.length - cut));
}

function winsorized(sorted: readonly number[], share: number): number {
  const cut = Math.floor(share * sorted.length);
  return clippedMean(sorted, sorted[cut] ?? -Infinity, sorted[sorted.length - 1 - cut] ?? Infinity);
}

function clippedInLogarithms(sorted: readonly number[]): number {
  const logs = sorted.map(Math.log);
  const middle = median(logs);
  const deviations = logs.map((log) => Math.abs(log - middle)).toSorted((a, b) => a - b);
  const reach = 2.5 * 1.4826 * median(deviations);
  return clippedMean(sorted, Math.exp(middle - reach), Math.exp(middle + reach));
}

function fenced(sorted: readonly number[]): number {
  const low = quantile(sorted, 0.25);
  const high = quantile(sorted, 0.75);
  return clippedMean(sorted, low - 1.5 * (high - low), high + 1.5 * (high - low));
}

function clippedMean(values: readonly number[], low: number, high: number): number {
  return mean(values.map((value) => Math.min(high, Math.max(low, value))));
}
