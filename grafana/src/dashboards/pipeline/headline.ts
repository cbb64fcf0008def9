// The numbers at the top: whether all parts answer, whether something is lost, and how late figures are.

import type { Row } from '../../dashboard.ts';
import { stat } from '../../panel/stat.ts';
import { atEnd, overTime } from '../../query/prometheus-query.ts';
import { atMost, Color, rising, Unit } from '../../style.ts';
import { own } from './own.ts';

export function headline(): Row {
  return { panels: [away(), refused(), quarantined(), waiting(), fresh(), arriving()] };
}

function away() {
  return stat({
    title: 'Parts that are away',
    description:
      'Aggregators that Prometheus does not reach, and databases and control stores that an aggregator does not. What is sent meanwhile is kept on disk, by Collectors or by the aggregator. Runbooks: TurnmeterDown, TurnmeterPartDown.',
    unit: Unit.COUNT,
    decimals: 0,
    steps: atMost(1),
    isLoud: true,
    noValue: 'no aggregator is scraped',
    queries: [atEnd(`count(${own('up')} == 0 or ${own('turnmeter_up')} == 0) or 0 * count(${own('up')})`, 'away')],
  });
}

function refused() {
  return stat({
    title: 'Records refused',
    description:
      'In the time range, with a reason that the sender was told. They are in no figure unless they are sent again: see below which reason. Runbook: TurnmeterUsageDropped.',
    unit: Unit.COUNT,
    decimals: 0,
    steps: rising(1, 1000),
    queries: [atEnd(`sum(increase(${own('turnmeter_records_refused_total')}[$__range])) or vector(0)`, 'refused')],
  });
}

function quarantined() {
  return stat({
    title: 'Segments put aside',
    description:
      'Segments that the database refused, or that are damaged. What they hold is in no figure until a person has looked. Runbook: TurnmeterSegmentsQuarantined.',
    unit: Unit.COUNT,
    decimals: 0,
    steps: atMost(1),
    queries: [atEnd(`sum(${own('turnmeter_segments_quarantined')}) or vector(0)`, 'put aside')],
  });
}

function waiting() {
  return stat({
    title: 'Oldest record waits',
    description:
      'Age of the oldest segment that is durable on disk and in no figure yet. Red from 2 minutes on: the database is away, or slower than what comes in. Runbook: TurnmeterIngestStalled.',
    unit: Unit.SECONDS,
    decimals: 1,
    steps: rising(30, 120),
    queries: [atEnd(`max(${own('turnmeter_ingest_lag_seconds')})`, 'waits')],
  });
}

function fresh() {
  return stat({
    title: 'In figures after, p99',
    description:
      'Time from the receipt of a record to its entries being in the database, for 99 % in the time range. Promised are 10 s. Runbook: TurnmeterFreshnessSloBurn.',
    unit: Unit.SECONDS,
    decimals: 1,
    steps: rising(5, 10),
    noValue: 'nothing came',
    queries: [
      atEnd(
        `histogram_quantile(0.99, sum by (le) (increase(${own('turnmeter_visible_delay_seconds_bucket')}[$__range]))) >= 0`,
        'p99',
      ),
    ],
  });
}

function arriving() {
  return stat({
    title: 'Records a second',
    description:
      'Spans, log records and metric points that were taken over. 0 while people work: the way from the apps is broken. Runbook: TurnmeterIngestSilent.',
    unit: Unit.PER_SECOND,
    decimals: 1,
    color: Color.COUNT,
    hasSpark: true,
    queries: [overTime(`sum(rate(${own('turnmeter_records_accepted_total')}[$__rate_interval]))`, 'records')],
  });
}
