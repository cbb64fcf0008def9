// What models cost and use, by the hour.

import type { Row } from '../../dashboard.ts';
import { clicked, kept, Uid } from '../../link.ts';
import { table } from '../../panel/table.ts';
import { timeSeries, type TimeSeriesOptions } from '../../panel/time-series.ts';
import { rows, series } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, quiet, rising, Unit } from '../../style.ts';
import { MODELS_IN_RANGE } from './in-range.ts';

export function modelsRow(): Row {
  return {
    title: 'Models: what they cost',
    panels: [modelTable(), costs(), tokens()],
  };
}

function modelTable() {
  return table({
    title: 'Which model is worth its money?',
    description:
      'Models of the hours in the time range, the dearest first. One that is dear by 1,000 tokens and writes little may be more than the work needs: try a smaller one on the same workflow and compare.',
    width: 24,
    height: 8,
    columns: [
      { name: 'model', header: 'Model', drill: ALONE },
      { name: 'calls', header: 'Calls', unit: Unit.COUNT, width: 90 },
      { name: 'failed', header: 'Failed', unit: Unit.RATIO, decimals: 1, width: 90, steps: quiet(rising(0.02, 0.05)) },
      { name: 'input', header: 'Input', unit: Unit.TOKENS, width: 100 },
      { name: 'cached', header: 'Cached', unit: Unit.RATIO, decimals: 0, width: 90 },
      { name: 'output', header: 'Output', unit: Unit.TOKENS, width: 100 },
      { name: 'reasoning', header: 'Reasoning', unit: Unit.RATIO, decimals: 0, width: 100 },
      {
        name: 'unpriced',
        header: 'No price',
        unit: Unit.RATIO,
        decimals: 0,
        width: 90,
        steps: quiet(rising(0.000_001, 0.01)),
      },
      { name: 'price', header: 'Cost / 1,000 tokens', unit: Unit.USD, width: 160 },
      { name: 'cost', header: 'Cost', unit: Unit.USD_EXACT, decimals: 2, width: 110 },
      { name: 'share', header: 'Share', unit: Unit.RATIO, decimals: 0, width: 160, bar: { color: Color.COST, max: 1 } },
    ],
    queries: [
      rows(sql`
        SELECT
          name AS model,
          all_calls AS calls,
          failures / nullIf(all_calls, 0) AS failed,
          all_input AS input,
          all_cached / nullIf(all_input, 0) AS cached,
          all_output AS output,
          all_reasoning / nullIf(all_output, 0) AS reasoning,
          all_unpriced / nullIf(all_input + all_output, 0) AS unpriced,
          1000 * nano_usd / 1e9 / nullIf(all_input + all_output, 0) AS price,
          nano_usd / 1e9 AS cost,
          nano_usd / nullIf(sum(nano_usd) OVER (), 0) AS share
        FROM
        (
          SELECT
            model AS name,
            sum(inferences) AS all_calls,
            sum(errors) AS failures,
            sum(input_tokens) AS all_input,
            sum(cache_read_tokens) AS all_cached,
            sum(output_tokens) AS all_output,
            sum(reasoning_tokens) AS all_reasoning,
            sum(unpriced_tokens) AS all_unpriced,
            sum(cost_nano_usd) AS nano_usd
          FROM model_hour_totals
          WHERE ${MODELS_IN_RANGE}
          GROUP BY name
        )
        WHERE all_calls != 0 OR nano_usd != 0
        ORDER BY cost DESC, model
        LIMIT 200`),
    ],
  });
}

const ALONE = {
  title: 'See this model alone',
  to: Uid.AGENTS,
  variables: { tenant: kept('tenant'), model: clicked },
} as const;

function costs() {
  return byHour({
    title: 'What does each model cost an hour?',
    description:
      'Exact cost by the hour in which calls ended. A model that appears or grows: was it meant to? The last hour is not over.',
    unit: Unit.USD,
    queries: [
      series(sql`
        SELECT
          time,
          model,
          sum(cost_nano_usd) / 1e9 AS Value
        FROM model_hour_totals
        WHERE ${MODELS_IN_RANGE}
        GROUP BY time, model
        ORDER BY time, model`),
    ],
  });
}

function tokens() {
  return byHour({
    title: 'Where do the tokens go?',
    description:
      'Tokens by the hour: input that was read from a cache, the rest of the input, output, and reasoning in it. Input that grows with the same number of turns is context that nobody cuts.',
    unit: Unit.TOKENS,
    colors: {
      'input, cached': Color.EXPECTED,
      'input, not cached': Color.TOKENS,
      output: Color.COST,
      reasoning: Color.TIME,
    },
    queries: [
      series(sql`
        SELECT
          time,
          sum(cache_read_tokens) AS \`input, cached\`,
          sum(input_tokens - cache_read_tokens) AS \`input, not cached\`,
          sum(output_tokens - reasoning_tokens) AS output,
          sum(reasoning_tokens) AS reasoning
        FROM model_hour_totals
        WHERE ${MODELS_IN_RANGE}
        GROUP BY time
        ORDER BY time`),
    ],
  });
}

function byHour(options: Pick<TimeSeriesOptions, 'title' | 'description' | 'unit' | 'colors' | 'queries'>) {
  return timeSeries({ ...options, isStacked: true, isBars: true, width: 12, height: 8 });
}
