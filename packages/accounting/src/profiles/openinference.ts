// OpenInference (Arize): spans with a kind. Only LLM, EMBEDDING, RERANKER and DECISION are calls; AGENT and CHAIN repeat or sum them.

import {
  ATTR_AG2_SENDER_NAME,
  ATTR_GRAPH_NODE_ID,
  ATTR_INPUT_VALUE,
  ATTR_LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_INPUT,
  ATTR_OPENINFERENCE_SPAN_KIND,
  ATTR_OUTPUT_VALUE,
} from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { findResponseId } from '../observe/ids.ts';
import { readCount } from '../observe/numbers.ts';
import { Grain, Role } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { namedRun } from '../observe/run-names.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { isSpeaker, selectsSpeakers, SPEAKER_SELECTION_PURPOSE } from './ag2-names.ts';
import { isAnthropicCall } from './anthropic-usage.ts';
import { distanceOfScope, libraryOfScope } from './client-scopes.ts';
import { agentOfKind } from './generic-role.ts';
import { readHaystackAgent } from './haystack-agent.ts';
import { transferTarget } from './langgraph.ts';
import { readMetadata } from './openinference-metadata.ts';

const CALL_ROLES: Readonly<Record<string, typeof Role.INFERENCE | typeof Role.EMBEDDING | typeof Role.RERANK>> = {
  LLM: Role.INFERENCE,
  DECISION: Role.INFERENCE,
  EMBEDDING: Role.EMBEDDING,
  RERANKER: Role.RERANK,
};

export const openInference: Profile = {
  name: 'openinference',
  title: 'OpenInference instrumentations (Arize Phoenix)',
  marks: [ATTR_OPENINFERENCE_SPAN_KIND],
  read(record, draft) {
    const kind = record.attributes.string(ATTR_OPENINFERENCE_SPAN_KIND)?.toUpperCase() ?? '';
    draft.operation = kind.toLowerCase();
    const graphAgent = readMetadata(record, draft);
    const role = CALL_ROLES[kind];
    if (role !== undefined && !preparesCall(record)) readModelCall(record, draft, role);
    else if (kind === 'AGENT') readAgent(record, draft);
    else if (kind === 'TOOL') readTool(record, draft);
    else if (!readHaystackAgent(record, draft)) readChain(record, draft, graphAgent);
  },
};

/** LlamaIndex shows its own preparation of a call, `OpenAI._prepare_chat_with_tools`, as a model call. */
function preparesCall(record: TelemetryRecord): boolean {
  return nameOf(record).includes('._prepare_');
}

function readModelCall(record: TelemetryRecord, draft: Draft, role: (typeof CALL_ROLES)[string]): void {
  const { value: cacheRead } = readCount(record.attributes.get(ATTR_LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_INPUT));
  // agno passes Anthropic's numbers on as they are.
  const isBeside = libraryOfScope(record.scope.name) === 'agno' && isAnthropicCall(draft);
  readCall(record, draft, {
    role,
    wireDistance: distanceOfScope(record.scope.name),
    cache: isBeside ? 'beside' : 'auto',
    more: { cacheRead },
  });
  draft.claim = readClaim(record, 'client_table');
  if (draft.responseId === '') draft.responseId = findResponseId(record.attributes.string(ATTR_OUTPUT_VALUE) ?? '');
}

/** `Planner.planner_0._execute_core` (CrewAI), `Writer.generate_reply` (AG2), `Critic.run` (smolagents), `invoke_agent Planner` → the agent. */
function readAgent(record: TelemetryRecord, draft: Draft): void {
  readSum(record, draft, { role: Role.AGENT, grain: Grain.SUM });
  const node = record.attributes.string(ATTR_GRAPH_NODE_ID) ?? '';
  const name = nameOf(record);
  // A random id is no name (agno): graph nodes that look like one are left out.
  if (draft.agent === '' && !/^[0-9a-f-]{16,}$/.test(node)) draft.agent = node;
  if (name.endsWith('.initiate_chat')) {
    // AG2: the chat that this agent began, not something it said.
    draft.role = Role.WORKFLOW;
    draft.endsAgent = true;
    draft.agent = '';
  } else if (draft.agent === '') {
    draft.agent = agentOfKind(name);
  }
  if (record.attributes.has(ATTR_AG2_SENDER_NAME)) draft.canBeTurn = isSpeaker(draft.agent);
  if (selectsSpeakers(draft.agent)) draft.purpose = SPEAKER_SELECTION_PURPOSE;
}

function readTool(record: TelemetryRecord, draft: Draft): void {
  draft.role = Role.TOOL;
  if (draft.tool === '') draft.tool = nameOf(record);
  draft.handoffTo = transferTarget(draft.tool);
}

/** Chains are plumbing, except the outermost, which is the run, and the node of a graph that is an agent. */
function readChain(record: TelemetryRecord, draft: Draft, graphAgent: string): void {
  const name = nameOf(record);
  if (draft.agent === '') draft.agent = agentOfWorkflow(record);
  if (graphAgent !== '' && name === graphAgent) {
    readSum(record, draft, { role: Role.AGENT, grain: Grain.SUM });
    return;
  }
  const isRoot = record.signal === 'span' && record.parentId === '';
  readSum(record, draft, { role: isRoot ? Role.WORKFLOW : Role.STEP, grain: Grain.SUM });
  // `article_crew.kickoff` (CrewAI) and graphs that were given a name call the workflow by it.
  if (isRoot && draft.workflow === '') draft.workflow = namedRun(name.replace(/\.kickoff$/, '')).slice(0, 100);
}

/** LlamaIndex says who acts only in what it gives to its steps: `AgentSetup(input=[…], current_agent_name='Writer')`. */
function agentOfWorkflow(record: TelemetryRecord): string {
  if (!LLAMA_INDEX.test(record.scope.name)) return '';
  const input = record.attributes.string(ATTR_INPUT_VALUE) ?? '';
  return /\bcurrent_agent_name["']?\s*[=:]\s*["']([^"']{1,200})["']/.exec(input.slice(0, SEARCHED_MAX))?.[1] ?? '';
}

const LLAMA_INDEX = /[.-]llama[_-]index$/;
/** Inputs hold whole chats (characters). */
const SEARCHED_MAX = 50_000;

function nameOf(record: TelemetryRecord): string {
  return record.signal === 'span' ? record.name : '';
}
