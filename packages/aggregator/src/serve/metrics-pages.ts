// Pages of metrics: what the API asks of whoever writes them.

import type { Readable } from 'node:stream';

export interface WrittenPage {
  readonly contentType: string;
  /** Of the body. */
  readonly contentEncoding: 'gzip' | undefined;
  readonly body: Readable;
}

/** Metrics for whoever scrapes, in the format that the headers `Accept` and `Accept-Encoding` ask for. */
export interface MetricsPages {
  write(asked: {
    readonly accept: string | undefined;
    readonly acceptEncoding: string | undefined;
  }): Promise<WrittenPage>;
}

/** What a page may be. */
export const PAGE_TYPES: readonly string[] = [
  'text/plain',
  'application/openmetrics-text',
  'application/vnd.google.protobuf',
];
