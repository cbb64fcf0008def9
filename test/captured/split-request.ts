// One export request for each record of another, with the resource and scope it belongs to.

import type { PlainRequest } from '../../packages/aggregator/test/decode/official-codec.ts';

/** Names of the lists on the way from a request down to its records. */
const LISTS = {
  span: ['resourceSpans', 'scopeSpans', 'spans'],
  log: ['resourceLogs', 'scopeLogs', 'logRecords'],
  metric: ['resourceMetrics', 'scopeMetrics', 'metrics'],
} as const;

export function splitRequest(signal: keyof typeof LISTS, request: PlainRequest): readonly PlainRequest[] {
  return splitLists(request, LISTS[signal]);
}

/** A copy of the object for each thing at the end of the nested lists, with nothing else in these lists. */
function splitLists(object: PlainRequest, [list, ...inner]: readonly string[]): readonly PlainRequest[] {
  if (list === undefined) return [object];
  const items = (object[list] ?? []) as readonly PlainRequest[];
  return items.flatMap((item) => splitLists(item, inner).map((part) => ({ ...object, [list]: [part] })));
}
