// A target for Prometheus whose pages say of which time they are: each a quarter of a minute after the one before. What takes minutes to be scraped is
// there as soon as it is written.

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fillExposure, type FilledExposure } from './scrape.ts';

export interface TimedPagesOptions {
  readonly tenants: number;
  readonly workflows: number;
  readonly beginMs: number;
  readonly stepMs: number;
  /** Later ones are empty. */
  readonly count: number;
}

export class TimedPages {
  readonly #filled: FilledExposure;
  readonly #options: TimedPagesOptions;
  readonly #server: http.Server;
  #asked = 0;
  #sent = 0;

  private constructor(filled: FilledExposure, options: TimedPagesOptions) {
    this.#filled = filled;
    this.#options = options;
    this.#server = http.createServer((_request, response) => {
      void this.#write(response).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    });
  }

  static async start(options: TimedPagesOptions): Promise<TimedPages> {
    const { tenants, workflows } = options;
    const pages = new TimedPages(await fillExposure({ tenants, workflows, hasBudgets: true }), options);
    pages.#server.listen(0, '127.0.0.1');
    await once(pages.#server, 'listening');
    return pages;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many were taken. */
  get sent(): number {
    return this.#sent;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#filled.exposed.stop();
  }

  /** Each finds more booked. */
  async #write(response: http.ServerResponse): Promise<void> {
    const { beginMs, stepMs, count } = this.#options;
    const timeMs = beginMs + this.#asked * stepMs;
    this.#asked++;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    if (this.#asked > count) {
      response.end();
      return;
    }
    this.#filled.bookMore();
    const { body } = await this.#filled.exposed.page.write({ accept: undefined, acceptEncoding: undefined });
    const page = await text(body);
    response.end(page.replaceAll(/^[^#\n].*$/gm, `$& ${timeMs}`));
    await once(response, 'close');
    this.#sent++;
  }
}
