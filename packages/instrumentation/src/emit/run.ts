import { SpanKind, SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import type { Identity } from '../session/identity.ts';
import { liveSessions } from '../session/live-sessions.ts';
import { currentScope, parentContext, runInScope, scopeBelow, type Scope } from '../session/scope.ts';
import { startStopwatch, type Stopwatch } from './clock.ts';
import { errorTypeOf } from './error-type.ts';
import { guarded } from './guarded.ts';
import { identityAttributes, ownLabels, standardLabels } from './identity-attributes.ts';
import { recorder } from './recorder.ts';

/** One run of a workflow that begins: one request to a group chat, graph or crew. */
export interface RunStart {
  readonly identity: Identity;
  /** @default the current scope */
  readonly scope?: Scope | undefined;
  /** Milliseconds since 1970. @default now */
  readonly startMs?: number | undefined;
  readonly attributes?: Attributes | undefined;
}

/** How a run ended. */
export interface RunEnd {
  readonly error?: unknown;
  readonly endMs?: number | undefined;
  /** Whether the run reached what it was for: `success`, `failure`, `stopped` or any other text. */
  readonly outcome?: string | undefined;
}

/** A run that is under way. Nothing of it throws; what comes after `end` is ignored. */
export class OpenRun {
  readonly scope: Scope;
  readonly #span: Span;
  readonly #watch: Stopwatch;
  readonly #leave: (() => void) | undefined;
  #isEnded = false;

  constructor(start: RunStart) {
    const outer = start.scope ?? currentScope();
    this.#watch = startStopwatch(start.startMs);
    const named = scopeBelow(outer, { identity: start.identity, turn: undefined, inference: undefined });
    const live = outer.live ?? liveSessions().of(named.identity);
    const { workflow } = named.identity;
    this.#span = recorder().tracer.startSpan(
      workflow === undefined
        ? names.GenAiOperation.INVOKE_WORKFLOW
        : `${names.GenAiOperation.INVOKE_WORKFLOW} ${workflow}`,
      {
        kind: SpanKind.INTERNAL,
        startTime: this.#watch.startMs,
        attributes: {
          [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.INVOKE_WORKFLOW,
          ...start.attributes,
          ...identityAttributes(named),
        },
      },
      parentContext(named),
    );
    this.scope = { ...scopeBelow(named, { span: this.#span }), live };
    runScopes.add(this.scope);
    this.#leave = live?.begin();
  }

  run<T>(work: () => T): T {
    return runInScope(this.scope, work);
  }

  end(end: RunEnd = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    guarded('end of a run', () => this.#finish(end));
  }

  #finish({ error, endMs = this.#watch.nowMs(), outcome }: RunEnd): void {
    this.#leave?.();
    const { identity } = this.scope;
    const seconds = Math.max(0, endMs - this.#watch.startMs) / 1000;
    recorder().instruments.sessionDuration.record(seconds, ownLabels(identity));
    recorder().instruments.invokeWorkflowDuration.record(seconds, standardLabels(identity));
    if (outcome !== undefined) this.#span.setAttribute(names.ATTR_TURNMETER_OUTCOME_STATUS, outcome);
    if (error !== undefined) {
      this.#span.setAttribute(names.ATTR_ERROR_TYPE, errorTypeOf(error));
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end(endMs);
  }
}

/** Whether code in a scope is part of a run already: a framework's own run in it is not one more. */
export function isInRun(scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) if (runScopes.has(at)) return true;
  return false;
}

/** The run that code in a scope is part of, the outermost of those around it. */
export function outermostRun(scope: Scope): Scope | undefined {
  let found: Scope | undefined;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) if (runScopes.has(at)) found = at;
  return found;
}

const runScopes = new WeakSet<Scope>();
