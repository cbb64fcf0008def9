// Names that frameworks give to runs nobody named.

import { remembered } from './remembered.ts';

/** LangChain's and LangGraph's classes, and what OpenLLMetry calls its root without a name. */
const GENERIC_RUNS =
  /^(LangGraph|StateGraph|CompiledStateGraph|AgentExecutor|Runnable\w*|Channel\w*|__start__|Prompt|prompt|should_continue)$/;

/** Is this the name of a class of graphs and runnables, and no graph's own? */
export const isGenericRun: (name: string) => boolean = remembered((name) => GENERIC_RUNS.test(name));

/** A run's own name, '' when it is its framework's for runs without one: that would be no workflow's name. */
export function namedRun(name: string): string {
  return isGenericRun(name) ? '' : name;
}
