// In: what arrives, what is turned away, and how long senders wait.

import type { Row } from '../../dashboard.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { overTime } from '../../query/prometheus-query.ts';
import { Color, Unit } from '../../style.ts';
import { quantile, rate } from './own.ts';

const SIZE = { width: 8, height: 7 } as const;

export function arrivalRow(): Row {
  return { title: 'In: what arrives, and what is turned away', panels: [received(), refused(), answers()] };
}

function received() {
  return timeSeries({
    ...SIZE,
    title: 'What arrives?',
    description:
      'Records a second that were taken over, by signal, and those that were there already. Many repeated ones: a sender does not get our answers and sends again, which costs nothing but work.',
    unit: Unit.PER_SECOND,
    isStacked: true,
    colors: { span: Color.COST, log: Color.TOKENS, metric: Color.TIME, repeated: Color.EXPECTED },
    queries: [
      overTime(`sum by (signal) (${rate('turnmeter_records_accepted_total')})`, '{{signal}}'),
      overTime(`sum(${rate('turnmeter_records_repeated_total')}) > 0`, 'repeated'),
    ],
  });
}

function refused() {
  return timeSeries({
    ...SIZE,
    title: 'What is refused, and why?',
    description:
      'Records a minute that were refused, by where and why. `over_capacity` and the like are sent again and end by themselves; ids and values that cannot be are a producer to mend. Runbook: TurnmeterUsageDropped.',
    unit: Unit.PER_MINUTE,
    isStacked: true,
    isBars: true,
    noValue: 'Nothing was refused.',
    queries: [
      overTime(`sum by (stage, reason) (${rate('turnmeter_records_refused_total')}) * 60 > 0`, '{{stage}}: {{reason}}'),
    ],
  });
}

function answers() {
  return timeSeries({
    ...SIZE,
    title: 'How long do senders wait?',
    description:
      'From the first byte of an export request to its answer, which is given when the records are durable. Above a second: the disk is slow, or requests are very large. Exporters give up at 10 s and send again.',
    unit: Unit.SECONDS,
    colors: { p50: Color.TIME, p99: Color.CRITICAL },
    spansGaps: true,
    queries: [0.5, 0.99].map((q) =>
      overTime(`${quantile(q, 'turnmeter_request_duration_seconds')} >= 0`, `p${q * 100}`),
    ),
  });
}
