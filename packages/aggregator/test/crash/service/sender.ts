// Sends requests like an exporter with a queue: again and again until each is acknowledged, some of them once more.

import { setTimeout as delay } from 'node:timers/promises';
import type { Signal } from '@turnmeter/accounting';

export interface OutgoingRequest {
  readonly tenant: string;
  readonly signal: Signal;
  readonly body: Buffer | object;
}

export interface SenderReport {
  acknowledged: number;
  /** Of them, requests that were sent again though they had been acknowledged, as if the answer had been lost. */
  repeated: number;
  /** Attempts that met nobody, or whose answer never came. */
  unanswered: number;
  /** Attempts that were told to come back, by status. */
  refused: Record<string, number>;
  /** Refusals that did not say when to come back. */
  refusedWithoutTime: number;
}

const PATHS = { span: 'traces', log: 'logs', metric: 'metrics' } as const;
const SENDERS = 8;
const PAUSE_MS = 50;
/** Nobody waits longer than this here, whatever was said. */
const RETRY_MS_MAX = 500;
const TIMEOUT_MS = 10_000;
const REPEATED_SHARE = 0.1;

export class Sender {
  readonly report: SenderReport = { acknowledged: 0, repeated: 0, unanswered: 0, refused: {}, refusedWithoutTime: 0 };
  readonly #random: () => number;
  #queue: OutgoingRequest[] = [];
  #underway = 0;
  #url: string | undefined;
  #isStopped = false;
  readonly #workers: Promise<unknown>;

  constructor(random: () => number) {
    this.#random = random;
    this.#workers = Promise.all(Array.from({ length: SENDERS }, () => this.#work()));
  }

  /** Where to send to; undefined while nobody is there. */
  set url(url: string | undefined) {
    this.#url = url;
  }

  get length(): number {
    return this.#queue.length + this.#underway;
  }

  add(requests: readonly OutgoingRequest[]): void {
    this.#queue.push(...requests);
  }

  /** Rejects if a request was refused for good. */
  async whenEmpty(): Promise<void> {
    const empty = async (): Promise<void> => {
      while (this.length > 0) await delay(PAUSE_MS);
    };
    await Promise.race([empty(), this.#workers]);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#workers;
  }

  async #work(): Promise<void> {
    while (!this.#isStopped) {
      const url = this.#url;
      const request = url === undefined ? undefined : this.#take();
      if (url === undefined || request === undefined) {
        await delay(PAUSE_MS);
        continue;
      }
      this.#underway++;
      const waitMs = await this.#send(url, request);
      // It has its place in the queue again before it is not under way, or the queue would seem to be empty.
      if (waitMs !== undefined) this.#queue.push(request);
      this.#underway--;
      if (waitMs !== undefined) await delay(Math.min(waitMs, RETRY_MS_MAX));
    }
  }

  /** Any of those that wait, so that children come before their parents. */
  #take(): OutgoingRequest | undefined {
    const at = Math.floor(this.#random() * this.#queue.length);
    const taken = this.#queue[at];
    const last = this.#queue.pop();
    if (last !== undefined && at < this.#queue.length) this.#queue[at] = last;
    return taken;
  }

  /** @returns how long to wait before it is sent again, ms; undefined if that is not necessary. */
  async #send(url: string, { tenant, signal, body }: OutgoingRequest): Promise<number | undefined> {
    const isBytes = Buffer.isBuffer(body);
    let response: Response;
    try {
      response = await fetch(`${url}/v1/${PATHS[signal]}`, {
        method: 'POST',
        headers: { 'content-type': isBytes ? 'application/x-protobuf' : 'application/json', 'x-scope-orgid': tenant },
        body: isBytes ? new Uint8Array(body) : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.arrayBuffer();
    } catch {
      this.report.unanswered++;
      return PAUSE_MS;
    }
    if (response.ok) return this.#onAcknowledged();
    this.report.refused[response.status] = (this.report.refused[response.status] ?? 0) + 1;
    // What a Collector does not send again is lost.
    if (![429, 502, 503, 504].includes(response.status)) {
      throw new Error(`A request of ${tenant} was refused for good with ${response.status}`);
    }
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    if (Number.isNaN(seconds)) this.report.refusedWithoutTime++;
    return seconds * 1000 || RETRY_MS_MAX;
  }

  #onAcknowledged(): number | undefined {
    this.report.acknowledged++;
    if (this.#random() >= REPEATED_SHARE) return undefined;
    this.report.repeated++;
    return 0;
  }
}
