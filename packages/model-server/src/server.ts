import { fastify, type FastifyInstance } from 'fastify';
import { anthropicRoutes } from './anthropic/routes.ts';
import { controlRoutes } from './serve/control-routes.ts';
import { googleRoutes } from './google/routes.ts';
import type { LedgerEntry } from './ledger/entry.ts';
import { Ledger, type LedgerTotals } from './ledger/ledger.ts';
import { openaiRoutes } from './openai/routes.ts';
import type { ScriptSource } from './script/rules.ts';
import { Desk } from './serve/desk.ts';
import { refuseUnknown } from './serve/refuse-unknown.ts';

/** How a model server starts. */
export interface ModelServerOptions {
  /** Port on 127.0.0.1. @default 0, any free one */
  readonly port?: number | undefined;
  /** What is answered: a function, or rules. @default plain texts, sample JSON and sample tool calls, as the request demands */
  readonly script?: ScriptSource | undefined;
  /** Time until an answer starts where the script does not say, in ms. @default 0 */
  readonly latencyMs?: number | undefined;
}

/** A running model server. */
export interface ModelServer {
  /** Address without a path, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  /** `baseURL` for `openai` and what is built on it. */
  readonly openaiUrl: string;
  /** `baseURL` for `@anthropic-ai/sdk`; the AI SDK wants `/v1` after it. */
  readonly anthropicUrl: string;
  /** `httpOptions.baseUrl` for `@google/genai`; the AI SDK wants `/v1beta` after it. */
  readonly googleUrl: string;
  /** Every call so far, in the order in which they came. */
  readonly ledger: readonly LedgerEntry[];
  /** Changes what is answered from now on. */
  script(source: ScriptSource): void;
  /** Sums over the calls that were billed, or over those of them that a predicate picks. */
  totals(filter?: (entry: LedgerEntry) => boolean): LedgerTotals;
  /** Forgets all calls so far. */
  clearLedger(): void;
  /** Breaks what is under way and frees the port. */
  close(): Promise<void>;
}

// Prompts carry images as base64; the real APIs take 20 to 32 MB.
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** Starts a model server on loopback. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const ledger = new Ledger();
  const desk = new Desk(ledger, { script: options.script ?? [], latencyMs: options.latencyMs ?? 0 });
  const app = fastify({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: true, logger: false });
  defineRoutes(app, desk);
  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  return {
    url,
    port: Number(new URL(url).port),
    openaiUrl: `${url}/v1`,
    anthropicUrl: url,
    googleUrl: url,
    get ledger(): readonly LedgerEntry[] {
      return ledger.entries;
    },
    script: (source) => desk.use(source),
    totals: (filter) => ledger.totals(filter),
    clearLedger: () => ledger.clear(),
    close: () => app.close(),
  };
}

function defineRoutes(app: FastifyInstance, desk: Desk): void {
  openaiRoutes(app, desk);
  anthropicRoutes(app, desk);
  googleRoutes(app, desk);
  controlRoutes(app, desk);
  refuseUnknown(app, desk);
}
