// The numbers at the top: turns on the left, money and tokens on the right.

import type { Row } from '../../dashboard.ts';
import { stat } from '../../panel/stat.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, rising, Unit } from '../../style.ts';
import { MODELS_IN_RANGE, STANDING, stepOf, turnsInRange } from './in-range.ts';

export function headline(): Row {
  return { panels: [turns(), failed(), slow(), dear(), cached(), unpriced()] };
}

function turns() {
  return stat({
    title: 'Turns',
    description:
      'Turns of the chosen agents that ended in the time range. None, although people are working: look at Pipeline health, or choose other agents.',
    unit: Unit.COUNT,
    queries: [
      rows(sql`
        SELECT sum(entries.sign * entries.turns) AS turns
        FROM ${turnsInRange(['sign', 'turns'])}`),
    ],
  });
}

function failed() {
  return stat({
    title: 'Turns that failed',
    description:
      'Share of turns that ended in an error. Red from 5 % on, the promise for sessions (runbook TurnmeterFailedSessionsSloBurn): see below which agent it is and what the error is called.',
    unit: Unit.RATIO,
    decimals: 1,
    steps: rising(0.02, 0.05),
    noValue: 'no turns',
    queries: [
      rows(sql`
        SELECT sum(entries.sign * (entries.error_type != '')) / nullIf(sum(entries.sign * entries.turns), 0) AS failed
        FROM ${turnsInRange(['sign', 'turns', 'error_type'])}`),
    ],
  });
}

function slow() {
  return stat({
    title: 'Response time, p95',
    description:
      'Response time that 95 % of turns stay below, without people and nested agents. Red from 30 s on, the promise of the alert TurnmeterTurnLatencySloBurn: find the agent in the table below.',
    unit: Unit.SECONDS,
    decimals: 1,
    steps: rising(20, 30),
    noValue: 'no turns',
    queries: [
      rows(sql`
        SELECT if(sum(standing) = 0, NULL, quantileExactWeighted(0.95)(step_us, standing) / 1e6) AS p95
        FROM
        (
          SELECT
            ${stepOf('entries.response_time_us')} AS step_us,
            ${STANDING} AS standing
          FROM ${turnsInRange(['sign', 'response_time_us'])}
          GROUP BY step_us
        )`),
    ],
  });
}

function dear() {
  return stat({
    title: 'Cost of 1,000 tokens',
    description:
      'Cost over tokens of the chosen models, in and out. It rises with dearer models, less caching and longer answers: compare the models below.',
    unit: Unit.USD,
    color: Color.COST,
    noValue: 'no tokens',
    queries: [
      rows(sql`
        SELECT 1000 * sum(cost_nano_usd) / 1e9 / nullIf(sum(input_tokens + output_tokens), 0) AS cost
        FROM model_hour_totals
        WHERE ${MODELS_IN_RANGE}`),
    ],
  });
}

function cached() {
  return stat({
    title: 'Input from a cache',
    description:
      'Share of prompt tokens that providers read from their cache, at a fraction of the price. A fall is often a prompt whose beginning changes with each call: put first what stays.',
    unit: Unit.RATIO,
    decimals: 0,
    color: Color.TOKENS,
    noValue: 'no input',
    queries: [
      rows(sql`
        SELECT sum(cache_read_tokens) / nullIf(sum(input_tokens), 0) AS cached
        FROM model_hour_totals
        WHERE ${MODELS_IN_RANGE}`),
    ],
  });
}

function unpriced() {
  return stat({
    title: 'Tokens without price',
    description:
      'Share of tokens without a price. While it is not 0, costs are a lower bound: see below which models these are, and give them a price. Red from 1 % on (runbook TurnmeterUnpricedTokens).',
    unit: Unit.RATIO,
    decimals: 1,
    steps: rising(0.000_001, 0.01),
    noValue: 'no tokens',
    queries: [
      rows(sql`
        SELECT sum(unpriced_tokens) / nullIf(sum(input_tokens + output_tokens), 0) AS unpriced
        FROM model_hour_totals
        WHERE ${MODELS_IN_RANGE}`),
    ],
  });
}
