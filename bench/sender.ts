// The process behind `Senders`: node sender.ts <requests> <encoding>. Sends what it is told over its channel, and reports.

import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { RequestForm } from './requests.ts';

/** Requests of this numbers go to that port. */
export interface SendOrder {
  readonly port: number;
  readonly first: number;
  readonly count: number;
  readonly connections: number;
  /** Nothing more is begun after this time. @default all are sent */
  readonly secondsMax?: number;
}

export interface SendReport {
  readonly acknowledged: number;
  /** Answers 503: the request was sent again. */
  readonly refused: number;
  readonly seconds: number;
  /** From the first byte of a request that was taken to its answer, ms. */
  readonly latencies: readonly number[];
}

/** Requests that are compressed at one time: as many as there are threads for it. */
const COMPRESSING_MAX = 4;

/** Later requests speak of later calls. */
const REQUEST_EVERY_MS = 5;

const [, , requestCount = '0', encoding = 'gzip'] = process.argv;
const bodies = await prepare(Number(requestCount));
process.on('message', (order: SendOrder) => void send(order).then((report) => process.send?.(report)));
process.send?.('ready');

async function prepare(requests: number): Promise<readonly Buffer[]> {
  const form = new RequestForm();
  const compress = { gzip: promisify(zlib.gzip), zstd: promisify(zlib.zstdCompress), identity: undefined }[encoding];
  const made: Buffer[] = [];
  const startMs = Date.now() - requests * REQUEST_EVERY_MS;
  const work = async (first: number): Promise<void> => {
    for (let number = first; number < requests; number += COMPRESSING_MAX) {
      const body = form.fill(number, startMs + number * REQUEST_EVERY_MS);
      made[number] = compress === undefined ? body : await compress(body);
    }
  };
  await Promise.all(Array.from({ length: COMPRESSING_MAX }, (_, first) => work(first)));
  return made;
}

async function send({ port, first, count, connections, secondsMax = Infinity }: SendOrder): Promise<SendReport> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const startedAt = performance.now();
  const latencies: number[] = [];
  let refused = 0;
  let next = first;
  const isOver = (): boolean => performance.now() - startedAt > secondsMax * 1000;
  const work = async (): Promise<void> => {
    while (next < first + count && !isOver()) {
      const body = bodies[next++];
      if (body === undefined) throw new Error('fewer requests were prepared than are to be sent');
      for (let isTaken = false; !isTaken && !isOver();) {
        const sentAt = performance.now();
        const { status, retryAfterMs } = await post(body, { port, agent });
        isTaken = status === 200;
        if (isTaken) latencies.push(performance.now() - sentAt);
        else if (status !== 503) throw new Error(`a request was answered with ${status}`);
        else {
          refused++;
          await sleep(retryAfterMs);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  agent.destroy();
  return { acknowledged: latencies.length, refused, seconds: (performance.now() - startedAt) / 1000, latencies };
}

interface Answer {
  readonly status: number | undefined;
  readonly retryAfterMs: number;
}

function post(body: Buffer, { port, agent }: { readonly port: number; readonly agent: http.Agent }): Promise<Answer> {
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-length': body.length,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/v1/traces', method: 'POST', agent, headers };
    const request = http.request(options, (response) => {
      const retryAfterMs = Number(response.headers['retry-after'] ?? 1) * 1000;
      response.resume().once('end', () => resolve({ status: response.statusCode, retryAfterMs }));
    });
    request.once('error', reject);
    request.end(body);
  });
}
