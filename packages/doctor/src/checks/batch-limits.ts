// Limits under which spans are dropped before they are exported, or lose what is counted.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import type { App } from '../app/app.ts';
import type { Setting } from '../app/settings.ts';

export const batchLimits: Check<App> = {
  name: 'batch-limits',
  run: ({ settings }) =>
    LIMITS.flatMap((limit) => settings.all(limit.name).flatMap((setting) => diagnose(limit, setting))),
};

interface Limit {
  readonly name: string;
  readonly least?: number;
  readonly most?: number;
  readonly severity: Severity;
  readonly why: string;
  readonly advised: number;
}

const LIMITS: readonly Limit[] = [
  {
    name: 'OTEL_BSP_MAX_QUEUE_SIZE',
    least: 512,
    severity: Severity.LOSES_DATA,
    // A turn of a framework makes dozens of spans, and several run at a time.
    why: 'Spans that end while the queue is full are dropped without a word; a busy second of agents makes hundreds.',
    advised: 2048,
  },
  {
    name: 'OTEL_BSP_EXPORT_TIMEOUT',
    least: 2000,
    severity: Severity.LOSES_DATA,
    why: 'An export that takes longer is given up, and its whole batch is lost.',
    advised: 30_000,
  },
  {
    name: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    least: 2000,
    severity: Severity.LOSES_DATA,
    why: 'An export that takes longer is given up, and its whole batch is lost.',
    advised: 10_000,
  },
  {
    name: 'OTEL_BSP_SCHEDULE_DELAY',
    most: 30_000,
    severity: Severity.WRONG_FIGURES,
    why: 'Figures of running sessions are late by as much, and that much is lost when the process is killed.',
    advised: 5000,
  },
  {
    name: 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
    least: 64,
    severity: Severity.LOSES_DATA,
    why: 'Attributes over the limit are dropped, tokens and session ids among them.',
    advised: 128,
  },
  {
    name: 'OTEL_ATTRIBUTE_COUNT_LIMIT',
    least: 64,
    severity: Severity.LOSES_DATA,
    why: 'Attributes over the limit are dropped, tokens and session ids among them.',
    advised: 128,
  },
  {
    name: 'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    least: 128,
    severity: Severity.WRONG_FIGURES,
    why: 'Longer values are cut, and two sessions or models whose names begin alike become one.',
    advised: 4096,
  },
  {
    name: 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    least: 128,
    severity: Severity.WRONG_FIGURES,
    why: 'Longer values are cut, and two sessions or models whose names begin alike become one.',
    advised: 4096,
  },
];

function diagnose({ name, least, most, severity, why, advised }: Limit, setting: Setting): readonly Diagnosis[] {
  const value = Number(setting.value);
  // What is no number is passed over by the SDK, too.
  if (!Number.isFinite(value) || value < 0) return [];
  if (value >= (least ?? 0) && value <= (most ?? Number.POSITIVE_INFINITY)) return [];
  return [
    {
      severity,
      found: `${name}=${setting.value}`,
      where: [setting.where],
      why,
      fix: [`unset ${name}, or ${name}=${advised}`],
    },
  ];
}
