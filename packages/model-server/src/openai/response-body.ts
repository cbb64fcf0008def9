import type { Answer } from '../answer.ts';
import { newId } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { FinishReason } from '../script/reply.ts';
import { responsesUsage } from './usage.ts';

/** An item of a response's output, whole. */
export type OutputItem =
  | { readonly id: string; readonly type: 'reasoning'; readonly summary: readonly JsonObject[] }
  | {
      readonly id: string;
      readonly type: 'message';
      readonly status: string;
      readonly role: 'assistant';
      readonly content: readonly JsonObject[];
    }
  | {
      readonly id: string;
      readonly type: 'function_call';
      readonly status: string;
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    };

/** What the answer consists of, in the order of the API: thoughts, message, calls. */
export function outputItems(answer: Answer): readonly OutputItem[] {
  const status = isIncomplete(answer) ? 'incomplete' : 'completed';
  const items: OutputItem[] = [];
  if (answer.reasoning !== '')
    items.push({
      id: newId('rs_', 50, 'hex'),
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: answer.reasoning }],
    });
  if (answer.text !== '' || answer.refusal !== undefined || answer.toolCalls.length === 0)
    items.push({
      id: newId('msg_', 50, 'hex'),
      type: 'message',
      status,
      role: 'assistant',
      content: [contentPart(answer)],
    });
  for (const call of answer.toolCalls)
    items.push({
      id: newId('fc_', 50, 'hex'),
      type: 'function_call',
      status: 'completed',
      call_id: call.id,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
    });
  return items;
}

/** The response object, finished. */
export function responseBody(answer: Answer, output: readonly OutputItem[]): JsonObject {
  const incomplete = isIncomplete(answer);
  const reason = answer.finishReason === FinishReason.length ? 'max_output_tokens' : 'content_filter';
  return {
    ...responseHead(answer, incomplete ? 'incomplete' : 'completed'),
    completed_at: incomplete ? null : seconds(answer),
    incomplete_details: incomplete ? { reason } : null,
    output,
    usage: answer.reportsUsage ? responsesUsage(answer) : null,
  };
}

/** The response object without anything generated: what a stream begins with. */
export function responseHead(answer: Answer, status: string): JsonObject {
  const { body } = answer.request;
  return {
    id: answer.id,
    object: 'response',
    created_at: seconds(answer),
    status,
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: null,
    model: answer.model,
    output: [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: body['previous_response_id'] ?? null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: body['reasoning'] ?? { effort: null, summary: null },
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: answer.serviceTier ?? 'default',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: body['text'] ?? { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_logprobs: 0,
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: null,
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
  };
}

function contentPart(answer: Answer): JsonObject {
  if (answer.refusal !== undefined) return { type: 'refusal', refusal: answer.refusal };
  return { type: 'output_text', annotations: [], logprobs: [], text: answer.text };
}

function isIncomplete({ finishReason }: Answer): boolean {
  return finishReason === FinishReason.length || finishReason === FinishReason.contentFilter;
}

function seconds({ createdAtMs }: Answer): number {
  return Math.floor(createdAtMs / 1000);
}
