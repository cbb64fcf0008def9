import type { Answer } from '../answer.ts';
import { event, type Dialect, type Frame } from '../dialect.ts';
import { requireList, requireModel } from '../failures.ts';
import { newId } from '../ids.ts';
import { objectOf, objectsOf, parseArguments, textOf, type JsonObject } from '../json.ts';
import { piecesOf } from '../pieces.ts';
import { Endpoint, type OfferedTool, type RequestContent, type RequestMessage } from '../script/request.ts';
import { contentText, toolChoiceOf, schemaOf, userOf } from './content.ts';
import { openaiError, openaiErrors } from './errors.ts';
import { chatUsage } from './usage.ts';

/** `POST /v1/chat/completions`. */
export const openaiChat: Dialect = {
  ...openaiErrors,
  endpoint: Endpoint.openaiChat,
  isBilled: true,
  generates: true,
  reportsUsage: true,
  newAnswerId: () => newId('chatcmpl-', 29),
  newToolCallId: () => newId('call_', 24),
  read,
  plain,
  frames,
  errorFrame: (failure) => ({ text: event({ error: openaiError(failure) }) }),
};

const SYSTEM_ROLES: ReadonlySet<unknown> = new Set(['system', 'developer']);

function read(body: JsonObject): RequestContent {
  const model = requireModel(body['model']);
  const messages = objectsOf(requireList(body['messages'], 'messages'));
  return {
    model,
    streamed: body['stream'] === true,
    system: messages
      .filter(({ role }) => SYSTEM_ROLES.has(role))
      .map(({ content }) => contentText(content))
      .join('\n\n'),
    messages: messages.filter(({ role }) => !SYSTEM_ROLES.has(role)).map(readMessage),
    tools: objectsOf(body['tools']).map(({ function: declared }) => readTool(objectOf(declared))),
    toolChoice: toolChoiceOf(body['tool_choice']),
    schema: schemaOf(objectOf(body['response_format'])),
    user: userOf(body),
    metadata: 'metadata' in body ? objectOf(body['metadata']) : undefined,
  };
}

function readMessage(message: JsonObject): RequestMessage {
  const { role } = message;
  return {
    role: role === 'assistant' ? 'assistant' : role === 'tool' || role === 'function' ? 'tool' : 'user',
    text: contentText(message['content']),
    toolCalls: objectsOf(message['tool_calls']).map((call) => {
      const called = objectOf(call['function']);
      return { name: textOf(called['name']) ?? '', arguments: parseArguments(called['arguments']) };
    }),
  };
}

function readTool(declared: JsonObject): OfferedTool {
  return {
    name: textOf(declared['name']) ?? '',
    description: textOf(declared['description']) ?? '',
    parameters: objectOf(declared['parameters']),
  };
}

function plain(answer: Answer): JsonObject {
  const { toolCalls } = answer;
  const message = {
    role: 'assistant',
    content: answer.text === '' ? null : answer.text,
    refusal: answer.refusal ?? null,
    annotations: [],
    ...(toolCalls.length === 0
      ? {}
      : { tool_calls: toolCalls.map((call) => toolCall(call, JSON.stringify(call.arguments))) }),
  };
  return {
    ...head(answer, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finishReason }],
    ...(answer.reportsUsage ? { usage: chatUsage(answer) } : {}),
  };
}

function frames(answer: Answer): readonly Frame[] {
  const includesUsage =
    objectOf(answer.request.body['stream_options'])['include_usage'] === true && answer.reportsUsage;
  // While usage is still to come every chunk says so, by a null.
  const chunk = (choices: readonly JsonObject[], usage: JsonObject | null = null): string =>
    event({ ...head(answer, 'chat.completion.chunk'), choices, ...(includesUsage ? { usage } : {}) });
  const delta = (change: JsonObject): Frame => ({
    text: chunk([{ index: 0, delta: change, logprobs: null, finish_reason: null }]),
    isChunk: true,
  });
  return [
    {
      ...delta({ role: 'assistant', content: answer.toolCalls.length > 0 ? null : '', refusal: null }),
      isChunk: false,
    },
    ...piecesOf(answer.text, answer.chunks).map((content) => delta({ content })),
    ...piecesOf(answer.refusal ?? '', answer.chunks).map((refusal) => delta({ refusal })),
    ...answer.toolCalls.flatMap((call, index) => [
      delta({ tool_calls: [{ index, ...toolCall(call, '') }] }),
      ...piecesOf(JSON.stringify(call.arguments), answer.chunks).map((piece) =>
        delta({ tool_calls: [{ index, function: { arguments: piece } }] }),
      ),
    ]),
    { text: chunk([{ index: 0, delta: {}, logprobs: null, finish_reason: answer.finishReason }]) },
    ...(includesUsage ? [{ text: chunk([], chatUsage(answer)), hasUsage: true }] : []),
    { text: event('[DONE]') },
  ];
}

function head(answer: Answer, object: string): JsonObject {
  return {
    id: answer.id,
    object,
    created: Math.floor(answer.createdAtMs / 1000),
    model: answer.model,
    service_tier: answer.serviceTier ?? 'default',
    system_fingerprint: null,
  };
}

function toolCall(call: Answer['toolCalls'][number], argumentsText: string): JsonObject {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: argumentsText } };
}
