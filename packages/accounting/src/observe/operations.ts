// What the names of operations mean, in the conventions and in the wild. An operation alone does not make a call count: the profile decides.

import { Role } from './observation.ts';

const OPERATIONS: readonly (readonly [Role, readonly string[]])[] = [
  [
    Role.INFERENCE,
    [
      'chat', 'text_completion', 'text_completions', 'generate_content', 'completion', 'completions', 'chat_completion', 'chat.completions', 'responses', 'response',
      'messages', 'message', 'generate', 'inference', 'llm', 'converse', 'invoke_model',
      // LiteLLM's names of its entry points (python-producers.md §8.1).
      'acompletion', 'aresponses', 'atext_completion', 'anthropic_messages', 'agenerate_content', 'generate_content_stream',
      // rig.
      'chat_streaming', 'interactions', 'interactions_streaming',
      // Media that is paid for by tokens too.
      'image_generation', 'transcription', 'atranscription', 'speech', 'aspeech', 'aimage_generation',
    ],
  ],
  [Role.EMBEDDING, ['embeddings', 'embedding', 'aembedding', 'embed', 'embed_content', 'batch_embed_contents']],
  [Role.RERANK, ['rerank', 'arerank', 'reranker']],
  [Role.AGENT, ['invoke_agent', 'agent', 'agent_run', 'run_agent']],
  [Role.WORKFLOW, ['invoke_workflow', 'workflow', 'invoke_swarm', 'invoke_graph', 'kickoff', 'conversation', 'initiate_chats', 'crew']],
  [
    Role.STEP,
    [
      'agent_step', 'execute_task', 'execute_node', 'execute_event_loop_cycle', 'execute_agent_loop_cycle', 'task', 'chain', 'plan', 'create_agent',
      // Reads an answer again that was counted when it was made (semantic conventions: "SHOULD NOT report token usage").
      'fetch_response', 'retrieval', 'search_memory', 'create_memory', 'update_memory', 'upsert_memory', 'delete_memory',
      'create_memory_store', 'delete_memory_store', 'guardrail', 'evaluation', 'count_tokens', 'orchestrate_tools',
    ],
  ],
  [Role.TOOL, ['execute_tool', 'tool', 'execute_function', 'code_execution', 'function']],
  [Role.HUMAN_INPUT, ['await_human_input', 'human_input']],
  [Role.HANDOFF, ['handoff', 'transfer']],
  [Role.SPEAKER_SELECTION, ['speaker_selection', 'select_speaker']],
]; // prettier-ignore

const ROLES: ReadonlyMap<string, Role> = new Map(
  OPERATIONS.flatMap(([role, names]) => names.map((name) => [name, role])),
);

/** Role that an operation's name stands for, or undefined for names nobody listed. */
export function roleOfOperation(operation: string): Role | undefined {
  return ROLES.get(operation) ?? ROLES.get(operation.toLowerCase());
}

/** Is it one model call of any kind? */
export function isCallRole(role: Role): boolean {
  return role === Role.INFERENCE || role === Role.EMBEDDING || role === Role.RERANK;
}
