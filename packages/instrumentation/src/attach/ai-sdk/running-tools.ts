import { guarded } from '../../emit/guarded.ts';
import type { OpenTool } from '../../emit/tool.ts';
import { isObject, type JsonObject, textOr } from '../../usage/json-object.ts';

/**
 * Lets the code of version 6's tools run in the scope of their call. The SDK calls a tool after it has told of it, in no context of
 * ours, so the tool itself asks: by the messages it is given, which are one object for the calls of one step, and the id of its call.
 */
class RunningTools {
  readonly #open = new WeakMap<object, Map<string, OpenTool>>();
  readonly #watched = new WeakSet<object>();

  /** Watches tools that are about to be offered to a model. */
  watch(tools: unknown): void {
    if (!isObject(tools)) return;
    for (const tool of Object.values(tools)) if (isObject(tool)) this.#watchTool(tool);
  }

  began({ messages, toolCall }: JsonObject, tool: OpenTool): void {
    const id = isObject(toolCall) ? textOr(toolCall['toolCallId']) : undefined;
    if (typeof messages !== 'object' || messages === null || id === undefined) return;
    const open = this.#open.get(messages) ?? new Map<string, OpenTool>();
    this.#open.set(messages, open.set(id, tool));
  }

  #watchTool(tool: JsonObject): void {
    const { execute } = tool;
    if (typeof execute !== 'function' || this.#watched.has(tool)) return;
    const find = (options: unknown): OpenTool | undefined => this.#find(options);
    const watched = function (this: unknown, ...args: readonly unknown[]): unknown {
      const open = guarded('AI SDK 6’s tool', () => find(args[1]));
      const call = (): unknown => Reflect.apply(execute, this, args);
      return open === undefined ? call() : open.run(call);
    };
    // A tool that the app has frozen is left alone: what it calls is then seen as the app's own.
    if (Reflect.set(tool, 'execute', watched)) this.#watched.add(tool);
  }

  #find(options: unknown): OpenTool | undefined {
    if (!isObject(options)) return undefined;
    const { messages } = options;
    const id = textOr(options['toolCallId']);
    if (typeof messages !== 'object' || messages === null || id === undefined) return undefined;
    return this.#open.get(messages)?.get(id);
  }
}

/** The tools of this process. */
export const runningTools: RunningTools = new RunningTools();
