// The service and its surroundings: engine, API, guards, alerts, memory, Prometheus itself.

import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Row } from '../../dashboard.ts';
import { stateTimeline } from '../../panel/state-timeline.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { overTime } from '../../query/prometheus-query.ts';
import { Color, Unit } from '../../style.ts';
import { own, quantile, rate } from './own.ts';

const SIZE = { width: 8, height: 7 } as const;
const SMALL = { width: 8, height: 6 } as const;
const WIDE = { width: 12, height: 6 } as const;

export function serviceRow(): Row {
  return {
    title: 'The service: engine, answers, guards, memory, scrapes',
    panels: [parts(), answers(), failures(), memory(), traces(), guards(), scrapes(), sums()],
  };
}

function parts() {
  return stateTimeline({
    ...SIZE,
    title: 'What answered when?',
    description:
      'Aggregators by Prometheus, and database and control store by each aggregator. Gaps that come with deployments are restarts. Runbooks: TurnmeterDown, TurnmeterPartDown.',
    unit: Unit.NONE,
    hasText: false,
    steps: [
      { from: null, color: Color.STOP },
      { from: 1, color: Color.OK },
    ],
    mappings: ANSWERS,
    queries: [
      overTime(`min by (instance) (${own('up')})`, '{{instance}}'),
      overTime(`min by (instance, part) (${own('turnmeter_up')})`, '{{instance}} {{part}}'),
    ],
  });
}

function answers() {
  return timeSeries({
    ...SIZE,
    title: 'Which questions take long?',
    description:
      'Time in which 95 % of the requests to a route of the JSON API are answered: the five slowest. They wait for ClickHouse: a single slow one is its question, all of them the engine. Guards ask `guard/sync`, which is answered from memory.',
    unit: Unit.SECONDS,
    spansGaps: true,
    queries: [
      overTime(`topk(5, ${quantile(0.95, 'turnmeter_api_request_duration_seconds', ['route'])} >= 0)`, '{{route}}'),
    ],
  });
}

function failures() {
  return timeSeries({
    ...SIZE,
    title: 'What fails?',
    description:
      'Inserts that failed, by code, and requests and alert messages that did, a minute. Inserts are tried again until they succeed, so a few are no loss; with growing segments on disk the database needs help.',
    unit: Unit.PER_MINUTE,
    isStacked: true,
    isBars: true,
    noValue: 'Nothing failed.',
    queries: [
      overTime(`sum by (code) (${rate('turnmeter_insert_failures_total')}) * 60 > 0`, 'insert: {{code}}'),
      overTime(
        `sum by (route, code) (rate(turnmeter_api_requests_total{job="turnmeter", code=~"5.."}[$__rate_interval])) * 60 > 0`,
        '{{route}}: {{code}}',
      ),
      overTime(
        `sum by (outcome) (rate(turnmeter_alert_deliveries_total{job="turnmeter", outcome!="delivered"}[$__rate_interval])) * 60 > 0`,
        'alert message: {{outcome}}',
      ),
    ],
  });
}

function guards() {
  return timeSeries({
    ...SMALL,
    title: 'Who listens?',
    description:
      'Streams of events that are open: guards in apps, `turnmeter watch` and the live page; and streams that were cut, a minute. A fall to nothing with apps running: guards cannot reach the aggregator and go on by what they know.',
    unit: Unit.COUNT,
    colors: { open: Color.COUNT },
    queries: [
      overTime(`sum(${own('turnmeter_streams')})`, 'open'),
      overTime(`sum by (reason) (${rate('turnmeter_streams_cut_total')}) * 60 > 0`, 'cut: {{reason}}'),
    ],
  });
}

function memory() {
  return timeSeries({
    ...SMALL,
    title: 'How much memory do aggregators have?',
    description:
      'Resident memory of the processes, without an embedded engine. It follows the open traces beside; what grows while these do not, over days, is a leak: tell us. Less of it: lower `book.records_max`.',
    unit: Unit.BYTES,
    color: Color.COUNT,
    queries: [overTime(`sum by (instance) (${own('turnmeter_memory_resident_bytes')})`, '{{instance}}')],
  });
}

function traces() {
  return timeSeries({
    ...SMALL,
    title: 'How much is kept of open traces?',
    description:
      'Records that the aggregator keeps in memory to put late records in their place, which is most of its memory. Grows with traffic and with traces that stay open; at `book.records_max` the oldest are read back from the database instead, which is slower.',
    unit: Unit.COUNT,
    color: Color.COUNT,
    queries: [overTime(`sum by (instance) (${own('turnmeter_book_records')})`, '{{instance}}')],
  });
}

function scrapes() {
  return timeSeries({
    ...WIDE,
    title: 'Does Prometheus keep up?',
    description:
      'Time of a scrape of the aggregators, and of the evaluation of all rules of Turnmeter. Scrapes time out at 10 s and rules are evaluated each minute: lines near that are alerts that come late. Fewer series: `metrics.workflows_max`.',
    unit: Unit.SECONDS,
    colors: { scrape: Color.COST, rules: Color.TOKENS },
    noValue: 'Nothing is scraped.',
    queries: [
      overTime(`max(${own('scrape_duration_seconds')})`, 'scrape'),
      overTime('sum(prometheus_rule_group_last_duration_seconds{rule_group=~".*turnmeter-.*"})', 'rules'),
    ],
  });
}

function sums() {
  return timeSeries({
    ...WIDE,
    title: 'How old are the sums on /metrics?',
    description:
      'Time since sums, sessions and budgets on /metrics were read from the database. A saw is normal; from 10 minutes on, alerts about budgets look at what was true then. Runbook: TurnmeterFiguresStale.',
    unit: Unit.SECONDS,
    color: Color.TIME,
    steps: [
      { from: null, color: Color.OK },
      { from: 600, color: Color.STOP },
    ],
    queries: [overTime(`time() - max(${own('turnmeter_figures_timestamp_seconds')} > 0)`, 'age')],
  });
}

const ANSWERS: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: { '0': { text: 'away', color: Color.STOP }, '1': { text: 'answers', color: Color.OK } },
  },
];
