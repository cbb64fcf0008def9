import { ScriptError } from './failures.ts';
import type { JsonObject } from './json.ts';
import { FinishReason, type Reply, type ReplyContent } from './script/reply.ts';
import type { ModelRequest, OfferedTool } from './script/request.ts';
import { sampleJson } from './script/sample-json.ts';
import { withoutTags } from './script/tags.ts';
import { completeUsage, countInputTokens, countTokens, type Usage } from './usage.ts';

/** A reply with everything filled in: what a dialect writes to the wire. */
export interface Answer {
  readonly id: string;
  readonly createdAtMs: number;
  readonly request: ModelRequest;
  /** The model that says it answered. */
  readonly model: string;
  readonly text: string;
  readonly reasoning: string;
  readonly refusal?: string | undefined;
  readonly toolCalls: readonly AnswerToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  /** Part of `usage.input` that Gemini reports apart. */
  readonly toolInput: number;
  /** False where the script wants an answer that says nothing of usage. */
  readonly reportsUsage: boolean;
  readonly serviceTier?: string | undefined;
  /** Whether Gemini asks to be called again for the rest. */
  readonly continues: boolean;
  /** How many pieces each text of a stream is cut into; undefined for one every four words. */
  readonly chunks?: number | undefined;
}

/** A tool call as an answer makes it. */
export interface AnswerToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonObject;
}

/** What a dialect knows and this module does not. */
export interface AnswerForm {
  readonly newAnswerId: () => string;
  readonly newToolCallId: () => string;
  /** False for embeddings and token counts, which have no text and no output. */
  readonly generates: boolean;
}

/** Fills in what a reply leaves open, from the request. @throws ScriptError where the reply contradicts it or itself. */
export function completeReply(request: ModelRequest, reply: Reply, form: AnswerForm): Answer {
  const content = form.generates ? withDemandedContent(request, reply) : {};
  const toolCalls = (content.toolCalls ?? []).map((call) => ({
    id: call.id ?? form.newToolCallId(),
    name: call.name,
    arguments: call.arguments ?? sampleArguments(request.tools, call.name),
  }));
  const text = content.json === undefined ? (content.text ?? '') : JSON.stringify(content.json);
  const answered = { text, reasoning: content.reasoning ?? '', refusal: content.refusal, toolCalls };
  const spec = reply.usage ?? {};
  return {
    ...answered,
    id: form.newAnswerId(),
    createdAtMs: Date.now(),
    request,
    model: reply.model ?? request.model,
    finishReason: reply.finishReason ?? (toolCalls.length > 0 ? FinishReason.toolCalls : FinishReason.stop),
    usage: completeUsage(spec, {
      input: countInputTokens(request),
      answer: form.generates ? countAnswerTokens(answered) : 0,
      reasoning: countTokens(answered.reasoning),
    }),
    toolInput: spec.toolInput ?? 0,
    reportsUsage: reply.usage !== null,
    serviceTier: reply.serviceTier,
    continues: reply.continues === true,
    chunks: reply.chunks,
  };
}

// An empty reply becomes what the request demands, so that parse helpers and forced tools work without a script.
function withDemandedContent(request: ModelRequest, reply: Reply): ReplyContent {
  if (reply.handoffTo !== undefined) {
    const handoff = { name: handoffTool(request.tools, reply.handoffTo) };
    return { ...reply, toolCalls: [...(reply.toolCalls ?? []), handoff] };
  }
  const given = [reply.text, reply.json, reply.refusal, reply.toolCalls].some((part) => part !== undefined);
  if (given) return reply;
  if (request.toolChoice !== undefined && request.toolChoice !== 'none')
    return { ...reply, toolCalls: [{ name: forcedToolName(request) }] };
  if (request.schema !== undefined) return { ...reply, json: sampleJson(request.schema) };
  return { ...reply, text: defaultText(request) };
}

function forcedToolName({ toolChoice, tools }: ModelRequest): string {
  if (typeof toolChoice === 'object') return toolChoice.name;
  const [first] = tools;
  if (first === undefined) throw new ScriptError('the request demands a tool call and offers no tool');
  return first.name;
}

function defaultText({ messages }: ModelRequest): string {
  const asked = withoutTags(messages.findLast(({ role }) => role !== 'assistant')?.text ?? '');
  return `Here is a scripted answer to: ${asked.slice(0, 200)}`;
}

// Samples: transfer_to_Critic (OpenAI Agents, LangGraph swarm), transfer_to_critic, transfer_back_to_supervisor (LangGraph supervisor).
function handoffTool(tools: readonly OfferedTool[], agent: string): string {
  const suffix = `to${lettersOf(agent)}`;
  const tool = tools.find(({ name }) => lettersOf(name).endsWith(suffix));
  if (tool !== undefined) return tool.name;
  const offered = tools.map(({ name }) => name).join(', ');
  throw new ScriptError(
    `no tool hands over to ${agent}: expected one like transfer_to_${agent}, offered: ${offered || 'none'}`,
  );
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function sampleArguments(tools: readonly OfferedTool[], name: string): JsonObject {
  const tool = tools.find((offered) => offered.name === name);
  const sample = tool === undefined ? {} : sampleJson(tool.parameters, name);
  return typeof sample === 'object' && sample !== null ? (sample as JsonObject) : {};
}

function countAnswerTokens({ text, refusal, toolCalls }: Pick<Answer, 'text' | 'refusal' | 'toolCalls'>): number {
  const calls = toolCalls.reduce((sum, call) => sum + countTokens(call.name + JSON.stringify(call.arguments)), 0);
  return Math.max(1, countTokens(text) + countTokens(refusal ?? '') + calls);
}
