import type { Answer } from '../answer.ts';
import { event, type Dialect } from '../dialect.ts';
import { requireList, requireModel, RequestError } from '../failures.ts';
import { newId } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { FinishReason } from '../script/reply.ts';
import { Endpoint, type RequestContent } from '../script/request.ts';
import { anthropicError, anthropicErrors } from './errors.ts';
import { messageFrames } from './message-frames.ts';
import { readMessages } from './read-messages.ts';
import { messageUsage } from './usage.ts';

/** `POST /v1/messages`. */
export const anthropicMessages: Dialect = {
  ...anthropicErrors,
  endpoint: Endpoint.anthropicMessages,
  isBilled: true,
  generates: true,
  reportsUsage: true,
  newAnswerId: () => newId('msg_01', 22),
  newToolCallId: () => newId('toolu_01', 22),
  read,
  plain: (answer) => ({
    ...messageHead(answer),
    content: contentBlocks(answer),
    stop_reason: stopReason(answer),
    ...(answer.reportsUsage ? { usage: messageUsage(answer, answer.usage.output) } : {}),
  }),
  frames: (answer) => messageFrames(answer, messageHead(answer), contentBlocks(answer), stopReason(answer)),
  errorFrame: (failure, requestId) => ({
    text: event(anthropicError({ ...failure, status: 529 }, requestId), 'error'),
  }),
};

/** `POST /v1/messages/count_tokens`, which costs nothing. */
export const anthropicCountTokens: Dialect = {
  ...anthropicMessages,
  endpoint: Endpoint.anthropicCountTokens,
  isBilled: false,
  generates: false,
  read: (body) => readMessages(body, requireModel(body['model'])),
  plain: (answer) => ({ input_tokens: answer.usage.input }),
};

function read(body: JsonObject): RequestContent {
  const model = requireModel(body['model']);
  requireList(body['messages'], 'messages');
  if (typeof body['max_tokens'] !== 'number')
    throw new RequestError({ status: 400, message: 'max_tokens: Field required', param: 'max_tokens' });
  return readMessages(body, model);
}

function messageHead(answer: Answer): JsonObject {
  return {
    id: answer.id,
    type: 'message',
    role: 'assistant',
    model: answer.model,
    content: [],
    container: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
  };
}

function contentBlocks(answer: Answer): readonly JsonObject[] {
  const text = answer.refusal ?? answer.text;
  const blocks: JsonObject[] = [];
  if (answer.reasoning !== '') blocks.push({ type: 'thinking', thinking: answer.reasoning, signature: newId('', 64) });
  if (text !== '') blocks.push({ type: 'text', text, citations: null });
  for (const call of answer.toolCalls)
    blocks.push({ type: 'tool_use', id: call.id, name: call.name, input: call.arguments, caller: { type: 'direct' } });
  return blocks;
}

function stopReason(answer: Answer): string {
  if (answer.refusal !== undefined) return 'refusal';
  switch (answer.finishReason) {
    case FinishReason.stop:
      return 'end_turn';
    case FinishReason.length:
      return 'max_tokens';
    case FinishReason.toolCalls:
      return 'tool_use';
    case FinishReason.contentFilter:
      return 'refusal';
  }
}
