// In: a prepaid balance. Out: when it will be used up or gone, from what its account spent day by day. Kept for a while: a forecast takes some
// hundredths of a second of a processor.

import { type RunOut, runOutForecasting, useSeries } from '@turnmeter/budget/forecast';
import type { Balance, Balances } from '@turnmeter/control-store';
import { RecentMap } from '../control/recent-map.ts';
import { inSteps } from '../in-steps.ts';

export interface BalanceRunOut {
  /** `runs_out`, `not_within_horizon`, `used_up` or `not_enough_history`. */
  readonly status: RunOut['status'];
  /** Nine of ten times it is between low and high; undefined is later than the horizon, or unknown. Milliseconds. */
  readonly lowMs: number | undefined;
  readonly midMs: number | undefined;
  readonly highMs: number | undefined;
  /** Whole days of history behind it. */
  readonly days: number;
}

export interface BalanceForecasts {
  /** Of the balance as it was read; nowMs is when. */
  of(balance: Balance, nowMs: number): Promise<BalanceRunOut>;
}

export const RUN_OUT_HORIZON_DAYS = 365;
const HISTORY_DAYS = 180;
const DAY_MS = 86_400_000;
/** How long a forecast stands while nothing is granted. */
const KEPT_MS = 600_000;
const KEPT_MAX = 2000;

interface Kept {
  readonly at: number;
  /** Grants change everything; spending was expected. */
  readonly granted: bigint;
  readonly runOut: BalanceRunOut;
}

export function createBalanceForecasts(balances: Pick<Balances, 'spentByDay'>): BalanceForecasts {
  const kept = new RecentMap<string, Kept>(KEPT_MAX);
  return {
    of: async (balance, nowMs) => {
      const key = JSON.stringify([balance.tenant, balance.account, balance.unit]);
      const granted = balance.granted + balance.refunded;
      const known = kept.get(key);
      const left = leftOf(balance);
      if (known?.granted === granted && nowMs - known.at < KEPT_MS && left > 0n) return known.runOut;
      const runOut = await forecastBalance(balances, balance, nowMs);
      kept.set(key, { at: nowMs, granted, runOut });
      return runOut;
    },
  };
}

/** Days to the middle of the interval; undefined where that is beyond the horizon, or nobody knows. */
export function daysLeftOf({ status, midMs }: BalanceRunOut, nowMs: number): number | undefined {
  if (status === 'used_up') return 0;
  return midMs === undefined ? undefined : (midMs - nowMs) / DAY_MS;
}

/** What is reserved is mostly spent, and is in what will be spent today. */
function leftOf({ free, reserved }: Balance): bigint {
  return free + reserved;
}

async function forecastBalance(
  balances: Pick<Balances, 'spentByDay'>,
  balance: Balance,
  nowMs: number,
): Promise<BalanceRunOut> {
  const running = Math.floor(nowMs / DAY_MS);
  const { tenant, account, unit } = balance;
  const spent = await balances.spentByDay({ tenant, account, unit, fromDay: running - HISTORY_DAYS });
  // The account's own ledger is complete: a day without entries had no use.
  const { history, usedInRunningStep } = useSeries({
    byStep: new Map(spent.map((day) => [day.day, Number(day.spent)])),
    observedTo: running,
    running,
  });
  const today = running * DAY_MS;
  const expiring = balance.expiring.map(({ expiresAtMs, amount }) => ({
    step: (expiresAtMs - today) / DAY_MS,
    amount: Number(amount),
  }));
  const question = { remaining: Number(leftOf(balance)), history, expiring };
  const runOut = await inSteps(
    runOutForecasting(question, {
      horizon: RUN_OUT_HORIZON_DAYS,
      usedInFirstStep: usedInRunningStep,
      passedOfFirstStep: (nowMs - today) / DAY_MS,
    }),
  );
  return asMoments(runOut, today, history.length);
}

function asMoments(runOut: RunOut, today: number, days: number): BalanceRunOut {
  const steps = 'steps' in runOut ? runOut.steps : undefined;
  const moment = (step: number | undefined): number | undefined =>
    step === undefined ? undefined : Math.round(today + step * DAY_MS);
  return {
    status: runOut.status,
    lowMs: moment(steps?.low),
    midMs: moment(steps?.mid),
    highMs: moment(steps?.high),
    days,
  };
}
