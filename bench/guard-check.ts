// What it costs an app's process to ask before each model call whether its session may go on, and to reserve what the call may cost; and whether
// calls in parallel can pass a limit together.

import {
  expectedCost,
  evaluate,
  levelAt,
  actionAt,
  type PolicyRule,
  type Reservation,
  Reservations,
  resolvePolicy,
  stopLimits,
  type Thresholds,
  thresholdsOf,
  worstCase,
} from '@turnmeter/budget';
import { seededRandom } from '@turnmeter/budget/forecast';
import { format, median } from './figures.ts';

const CHECKS = 1_000_000;
const PLACE = { tenant: 'acme', workflow: 'blog-post' };
const RULES: readonly PolicyRule[] = [
  { scope: {}, policy: { usd: { warning: 1, critical: 2, stop: 3 }, tokens: { stop: 2_000_000 } } },
  { scope: { tenant: 'acme' }, policy: { expectedUsd: 0.4, pauseShare: 1.2, degrade: { models: { big: 'small' } } } },
  { scope: PLACE, policy: { shares: { stop: 1.4 } } },
];
const RATES = { inputNanoUsdPerMillion: 3e9, outputNanoUsdPerMillion: 15e9 };
/** Of one process. */
const SESSIONS = 100;
const CALLS = 20;

export function run({ rounds, runs }: { readonly rounds: number; readonly runs: number }): void {
  console.log(`${format(CHECKS)} a round, median of ${rounds} rounds (fastest to slowest)`);
  const policy = resolvePolicy(RULES, PLACE);
  const expected = expectedCost({ workflow: PLACE.workflow, declaredUsd: policy.expectedUsd?.value });
  const thresholds = thresholdsOf(policy, expected);
  measure('check: level and action by thresholds made once', rounds, (n) => check(thresholds, n));
  measure('check by evaluate, with everything that it says', rounds, (n) => {
    let stops = 0;
    for (let at = 0; at < n; at++) {
      const spend = { nanoUsd: at * 600, tokens: at };
      if (evaluate({ policy, spend, expected }).action === 'stop') stops++;
    }
    return stops;
  });
  measure('reserve and settle, one budget', rounds, (n) => reserveAndSettle(budgetsInLine(1), n));
  measure('reserve and settle, three budgets in a line', rounds, (n) => reserveAndSettle(budgetsInLine(3), n));
  measure('worst case, check, reserve, settle, check', rounds, (n) => wholeCall(thresholds, n));
  measure('baseline: add two numbers to two sums in a map', rounds, baseline);
  raceAll(runs, thresholds);
}

function check(thresholds: Thresholds, n: number): number {
  let stops = 0;
  for (let at = 0; at < n; at++) {
    const spent = at * 600;
    if (actionAt(thresholds, levelAt(thresholds, spent, at), { nanoUsd: spent, tokens: at }) === 'stop') stops++;
  }
  return stops;
}

function budgetsInLine(count: number): Reservations {
  let budget = new Reservations({ limits: { nanoUsd: { name: 'usd.stop', amount: 9e15 } } });
  for (let at = 1; at < count; at++) budget = new Reservations({ limits: budget.limits, parent: budget });
  return budget;
}

const HELD = { nanoUsd: 60_000, tokens: 1500 };
const ACTUAL = { nanoUsd: 21_000, tokens: 900 };

function reserveAndSettle(budget: Reservations, n: number): number {
  for (let at = 0; at < n; at++) {
    const outcome = budget.reserve(HELD);
    if (outcome.isGranted) outcome.settle(ACTUAL);
  }
  return budget.spent.nanoUsd;
}

function wholeCall(thresholds: Thresholds, n: number): number {
  const budget = budgetsInLine(2);
  let notified = 0;
  for (let at = 0; at < n; at++) {
    const amount = worstCase({ promptBytes: 4000 + (at % 1000), outputTokensMax: 1000, rates: RATES });
    const before = budget.spent;
    if (actionAt(thresholds, levelAt(thresholds, before.nanoUsd, before.tokens), before) !== 'none') notified++;
    const outcome = budget.reserve(amount);
    if (outcome.isGranted) outcome.settle(ACTUAL);
    const { nanoUsd, tokens } = budget.spent;
    if (levelAt(thresholds, nanoUsd, tokens) === 'warning') notified++;
  }
  return notified;
}

function baseline(n: number): number {
  const sums = new Map([
    ['money', 0],
    ['tokens', 0],
  ]);
  for (let at = 0; at < n; at++) {
    sums.set('money', (sums.get('money') ?? 0) + at);
    sums.set('tokens', (sums.get('tokens') ?? 0) + 1);
  }
  return sums.get('money') ?? 0;
}

/** Nanoseconds for one: the median of several rounds, after three that are not counted. */
function measure(label: string, rounds: number, work: (n: number) => number): void {
  const figures: number[] = [];
  for (let round = -3; round < rounds; round++) {
    const startedAt = performance.now();
    const result = work(CHECKS);
    const ns = ((performance.now() - startedAt) * 1e6) / CHECKS;
    if (Number.isNaN(result)) throw new Error(`${label}: the result is not a number`);
    if (round >= 0) figures.push(ns);
  }
  const range = `(${format(Math.min(...figures))} to ${format(Math.max(...figures))})`;
  console.log(`${label.padEnd(50)} ${format(median(figures)).padStart(7)} ns  ${range}`);
}

interface Race {
  /** What was spent above limits, in all. */
  reserved: number;
  /** The same where each call only looks at what was spent before it. */
  unreserved: number;
  sessionsOver: number;
  granted: number;
  refused: number;
}

/** Sessions with calls in parallel, whose beginnings and ends come in any order; each call costs at most what it may. */
function raceAll(runs: number, thresholds: Thresholds): void {
  const seeded = seededRandom(20_261_123);
  const random = (): number => seeded.uniform();
  const race: Race = { reserved: 0, unreserved: 0, sessionsOver: 0, granted: 0, refused: 0 };
  const startedAt = performance.now();
  for (let at = 0; at < runs; at++) raceOnce(random, thresholds, race);
  const seconds = (performance.now() - startedAt) / 1000;
  const sessions = format(runs * SESSIONS);
  console.log(`\n${format(runs)} runs of ${SESSIONS} sessions × ${CALLS} parallel calls in ${format(seconds)} s`);
  console.log(`with reservations: ${format(race.granted)} calls granted, ${format(race.refused)} refused`);
  console.log(`  overshoot ${format(race.reserved)} nano-USD in ${sessions} sessions`);
  console.log('looking before each call and adding after it, as the baseline:');
  console.log(
    `  overshoot ${format(race.unreserved)} nano-USD, ${format(race.sessionsOver)} sessions over their limit`,
  );
}

/** What a call does next: it begins, and later its answer is there. */
interface Step {
  readonly session: number;
  readonly most: number;
  readonly actual: number;
  reservation: Reservation | undefined;
  hasBegun: boolean;
  isUnreservedOn: boolean;
}

function raceOnce(random: () => number, thresholds: Thresholds, race: Race): void {
  const limits = stopLimits(thresholds);
  const limit = limits.nanoUsd?.amount ?? 0;
  const budgets = Array.from({ length: SESSIONS }, () => new Reservations({ limits }));
  const unreserved = new Float64Array(SESSIONS);
  const steps: Step[] = [];
  for (let session = 0; session < SESSIONS; session++) {
    for (let call = 0; call < CALLS; call++) {
      const most = 1 + Math.floor(random() * (limit / 4));
      const actual = Math.floor(random() * (most + 1));
      steps.push({ session, most, actual, reservation: undefined, hasBegun: false, isUnreservedOn: false });
    }
  }
  // One of the calls that are left goes one step, until all are over.
  while (steps.length > 0) {
    const place = Math.floor(random() * steps.length);
    const step = steps[place];
    if (step === undefined) break;
    if (!step.hasBegun) begin(step, budgets, unreserved, limit, race);
    else end(step, unreserved);
    const isOver = step.reservation === undefined && !step.isUnreservedOn;
    if (!isOver) continue;
    const last = steps.pop();
    if (last !== undefined && last !== step) steps[place] = last;
  }
  for (let session = 0; session < SESSIONS; session++) {
    race.reserved += Math.max(0, (budgets[session]?.spent.nanoUsd ?? 0) - limit);
    const over = Math.max(0, (unreserved[session] ?? 0) - limit);
    race.unreserved += over;
    if (over > 0) race.sessionsOver++;
  }
}

function begin(
  step: Step,
  budgets: readonly Reservations[],
  unreserved: Float64Array,
  limit: number,
  race: Race,
): void {
  step.hasBegun = true;
  const outcome = budgets[step.session]?.reserve({ nanoUsd: step.most, tokens: 10 });
  if (outcome?.isGranted === true) {
    step.reservation = outcome;
    race.granted++;
  } else {
    race.refused++;
  }
  step.isUnreservedOn = (unreserved[step.session] ?? 0) < limit;
}

function end(step: Step, unreserved: Float64Array): void {
  step.reservation?.settle({ nanoUsd: step.actual, tokens: 5 });
  step.reservation = undefined;
  if (step.isUnreservedOn) unreserved[step.session] = (unreserved[step.session] ?? 0) + step.actual;
  step.isUnreservedOn = false;
}
