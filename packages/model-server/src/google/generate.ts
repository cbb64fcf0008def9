import type { Answer } from '../answer.ts';
import { event, type Dialect, type Frame } from '../dialect.ts';
import { requireList } from '../failures.ts';
import { newId } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { piecesOf } from '../pieces.ts';
import { FinishReason } from '../script/reply.ts';
import { Endpoint } from '../script/request.ts';
import { googleErrors } from './errors.ts';
import { readContents } from './read-contents.ts';
import { usageMetadata } from './usage.ts';

/** `models/{model}:generateContent` and `:streamGenerateContent`. */
export const googleGenerate: Dialect = {
  ...googleErrors,
  endpoint: Endpoint.googleGenerate,
  isBilled: true,
  generates: true,
  reportsUsage: true,
  newAnswerId: () => newId('', 23),
  newToolCallId: () => newId('', 8),
  read: (body, target) => {
    requireList(body['contents'], 'contents');
    return readContents(body, target);
  },
  plain: (answer) => response(answer, contentParts(answer), { finishReason: finishReason(answer) }),
  frames,
  errorFrame: (failure, requestId) => ({ text: event(googleErrors.errorBody(failure, requestId)) }),
};

/** `models/{model}:countTokens`, which costs nothing. */
export const googleCountTokens: Dialect = {
  ...googleGenerate,
  endpoint: Endpoint.googleCountTokens,
  isBilled: false,
  generates: false,
  read: readContents,
  plain: ({ usage }) => ({
    totalTokens: usage.input,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.input }],
  }),
};

function frames(answer: Answer): readonly Frame[] {
  const parts = contentParts(answer).flatMap((part) => splitPart(part, answer.chunks));
  // An answer of nothing has one chunk all the same.
  const chunks: readonly (readonly JsonObject[])[] =
    parts.length === 0 ? [[{ text: '' }]] : parts.map((part) => [part]);
  return chunks.map((chunk, index) => {
    const isLast = index === chunks.length - 1;
    const body = response(answer, chunk, {
      finishReason: isLast ? finishReason(answer) : undefined,
      share: (index + 1) / chunks.length,
    });
    return { text: event(body), isChunk: true, hasUsage: isLast && answer.reportsUsage };
  });
}

// Function calls are never split; texts are, and each piece of a thought is marked as one.
function splitPart(part: JsonObject, chunks: number | undefined): readonly JsonObject[] {
  const { text } = part;
  if (typeof text !== 'string') return [part];
  return piecesOf(text, chunks).map((piece) => ({ ...part, text: piece }));
}

function contentParts(answer: Answer): readonly JsonObject[] {
  const text = answer.refusal ?? answer.text;
  return [
    ...(answer.reasoning === '' ? [] : [{ text: answer.reasoning, thought: true }]),
    ...(text === '' ? [] : [{ text }]),
    ...answer.toolCalls.map((call) => ({ functionCall: { id: call.id, name: call.name, args: call.arguments } })),
  ];
}

function response(
  answer: Answer,
  parts: readonly JsonObject[],
  end: { readonly finishReason: string | undefined; readonly share?: number },
): JsonObject {
  return {
    candidates: [
      {
        content: { parts, role: 'model' },
        ...(end.finishReason === undefined ? {} : { finishReason: end.finishReason }),
        ...(end.finishReason === CONTINUATION ? { continuationToken: answer.id } : {}),
        index: 0,
      },
    ],
    ...(answer.reportsUsage ? { usageMetadata: usageMetadata(answer, end.share) } : {}),
    modelVersion: answer.model,
    responseId: answer.id,
  };
}

// What a long answer ends with when another call has to fetch the rest.
const CONTINUATION = 'CONTINUATION';

function finishReason(answer: Answer): string {
  if (answer.continues) return CONTINUATION;
  switch (answer.finishReason) {
    case FinishReason.stop:
    // Gemini has no reason of its own for calls.
    case FinishReason.toolCalls:
      return 'STOP';
    case FinishReason.length:
      return 'MAX_TOKENS';
    case FinishReason.contentFilter:
      return 'SAFETY';
  }
}
