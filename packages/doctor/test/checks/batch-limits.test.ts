import { describe, expect, it } from 'vitest';
import { saidOf } from '../app-folder.ts';

describe('batch-limits', () => {
  it.for([
    ['OTEL_BSP_MAX_QUEUE_SIZE', '100', 'loses_data'],
    ['OTEL_BSP_EXPORT_TIMEOUT', '500', 'loses_data'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '100', 'loses_data'],
    ['OTEL_BSP_SCHEDULE_DELAY', '600000', 'wrong_figures'],
    ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', '16', 'loses_data'],
    ['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', '20', 'wrong_figures'],
  ] as const)('finds %s=%s', async ([name, value, severity]) => {
    expect(await saidOf('batch-limits', { env: { [name]: value } })).toEqual([`${severity}: ${name}=${value}`]);
  });

  it.for([
    ['OTEL_BSP_MAX_QUEUE_SIZE', '2048'],
    ['OTEL_BSP_SCHEDULE_DELAY', '1000'],
    ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', '128'],
    ['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', '4096'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', 'many'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', ''],
  ])('is silent about %s=%s', async ([name = '', value = '']) => {
    expect(await saidOf('batch-limits', { env: { [name]: value } })).toEqual([]);
  });
});
