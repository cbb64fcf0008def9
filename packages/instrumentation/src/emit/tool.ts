import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import { currentScope, parentContext, runInScope, scopeBelow, type Scope } from '../session/scope.ts';
import { startStopwatch, type Stopwatch } from './clock.ts';
import { contentText } from './content.ts';
import { errorTypeOf } from './error-type.ts';
import { guarded } from './guarded.ts';
import { identityAttributes, ownLabels } from './identity-attributes.ts';
import { recorder } from './recorder.ts';
import { enterTool, noteRepeat, repeatsTool } from './repeats.ts';

/** A tool call that begins. */
export interface ToolStart {
  readonly name: string;
  /** The model's id of the call. */
  readonly callId?: string | undefined;
  /** `function`, `extension`, `datastore` or any other text. @default `function` */
  readonly type?: string | undefined;
  /** Where the tool passes the chat on to another agent: whom to. */
  readonly handoffTo?: string | undefined;
  /** @default the current scope */
  readonly scope?: Scope | undefined;
  readonly startMs?: number | undefined;
  /** Asked only where content is captured. */
  readonly arguments?: (() => unknown) | undefined;
}

/** How a tool call ended. */
export interface ToolEnd {
  readonly error?: unknown;
  readonly endMs?: number | undefined;
  /** Asked only where content is captured. */
  readonly result?: (() => unknown) | undefined;
}

/** A tool call that is under way. Nothing of it throws; what comes after `end` is ignored. */
export class OpenTool {
  readonly scope: Scope;
  readonly #name: string;
  readonly #span: Span;
  readonly #watch: Stopwatch;
  readonly #isRepeat: boolean;
  #isEnded = false;

  constructor(start: ToolStart) {
    const outer = start.scope ?? currentScope();
    this.#name = start.name;
    this.#isRepeat = repeatsTool(outer, start);
    this.#watch = startStopwatch(start.startMs);
    const { callId, handoffTo } = start;
    this.#span = recorder().tracer.startSpan(
      `${names.GenAiOperation.EXECUTE_TOOL} ${start.name}`,
      {
        kind: SpanKind.INTERNAL,
        startTime: this.#watch.startMs,
        attributes: {
          [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.EXECUTE_TOOL,
          [names.ATTR_GEN_AI_TOOL_NAME]: start.name,
          [names.ATTR_GEN_AI_TOOL_TYPE]: start.type ?? 'function',
          ...(callId === undefined ? {} : { [names.ATTR_GEN_AI_TOOL_CALL_ID]: callId }),
          ...(handoffTo === undefined ? {} : { [names.ATTR_TURNMETER_HANDOFF_TO_AGENT_NAME]: handoffTo }),
          ...identityAttributes(outer),
        },
      },
      parentContext(outer),
    );
    this.scope = scopeBelow(outer, { inference: undefined, span: this.#span });
    enterTool(this.scope, start);
    if (this.#isRepeat) noteRepeat(this.#span);
    else {
      if (outer.turn !== undefined) outer.turn.toolCalls++;
      outer.live?.addTool(outer.identity.agent);
    }
    if (start.arguments !== undefined)
      this.#show(names.ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, 'tool_arguments', start.arguments);
  }

  run<T>(work: () => T): T {
    return runInScope(this.scope, work);
  }

  end(end: ToolEnd = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    guarded('end of a tool call', () => this.#finish(end));
  }

  #finish({ error, endMs = this.#watch.nowMs(), result }: ToolEnd): void {
    const type = error === undefined ? undefined : errorTypeOf(error);
    if (!this.#isRepeat) this.#measure(endMs, type);
    if (result !== undefined) this.#show(names.ATTR_GEN_AI_TOOL_CALL_RESULT, 'tool_result', result);
    if (type !== undefined) {
      this.#span.setAttribute(names.ATTR_ERROR_TYPE, type);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end(endMs);
  }

  #measure(endMs: number, errorType: string | undefined): void {
    const seconds = Math.max(0, endMs - this.#watch.startMs) / 1000;
    const labels = ownLabels(this.scope.identity);
    const { instruments } = recorder();
    instruments.toolDuration.record(seconds, labels);
    instruments.executeToolDuration.record(seconds, {
      [names.ATTR_GEN_AI_OPERATION_NAME]: names.GenAiOperation.EXECUTE_TOOL,
      [names.ATTR_GEN_AI_TOOL_NAME]: this.#name,
      ...(errorType === undefined ? {} : { [names.ATTR_ERROR_TYPE]: errorType }),
    });
    if (errorType !== undefined) instruments.errors.add(1, { ...labels, [names.MetricLabel.REASON]: errorType });
  }

  #show(attribute: string, kind: 'tool_arguments' | 'tool_result', value: () => unknown): void {
    const { config } = recorder();
    if (!config.captureContent) return;
    const text = guarded('content of a tool call', () => contentText(kind, value(), config));
    if (text !== undefined) this.#span.setAttribute(attribute, text);
  }
}
