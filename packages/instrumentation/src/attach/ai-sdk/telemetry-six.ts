// Comes in: what version 6 tells an integration that was made for one call. Goes out: a turn, calls of models and of tools. Refused:
// nothing; but of failures version 6 does not tell, so whoever sees the call itself has to (`failed`).

import { guarded } from '../../emit/guarded.ts';
import type { OpenTool } from '../../emit/tool.ts';
import { isObject, type JsonObject, objectOr, textOr } from '../../usage/json-object.ts';
import { usageFrom } from '../../usage/usage-from.ts';
import { takeCalledAgent } from './called-agent.ts';
import { OpenCall } from './open-call.ts';
import type { OpenCalls } from './open-calls.ts';
import { runningTools } from './running-tools.ts';

/** An integration as version 6 knows them. */
export interface TelemetrySix {
  onStart(event: unknown): void;
  onStepStart(event: unknown): void;
  onToolCallStart(event: unknown): void;
  onToolCallFinish(event: unknown): void;
  onStepFinish(event: unknown): void;
  onFinish(event: unknown): void;
}

/** Listens to one call. */
export function telemetrySix(calls: OpenCalls): TelemetrySix {
  const one = new CallOfSix();
  const listener: TelemetrySix = {
    onStart: on('start', (event) => one.start(event)),
    onStepStart: on('start of a step', (event) => one.step(event)),
    onToolCallStart: on('start of a tool', (event) => one.toolStart(event)),
    onToolCallFinish: on('end of a tool', (event) => one.toolEnd(event)),
    onStepFinish: on('end of a step', (event) => one.stepEnd(event)),
    onFinish: on('end', () => one.end()),
  };
  calls.watch(listener, { life: one, end: () => one.drop() });
  return listener;
}

function on(place: string, work: (event: JsonObject) => void): (event: unknown) => void {
  return (event) => {
    guarded(`AI SDK 6's ${place}`, () => work(objectOr(event)));
  };
}

/** One call of `generateText` or `streamText`. */
class CallOfSix {
  #call: OpenCall | undefined;
  #isEnded = false;
  /** When the model of this step had answered: when its first tool was called. */
  #answeredMs: number | undefined;
  readonly #tools = new Map<string, OpenTool>();

  get isEnded(): boolean {
    return this.#isEnded || this.#call === undefined;
  }

  start(event: JsonObject): void {
    const agent = takeCalledAgent((error) => this.fail(error));
    this.#call = new OpenCall(event, textOr(event['functionId']) ?? agent);
  }

  step(event: JsonObject): void {
    this.#answeredMs = undefined;
    runningTools.watch(event['tools']);
    this.#opened(event).begin(event);
  }

  toolStart(event: JsonObject): void {
    this.#answeredMs ??= Date.now();
    const tool = this.#opened(event).tool(event);
    this.#tools.set(callIdOf(event), tool);
    runningTools.began(event, tool);
  }

  toolEnd(event: JsonObject): void {
    const id = callIdOf(event);
    this.#tools
      .get(id)
      ?.end(
        event['success'] === false ? { error: event['error'] ?? { name: 'Error' } } : { result: () => event['output'] },
      );
    this.#tools.delete(id);
  }

  stepEnd(event: JsonObject): void {
    this.#opened(event).answered(usageFrom(event), { endMs: this.#answeredMs, output: () => event['content'] });
  }

  end(): void {
    this.#isEnded = true;
    this.#call?.end();
  }

  fail(error: unknown): void {
    if (this.isEnded) return;
    this.#isEnded = true;
    this.#endTools();
    this.#call?.fail(error);
  }

  /** Nobody holds the call any more, and it has not ended: it failed, or its stream was not read to the end. */
  drop(): void {
    if (this.isEnded) return;
    this.#isEnded = true;
    this.#endTools();
    this.#call?.stop();
  }

  #opened(event: JsonObject): OpenCall {
    return (this.#call ??= new OpenCall(event, textOr(event['functionId'])));
  }

  #endTools(): void {
    for (const tool of this.#tools.values()) tool.end();
    this.#tools.clear();
  }
}

function callIdOf({ toolCall }: JsonObject): string {
  return (isObject(toolCall) ? textOr(toolCall['toolCallId']) : undefined) ?? '';
}
