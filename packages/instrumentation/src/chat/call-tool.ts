import { guarded } from '../emit/guarded.ts';
import { recorder } from '../emit/recorder.ts';
import { OpenTool } from '../emit/tool.ts';
import { currentScope, type Scope } from '../session/scope.ts';
import { follow } from './follow.ts';

/** What is known of a tool call beside its name. */
export interface ToolOptions {
  /** The model's id of the call. */
  readonly callId?: string | undefined;
  /** Shown on the span only where content is captured. */
  readonly arguments?: unknown;
}

/** Runs a tool. What it returns comes back as it is. */
export function callTool<T>(
  name: string,
  work: () => T,
  { callId, arguments: shown }: ToolOptions = {},
  scope: Scope = currentScope(),
): T {
  const tool = guarded('begin of a tool call', () => new OpenTool({ name, callId, scope, arguments: () => shown }));
  if (tool === undefined) return work();
  return follow(work, {
    within: (step) => tool.run(step),
    ended: ({ error, endMs }) => tool.end({ error, endMs }),
    idleMsMax: recorder().config.turnTimeoutMs,
  });
}
