import { trace, type Context } from '@opentelemetry/api';
import { ATTR_GEN_AI_AGENT_NAME, ATTR_TURNMETER_TENANT_ID, SCOPE_TURNMETER_INSTRUMENTATION } from '@turnmeter/semconv';
import { guarded, warnOnce } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import { processState } from '../session/process-state.ts';
import { currentScope, type Scope } from '../session/scope.ts';
import { isEnded, scopeOf, type SdkSpan, type WritableSdkSpan } from './sdk-span.ts';
import type { SpanLedger, SpanLedgerOptions } from './span-ledger.ts';
import { stampSpan } from './stamp-span.ts';

/** How the processor waits and how much it holds. */
export interface TurnmeterSpanProcessorOptions {
  /**
   * How long nothing may have ended in a trace before its metrics are told and before sums stand in for calls that nobody reported, in
   * milliseconds, at least 1. As in the service.
   * @default 5000
   */
  readonly quietMs?: number | undefined;
  /** The longest that a trace which never rests keeps its metrics back, in milliseconds. @default 60000 */
  readonly waitMsMax?: number | undefined;
  /** Spans that are held at most, some 2.5 KB each; beyond it the oldest traces are settled early. @default 20000 */
  readonly spansMax?: number | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: (() => number) | undefined;
}

/** What is remembered of a span while somebody holds it. */
interface SpanNote {
  /** Whose work it is; undefined on spans of our own, which say it themselves. */
  readonly scope: Scope;
  readonly isOwn: boolean;
  /** The span above it in this process. */
  readonly above: SdkSpan | undefined;
}

/**
 * For apps that are traced already, by OpenInference, OpenLLMetry, Langfuse, Mastra or whomever: added to their provider, it writes
 * session, workflow, agent, tenant and user on their spans, and counts the spans by the same law as the service: each call once, however
 * many saw it. The figures of {@link findSession} follow at once, the metrics when a trace is quiet.
 *
 * ```ts
 * new NodeTracerProvider({ spanProcessors: [new TurnmeterSpanProcessor(), new BatchSpanProcessor(exporter)] });
 * ```
 *
 * It fits the `SpanProcessor` of SDK 1, 2 and 3. It sees what the SDK records: with `createAlwaysRecordSampler` of SDK 3 around the app's
 * sampler also the traces that are not sampled, which are then counted and not exported.
 */
export class TurnmeterSpanProcessor {
  readonly #notes = new WeakMap<object, SpanNote>();
  /** Spans whose agent was looked for before their end. */
  readonly #asked = new WeakSet<object>();
  readonly #loading: Promise<void>;
  #ledger: SpanLedger | undefined;
  /** Ended before the ledger was loaded. */
  #early: SdkSpan[] = [];
  #isShutDown = false;
  readonly #settle = (): void => {
    guarded('settling of spans', () => this.#ledger?.settle());
  };
  /** A call of our own that went through another provider, so that its copy here is known for one. */
  readonly #seeOwn = (span: object): void => {
    if (isEnded(span)) this.onEnd(span);
  };

  constructor({
    quietMs = QUIET_MS,
    waitMsMax = WAIT_MS_MAX,
    spansMax = SPANS_MAX,
    clock = Date.now,
  }: TurnmeterSpanProcessorOptions = {}) {
    processState().figureSources.add(this.#settle);
    processState().callWatchers.add(this.#seeOwn);
    this.#loading = this.#load({ quietMs, waitMsMax, spansMax, clock });
  }

  onStart(span: WritableSdkSpan, parentContext: Context): void {
    guarded('start of a span', () => {
      const isOwn = scopeOf(span).name === SCOPE_TURNMETER_INSTRUMENTATION;
      const above = trace.getSpan(parentContext) as SdkSpan | undefined;
      const here = currentScope();
      // Code without our context below a span of which we know where it was begun.
      const aboveScope = above === undefined ? undefined : this.#notes.get(above)?.scope;
      const scope = here.parent === undefined && aboveScope !== undefined ? aboveScope : here;
      this.#notes.set(span, { scope, isOwn, above });
      if (!isOwn) stampSpan(span, scope.identity);
    });
  }

  /** SDK 2 and newer: the last moment in which a span can be written. */
  onEnding(span: WritableSdkSpan): void {
    guarded('ending of a span', () => {
      this.#asked.add(span);
      const agent = this.#agentFor(span);
      if (agent !== undefined) span.setAttribute(ATTR_GEN_AI_AGENT_NAME, agent);
    });
  }

  onEnd(span: SdkSpan): void {
    if (this.#isShutDown || counted.has(span)) return;
    counted.add(span);
    guarded('end of a span', () => {
      if (!this.#asked.has(span)) this.#stampEnded(span);
      if (this.#ledger !== undefined) this.#count(span);
      else if (this.#early.length < EARLY_MAX) this.#early.push(span);
    });
  }

  /** Settles all that has ended, as if nothing more were to come. */
  async forceFlush(): Promise<void> {
    await this.#loading;
    guarded('flush of spans', () => this.#ledger?.settleAll());
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    processState().figureSources.delete(this.#settle);
    processState().callWatchers.delete(this.#seeOwn);
    await this.#loading;
    guarded('shutdown of spans', () => this.#ledger?.stop());
  }

  /** SDK 1 ends spans unannounced; what is written now is exported by the processors behind this one. */
  #stampEnded(span: SdkSpan): void {
    const agent = this.#agentFor(span);
    if (agent !== undefined) span.attributes[ATTR_GEN_AI_AGENT_NAME] = agent;
  }

  /** The law of counting is some hundred small files, which only apps with this processor load. */
  async #load(options: SpanLedgerOptions): Promise<void> {
    try {
      const loaded = await import('./span-ledger.ts');
      this.#ledger = new loaded.SpanLedger(options);
      for (const span of this.#early.splice(0)) guarded('end of a span', () => this.#count(span));
    } catch (error) {
      warnOnce('span ledger', 'the span processor could not be loaded; spans are stamped and not counted', error);
    }
  }

  #count(span: SdkSpan): void {
    this.#ledger?.add(span, this.#tenantOf(span));
  }

  /** Records of two tenants never meet, so that a span is counted with the one above it. */
  #tenantOf(span: SdkSpan): string {
    const named = span.attributes[ATTR_TURNMETER_TENANT_ID] ?? span.resource.attributes[ATTR_TURNMETER_TENANT_ID];
    if (typeof named === 'string') return named;
    return this.#notes.get(span)?.scope.identity.tenant ?? recorder().config.tenant ?? '';
  }

  /** The speaker, for calls and tools that name nobody, as long as no framework's agent is between them and our turn. */
  #agentFor(span: SdkSpan): string | undefined {
    const note = this.#notes.get(span);
    const agent = note?.scope.identity.agent;
    if (note === undefined || note.isOwn || agent === undefined || this.#ledger === undefined) return undefined;
    const said = this.#ledger.observe(span, '');
    if (!STAMPED_ROLES.has(said.role) || said.agent !== '' || said.agentId !== '') return undefined;
    return this.#isBelowAgent(note.above) ? undefined : agent;
  }

  #isBelowAgent(nearest: SdkSpan | undefined): boolean {
    let above = nearest;
    for (let steps = 0; above !== undefined && steps < STEPS_MAX; steps++) {
      const note = this.#notes.get(above);
      // A turn of our own, or a span of which nothing is known.
      if (note === undefined || note.isOwn) return false;
      const said = this.#ledger?.observe(above, '');
      if (said !== undefined && (said.agent !== '' || said.agentId !== '' || said.role === 'agent')) return true;
      above = note.above;
    }
    return false;
  }
}

const QUIET_MS = 5000;
const WAIT_MS_MAX = 60_000;
const SPANS_MAX = 20_000;
/** What ends while the ledger is loaded, some tens of milliseconds. */
const EARLY_MAX = 10_000;
/** Frameworks nest their spans some ten deep. */
const STEPS_MAX = 50;
/** Agents and runs are what the framework says they are. */
const STAMPED_ROLES: ReadonlySet<string> = new Set(['inference', 'embedding', 'rerank', 'tool', 'undecided']);
/** Two processors on one provider are one too many. */
const counted = new WeakSet<object>();
