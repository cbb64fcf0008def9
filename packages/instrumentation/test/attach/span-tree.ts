import type { Recording } from '../recording.ts';

/** Paths of span names from their roots, sorted. */
export function spanTree(recording: Recording): readonly string[] {
  const byId = new Map(recording.spans().map((span) => [span.spanContext().spanId, span]));
  const path = (id: string | undefined): readonly string[] => {
    const span = id === undefined ? undefined : byId.get(id);
    return span === undefined ? [] : [...path(span.parentSpanContext?.spanId), span.name];
  };
  return [...byId.keys()].map((id) => path(id).join(' > ')).sort();
}
