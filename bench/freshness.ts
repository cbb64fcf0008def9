// How long after its end a span is in the figures of its session, as `GET /api/v1/sessions/{id}` tells: sent alone at once, asked for again
// and again until the answer has it. At rest, and while other senders keep the service busy. The baseline is the time of one such answer.

import { format, printTable, quantile } from './figures.ts';
import { withDirectory } from './machine.ts';
import { oneSpanRequest } from './one-span.ts';
import { Senders } from './sending.ts';
import { type Service, startService } from './service.ts';

export interface FreshnessOptions {
  readonly spans: number;
  readonly load: number;
}

const CONNECTIONS = 2;
const GIVE_UP_MS = 30_000;
/** Between two spans; no multiple of the time between two bookings. */
const PAUSE_MS = 170;
const ASK_AGAIN_MS = 10;

interface Waits {
  /** From the end of a span to the answer that has it, ms. */
  readonly visible: number[];
  /** One answer, ms. */
  readonly answers: number[];
}

export async function run({ spans, load }: FreshnessOptions): Promise<void> {
  const senders = await Senders.prepare(load, 'gzip');
  try {
    await withDirectory(async (directory) => {
      const service = await startService(directory);
      try {
        const atRest = await follow(service, spans, () => false);
        const busy = senders.send({ port: service.otlpPort, first: 0, count: load, connections: CONNECTIONS });
        let isOver = false;
        void busy.then(() => (isOver = true));
        const underLoad = await follow(service, spans, () => isOver);
        await busy;
        console.log('ms from the end of a span to its being in the figures of its session');
        printTable(
          ['', 'spans', 'p50', 'p95', 'p99', 'most', 'one answer p50', 'p99'],
          [rowOf('at rest', atRest), rowOf(`${CONNECTIONS} others send all they can`, underLoad)],
        );
      } finally {
        await service.stop();
      }
    });
  } finally {
    senders.stop();
  }
}

function rowOf(label: string, { visible, answers }: Waits): readonly string[] {
  const figures = [0.5, 0.95, 0.99, 1].map((share) => format(quantile(visible, share)));
  return [
    label,
    `${visible.length}`,
    ...figures,
    format(quantile(answers, 0.5), 1),
    format(quantile(answers, 0.99), 1),
  ];
}

/** Sends spans one after the other, each into a session that has them all so far. */
async function follow(service: Service, spans: number, isOver: () => boolean): Promise<Waits> {
  const waits: Waits = { visible: [], answers: [] };
  const session = `fresh-${Date.now()}`;
  for (let span = 1; span <= spans && !isOver(); span++) {
    const endMs = Date.now();
    const response = await fetch(`http://127.0.0.1:${service.otlpPort}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: oneSpanRequest({ session, number: span, endMs }),
    });
    await response.text();
    if (response.status === 503) span--;
    else await whenVisible(service, { session, span, endMs }, waits);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return waits;
}

interface SessionAnswer {
  readonly inferences: number;
}

async function whenVisible(
  service: Service,
  { session, span, endMs }: { readonly session: string; readonly span: number; readonly endMs: number },
  { visible, answers }: Waits,
): Promise<void> {
  while (Date.now() - endMs < GIVE_UP_MS) {
    const askedAt = performance.now();
    const found = await service.get<SessionAnswer>(`/api/v1/sessions/${session}`);
    answers.push(performance.now() - askedAt);
    if ((found?.inferences ?? 0) >= span) {
      visible.push(Date.now() - endMs);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  throw new Error(`span ${span} was not visible after ${GIVE_UP_MS} ms`);
}
