/** An agent as hooks are given it: the object, or its name. */
export type AgentLike = string | { readonly name?: unknown };

/** What an agent is called. */
export function nameOf(agent: AgentLike): string {
  const name = typeof agent === 'string' ? agent : agent.name;
  return typeof name === 'string' && name !== '' ? name : 'agent';
}

/** Whether a message asks for tools: its speaker goes on when they have answered. */
export function asksForTools(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { tool_calls: calls, toolCalls, function_call: call } = message as Readonly<Record<string, unknown>>;
  const hasCalls = [calls, toolCalls].some((list) => Array.isArray(list) && list.length > 0);
  return hasCalls || (typeof call === 'object' && call !== null);
}

/** Whether an agent that replies to these messages runs the tools that the last one asks for. */
export function runsTools(messages: unknown): boolean {
  return Array.isArray(messages) && asksForTools(messages.at(-1));
}
