import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { numberOf, textOf } from '../service/document.ts';
import { sampleWords, type Service, serviceNameOf, sumOf } from '../service/service.ts';

/** Spans whose parent never came: sampled away, dropped by a full queue, or sent elsewhere. */
export const lineage: Check<Service> = {
  name: 'lineage',
  run: ({ lineage: rows, calls, oneTraceOf }) =>
    rows
      .filter((row) => numberOf(row, 'traces_without_parent') > 0)
      .map((row): Diagnosis => {
        const isFelt =
          sumOf(
            calls.filter((call) => textOf(call, 'service') === textOf(row, 'service')),
            'calls_without_session',
          ) > 0;
        return {
          severity: isFelt ? Severity.WRONG_FIGURES : Severity.ADVICE,
          found: `${numberOf(row, 'traces_without_parent')} of ${numberOf(row, 'traces')} traces have spans whose parent never came${sampleWords(oneTraceOf)}`,
          where: [`service ${serviceNameOf(row)}`],
          why: isFelt
            ? 'Session and agent stand on parents, and calls of this service are without a session.'
            : 'Parents may stand with a service that reports elsewhere; if they were dropped, calls were dropped with them.',
          fix: [
            'OTEL_TRACES_SAMPLER=parentbased_always_on in every service of the trace',
            'OTEL_BSP_MAX_QUEUE_SIZE=2048 or more, and a flush before the process ends',
            'send every service of the trace here',
          ],
          isHeuristic: true,
        };
      }),
};

/** Of calls that metrics know and spans do not. */
export const missingCalls: Check<Service> = {
  name: 'missing-calls',
  run: ({ calls }) => [...onlyMetrics(calls), ...moreInMetrics(calls)],
};

function onlyMetrics(calls: Service['calls']): readonly Diagnosis[] {
  const only = sumOf(calls, 'calls_of_metrics_only');
  if (only === 0) return [];
  return [
    {
      severity: Severity.LOSES_DATA,
      found: `of ${only} model calls only a metric tells`,
      where: calls
        .filter((row) => numberOf(row, 'calls_of_metrics_only') > 0)
        .map((row) => `service ${serviceNameOf(row)}`),
      why: 'Their tokens are counted, but no session, turn or agent is known of them: spans are not exported, or sampled.',
      fix: ['OTEL_TRACES_EXPORTER=otlp', 'OTEL_TRACES_SAMPLER=parentbased_always_on'],
    },
  ];
}

/** Exports of spans and metrics do not end at the same moment. */
const TOLERANCE = 1.05;
const TOKENS_MIN = 1000;

function moreInMetrics(calls: Service['calls']): readonly Diagnosis[] {
  return [...Map.groupBy(calls, serviceNameOf)].flatMap(([service, rows]): Diagnosis[] => {
    const counted = sumOf(rows, 'tokens');
    // Two producers of metrics may both report all of it, so the larger is compared and not their sum.
    const reported = Math.max(0, ...rows.map((row) => numberOf(row, 'metric_tokens')));
    if (reported < counted * TOLERANCE || reported - counted < TOKENS_MIN) return [];
    return [
      {
        severity: Severity.LOSES_DATA,
        found: `a metric tells of ${reported} tokens, and spans of ${counted}`,
        where: [`service ${service}`],
        why: 'Calls are missing: their spans were sampled, or dropped on the way.',
        fix: ['OTEL_TRACES_SAMPLER=parentbased_always_on', 'OTEL_BSP_MAX_QUEUE_SIZE=2048 or more'],
        isHeuristic: true,
      },
    ];
  });
}
