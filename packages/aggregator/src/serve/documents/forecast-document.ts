// How use will go on.

import { z } from 'zod';
import type { Forecast, ForecastErrors, Interval } from '@turnmeter/budget/forecast';
import { dayNamed, type UseForecast, type UseForecastQuery, UseMeasure } from '../../assess/use-forecast.ts';

interface IntervalDocument {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

interface ErrorsDocument {
  readonly mase: number | null;
  readonly smape: number;
}

interface BacktestDocument extends ErrorsDocument {
  readonly origins: number;
  readonly days: number;
  readonly coverage: number;
  readonly naive: ErrorsDocument;
  readonly seasonal_naive: ErrorsDocument;
}

interface MethodDocument {
  readonly name: string;
  readonly use: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly week: readonly number[];
  readonly days_since_level_shift: number | null;
}

export interface ForecastDocument {
  readonly workflow: string | null;
  readonly measure: string;
  readonly unit: string;
  readonly timezone: string;
  readonly status: 'ok' | 'not_enough_history';
  readonly history: {
    readonly from: string | null;
    readonly days: number;
    readonly days_needed: number | null;
  };
  readonly confidence: string | null;
  readonly interval_coverage: number;
  readonly points: readonly (IntervalDocument & {
    readonly time: string;
    readonly is_partial: boolean;
    readonly used_so_far: number | null;
  })[];
  readonly total: IntervalDocument | null;
  readonly method: MethodDocument | null;
  readonly backtest: BacktestDocument | null;
}

const number = z.number();
const text = z.string();

const intervalShape = {
  low: number,
  mid: number,
  high: number,
};

const errorsShape = {
  mase: number.nullable().meta({
    description:
      'Mean absolute error in units of that of the seasonal naive method one week ahead; below 1 is better. Null where every week was alike.',
  }),
  smape: number.meta({ description: 'Symmetric mean absolute percentage error, 0 to 200.' }),
};

const backtestSchema = z
  .object({
    origins: number.meta({ description: 'Past days on which a forecast was made from what was known then.' }),
    days: number.meta({ description: 'Days forecast from all of them that have come.' }),
    ...errorsShape,
    coverage: number.meta({ description: 'Share of these days that lay within the interval told before.' }),
    naive: z.object(errorsShape).meta({ description: 'Of "as on the last day", on the same days.' }),
    seasonal_naive: z.object(errorsShape).meta({ description: 'Of "as a week ago", on the same days.' }),
  })
  .meta({ id: 'Backtest' });

const methodSchema = z
  .object({
    name: text,
    use: text.meta({ description: '`steady`, or `intermittent`: how often times how much.' }),
    weights: z.record(text, number).meta({ description: 'Share of each method in the mixture, by its past errors.' }),
    week: z
      .array(number)
      .readonly()
      .meta({ description: 'Seven factors, that of the first day of the forecast first; all 1 without a week.' }),
    days_since_level_shift: number.nullable(),
  })
  .meta({ id: 'ForecastMethod' });

export const forecastSchema: z.ZodType<ForecastDocument> = z
  .object({
    workflow: text.nullable().meta({ description: 'Null for all, and what belongs to none.' }),
    measure: z.enum(UseMeasure),
    unit: text,
    timezone: text,
    status: z.enum(['ok', 'not_enough_history']),
    history: z.object({
      from: z.iso.date().nullable().meta({ description: 'The first day with use.' }),
      days: number.meta({ description: 'Whole days that are known.' }),
      days_needed: number.nullable().meta({ description: 'How many it takes; null where there are enough.' }),
    }),
    confidence: z.enum(['low', 'medium', 'high']).nullable(),
    interval_coverage: number.meta({ description: 'Share of days that shall lie between low and high.' }),
    points: z
      .array(
        z.object({
          time: z.iso.date(),
          is_partial: z.boolean().meta({ description: 'The day runs; what is told is the whole of it.' }),
          used_so_far: number.nullable(),
          ...intervalShape,
        }),
      )
      .readonly(),
    total: z.object(intervalShape).nullable().meta({ description: 'Of all these days together.' }),
    method: methodSchema.nullable(),
    backtest: backtestSchema.nullable().meta({ description: 'Null where no day has come that could be forecast.' }),
  })
  .meta({ id: 'Forecast' });

/** The interval of forecasts that name none. */
const COVERAGE = 0.9;
const UNITS: Readonly<Record<UseMeasure, string>> = { cost: 'usd', tokens: 'tokens', sessions: 'sessions' };

export function forecastDocument(query: UseForecastQuery, { series, forecast }: UseForecast): ForecastDocument {
  const isKnown = series.history.length > 0;
  const head = {
    workflow: query.workflow ?? null,
    measure: query.measure,
    unit: UNITS[query.measure],
    timezone: query.timezone,
    status: forecast.status,
    history: {
      from: isKnown ? dayNamed(series.firstStep) : null,
      days: forecast.n,
      days_needed: forecast.status === 'ok' ? null : forecast.needed,
    },
    interval_coverage: COVERAGE,
  };
  if (forecast.status !== 'ok') {
    return { ...head, confidence: null, points: [], total: null, method: null, backtest: null };
  }
  const first = series.firstStep + series.history.length;
  const inUnit = (value: number): number => (query.measure === UseMeasure.COST ? value / 1e9 : value);
  const scaled = ({ low, mid, high }: Interval): IntervalDocument => ({
    low: inUnit(low),
    mid: inUnit(mid),
    high: inUnit(high),
  });
  return {
    ...head,
    confidence: forecast.confidence,
    points: forecast.steps.map((step, at) => ({
      time: dayNamed(first + at),
      is_partial: at === 0,
      used_so_far: at === 0 ? inUnit(series.usedInRunningStep) : null,
      ...scaled(step),
    })),
    total: scaled(forecast.total),
    method: methodOf(forecast),
    backtest: backtestOf(forecast),
  };
}

function methodOf({ kind, methods, season, stepsSinceShift }: Forecast): MethodDocument {
  return {
    name: 'mixture',
    use: kind,
    weights: methods,
    week: season,
    days_since_level_shift: stepsSinceShift ?? null,
  };
}

function backtestOf({ backtest }: Forecast): BacktestDocument | null {
  if (backtest === undefined) return null;
  return {
    origins: backtest.origins,
    days: backtest.errors.n,
    ...errorsOf(backtest.errors),
    coverage: backtest.coverage,
    naive: errorsOf(backtest.naive),
    seasonal_naive: errorsOf(backtest.seasonalNaive),
  };
}

function errorsOf({ mase, smape }: ForecastErrors): ErrorsDocument {
  return { mase: mase ?? null, smape };
}
