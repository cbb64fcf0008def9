// A runner of its own may have tracing disabled (`tracingDisabled`). Its traces are made by nobody who is watched, and name no session;
// of its tools there are no spans. So such a runner is watched itself.

import { errorTypeOf } from '../../emit/error-type.ts';
import { guarded } from '../../emit/guarded.ts';
import { OpenTool } from '../../emit/tool.ts';
import { currentScope, runInScope } from '../../session/scope.ts';
import { isObject, type JsonObject, objectOr, textOr } from '../../usage/json-object.ts';
import type { Patches } from '../patches.ts';
import { failureNamed } from './failure.ts';
import type { Level } from './level.ts';
import { closeTrace, openTrace } from './open-level.ts';

/** Watches runs of a `Runner` class that trace nothing. */
export function watchRunners(prototype: object, patches: Patches, isEnabled: () => boolean): boolean {
  return patches.wrap(
    prototype,
    'run',
    (original) =>
      function (this: unknown, ...args) {
        const config = isObject(this) ? objectOr(this['config']) : {};
        if (config['tracingDisabled'] !== true || !isEnabled()) return Reflect.apply(original, this, args);
        const level = guarded('run of OpenAI Agents', () => {
          watchTools(this as JsonObject, isEnabled);
          return openTrace(factsOf(config), currentScope());
        });
        if (level === undefined) return Reflect.apply(original, this, args);
        return follow(
          runInScope(level.scope, () => Reflect.apply(original, this, args)),
          level,
        );
      },
  );
}

function factsOf(config: JsonObject): { name: unknown; groupId: unknown; metadata: unknown } {
  return { name: config['workflowName'], groupId: config['groupId'], metadata: config['traceMetadata'] };
}

/** `run` is an async function, whose promises are all alike: the one that follows it is as good, and fails as it does. */
function follow(result: unknown, level: Level): unknown {
  if (!(result instanceof Promise)) return result;
  const end = (error?: unknown): void => {
    level.failure = error === undefined ? undefined : failureNamed(errorTypeOf(error));
    closeTrace(level);
  };
  return result.then(
    (answer: unknown) => {
      guarded('end of a run of OpenAI Agents', () => {
        const streamed = isObject(answer) ? answer['completed'] : undefined;
        // The SDK itself handles a failure of it; the app hears of it by reading the stream.
        if (streamed instanceof Promise) streamed.then(() => end(), end);
        else end();
      });
      return answer;
    },
    (error: unknown) => {
      guarded('end of a run of OpenAI Agents', () => end(error ?? new Error('run')));
      throw error;
    },
  );
}

const watchedRunners = new WeakSet<object>();

/** Its hooks tell of tools, in the context of the agent that calls them; a call's end is known by its id. */
function watchTools(runner: JsonObject, isEnabled: () => boolean): void {
  const { on } = runner;
  if (watchedRunners.has(runner) || typeof on !== 'function') return;
  watchedRunners.add(runner);
  const open = new Map<string, OpenTool>();
  const listen = (event: string, work: (tool: JsonObject, id: string) => void): void => {
    Reflect.apply(on, runner, [
      event,
      (...args: readonly unknown[]) =>
        guarded('tool of OpenAI Agents', () => {
          const toolCall = objectOr(objectOr(args.at(-1))['toolCall']);
          const id = textOr(toolCall['callId']) ?? textOr(toolCall['id']);
          if (id !== undefined) work(objectOr(args[2]), id);
        }),
    ]);
  };
  listen('agent_tool_start', (tool, id) => {
    if (!isEnabled() || open.size >= TOOLS_MAX) return;
    open.set(id, new OpenTool({ name: textOr(tool['name']) ?? 'function', callId: id }));
  });
  listen('agent_tool_end', (_, id) => {
    open.get(id)?.end();
    open.delete(id);
  });
}

/** As many as may run at once: one that fails is not told to have ended. */
const TOOLS_MAX = 10_000;
