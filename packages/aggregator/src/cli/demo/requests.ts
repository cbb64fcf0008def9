import { Signal } from '@turnmeter/accounting';
import type { OtlpBody } from '../otlp-files/read-bodies.ts';
import type { RecordedSpan } from './recordings.ts';

/** Spans as the requests that their exporters would send: one for each process. */
export function requestsOf(spans: readonly RecordedSpan[]): readonly OtlpBody[] {
  return [...Map.groupBy(spans, ({ resource }) => resource)].map(([resource, ofProcess]) => {
    const scopes = Map.groupBy(ofProcess, ({ scope }) => scope);
    const scopeSpans = [...scopes].map(([scope, ofScope]) => ({ scope, spans: ofScope.map(({ span }) => span) }));
    const bytes = Buffer.from(JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }));
    return { signal: Signal.SPAN, encoding: 'json', bytes };
  });
}
