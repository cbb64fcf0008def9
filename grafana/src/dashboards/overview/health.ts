// Whether the figures above can be believed. All of it in detail: Pipeline health.

import type { Row } from '../../dashboard.ts';
import { Uid } from '../../link.ts';
import { stat, type StatOptions } from '../../panel/stat.ts';
import { atEnd } from '../../query/prometheus-query.ts';
import { labels, recordedLabels } from '../../query/selected.ts';
import { atMost, Color, rising, Unit } from '../../style.ts';

export function health(): Row {
  return { title: 'Can these figures be believed?', panels: [up(), parts(), lag(), fresh(), unpriced(), refused()] };
}

const YES_OR_NO = [
  {
    type: 'value',
    options: { '0': { text: 'no', color: Color.STOP, index: 0 }, '1': { text: 'yes', color: Color.OK, index: 1 } },
  },
] as unknown as NonNullable<StatOptions['mappings']>;

function healthStat(options: Omit<StatOptions, 'width' | 'height' | 'drills'>) {
  return stat({
    ...options,
    width: 4,
    height: 3,
    drills: [{ title: 'Open Pipeline health', to: Uid.PIPELINE, variables: {} }],
  });
}

function up() {
  return healthStat({
    title: 'Aggregators answer',
    description:
      'Whether Prometheus reaches all of them. No: runbook TurnmeterDown; Collectors keep telemetry meanwhile.',
    unit: Unit.NONE,
    mappings: YES_OR_NO,
    steps: atMost(2),
    queries: [atEnd(`min(up${labels([])}) or vector(0)`, 'up')],
  });
}

function parts() {
  return healthStat({
    title: 'Database, store answer',
    description:
      'Whether ClickHouse and the control store answer the aggregators. No: runbook TurnmeterPartDown; telemetry is kept on disk meanwhile.',
    unit: Unit.NONE,
    mappings: YES_OR_NO,
    steps: atMost(2),
    queries: [atEnd(`min(turnmeter_up${labels([])}) or vector(0)`, 'up')],
  });
}

function lag() {
  return healthStat({
    title: 'Records wait for',
    description:
      'Age of the oldest records that were accepted and are in no figure yet. From 2 minutes on: runbook TurnmeterIngestStalled.',
    unit: Unit.SECONDS,
    steps: rising(30, 120),
    queries: [atEnd(`max(turnmeter_ingest_lag_seconds${labels([])})`, 'lag')],
  });
}

function fresh() {
  return healthStat({
    title: 'In the figures after, p99',
    description:
      'From receipt to figures, for 99 % of the last 15 minutes’ records. Promised are 10 s: runbook TurnmeterFreshnessSloBurn.',
    unit: Unit.SECONDS,
    steps: rising(5, 10),
    noValue: 'nothing came',
    queries: [
      atEnd(
        `histogram_quantile(0.99, sum by (le) (rate(turnmeter_visible_delay_seconds_bucket${labels([])}[15m]))) >= 0`,
        'p99',
      ),
    ],
  });
}

function unpriced() {
  return healthStat({
    title: 'Tokens without price',
    description:
      'Of the worst of the chosen tenants, in the last hour: its costs are a lower bound. From 1 % on: runbook TurnmeterUnpricedTokens, give the model a price.',
    unit: Unit.RATIO,
    decimals: 1,
    steps: rising(0.001, 0.01),
    noValue: 'no tokens',
    queries: [atEnd(`max(tenant:turnmeter_unpriced_tokens:ratio_rate1h${recordedLabels(['tenant'])})`, 'unpriced')],
  });
}

function refused() {
  return healthStat({
    title: 'Records refused',
    description:
      'In the last 15 minutes. Whoever sent them was told, but they are in no figure: runbook TurnmeterUsageDropped, Pipeline health says why.',
    unit: Unit.COUNT,
    decimals: 0,
    steps: atMost(1),
    queries: [atEnd(`sum(increase(turnmeter_records_refused_total${labels([])}[15m])) or vector(0)`, 'refused')],
  });
}
