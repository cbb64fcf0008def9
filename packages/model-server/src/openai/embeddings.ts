import type { Answer } from '../answer.ts';
import type { Dialect } from '../dialect.ts';
import { vectorOf } from '../embedding-vector.ts';
import { requireModel, RequestError } from '../failures.ts';
import { newId } from '../ids.ts';
import { textOf, type JsonObject } from '../json.ts';
import { Endpoint, type RequestContent } from '../script/request.ts';
import { userOf } from './content.ts';
import { openaiErrors } from './errors.ts';

/** `POST /v1/embeddings`. */
export const openaiEmbeddings: Dialect = {
  ...openaiErrors,
  endpoint: Endpoint.openaiEmbeddings,
  isBilled: true,
  generates: false,
  reportsUsage: true,
  newAnswerId: () => newId('embd-', 24),
  newToolCallId: () => newId('call_', 24),
  read,
  plain,
  frames: () => [],
  errorFrame: () => ({ text: '' }),
};

const DIMENSIONS = 1536;

function read(body: JsonObject): RequestContent {
  const model = requireModel(body['model']);
  return {
    model,
    streamed: false,
    system: '',
    messages: inputsOf(body['input']).map((text) => ({ role: 'user', text, toolCalls: [] })),
    tools: [],
    user: userOf(body),
  };
}

// A text, token numbers, or a list of either.
function inputsOf(input: unknown): readonly string[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input))
    throw new RequestError({ status: 400, message: "Missing required parameter: 'input'.", param: 'input' });
  const list = input as readonly unknown[];
  if (typeof list[0] === 'number') return [list.join(' ')];
  return list.map((item) => textOf(item) ?? JSON.stringify(item));
}

function plain(answer: Answer): JsonObject {
  const { body, messages } = answer.request;
  const isBase64 = body['encoding_format'] === 'base64';
  const size = Number(body['dimensions'] ?? DIMENSIONS);
  const data = messages.map(({ text }, index) => {
    const vector = vectorOf(text, size);
    return { object: 'embedding', index, embedding: isBase64 ? base64(vector) : vector };
  });
  const usage = { prompt_tokens: answer.usage.input, total_tokens: answer.usage.input };
  return { object: 'list', data, model: answer.model, ...(answer.reportsUsage ? { usage } : {}) };
}

function base64(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64');
}
