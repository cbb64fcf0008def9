import { AsyncLocalStorage } from 'node:async_hooks';

/** An agent object that was called: its call comes next, and tells nothing of it. */
interface CalledAgent {
  readonly name: string;
  isTaken: boolean;
}

const called = new AsyncLocalStorage<CalledAgent>();

/** Calls an agent, so that the call of a model that it makes is known to be its own. */
export function callAgent<T>(name: string, work: () => T): T {
  return called.run({ name, isTaken: false }, work);
}

/** Who was called; each call is told once, since what the agent's tools call is not its own. */
export function takeCalledAgent(): string | undefined {
  const agent = called.getStore();
  if (agent === undefined || agent.isTaken) return undefined;
  agent.isTaken = true;
  return agent.name;
}
