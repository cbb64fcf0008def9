// In: a finalized session. Out: how it compares with the other finalized sessions of its workflow. Refused: nothing; without others there
// is nothing to compare with, and it says so.

import type { SessionFigures } from '../query/session-figures.ts';
import { type Metric, METRICS } from '../query/workflows.ts';
import { MEASURES } from './measure.ts';
import { type Baseline, type Confidence, confidenceOf, judge, type Judgement, Verdict } from './verdict.ts';

export interface ComparedMetric extends Judgement {
  /** In plain words. */
  readonly explanation: string;
}

export interface Comparison {
  /** Other finalized sessions of the workflow. */
  readonly n: number;
  readonly confidence: Confidence;
  /** The most telling of the verdicts. */
  readonly verdict: Verdict;
  readonly explanation: string;
  readonly metrics: Readonly<Record<Metric, ComparedMetric>>;
}

export function compare(figures: SessionFigures, baselines: Readonly<Record<Metric, Baseline>>): Comparison {
  const { n } = baselines.duration_us;
  const confidence = confidenceOf(n);
  const metrics = Object.fromEntries(
    METRICS.map((metric) => {
      const judgement = judge(MEASURES[metric].of(figures), baselines[metric]);
      return [metric, { ...judgement, explanation: explain(metric, judgement, n) }];
    }),
  ) as Record<Metric, ComparedMetric>;
  const verdict = mostTelling(METRICS.map((metric) => metrics[metric].verdict));
  return { n, confidence, verdict, explanation: summarize(figures.workflow, n, verdict, metrics), metrics };
}

const BY_WEIGHT: readonly Verdict[] = [Verdict.UNUSUAL, Verdict.HIGH, Verdict.LOW, Verdict.NORMAL];

function mostTelling(verdicts: readonly Verdict[]): Verdict {
  return BY_WEIGHT.find((verdict) => verdicts.includes(verdict)) ?? Verdict.UNKNOWN;
}

/** `Cost is high: $0.12, 80 % above the average of $0.067 over 12 sessions.` */
function explain(metric: Metric, { value, average, differencePercent, verdict }: Judgement, n: number): string {
  const { name, write } = MEASURES[metric];
  if (average === undefined) return `${name} is ${write(value)}; there is no other session to compare it with.`;
  const over =
    n === 1 ? `that of the only other session` : `the average over ${n.toLocaleString('en-US')} other sessions`;
  if (value === average) return `${name} is normal: ${write(value)}, the same as ${over}.`;
  const share =
    differencePercent === undefined
      ? `where ${over} is ${write(average)}`
      : `${writePercent(Math.abs(differencePercent))} ${differencePercent > 0 ? 'above' : 'below'} ${over}, ${write(average)}`;
  return `${name} is ${verdict}: ${write(value)}, ${share}.`;
}

function writePercent(percent: number): string {
  return `${percent >= 10 ? Math.round(percent).toLocaleString('en-US') : Number(percent.toPrecision(2))} %`;
}

function summarize(
  workflow: string,
  n: number,
  verdict: Verdict,
  metrics: Readonly<Record<Metric, ComparedMetric>>,
): string {
  if (n === 0) return `This is the first finalized session of ${workflow}: there is nothing to compare it with yet.`;
  const few = n < 5 ? ` With only ${n} other session${n === 1 ? '' : 's'} this is a hint and no more.` : '';
  if (verdict === Verdict.NORMAL) return `A normal session of ${workflow}.${few}`;
  const notable = METRICS.filter((metric) => metrics[metric].verdict === verdict);
  return `${notable.map((metric) => metrics[metric].explanation).join(' ')}${few}`;
}
