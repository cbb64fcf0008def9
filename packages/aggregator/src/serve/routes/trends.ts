// GET /trends, GET /forecast

import { z } from 'zod';
import { forecastOf, UseMeasure } from '../../assess/use-forecast.ts';
import { TrendsBy, TrendStep } from '../../query/trend-rows.ts';
import { localDay } from '../../query/trend-steps.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { tenantAsking, whileWaiting } from '../callers.ts';
import { forecastDocument, forecastSchema } from '../documents/forecast-document.ts';
import { trendsDocument, trendsSchema } from '../documents/trends-document.ts';
import { dayParameter, expecting, nameParameter, timezoneParameter } from '../parameters.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';

const DAY_MS = 86_400_000;
/** Days in an answer: of each there is a point, or there are 24. */
const DAYS_MAX: Readonly<Record<TrendStep, number>> = { day: 1100, hour: 92 };
const DAYS_DEFAULT: Readonly<Record<TrendStep, number>> = { day: 30, hour: 2 };
const FORECAST_DAYS = { max: 90, default: 30 };

const workflow = nameParameter('Of this workflow. Left out: of all, and of what belongs to none.');
const timezone = timezoneParameter('Days and hours begin as they do there, as Europe/Berlin. Left out: UTC.');

const trendsQuery = z.strictObject({
  workflow,
  by: z
    .enum(TrendsBy, { error: expecting(Object.values(TrendsBy).join(', ')) })
    .optional()
    .describe('A series for each; the dearest are shown.'),
  step: z
    .enum(TrendStep, { error: expecting(Object.values(TrendStep).join(', ')) })
    .default(TrendStep.DAY)
    .describe('What a point is.'),
  timezone,
  from: dayParameter('First day, in the time zone. Left out: 30 days up to the last, of hours 2.').optional(),
  to: dayParameter('Last day, which is included. Left out: today.').optional(),
});

const forecastQuery = z.strictObject({
  workflow,
  measure: z
    .enum(UseMeasure, { error: expecting(Object.values(UseMeasure).join(', ')) })
    .default(UseMeasure.COST)
    .describe('What is forecast.'),
  days: z.coerce
    .number({ error: expecting(`a whole number from 1 to ${FORECAST_DAYS.max}`) })
    .int({ error: expecting('a whole number') })
    .min(1, { error: expecting('at least 1') })
    .max(FORECAST_DAYS.max, { error: expecting(`at most ${FORECAST_DAYS.max}`) })
    .default(FORECAST_DAYS.default)
    .describe('Days ahead, beginning with the one that runs.'),
  timezone,
});

export function addTrendRoutes(api: Api, context: ApiContext): void {
  addTrends(api, context);
  addForecast(api, context);
}

function addTrends(api: Api, { queries, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/trends',
    schema: {
      operationId: 'getTrends',
      tags: ['over time'],
      summary: 'Cost, tokens, sessions and response times by day or hour',
      querystring: trendsQuery,
      response: answers({ description: 'The series.', schema: trendsSchema }),
    },
    handler: async (request, reply) => {
      const { from, to, ...asked } = request.query;
      const lastDay = to ?? localDay(nowUs(), asked.timezone);
      const firstDay = from ?? daysBefore(lastDay, DAYS_DEFAULT[asked.step] - 1);
      refuseTooMany(asked.step, firstDay, lastDay);
      const query = { ...asked, firstDay, lastDay, nowUs: nowUs() };
      return trendsDocument(query, await queries.cancelledBy(whileWaiting(reply)).trends(tenantAsking(request), query));
    },
  });
}

function addForecast(api: Api, { queries, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/forecast',
    schema: {
      operationId: 'getForecast',
      tags: ['over time'],
      summary: 'What the next days will cost, with intervals and how well such forecasts have done so far',
      description:
        'From the days of the last 400 that are known; the day that runs is never taken for a whole one. Where there is too little history it says so.',
      querystring: forecastQuery,
      response: answers({ description: 'The forecast.', schema: forecastSchema }),
    },
    handler: async (request, reply) => {
      const query = { ...request.query, nowUs: nowUs() };
      const asking = queries.cancelledBy(whileWaiting(reply));
      return forecastDocument(query, await forecastOf(asking, tenantAsking(request), query));
    },
  });
}

function daysBefore(day: string, days: number): string {
  return new Date(Math.max(0, Date.parse(day) - days * DAY_MS)).toISOString().slice(0, 10);
}

function refuseTooMany(step: TrendStep, firstDay: string, lastDay: string): void {
  const days = (Date.parse(lastDay) - Date.parse(firstDay)) / DAY_MS + 1;
  if (days >= 1 && days <= DAYS_MAX[step]) return;
  throw new Problem({
    status: 400,
    code: 'parameter_invalid',
    detail: `from and to have to be 1 to ${DAYS_MAX[step]} days apart where a point is a ${step}, both included; they are ${days}`,
  });
}
