import type { FastifyRequest } from 'fastify';
import { KEPT_HEADERS, type LedgerEntry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Records that a call came. @returns its number in the ledger. */
export function openEntry(
  ledger: Ledger,
  request: FastifyRequest,
  call: Pick<LedgerEntry, 'endpoint' | 'requestId'>,
): number {
  const headers = headersOf(request);
  const retries = Number.parseInt(headers['x-stainless-retry-count'] ?? '', 10);
  return ledger.open({
    ...call,
    path: request.url.split('?', 1)[0] ?? '',
    attempt: Number.isNaN(retries) ? undefined : retries + 1,
    requestHeaders: Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT_HEADERS.includes(name))),
  });
}

/** The headers of a call, the values of a repeated one joined. */
export function headersOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const pairs = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(pairs);
}
