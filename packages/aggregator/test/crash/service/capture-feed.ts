// Captures of real producers, sent again and again, each time as a tenant of its own; and whether what was counted of them is what
// their models served.

import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Capture, readCaptures } from '../../../../../test/captured/captures.ts';
import { countedOf, expectedOf, type Figures } from '../../../../../test/captured/compare.ts';
import { splitRequest } from '../../../../../test/captured/split-request.ts';
import type { TurnmeterProcess } from '../../../../../test/captured/turnmeter-process.ts';
import { type OutgoingRequest, Sender, type SenderReport } from './sender.ts';

export interface FeedReport {
  /** Times that a capture was sent. */
  readonly captures: number;
  readonly requests: SenderReport;
}

export interface FeedFindings {
  /** Captures whose figures are those of their truth. */
  readonly exact: number;
  /** Captures with fewer tokens, and with more. */
  readonly lost: number;
  readonly doubled: number;
  /** Sentences, one for each capture that is not as it should be. */
  readonly wrong: readonly string[];
}

/** A capture sent as a tenant of its own. */
interface Copy {
  readonly tenant: string;
  readonly capture: Capture;
}

/** More is made when fewer requests wait. */
const WAITING_MIN = 40;
/** How long after the last request everything has to be counted. */
const SETTLE_MS = 60_000;

export class CaptureFeed {
  readonly #random: () => number;
  readonly #captures = readCaptures().filter(({ exempt }) => exempt.tok !== false);
  readonly #copies: Copy[] = [];
  readonly #sender: Sender;

  constructor(random: () => number) {
    this.#random = random;
    this.#sender = new Sender(random);
  }

  get report(): FeedReport {
    return { captures: this.#copies.length, requests: this.#sender.report };
  }

  /** Where to send to; undefined while nobody is there. */
  set url(url: string | undefined) {
    this.#sender.url = url;
  }

  async feedFor(durationMs: number): Promise<void> {
    const endMs = performance.now() + durationMs;
    while (performance.now() < endMs) {
      while (this.#sender.length < WAITING_MIN) this.#sendCapture();
      await delay(20);
    }
  }

  /** Whole as the producer sent it, or cut into single records. */
  #sendCapture(): void {
    const capture = this.#captures[Math.floor(this.#random() * this.#captures.length)];
    if (capture === undefined) return;
    const tenant = `${capture.name}-${this.#copies.length}`;
    this.#copies.push({ tenant, capture });
    const requests: readonly Omit<OutgoingRequest, 'tenant'>[] =
      this.#random() < 0.5
        ? capture.protobuf
        : capture.json.flatMap(({ signal, body }) => splitRequest(signal, body).map((one) => ({ signal, body: one })));
    this.#sender.add(requests.map((request) => ({ tenant, ...request })));
  }

  /** Delivers what is left to a service that nobody kills, and compares. */
  async finish(service: TurnmeterProcess): Promise<FeedFindings> {
    await this.#sender.whenEmpty();
    await this.#sender.stop();
    const deadlineMs = performance.now() + SETTLE_MS;
    const findings = { exact: 0, lost: 0, doubled: 0, wrong: [] as string[] };
    for (const { tenant, capture } of this.#copies) {
      const wanted = expectedOf(capture);
      let found = countedOf(capture, await service.sessions(tenant));
      while (!isDeepStrictEqual(found, wanted) && performance.now() < deadlineMs) {
        await delay(200);
        found = countedOf(capture, await service.sessions(tenant));
      }
      if (isDeepStrictEqual(found, wanted)) {
        findings.exact++;
        continue;
      }
      const difference = tokensOf(found) - tokensOf(wanted);
      if (difference < 0) findings.lost++;
      if (difference > 0) findings.doubled++;
      findings.wrong.push(`${tenant}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
    }
    return findings;
  }
}

function tokensOf({ tokens }: Figures): number {
  return (tokens?.input ?? 0) + (tokens?.output ?? 0);
}
