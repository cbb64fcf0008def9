// Between disk and database: what waits, how late figures are, and whether the promise is kept.

import type { Row } from '../../dashboard.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { overTime } from '../../query/prometheus-query.ts';
import { Color, Unit } from '../../style.ts';
import { own, quantile } from './own.ts';

const SIZE = { width: 8, height: 7 } as const;

export function freshnessRow(): Row {
  return { title: 'From disk to figures', panels: [queue(), delay(), promise()] };
}

function queue() {
  return timeSeries({
    ...SIZE,
    title: 'How much waits on disk?',
    description:
      'Segments that are durable and not in the database yet. A saw of one or two is normal. One that grows: the database is away or too slow, and at the limit of `save.spool_bytes_max` senders are turned away. Runbook: TurnmeterIngestStalled.',
    unit: Unit.BYTES,
    color: Color.COUNT,
    queries: [overTime(`sum by (instance) (${own('turnmeter_segments_pending_bytes')})`, '{{instance}}')],
  });
}

function delay() {
  return timeSeries({
    ...SIZE,
    title: 'How soon are records in the figures?',
    description:
      'From receipt to the database. Promised are 10 s for 99.9 %. All of it higher: inserts are slow, see below. Only p99: single large segments.',
    unit: Unit.SECONDS,
    colors: { p50: Color.TIME, p95: Color.WARNING, p99: Color.CRITICAL },
    steps: [
      { from: null, color: Color.OK },
      { from: 10, color: Color.STOP },
    ],
    spansGaps: true,
    noValue: 'Nothing came.',
    queries: [0.5, 0.95, 0.99].map((q) =>
      overTime(`${quantile(q, 'turnmeter_visible_delay_seconds')} >= 0`, `p${q * 100}`),
    ),
  });
}

function promise() {
  return timeSeries({
    ...SIZE,
    title: 'Is the promise of 10 s kept?',
    description:
      'Segments later than 10 s over the 0.1 % that may be. 1 uses up in 30 days what may be; it is told at 14.4 for an hour or 6 for six. Nothing is as good as it gets. Runbook: TurnmeterFreshnessSloBurn.',
    unit: Unit.TIMES,
    decimals: 1,
    colors: { '1h': Color.COST, '6h': Color.TOKENS, '1d': Color.TIME },
    steps: [
      { from: null, color: Color.OK },
      { from: 1, color: Color.WARNING },
      { from: 6, color: Color.CRITICAL },
      { from: 14.4, color: Color.STOP },
    ],
    noValue: 'Nothing was late.',
    queries: ['1h', '6h', '1d'].map((window) =>
      overTime(`max(slo:turnmeter_burn:ratio_rate${window}{slo="freshness"})`, window),
    ),
  });
}
