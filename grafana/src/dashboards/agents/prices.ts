// What there is to do about models: those without a price, and those that nobody knew before.

import type { Row } from '../../dashboard.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { ofTenant } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, Unit } from '../../style.ts';
import { entriesInRange } from './in-range.ts';
import { REMEDIES } from './remedies.ts';

export function pricesRow(): Row {
  return {
    title: 'Models without a price, and new ones',
    panels: [unpriced(), fresh()],
  };
}

function unpriced() {
  const codes = Object.keys(REMEDIES).map((code) => `'${code}'`);
  return table({
    title: 'Why do tokens have no price?',
    description:
      'Tokens that were counted and not paid for in the figures, by model and reason. The last column says what to do; afterwards `turnmeter reprice` books what is past at the new price. Runbook: TurnmeterUnpricedTokens.',
    width: 14,
    height: 6,
    noValue: 'All tokens have a price.',
    columns: [
      { name: 'model', header: 'Model', width: 170 },
      { name: 'provider', header: 'Provider', width: 110 },
      { name: 'tokens', header: 'Tokens', unit: Unit.TOKENS, width: 90 },
      { name: 'reason', header: 'Reason', width: 150 },
      { name: 'remedy', header: 'What to do', states: remedies() },
    ],
    queries: [
      rows(sql`
        SELECT
          if(entries.model = '', '(none)', entries.model) AS model,
          entries.provider AS provider,
          sum(entries.sign * entries.unpriced_tokens) AS tokens,
          arrayJoin(arrayFilter(reason -> reason IN (${codes.join(', ')}), entries.cost_reasons)) AS reason,
          reason AS remedy
        FROM ${entriesInRange(['sign', 'model', 'provider', 'unpriced_tokens', 'cost_reasons'], 'entries.unpriced_tokens > 0')}
        GROUP BY model, provider, reason
        HAVING tokens > 0
        ORDER BY tokens DESC, model, reason
        LIMIT 50`),
    ],
  });
}

function remedies(): Readonly<Record<string, { readonly text: string; readonly color: Color }>> {
  return Object.fromEntries(Object.entries(REMEDIES).map(([code, text]) => [code, { text, color: Color.PLAIN }]));
}

/** A model that was not called for so long is new again. */
const FORGOTTEN_DAYS = 30;

function fresh() {
  return table({
    title: 'Which models are new?',
    description: `Models that were called first in the time range, not once in the ${FORGOTTEN_DAYS} days before. A new one that nobody planned: a default has changed, or a provider has replaced a version by another.`,
    width: 10,
    height: 6,
    noValue: 'No model is new.',
    columns: [
      { name: 'model', header: 'Model' },
      { name: 'provider', header: 'Provider', width: 110 },
      { name: 'began', header: 'First call', width: 150 },
      { name: 'calls', header: 'Calls', unit: Unit.COUNT, width: 80 },
      { name: 'cost', header: 'Cost', unit: Unit.USD_EXACT, decimals: 2, width: 90 },
    ],
    queries: [
      rows(sql`
        SELECT
          entries.model AS model,
          entries.provider AS provider,
          min(entries.started_at) AS began,
          sum(entries.sign * entries.inferences) AS calls,
          sum(entries.sign * entries.cost_nano_usd) / 1e9 AS cost
        FROM entries
        WHERE ${ofTenant('entries')}
          AND entries.model != ''
          AND toDate(entries.ended_at) BETWEEN toDate($__fromTime, 'UTC') - ${FORGOTTEN_DAYS} AND toDate($__toTime, 'UTC')
        GROUP BY model, provider
        HAVING calls > 0 AND began >= $__fromTime
        ORDER BY began DESC, model
        LIMIT 50`),
    ],
  });
}
