// LangSmith's OpenTelemetry mode: runs of LangChain and LangGraph. `llm` runs are calls; details of their usage are JSON in metadata.

import {
  ATTR_GEN_AI_COMPLETION,
  ATTR_GEN_AI_USAGE_INPUT_TOKEN_DETAILS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKEN_DETAILS,
  ATTR_LANGSMITH_METADATA_LANGGRAPH_CHECKPOINT_NS,
  ATTR_LANGSMITH_METADATA_LANGGRAPH_NODE,
  ATTR_LANGSMITH_METADATA_LC_AGENT_NAME,
  ATTR_LANGSMITH_METADATA_USAGE_METADATA,
  ATTR_LANGSMITH_SPAN_KIND,
  ATTR_LANGSMITH_TRACE_NAME,
  ATTR_LANGSMITH_USAGE_METADATA,
  SCOPE_LANGSMITH,
} from '@turnmeter/semconv';
import { readCall } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { findResponseId } from '../observe/ids.ts';
import { type LiteralObject, parseObject } from '../observe/literal.ts';
import { Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { RawUsage } from '../observe/usage.ts';
import { namedRun } from '../observe/run-names.ts';
import { readUsageObject } from '../observe/usage-shapes.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { agentOfGraph, transferTarget } from './langgraph.ts';

export const langSmith: Profile = {
  name: 'langsmith',
  title: 'LangSmith (OpenTelemetry mode)',
  marks: [ATTR_LANGSMITH_SPAN_KIND],
  scopes: [SCOPE_LANGSMITH],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const kind = record.attributes.string(ATTR_LANGSMITH_SPAN_KIND) ?? draft.operation;
    const agent = readGraph(record, draft);
    if (draft.provider === 'langchain') draft.provider = '';
    // The operation says `chat` of prompts and `embeddings` of retrievers: the kind decides.
    if (kind === 'llm' || kind === 'chat') readModelCall(record, draft, Role.INFERENCE);
    else if (kind === 'embedding') readModelCall(record, draft, Role.EMBEDDING);
    else if (kind === 'tool' || kind === 'execute_tool') readTool(record, draft);
    else readChain(record, draft, agent);
  },
};

function readModelCall(
  record: TelemetryRecord,
  draft: Draft,
  role: typeof Role.INFERENCE | typeof Role.EMBEDDING,
): void {
  readCall(record, draft, { role, wireDistance: WireDistance.FRAMEWORK, cache: 'inside', more: usageIn(record) });
  if (draft.responseId === '')
    draft.responseId = findResponseId(record.attributes.string(ATTR_GEN_AI_COMPLETION) ?? '');
}

/** LangChain's `usage_metadata` as JSON, or its details as Python's `repr`. */
function usageIn({ attributes }: TelemetryRecord): RawUsage {
  const object =
    parseObject(attributes.string(ATTR_LANGSMITH_METADATA_USAGE_METADATA)) ??
    parseObject(attributes.string(ATTR_LANGSMITH_USAGE_METADATA));
  if (object !== undefined) return readUsageObject(object)?.raw ?? {};
  const input = parseObject(attributes.string(ATTR_GEN_AI_USAGE_INPUT_TOKEN_DETAILS)) ?? null;
  const output = parseObject(attributes.string(ATTR_GEN_AI_USAGE_OUTPUT_TOKEN_DETAILS)) ?? null;
  const details: LiteralObject = { input_tokens: 0, input_token_details: input, output_token_details: output };
  const { input: _none, ...parts } = readUsageObject(details)?.raw ?? {};
  return parts;
}

function readGraph({ attributes }: TelemetryRecord, draft: Draft): string {
  const agent = agentOfGraph({
    langgraph_checkpoint_ns: attributes.string(ATTR_LANGSMITH_METADATA_LANGGRAPH_CHECKPOINT_NS) ?? null,
    lc_agent_name: attributes.string(ATTR_LANGSMITH_METADATA_LC_AGENT_NAME) ?? null,
    langgraph_node: attributes.string(ATTR_LANGSMITH_METADATA_LANGGRAPH_NODE) ?? null,
  });
  if (draft.agent === '') draft.agent = agent;
  return agent;
}

function nameOf(record: TelemetryRecord): string {
  return record.attributes.string(ATTR_LANGSMITH_TRACE_NAME) ?? (record.signal === 'span' ? record.name : '');
}

function readTool(record: TelemetryRecord, draft: Draft): void {
  draft.role = Role.TOOL;
  if (draft.tool === '') draft.tool = nameOf(record);
  draft.handoffTo = transferTarget(draft.tool);
}

/** Chains repeat what their last message used; the node of a graph that is an agent is the agent's go, the root the run. */
function readChain(record: TelemetryRecord, draft: Draft, agent: string): void {
  const name = nameOf(record);
  const isRoot = record.signal === 'span' && record.parentId === '';
  draft.role = agent !== '' && name === agent ? Role.AGENT : isRoot ? Role.WORKFLOW : Role.STEP;
  if (isRoot && draft.workflow === '') draft.workflow = namedRun(name).slice(0, 100);
}
