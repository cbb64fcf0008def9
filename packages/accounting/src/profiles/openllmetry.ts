// OpenLLMetry (Traceloop), Python and JavaScript: model clients and frameworks under one vocabulary. Workflow, agent and task spans carry
// no tokens.

import {
  ATTR_GEN_AI_HANDOFF_TO_AGENT,
  ATTR_GEN_AI_IS_STREAMING,
  ATTR_LLM_IS_STREAMING,
  ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LANGGRAPH_CHECKPOINT_NS,
  ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LANGGRAPH_NODE,
  ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LC_AGENT_NAME,
  ATTR_TRACELOOP_ENTITY_NAME,
  ATTR_TRACELOOP_SPAN_KIND,
  ATTR_TRACELOOP_WORKFLOW_NAME,
  SCOPE_PREFIX_OPENTELEMETRY_INSTRUMENTATION,
  SCOPE_PREFIX_TRACELOOP,
  TraceloopSpanKind,
} from '@turnmeter/semconv';
import { readCall, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { CacheBucket } from '../observe/usage.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { isAnthropicCall } from './anthropic-usage.ts';
import { distanceOfScope, libraryOfScope } from './client-scopes.ts';
import { agentOfGraph, isPlainNode, transferTarget } from './langgraph.ts';

/** Scopes of others under the same prefix: OpenTelemetry's own packages, AG2. */
const FOREIGN_SCOPE = /^opentelemetry\.instrumentation\.(genai\.|google_genai|openai_v2|ag2)/;

export const openLlmetry: Profile = {
  name: 'openllmetry',
  title: 'OpenLLMetry and Traceloop SDK (Python and JavaScript)',
  marks: [ATTR_TRACELOOP_SPAN_KIND],
  scopes: [`${SCOPE_PREFIX_TRACELOOP}*`, `${SCOPE_PREFIX_OPENTELEMETRY_INSTRUMENTATION}*`],
  claims: (record) =>
    record.signal === 'span' &&
    !FOREIGN_SCOPE.test(record.scope.name) &&
    (record.attributes.has(ATTR_TRACELOOP_SPAN_KIND) || roleOfOperation(operationOf(record)) !== undefined),
  read(record, draft) {
    const role = roleOfOperation(draft.operation);
    const entity = record.attributes.string(ATTR_TRACELOOP_ENTITY_NAME) ?? '';
    const node = readGraph(record, draft);
    if (role !== undefined && isCallRole(role)) readModelCall(record, draft);
    else if (role === Role.HANDOFF) readHandoff(record, draft);
    else if (role === Role.TOOL) readTool(draft, entity);
    else readEntity(record, draft, { role, entity, node });
  },
};

/** JavaScript streams of chat completions are counted with a tokenizer, and nothing on the span tells them from the others. */
const TOKENIZING_SCOPE = `${SCOPE_PREFIX_TRACELOOP}instrumentation-openai`;

function readModelCall(record: TelemetryRecord, draft: Draft): void {
  const library = libraryOfScope(record.scope.name);
  const isJavaScript = record.scope.name.startsWith(SCOPE_PREFIX_TRACELOOP);
  const mayBeTokenized = record.scope.name === TOKENIZING_SCOPE && !draft.responseId.startsWith('resp_');
  // What the first event of a stream says is added to the total that the last one gives. Streams of the SDK's helper look like no
  // stream, so that anybody else's numbers are better than these.
  const addsUp = library === 'anthropic' && !isJavaScript;
  const isOverCounted = addsUp && isStreaming(record);
  readCall(record, draft, {
    wireDistance: addsUp ? WireDistance.FRAMEWORK : distanceOfScope(record.scope.name),
    cache: cacheBucketOf(draft, { isJavaScript, library }),
    isEstimated: mayBeTokenized || isOverCounted,
  });
  if (draft.usage === undefined) return;
  if (mayBeTokenized) draft.notes.push('tokens_may_be_estimated_by_producer');
  if (isOverCounted) draft.notes.push('stream_output_over_counted');
  else if (addsUp) draft.notes.push('stream_output_may_be_over_counted');
}

/** Python brings Anthropic's numbers into inclusive form, since 2024; JavaScript passes them on, in the total too. */
function cacheBucketOf(draft: Draft, by: { isJavaScript: boolean; library: string }): CacheBucket {
  if (by.library === 'langchain' || !isAnthropicCall(draft)) return 'inside';
  return by.isJavaScript ? 'beside' : 'auto';
}

function isStreaming(record: TelemetryRecord): boolean {
  const value = record.attributes.get(ATTR_GEN_AI_IS_STREAMING) ?? record.attributes.get(ATTR_LLM_IS_STREAMING);
  return value === true || value === 'true' || value === 'True';
}

function operationOf({ attributes }: TelemetryRecord): string {
  return attributes.text(Field.OPERATION) ?? '';
}

/** LangGraph's metadata arrive as association properties. Returns the agent that the graph names. */
function readGraph(record: TelemetryRecord, draft: Draft): string {
  const { attributes } = record;
  const agent = agentOfGraph({
    langgraph_checkpoint_ns: attributes.string(ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LANGGRAPH_CHECKPOINT_NS) ?? null,
    lc_agent_name: attributes.string(ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LC_AGENT_NAME) ?? null,
    langgraph_node: attributes.string(ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LANGGRAPH_NODE) ?? null,
  });
  if (draft.agent === '') draft.agent = agent;
  return agent;
}

/** `X → unknown.handoff`: the target is often not known. */
function readHandoff(record: TelemetryRecord, draft: Draft): void {
  draft.role = Role.HANDOFF;
  const target = record.attributes.string(ATTR_GEN_AI_HANDOFF_TO_AGENT) ?? '';
  draft.handoffTo = target === 'unknown' ? '' : target;
}

function readTool(draft: Draft, entity: string): void {
  draft.role = Role.TOOL;
  if (draft.tool === '') draft.tool = entity;
  draft.handoffTo = transferTarget(draft.tool);
}

interface Entity {
  readonly role: Role | undefined;
  readonly entity: string;
  readonly node: string;
}

function readEntity(record: TelemetryRecord, draft: Draft, { role, entity, node }: Entity): void {
  switch (record.attributes.string(ATTR_TRACELOOP_SPAN_KIND)) {
    case TraceloopSpanKind.AGENT:
      readSum(record, draft, { role: Role.AGENT, grain: Grain.SUM });
      if (draft.agent === '') draft.agent = entity;
      return;
    case TraceloopSpanKind.TOOL:
      readTool(draft, entity);
      return;
    case TraceloopSpanKind.WORKFLOW:
    case TraceloopSpanKind.SESSION: {
      const name = entity !== '' ? entity : (record.attributes.string(ATTR_TRACELOOP_WORKFLOW_NAME) ?? '');
      // Every runnable of LangChain calls itself a workflow when it has lost its parent.
      readSum(record, draft, { role: isRunnable(name) ? Role.STEP : Role.WORKFLOW, grain: Grain.SUM });
      return;
    }
    default:
      // The node of a graph that is an agent: its task is the agent's go.
      if (node !== '' && node === entity) draft.role = Role.AGENT;
      else if (role === Role.AGENT || role === Role.WORKFLOW) readSum(record, draft, { role, grain: Grain.SUM });
      else draft.role = role ?? Role.STEP;
  }
}

/** `RunnableSequence`, `ChannelWrite`, `tools`: a part of a run. `LangGraph` and `AgentExecutor` are whole ones. */
function isRunnable(name: string): boolean {
  return name !== '' && isPlainNode(name) && !/Graph|Executor/.test(name);
}
