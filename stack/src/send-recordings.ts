// `--once`: recorded chats by the Collector, and a wait until Prometheus shows what they cost, as Turnmeter's ledger has it.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Stack } from './stack.ts';

const RECORDINGS = path.join(import.meta.dirname, '../../packages/aggregator/demo');
const POLL_MS = 500;
/** A counter begins at 0 with one scrape and shows its value with the next. */
const VISIBLE_MS_MAX = 120_000;

/** Sends what `npm run demo` shows, as a tenant. */
export async function sendRecordings(stack: Stack, tenant: string): Promise<number> {
  const files = (await readdir(RECORDINGS)).filter((name) => name.endsWith('.json.gz'));
  const headers = await stack.otlpHeaders(tenant);
  for (const file of files) {
    const response = await fetch(`${stack.url('otlpHttp')}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: headers.replace(/^authorization=/, '') },
      body: gunzipSync(await readFile(path.join(RECORDINGS, file))),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`the Collector answered ${response.status} to ${file}: ${answer}`);
  }
  return files.length;
}

export interface Visible {
  readonly ledgerUsd: number;
  readonly prometheusUsd: number;
}

/** Waits until Prometheus has counted what the ledger has of a tenant. */
export async function waitUntilVisible(
  stack: Stack,
  tenant: string,
  progress: (seen: Visible) => void,
): Promise<Visible> {
  const deadline = Date.now() + VISIBLE_MS_MAX;
  for (;;) {
    const seen = { ledgerUsd: await ledgerUsd(stack, tenant), prometheusUsd: await prometheusUsd(stack, tenant) };
    // Prometheus adds up floats; the ledger has billionths.
    if (seen.ledgerUsd > 0 && Math.abs(seen.ledgerUsd - seen.prometheusUsd) < 1e-9) return seen;
    if (Date.now() > deadline) {
      throw new Error(
        `not visible within ${VISIBLE_MS_MAX / 1000} s: the ledger has ${seen.ledgerUsd} USD, Prometheus ${seen.prometheusUsd} USD`,
      );
    }
    progress(seen);
    await sleep(POLL_MS);
  }
}

async function ledgerUsd(stack: Stack, tenant: string): Promise<number> {
  const response = await fetch(`${stack.url('turnmeter')}/api/v1/totals?from=2000-01-01`, {
    headers: { authorization: `Bearer ${await stack.readKey()}`, 'x-scope-orgid': tenant },
  });
  const { total } = (await response.json()) as { readonly total: { readonly cost: { readonly nano_usd: string } } };
  return Number(total.cost.nano_usd) / 1e9;
}

async function prometheusUsd(stack: Stack, tenant: string): Promise<number> {
  const query = `sum(turnmeter_cost_usd_total{tenant=${JSON.stringify(tenant)}})`;
  const response = await fetch(`${stack.url('prometheus')}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as {
    readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  };
  return Number(data.result[0]?.value[1] ?? 0);
}
