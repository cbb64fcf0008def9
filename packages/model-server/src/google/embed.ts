import type { Answer } from '../answer.ts';
import type { CallTarget, Dialect } from '../dialect.ts';
import { vectorOf } from '../embedding-vector.ts';
import { requireModel } from '../failures.ts';
import { objectOf, objectsOf, type JsonObject } from '../json.ts';
import { Endpoint, type RequestContent } from '../script/request.ts';
import { googleGenerate } from './generate.ts';
import { partsText } from './read-contents.ts';
import { usageMetadata } from './usage.ts';

const DIMENSIONS = 3072;

/** `models/{model}:embedContent`. */
export const googleEmbed: Dialect = {
  ...googleGenerate,
  endpoint: Endpoint.googleEmbed,
  generates: false,
  read: (body, target) => readRequests([body], target),
  plain: (answer) => ({ embedding: embed(answer.request.body), ...usageOf(answer) }),
};

/** `models/{model}:batchEmbedContents`. */
export const googleEmbedBatch: Dialect = {
  ...googleEmbed,
  read: (body, target) => readRequests(objectsOf(body['requests']), target),
  plain: (answer) => ({ embeddings: objectsOf(answer.request.body['requests']).map(embed), ...usageOf(answer) }),
};

function readRequests(requests: readonly JsonObject[], target: CallTarget): RequestContent {
  return {
    model: requireModel(target.model),
    streamed: false,
    system: '',
    messages: requests.map(({ content }) => ({ role: 'user', text: partsText(objectOf(content)), toolCalls: [] })),
    tools: [],
  };
}

function usageOf(answer: Answer): JsonObject {
  return answer.reportsUsage ? { usageMetadata: usageMetadata(answer) } : {};
}

function embed(request: JsonObject): JsonObject {
  const size = Number(request['outputDimensionality'] ?? DIMENSIONS);
  return { values: vectorOf(partsText(objectOf(request['content'])), size) };
}
