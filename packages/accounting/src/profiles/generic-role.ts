// What a record of an unknown dialect most likely is, by the words it uses for itself.

import { Role } from '../observe/observation.ts';
import { roleOfOperation } from '../observe/operations.ts';
import { wordsOf } from '../vocabulary/words.ts';

/** Words that name a model's work or a model. */
const CALL = new Set([
  'chat', 'completion', 'completions', 'generate', 'generates', 'generation', 'generations', 'generator', 'generative', 'llm', 'llms', 'infer',
  'inference', 'inferences', 'predict', 'prediction', 'converse', 'responses', 'chatcompletion', 'generatetext', 'streamtext', 'generatecontent',
  'gpt', 'claude', 'gemini', 'openai', 'anthropic', 'bedrock', 'mistral', 'ollama', 'vllm', 'groq', 'cohere', 'deepseek', 'llama', 'qwen',
]); // prettier-ignore

/** Words that a model's call often has in its name, and much else too. */
const MAYBE_CALL = new Set([
  'model', 'models', 'message', 'messages', 'response', 'respond', 'reply', 'answer', 'ask', 'prompt', 'complete', 'invoke', 'query',
]); // prettier-ignore

/** Words of what holds several calls, and the role that it then has. */
const SUM: ReadonlyMap<string, Role> = new Map<string, Role>([
  ...(['agent', 'agents', 'assistant', 'supervisor', 'subagent'] as const).map((word) => [word, Role.AGENT] as const),
  ...(['workflow', 'crew', 'graph', 'pipeline', 'team', 'swarm', 'orchestrator', 'orchestration', 'conversation', 'session', 'dialog'] as const).map(
    (word) => [word, Role.WORKFLOW] as const,
  ),
  ['chain', Role.STEP],
]); // prettier-ignore

/** As {@link SUM}, but also said of single calls (`llm_run`). */
const MAYBE_SUM = new Set([
  'run', 'runner', 'task', 'job', 'flow', 'step', 'round', 'turn', 'loop', 'iteration', 'invocation', 'kickoff', 'plan', 'planner', 'executor',
  'episode', 'trial', 'node', 'process', 'thread',
]); // prettier-ignore

const TOOL = new Set(['tool', 'function', 'plugin']);
/** Several tools make a step: `orchestrate_tools`, `schedule_tool_calls`, LangGraph's node `tools`. */
const TOOLS = new Set(['tools', 'calls']);
const EMBEDDING = new Set(['embed', 'embeds', 'embedding', 'embeddings', 'embedder', 'aembed']);
const RERANK = new Set(['rerank', 'reranks', 'reranker', 'reranking', 'arerank']);
/** What is none of these, whatever else is in its name (`ChatPromptBuilder`). */
const NEITHER = new Set([
  'retriever', 'retrieval', 'retrieve', 'guardrail', 'guardrails', 'memory', 'parser', 'splitter', 'evaluator', 'evaluation', 'eval', 'search',
  'tokenize', 'tokenizer', 'cache', 'select', 'insert', 'update', 'delete', 'get', 'post', 'put', 'connect', 'middleware', 'template', 'builder',
  'router', 'joiner', 'writer', 'converter', 'cleaner', 'loader', 'store', 'formatter', 'validator', 'selector', 'filter',
]); // prettier-ignore

/** Kinds whose words mislead: Spring AI's, TruLens'. */
const KINDS: ReadonlyMap<string, Role> = new Map<string, Role>([
  ['chat_client', Role.STEP],
  ['framework', Role.STEP],
  ['record_root', Role.WORKFLOW],
  ['nested_record_root', Role.STEP],
]);

/** What words say of a record. */
export interface Likeness {
  readonly role: Role;
  /** True where no other reading is likely. */
  readonly isSure: boolean;
}

/** Span names are few, unless they hold ids; past this many they are read each time. */
const REMEMBERED_MAX = 5000;
const REMEMBERED_LENGTH_MAX = 200;
const remembered = new Map<string, Likeness | undefined>();

/** Kind, operation and span name, each in the producer's words; the first that tells decides. */
export function likenessOf(kind: string, operation: string, name: string): Likeness | undefined {
  const key = `${kind}\n${operation}\n${name}`;
  if (remembered.has(key)) return remembered.get(key);
  const likeness = findLikeness(kind, operation, name);
  if (remembered.size < REMEMBERED_MAX && key.length <= REMEMBERED_LENGTH_MAX) remembered.set(key, likeness);
  return likeness;
}

function findLikeness(kind: string, operation: string, name: string): Likeness | undefined {
  for (const text of [kind, operation]) {
    const listed = roleOfOperation(text.replaceAll(/[ -]/g, '_')) ?? KINDS.get(text.toLowerCase());
    if (listed !== undefined) return { role: listed, isSure: true };
    const likeness = likenessOfWords(text);
    if (likeness !== undefined) return likeness;
  }
  // Conventions put the operation first in a span's name: `chat gpt-5`, `invoke_agent Planner`.
  const [first = ''] = name.split(' ', 1);
  const listed = first === name ? undefined : roleOfOperation(first);
  return listed === undefined ? likenessOfWords(name) : { role: listed, isSure: true };
}

function likenessOfWords(text: string): Likeness | undefined {
  if (text === '' || text.length > 200) return undefined;
  const words = wordsOf(text);
  const has = (set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));
  if (NEITHER.has(words.at(-1) ?? '')) return undefined;
  if (has(EMBEDDING)) return { role: Role.EMBEDDING, isSure: true };
  if (has(RERANK)) return { role: Role.RERANK, isSure: true };
  const call = words.findLastIndex((word) => CALL.has(word));
  const sum = words.findLastIndex((word) => SUM.has(word));
  if (call === -1 && has(TOOLS)) return { role: Role.STEP, isSure: true };
  if (call === -1 && has(TOOL)) return { role: Role.TOOL, isSure: true };
  if (has(NEITHER) && call === -1) return undefined;
  // Of `agent.llm_call` and `llm_agent` the last word is what the span is.
  if (call > sum) return { role: Role.INFERENCE, isSure: !has(MAYBE_SUM) };
  if (sum !== -1) return { role: SUM.get(words[sum] ?? '') ?? Role.STEP, isSure: true };
  if (has(MAYBE_CALL) && !has(MAYBE_SUM)) return { role: Role.INFERENCE, isSure: false };
  return has(MAYBE_SUM) ? { role: Role.STEP, isSure: false } : undefined;
}

/** Does a span say of itself that it only writes down what calls have spent? */
export function reportsUsage(text: string): boolean {
  return /\b(record|report|track|log|save|count|update)[ _.-](\w+[ _.-])?(usage|tokens?|cost)\b|(^|[ _.])(token[ _.-]?)?usage$/i.test(
    text,
  );
}

/**
 * The agent that a span is named after, '' when the name holds none.
 *
 * `invoke_agent Planner`, `agent:Planner`, `Planner.run` → 'Planner'; `ResearchAgent`, `support_agent` → as they are.
 */
export function agentInName(name: string): string {
  const after =
    /^(?:(?:invoke|run|execute|call)[ _.-])?(?:sub)?agents?(?:[ _.-](?:run|turn|step|call))?[ :./[]+(.+?)\]?$/i;
  const before = /^(.+?)\.(?:run|invoke|execute|arun|ainvoke|generate_reply|kickoff)$/;
  const found = after.exec(name)?.[1] ?? before.exec(name)?.[1] ?? (/[a-z0-9_. -]agent$/i.test(name) ? name : '');
  return GENERIC_AGENT.test(found) ? '' : found.slice(0, AGENT_NAME_MAX);
}

/**
 * The agent that a span is named after whose kind says that it is one: `Planner`. Names of what a framework does in an agent's
 * name are none.
 */
export function agentOfKind(name: string): string {
  const found = agentInName(name);
  const called = found !== '' || /[.:/(]/.test(name) ? found : name.slice(0, AGENT_NAME_MAX);
  const last = wordsOf(called).at(-1) ?? '';
  return NAMES_WORK.has(last) || GENERIC_AGENT.test(called) ? '' : called;
}

/** Last words of names that say what is done and not who does it: `AgentExecutor`, `agent_loop`. */
const NAMES_WORK = new Set([
  'executor', 'runner', 'loop', 'run', 'runs', 'step', 'turn', 'task', 'workflow', 'chain', 'graph', 'trace', 'span', 'session',
  'conversation', 'chat', 'invoke', 'ainvoke', 'call', 'execute', 'execution', 'stream', 'generate', 'reply', 'kickoff', 'query', 'request', 'message',
  'completion', 'main', 'handler', 'root', 'start', 'process', 'forward', 'predict',
]); // prettier-ignore

/** Names of what an agent does, not of an agent. */
const GENERIC_AGENT =
  /^(?:(?:the|an|my|run|invoke|create|execute|call)[ _.-]?)?agent$|^(?:run|execute|invoke|start|loop|turn|step|call)$/i;
const AGENT_NAME_MAX = 100;

/** The workflow that a span is named after: `workflow article`, `article_crew.kickoff` → 'article', 'article_crew'. */
export function workflowInName(name: string): string {
  const found =
    /^(?:(?:invoke|run|execute)[ _.-])?(?:workflow|crew|graph|pipeline|team|swarm)[ :./[]+(.+?)\]?$/i.exec(name)?.[1] ??
    /^(.+?)\.(?:kickoff|workflow)$/i.exec(name)?.[1] ??
    '';
  return found.slice(0, AGENT_NAME_MAX);
}
