// Comes in: traces and spans of OpenAI's Agents SDK, when they begin and end. Goes out: runs, turns, tools and model calls of ours, and
// where the code is. Refused: a provider of another shape, which is left alone.

import { AsyncLocalStorage } from 'node:async_hooks';
import { guarded, warnOnce } from '../../emit/guarded.ts';
import { refuseIfStopped } from '../../guard/admit-call.ts';
import { processState } from '../../session/process-state.ts';
import { currentScope, isBelow, rootScope, type Scope } from '../../session/scope.ts';
import { objectOr } from '../../usage/json-object.ts';
import { Patches } from '../patches.ts';
import type { Level } from './level.ts';
import { closeTrace, openLevel, openTrace, untracedLevel } from './open-level.ts';
import {
  isDisabledTrace,
  isSpan,
  isTraceProvider,
  type SdkSpan,
  type SdkTrace,
  type SdkTraceFacts,
  type SdkTraceProvider,
} from './sdk-tracing.ts';

/**
 * Sees what the SDK's provider makes, rather than being one of its processors: processors are told late (each waits for the one
 * before), are replaced by whoever calls `setProcessors`, and hear nothing where tracing is disabled. What the provider makes then is
 * disabled, but still says which agent speaks.
 */
export class TraceWatch {
  readonly #patches = new Patches();
  readonly #providers = new Set<SdkTraceProvider>();
  /** By a span's data, which its copies share; by a trace, or by what its copies share. */
  readonly #levels = new WeakMap<object, Level>();
  /** Of traces under way, by their id: copies of a trace have nothing else. */
  readonly #traces = new Map<string, Level>();

  /** Nobody told of their end. */
  readonly #dropped = new FinalizationRegistry<Level>((level) => closeTrace(level));

  watch(provider: unknown): void {
    if (provider === undefined || provider === null) return;
    if (!isTraceProvider(provider)) {
      warnOnce('openai-agents-provider', 'OpenAI Agents has a trace provider of an unknown shape, which is left alone');
      return;
    }
    // Two that watch would count each call twice.
    if (Reflect.get(provider, WATCHED) === true) return;
    Reflect.defineProperty(provider, WATCHED, { configurable: true, value: true });
    this.#providers.add(provider);
    this.#patches.wrap<[SdkTraceFacts], SdkTrace>(provider, 'createTrace', (original) => {
      const watchTrace = this.#watchTrace.bind(this);
      return function (this: unknown, ...args) {
        const trace = original.apply(this, args);
        guarded('trace of OpenAI Agents', () => watchTrace(trace, args[0], provider));
        return trace;
      };
    });
    this.#patches.wrap<[Readonly<Record<string, unknown>>, unknown?], SdkSpan>(provider, 'createSpan', (original) => {
      const watchSpan = this.#watchSpan.bind(this);
      return function (this: unknown, ...args) {
        // A model that no attached client asks has no other place to be stopped at.
        if (asksModel(args[0])) refuseIfStopped(currentScope);
        const span = original.apply(this, args);
        guarded('span of OpenAI Agents', () => watchSpan(span, args[1], provider));
        return span;
      };
    });
  }

  /** Where the calling code is, as far as the SDK knows. */
  currentScope(): Scope | undefined {
    for (const provider of this.#providers) {
      const span = provider.getCurrentSpan();
      const level = (span && this.#levels.get(span.spanData)) ?? this.#levelOfTrace(provider.getCurrentTrace());
      if (level !== undefined) return level.scope;
    }
    return undefined;
  }

  /** Leaves all providers as they were; what is under way ends as it began. */
  stop(): void {
    this.#patches.undo();
    for (const provider of this.#providers) Reflect.deleteProperty(provider, WATCHED);
    this.#providers.clear();
    this.#traces.clear();
  }

  /** A trace may start more than once: after an interruption it goes on. */
  #watchTrace(trace: SdkTrace, asked: SdkTraceFacts, provider: SdkTraceProvider): void {
    // When it starts, the SDK's context is the trace's own already.
    let outer: Scope | undefined = currentScope();
    around(trace, 'start', 'start of a trace of OpenAI Agents', () => {
      // A disabled trace forgets what it was made with; another one may be told more before it starts.
      const facts = isDisabledTrace(trace) ? asked : trace;
      this.#openTrace(trace, openTrace(facts, outer ?? processState().scopes.getStore() ?? rootScope()), provider);
      outer = undefined;
    });
    this.#watchEnd(trace);
  }

  #openTrace(trace: SdkTrace, level: Level, provider: SdkTraceProvider): Level {
    const { traceId, metadata } = trace;
    this.#levels.set(trace, level);
    if (!isDisabledTrace(trace)) {
      if (this.#traces.size < TRACES_MAX) this.#traces.set(traceId, level);
    } else if (typeof metadata === 'object' && metadata !== null) this.#levels.set(metadata, level);
    level.onFailure = this.#endWhenLeft(level, traceId, provider);
    this.#dropped.register(trace, level);
    return level;
  }

  #watchEnd(trace: SdkTrace): void {
    around(trace, 'end', 'end of a trace of OpenAI Agents', () => {
      this.#close(this.#levels.get(trace), trace.traceId);
      // What goes on with it later is a run of its own.
      this.#levels.delete(trace);
    });
  }

  /** Of a trace that an error leaves, the SDK does not tell the end; but its context is left then. */
  #endWhenLeft(level: Level, traceId: string, provider: SdkTraceProvider): () => void {
    const inTrace = AsyncLocalStorage.snapshot();
    return () => {
      // The error has to get to whoever began the trace first, who may go on with it.
      setImmediate(() => {
        const trace = inTrace(() => guarded('trace of OpenAI Agents', () => provider.getCurrentTrace()));
        if (trace === undefined || trace === null) this.#close(level, traceId);
      });
    };
  }

  #close(level: Level | undefined, traceId: string): void {
    if (level === undefined) return;
    if (this.#traces.get(traceId) === level) this.#traces.delete(traceId);
    closeTrace(level);
  }

  #watchSpan(span: SdkSpan, parent: unknown, provider: SdkTraceProvider): void {
    const { spanData } = span;
    const above = parent ?? provider.getCurrentSpan() ?? provider.getCurrentTrace();
    around(span, 'start', 'start of a span of OpenAI Agents', () => {
      const level = this.#levelOf(above, provider);
      this.#levels.set(spanData, openLevel(spanData, level, innermost(level.scope)));
    });
    around(span, 'end', 'end of a span of OpenAI Agents', () => this.#levels.get(spanData)?.end?.(span));
  }

  #levelOf(above: unknown, provider: SdkTraceProvider): Level {
    if (typeof above !== 'object' || above === null) return untracedLevel(currentScope());
    if (isSpan(above)) return this.#levels.get(above.spanData) ?? untracedLevel(currentScope());
    const trace = above as SdkTrace;
    const known = this.#levelOfTrace(trace);
    if (known !== undefined) return known;
    if (!isDisabledTrace(trace)) {
      // A run that was interrupted goes on in a copy of its trace.
      this.#watchEnd(trace);
      return this.#openTrace(trace, openTrace(trace, currentScope()), provider);
    }
    const untraced = untracedLevel(currentScope());
    this.#levels.set(trace, untraced);
    return untraced;
  }

  #levelOfTrace(trace: SdkTrace | null | undefined): Level | undefined {
    if (trace === undefined || trace === null) return undefined;
    const known = this.#levels.get(trace);
    if (known !== undefined) return known;
    if (!isDisabledTrace(trace)) return this.#traces.get(trace.traceId);
    return typeof trace.metadata === 'object' && trace.metadata !== null ? this.#levels.get(trace.metadata) : undefined;
  }
}

function asksModel({ data }: Readonly<Record<string, unknown>>): boolean {
  const { type } = objectOr(data);
  return type === 'response' || type === 'generation';
}

/** On a provider that is watched, also by another copy of this package. */
const WATCHED: unique symbol = Symbol.for('@turnmeter/instrumentation/openai-agents');

/** As many as may run at once; one that is not among them is still seen, but not in copies of it. */
const TRACES_MAX = 100_000;

/** The app may have gone further in by itself: a chat of its own in a tool. */
function innermost(scope: Scope): Scope {
  const stored = processState().scopes.getStore();
  return stored !== undefined && isBelow(stored, scope) ? stored : scope;
}

/** Does something after a method of one object; disabled traces and spans have methods that do nothing, and are watched all the same. */
function around(holder: SdkTrace | SdkSpan, name: 'start' | 'end', place: string, work: () => void): void {
  const original: unknown = Reflect.get(holder, name);
  if (typeof original !== 'function') return;
  Reflect.defineProperty(holder, name, {
    configurable: true,
    enumerable: false,
    writable: true,
    value(this: unknown, ...args: unknown[]): unknown {
      guarded(place, work);
      return Reflect.apply(original, this, args);
    },
  });
}
