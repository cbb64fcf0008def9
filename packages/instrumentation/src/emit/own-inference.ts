import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api';
import type { Cost } from '@turnmeter/pricing';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  CostStatus,
  UsageSource,
} from '@turnmeter/semconv';
import type { Admission, Reservation } from '../guard/guarded-call.ts';
import type { Identity } from '../session/identity.ts';
import { liveSessions } from '../session/live-sessions.ts';
import { processState } from '../session/process-state.ts';
import {
  parentContext,
  runInScope,
  scopeBelow,
  type CallOwner,
  type RequestFacts,
  type Scope,
} from '../session/scope.ts';
import { callsOf, type AnswerFacts } from '../usage/answer-facts.ts';
import { startStopwatch, type Stopwatch } from './clock.ts';
import { contentText } from './content.ts';
import { errorTypeOf } from './error-type.ts';
import { guarded } from './guarded.ts';
import { identityAttributes } from './identity-attributes.ts';
import { answerAttributes } from './inference-attributes.ts';
import { bearSeries, measureInference } from './inference-metrics.ts';
import type { Inference, InferenceEnd, InferenceStart } from './inference.ts';
import { mergeFacts } from './merge-facts.ts';
import { recorder } from './recorder.ts';

/** A call with a span of its own. */
export class OwnInference implements Inference, CallOwner {
  readonly scope: Scope;
  #start: InferenceStart;
  readonly #span: Span;
  readonly #watch: Stopwatch;
  readonly #below: AnswerFacts[] = [];
  #firstChunkMs: number | undefined;
  #retries = 0;
  #isEnded = false;
  #hadUsage = false;
  #errorBelow: unknown;
  #chunks = 0;
  readonly #held: Reservation[] = [];

  constructor(outer: Scope, start: InferenceStart) {
    this.#start = start;
    if (start.admission !== undefined) this.#held.push(start.admission.reservation);
    this.#watch = startStopwatch(start.startMs);
    const named = start.identity === undefined ? outer : withIdentity(outer, start.identity);
    const { operation, provider, model } = start;
    this.#span = recorder().tracer.startSpan(
      model === undefined ? operation : `${operation} ${model}`,
      {
        kind: SpanKind.CLIENT,
        startTime: this.#watch.startMs,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: operation,
          [ATTR_GEN_AI_PROVIDER_NAME]: provider,
          ...(model === undefined ? {} : { [ATTR_GEN_AI_REQUEST_MODEL]: model }),
          ...(start.isStream === true ? { [ATTR_GEN_AI_REQUEST_STREAM]: true } : {}),
          ...start.attributes,
          ...start.admission?.attributes,
          ...identityAttributes(named),
        },
      },
      parentContext(named),
    );
    this.scope = scopeBelow(named, { inference: this, span: this.#span });
    if (outer.turn !== undefined) {
      outer.turn.inferenceCalls++;
      outer.turn.openCalls++;
    }
    guarded('birth of series', () => bearSeries(named.identity, start));
    if (recorder().config.captureContent) guarded('content of a request', () => this.#showRequest());
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether its tokens are known; only asked after its end. */
  get hadUsage(): boolean {
    return this.#hadUsage;
  }

  run<T>(work: () => T): T {
    return runInScope(this.scope, work);
  }

  retry(): void {
    if (!this.#isEnded) this.#retries++;
  }

  chunk(): void {
    this.#chunks++;
    this.#firstChunkMs ??= this.#watch.elapsedMs();
  }

  hold({ reservation, attributes, model }: Admission): void {
    this.#held.push(reservation);
    if (this.#isEnded) return;
    this.#span.setAttributes(attributes);
    if (model === undefined) return;
    this.#start = { ...this.#start, model };
    this.#span.updateName(`${this.#start.operation} ${model}`);
    this.#span.setAttribute(ATTR_GEN_AI_REQUEST_MODEL, model);
  }

  claim(): readonly Reservation[] {
    return this.#held.splice(0);
  }

  /** A framework that does not say which model it asks is told by the client below it. */
  learn({ provider, model, isStream, attributes }: RequestFacts): void {
    if (this.#isEnded || this.#start.model !== undefined || model === undefined) return;
    this.#start = {
      ...this.#start,
      provider,
      model,
      isStream,
      attributes: { ...this.#start.attributes, ...attributes },
    };
    this.#span.updateName(`${this.#start.operation} ${model}`);
    this.#span.setAttributes({
      ...attributes,
      [ATTR_GEN_AI_PROVIDER_NAME]: provider,
      [ATTR_GEN_AI_REQUEST_MODEL]: model,
      ...(isStream === true ? { [ATTR_GEN_AI_REQUEST_STREAM]: true } : {}),
    });
    guarded('birth of series', () => bearSeries(this.scope.identity, this.#start));
  }

  /** The same call, seen nearer to the wire, has its answer, or an error. */
  takeFrom(facts: AnswerFacts, firstChunkMs: number | undefined, retries: number, error?: unknown): void {
    // After a failure it was asked again.
    this.#retries += this.#errorBelow === undefined ? retries : retries + 1;
    this.#errorBelow = error;
    this.#below.push(facts);
    this.#firstChunkMs ??= firstChunkMs;
  }

  end(end: InferenceEnd = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    guarded('end of a model call', () => this.#finish(end));
    const { turn } = this.scope;
    if (turn === undefined || --turn.openCalls > 0) return;
    for (const report of turn.afterCalls.splice(0)) report();
  }

  #finish(end: InferenceEnd): void {
    const { identity, live } = this.scope;
    const [facts = {}, ...others] = callsOf(mergeFacts(end.facts ?? {}, this.#below));
    const isFailed = end.error !== undefined;
    const isCutOff = end.usageSource === UsageSource.MISSING;
    const usageSource = facts.usage === undefined ? UsageSource.MISSING : (end.usageSource ?? UsageSource.PROVIDER);
    this.#hadUsage = facts.usage !== undefined;
    recorder().answered.counted(facts.responseId);
    // A failed call without usage used nothing that anybody could have reported, unless its answer had begun.
    const usedNothing = isFailed && facts.usage === undefined && !isCutOff;
    const cost = usedNothing && facts.charges === undefined ? undefined : this.#price(facts);
    const endMs = end.endMs ?? this.#watch.nowMs();
    const call = {
      start: this.#start,
      identity,
      facts,
      cost,
      usageSource: usedNothing ? undefined : usageSource,
      // The client's own error says more than what a framework made of it.
      errorType: isFailed ? errorTypeOf(this.#errorBelow ?? end.error) : undefined,
      durationMs: end.isUntimed === true ? undefined : Math.max(0, endMs - this.#watch.startMs),
      firstChunkMs: this.#firstChunkMs,
      retries: this.#retries,
    };
    this.#settle(facts, cost, usedNothing);
    live?.addCall(
      {
        usage: facts.usage,
        cost,
        isFailed,
        isMissing: facts.usage === undefined && !usedNothing,
        retries: this.#retries,
      },
      { agent: identity.agent, model: facts.model ?? this.#start.model ?? UNKNOWN_MODEL, purpose: this.scope.purpose },
    );
    this.#tellTurn(facts);
    guarded('metrics of a model call', () => measureInference(call));
    if (this.#span.isRecording()) {
      this.#span.setAttributes(answerAttributes(call));
      if (end.output !== undefined) this.#showAnswer(end.output);
      if (call.errorType !== undefined) {
        this.#span.setAttribute(ATTR_ERROR_TYPE, call.errorType);
        this.#span.setStatus({ code: SpanStatusCode.ERROR });
      }
    }
    this.#span.end(endMs);
    for (const see of processState().callWatchers) see(this.#span);
    for (const other of others) this.#tellOther(other, endMs);
  }

  /** Before the session's figures hold it: both are to count it once. */
  #settle({ usage, model }: AnswerFacts, cost: Cost | undefined, usedNothing: boolean): void {
    const { guard } = processState();
    if (guard === undefined) return;
    const { provider, operation } = this.#start;
    const isPriced = cost !== undefined && cost.status !== CostStatus.UNPRICED;
    guarded('settling of a model call', () =>
      guard.settle(this.scope, this.#held, {
        provider,
        operation,
        model: model ?? this.#start.model,
        usage,
        nanoUsd: isPriced ? cost.totalNanoUsd : undefined,
        usedNothing: usedNothing && cost === undefined,
        chunks: this.#chunks,
      }),
    );
  }

  /** What one answer sums up was several calls, maybe of several models: each of the others gets a span beside this one. */
  #tellOther(facts: AnswerFacts, endMs: number): void {
    const { parent } = this.scope;
    if (parent === undefined) return;
    const { attributes: _, content: __, admission: ___, ...start } = this.#start;
    const model = facts.model ?? start.model;
    new OwnInference(parent, { ...start, model, startMs: this.#watch.startMs }).end({ facts, endMs });
  }

  /** So that another witness of this call, one that has no id of the answer, is known for one. */
  #tellTurn({ usage, model }: AnswerFacts): void {
    const counted = this.scope.turn?.counted;
    if (counted === undefined || usage === undefined) return;
    counted.push({ usage, model });
    if (counted.length > COUNTED_MAX) counted.shift();
  }

  /** As the service prices it, from the same facts. */
  #price({ usage, model, provider, serviceTier, charges, reportedCost }: AnswerFacts): Cost {
    return recorder().prices.price({
      tenant: this.scope.identity.tenant,
      provider: provider ?? this.#start.provider,
      responseModel: model,
      requestModel: this.#start.model,
      timeMs: this.#watch.startMs,
      operation: this.#start.operation,
      usage: usage ?? {},
      serviceTier: serviceTier ?? requestedTier(this.#start),
      charges,
      reported: reportedCost,
    });
  }

  #showRequest(): void {
    const { input, system } = this.#start.content?.() ?? {};
    const { config } = recorder();
    const shownInput = contentText('input', input, config);
    const shownSystem = contentText('system', system, config);
    if (shownInput !== undefined) this.#span.setAttribute(ATTR_GEN_AI_INPUT_MESSAGES, shownInput);
    if (shownSystem !== undefined) this.#span.setAttribute(ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, shownSystem);
  }

  #showAnswer(output: () => unknown): void {
    const { config } = recorder();
    if (!config.captureContent) return;
    const shown = guarded('content of an answer', () => contentText('output', output(), config));
    if (shown !== undefined) this.#span.setAttribute(ATTR_GEN_AI_OUTPUT_MESSAGES, shown);
  }
}

const UNKNOWN_MODEL = 'unknown';
/** A witness speaks soon after the call. */
const COUNTED_MAX = 100;

/** A scope for a caller that knows better whose call this is, with that session's sums. */
function withIdentity(outer: Scope, identity: Identity): Scope {
  const named = scopeBelow(outer, { identity });
  return outer.live !== undefined ? named : { ...named, live: liveSessions().of(named.identity) };
}

/** Where the answer does not say which tier served it, it was the one that was asked for. */
function requestedTier({ attributes }: InferenceStart): string | undefined {
  const tier = attributes?.[ATTR_OPENAI_REQUEST_SERVICE_TIER];
  return typeof tier === 'string' ? tier : undefined;
}
