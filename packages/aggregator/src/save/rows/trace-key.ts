/** What a record or an entry says about where it belongs. */
export interface TracePlace {
  readonly signal: string;
  /** '' for records outside any trace. */
  readonly traceId: string;
  readonly id: string;
}

/**
 * What is decided together, and therefore looked up together: a trace, or a record outside any trace by itself. Trace ids are
 * hexadecimal and have no slash, so the two cannot be taken for each other.
 */
export function traceKeyOf({ signal, traceId, id }: TracePlace): string {
  return traceId === '' ? `${signal}/${id}` : traceId;
}

/** The trace id in a key; '' if the key is a record's own. */
export function traceIdOf(traceKey: string): string {
  return traceKey.includes('/') ? '' : traceKey;
}
