// In: whose use, and of what. Out: how it will go on, from the days the ledger has. Forecasts begin with the day that runs.

import { type Forecast, type NoForecast, useForecasting, useSeries, type UseSeries } from '@turnmeter/budget/forecast';
import { inSteps } from '../in-steps.ts';
import type { Queries } from '../query/queries.ts';
import type { TrendPoint } from '../query/trends.ts';
import { localDay } from '../query/trend-steps.ts';

export const UseMeasure = { COST: 'cost', TOKENS: 'tokens', SESSIONS: 'sessions' } as const;
export type UseMeasure = (typeof UseMeasure)[keyof typeof UseMeasure];

export interface UseForecastQuery {
  /** @default all workflows, and what belongs to none */
  readonly workflow?: string | undefined;
  readonly measure: UseMeasure;
  readonly days: number;
  /** Days begin as they do there. */
  readonly timezone: string;
  readonly nowUs: number;
}

/** Use is in nano-dollars, tokens or sessions. */
export interface UseForecast {
  readonly series: UseSeries;
  readonly forecast: Forecast | NoForecast;
}

/** Days that are looked back: a year, and the weeks that its first ones need. */
const HISTORY_DAYS = 400;
const DAY_MS = 86_400_000;

export async function forecastOf(queries: Queries, tenant: string, query: UseForecastQuery): Promise<UseForecast> {
  const series = await readUse(queries, tenant, query);
  const options = { horizon: query.days, usedInFirstStep: series.usedInRunningStep };
  const forecast = await inSteps(useForecasting(series.history, options));
  return { series, forecast };
}

/** Use by day up to the one that runs. Steps are days since 1970. */
export async function readUse(
  queries: Queries,
  tenant: string,
  { workflow, measure, timezone, nowUs }: Omit<UseForecastQuery, 'days'>,
): Promise<UseSeries> {
  const today = localDay(nowUs, timezone);
  const running = Date.parse(today) / DAY_MS;
  const { series } = await queries.trends(tenant, {
    workflow,
    step: 'day',
    timezone,
    firstDay: dayNamed(running - HISTORY_DAYS),
    lastDay: today,
    nowUs,
    hasSessions: measure === UseMeasure.SESSIONS,
  });
  const points = series[0]?.points ?? [];
  const byStep = new Map(points.map((point) => [Date.parse(point.step) / DAY_MS, useOf(point, measure)]));
  // Points go as far as anything of the tenant is known.
  const observedTo = points.reduce((last, { step }) => Math.max(last, Date.parse(step) / DAY_MS), -Infinity);
  return useSeries({ byStep, observedTo, running });
}

/** `2026-11-21` of the days since 1970. */
export function dayNamed(step: number): string {
  return new Date(step * DAY_MS).toISOString().slice(0, 10);
}

function useOf(point: TrendPoint, measure: UseMeasure): number {
  switch (measure) {
    case UseMeasure.COST:
      // Above 2^53 nano-dollars, nine million a day, the last digits are no matter of forecasts.
      return Number(point.costNanoUsd);
    case UseMeasure.TOKENS:
      return point.inputTokens + point.outputTokens;
    case UseMeasure.SESSIONS:
      return point.sessions ?? 0;
  }
}
