import { diag } from '@opentelemetry/api';
import { recorder } from '../emit/recorder.ts';

/** What `SpanExporter` is in all generations of the SDK, as far as it is used here. */
export interface AnyExporter<Item> {
  export(items: Item[], done: (result: ExportResult) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

interface ExportResult {
  /** 0 is success. */
  readonly code: number;
  readonly error?: Error;
}

/** Where and how the last spans are sent when the process is already ending. */
export interface ExitDestination<Item> {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  serialize(items: Item[]): Uint8Array | undefined;
}

/**
 * An exporter that also works after `process.exit()`: then nothing asynchronous happens any more, so the spans are given to a short-lived
 * process, for which this one waits for a moment. What was on its way at that time is sent again; receivers know a span by its id.
 */
export class ExitSafeExporter<Item> implements AnyExporter<Item> {
  readonly #exporter: AnyExporter<Item>;
  readonly #destination: ExitDestination<Item>;
  readonly #onTheirWay = new Set<Item[]>();
  #isExiting = false;
  #isShutDown = false;

  constructor(exporter: AnyExporter<Item>, destination: ExitDestination<Item>) {
    this.#exporter = exporter;
    this.#destination = destination;
  }

  export(items: Item[], done: (result: ExportResult) => void): void {
    this.#onTheirWay.add(items);
    if (this.#isExiting) return;
    this.#exporter.export(items, (result) => {
      this.#onTheirWay.delete(items);
      if (result.code !== 0) this.#tellLoss(items.length, result.error);
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    this.#isShutDown = true;
    return this.#exporter.shutdown();
  }

  /** The process ends: `flush` hands over what is still held back, all at once. */
  sendNow(flush: () => void): void {
    this.#isExiting = true;
    flush();
    const items = [...this.#onTheirWay].flat();
    this.#onTheirWay.clear();
    const { url, headers } = this.#destination;
    const body = items.length === 0 ? undefined : this.#destination.serialize(items);
    if (body === undefined) return;
    const { NODE_OPTIONS: _, ...env } = process.env;
    // Loaded now: an app starts sooner without it.
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    spawnSync(process.execPath, ['-e', SENDER, url, JSON.stringify(headers)], {
      input: body,
      env,
      timeout: EXIT_MS_MAX,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  #tellLoss(count: number, error: Error | undefined): void {
    if (!this.#isShutDown) recorder().instruments.dropped.add(count, { reason: 'export_failed' });
    diag.warn(
      `turnmeter: telemetry does not reach ${this.#destination.url} (${reasonOf(error)}); the app is not affected, what was not sent is lost`,
    );
  }
}

/** How long an ending process waits for its last spans to be sent. */
const EXIT_MS_MAX = 3000;

/** Reads the body from standard input and posts it; with nothing but Node, in a process that has nothing else to load. */
const SENDER = `
const [url, headers] = process.argv.slice(1);
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
  fetch(url, {
    method: 'POST',
    headers: { ...JSON.parse(headers), 'content-type': 'application/json' },
    body: Buffer.concat(chunks),
    signal: AbortSignal.timeout(${EXIT_MS_MAX}),
  }).catch(() => undefined);
});`;

function reasonOf(error: Error | undefined): string {
  if (error === undefined) return 'no reason given';
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string' || typeof code === 'number') return `${code}`;
  return error.message === '' ? error.name : error.message;
}
