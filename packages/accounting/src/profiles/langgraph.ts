// LangGraph's own words, which reach us through several instrumentations: which node is an agent, which tool a handoff.

import { isObject, type LiteralObject } from '../observe/literal.ts';
import { remembered } from '../observe/remembered.ts';
import { isGenericRun } from '../observe/run-names.ts';

/** Nodes that every agent graph has inside; they name no agent. */
const PLAIN_NODES = new Set([
  'agent', 'model', 'model_request', 'call_model', 'llm', 'tools', 'tool', 'tool_node', '__start__', '__end__', 'generate_structured_response',
  'pre_model_hook', 'post_model_hook',
]); // prettier-ignore

export function isPlainNode(name: string): boolean {
  return name === '' || PLAIN_NODES.has(name) || isGenericRun(name);
}

/**
 * Agent that LangGraph's metadata names: the innermost telling segment of the checkpoint namespace, else the node.
 *
 * `{langgraph_checkpoint_ns: 'Planner:27b2…|agent:9d39…'}` → 'Planner'
 */
export function agentOfGraph(metadata: LiteralObject): string {
  const namespace = metadata['langgraph_checkpoint_ns'] ?? metadata['checkpoint_ns'];
  if (typeof namespace === 'string') {
    const names = namespace.split('|').map((segment) => segment.split(':')[0] ?? '');
    const agent = names.findLast((name) => !isPlainNode(name));
    if (agent !== undefined) return agent;
  }
  const named = metadata['lc_agent_name'];
  if (typeof named === 'string' && named !== '') return named;
  const node = metadata['langgraph_node'];
  return typeof node === 'string' && !isPlainNode(node) ? node : '';
}

/** Session in the metadata that an application gave its run. */
export function sessionOfGraph(metadata: LiteralObject): string {
  for (const key of ['session_id', 'sessionId', 'thread_id', 'threadId', 'conversation_id', 'conversationId']) {
    const value = metadata[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  const inner = metadata['configurable'];
  return isObject(inner) ? sessionOfGraph(inner) : '';
}

/** `transfer_to_writer`, `transfer_to_Writer_1` (AG2), `handoff_to_Writer`, `handoff to Writer` → the agent; '' for other tools. */
export const transferTarget: (tool: string) => string = remembered((tool) => {
  const target = /^(?:transfer_to_|handoff_to_|handoff to |delegate_to_)(.+)$/i.exec(tool)?.[1] ?? '';
  return target.replace(/_\d+$/, '');
});
