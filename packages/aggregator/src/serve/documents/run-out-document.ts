// When a prepaid balance will be used up or gone.

import { z } from 'zod';
import { type BalanceRunOut, RUN_OUT_HORIZON_DAYS } from '../../assess/balance-run-out.ts';
import { isoOf } from './amounts.ts';

export interface RunOutDocument {
  readonly status: BalanceRunOut['status'];
  readonly low: string | null;
  readonly mid: string | null;
  readonly high: string | null;
  readonly interval_coverage: number;
  readonly horizon_days: number;
  readonly history_days: number;
  readonly method: string;
}

const time = z.iso.datetime().nullable();

export const runOutSchema: z.ZodType<RunOutDocument> = z
  .object({
    status: z.enum(['runs_out', 'not_within_horizon', 'used_up', 'not_enough_history']),
    low: time.meta({ description: 'The early end of the interval; null: not within the horizon, or nobody knows.' }),
    mid: time.meta({ description: 'As likely before as after.' }),
    high: time.meta({ description: 'The late end of the interval; null: later than the horizon.' }),
    interval_coverage: z.number().meta({ description: 'How often it shall lie between low and high.' }),
    horizon_days: z.number().int().meta({ description: 'How far is looked ahead.' }),
    history_days: z.number().int().meta({ description: 'Whole days of spending behind it.' }),
    method: z.string().meta({ description: 'Paths that use may take, by what this account spent day by day.' }),
  })
  .meta({ id: 'RunOut' });

/** The interval of forecasts that name none. */
const COVERAGE = 0.9;

export function runOutDocument({ status, lowMs, midMs, highMs, days }: BalanceRunOut): RunOutDocument {
  return {
    status,
    low: momentOf(lowMs),
    mid: momentOf(midMs),
    high: momentOf(highMs),
    interval_coverage: COVERAGE,
    horizon_days: RUN_OUT_HORIZON_DAYS,
    history_days: days,
    method: 'simulated_paths',
  };
}

function momentOf(ms: number | undefined): string | null {
  return ms === undefined ? null : isoOf(ms * 1000);
}
