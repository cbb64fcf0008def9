// The OpenTelemetry Collector in front, by its own metrics. Names of its counters end in `_total` or not, as its version and settings have it.

import type { Row } from '../../dashboard.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { overTime } from '../../query/prometheus-query.ts';
import { Color, Unit } from '../../style.ts';

const SIZE = { width: 6, height: 6 } as const;
const NOT_SCRAPED = 'No Collector is scraped.';

export function collectorRow(): Row {
  return { title: 'The Collector in front', panels: [accepted(), refused(), queue(), sent()] };
}

/** Of spans, log records and metric points together: `total('receiver_accepted')`. */
function total(what: string): string {
  return `sum(rate({__name__=~"otelcol_${what}_(spans|log_records|metric_points)(_total)?"}[$__rate_interval]))`;
}

function accepted() {
  return timeSeries({
    ...SIZE,
    title: 'What does the Collector take and pass on?',
    description:
      'Records a second that Collectors took, and that they sent on. The lines lie on one another while all is well; sent below taken is a queue that grows.',
    unit: Unit.PER_SECOND,
    noValue: NOT_SCRAPED,
    colors: { taken: Color.COUNT, sent: Color.COST },
    queries: [overTime(total('receiver_accepted'), 'taken'), overTime(total('exporter_sent'), 'sent')],
  });
}

function refused() {
  return timeSeries({
    ...SIZE,
    title: 'What does the Collector turn away?',
    description:
      'Records a second that were refused on arrival, because memory is full or the next stage did not take them. Senders try again, for a while: give the Collector more memory, or put another one beside it.',
    unit: Unit.PER_SECOND,
    noValue: NOT_SCRAPED,
    colors: { refused: Color.CRITICAL, failed: Color.STOP },
    queries: [overTime(total('receiver_refused'), 'refused'), overTime(total('receiver_failed'), 'failed')],
  });
}

function queue() {
  return timeSeries({
    ...SIZE,
    title: 'How full is the Collector’s queue?',
    description:
      'Share of the disk queue that waits for the aggregator, by exporter. It fills while the aggregator is away and empties by itself; near 100 % senders are turned away. Make QUEUE_BYTES larger than the longest outage.',
    unit: Unit.RATIO,
    decimals: 1,
    noValue: NOT_SCRAPED,
    steps: [
      { from: null, color: Color.OK },
      { from: 0.8, color: Color.STOP },
    ],
    queries: [
      overTime(
        'sum by (exporter) (otelcol_exporter_queue_size) / sum by (exporter) (otelcol_exporter_queue_capacity > 0)',
        '{{exporter}}',
      ),
    ],
  });
}

function sent() {
  return timeSeries({
    ...SIZE,
    title: 'What does the Collector fail to send?',
    description:
      'Records a second that an exporter gave up or could not put into its queue. On the way to Turnmeter both are losses: 429 and 503 are tried for ever, so look at its log for another answer.',
    unit: Unit.PER_SECOND,
    noValue: NOT_SCRAPED,
    colors: { 'given up': Color.STOP, 'not queued': Color.CRITICAL },
    queries: [
      overTime(`${total('exporter_send_failed')} or 0 * ${total('receiver_accepted')}`, 'given up'),
      overTime(`${total('exporter_enqueue_failed')} or 0 * ${total('receiver_accepted')}`, 'not queued'),
    ],
  });
}
