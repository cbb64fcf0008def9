import type { Answer } from '../answer.ts';
import { event, type Frame } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { piecesOf } from '../pieces.ts';
import { deltaUsage, messageUsage } from './usage.ts';

/** The events of a streamed message: `message_start` has the usage of the prompt, `message_delta` that of the answer. */
export function messageFrames(
  answer: Answer,
  head: JsonObject,
  blocks: readonly JsonObject[],
  stopReason: string,
): readonly Frame[] {
  // The first event says one token of output, as the real one does, and the last the whole.
  const usage = answer.reportsUsage ? { usage: messageUsage(answer, Math.min(1, answer.usage.output)) } : {};
  const end = { stop_reason: stopReason, stop_sequence: null, stop_details: null, container: null };
  return [
    frame({ type: 'message_start', message: { ...head, ...usage } }),
    ...blocks.flatMap((block, index) => [
      ...blockFrames(block, index, answer.chunks),
      ...(index === 0 ? [frame({ type: 'ping' })] : []),
    ]),
    {
      ...frame({ type: 'message_delta', delta: end, ...(answer.reportsUsage ? { usage: deltaUsage(answer) } : {}) }),
      hasUsage: answer.reportsUsage,
    },
    frame({ type: 'message_stop' }),
  ];
}

function blockFrames(block: JsonObject, index: number, chunks: number | undefined): readonly Frame[] {
  const delta = (change: JsonObject): Frame => ({
    ...frame({ type: 'content_block_delta', index, delta: change }),
    isChunk: true,
  });
  const start = (empty: JsonObject): Frame =>
    frame({ type: 'content_block_start', index, content_block: { ...block, ...empty } });
  const stop = frame({ type: 'content_block_stop', index });
  switch (block['type']) {
    case 'thinking': {
      const pieces = piecesOf(String(block['thinking']), chunks);
      const deltas = pieces.map((thinking) => delta({ type: 'thinking_delta', thinking }));
      const signature = frame({
        type: 'content_block_delta',
        index,
        delta: { type: 'signature_delta', signature: block['signature'] },
      });
      return [start({ thinking: '', signature: '' }), ...deltas, signature, stop];
    }
    case 'tool_use': {
      const pieces = piecesOf(JSON.stringify(block['input']), chunks);
      // The API opens with an empty piece.
      const deltas = ['', ...pieces].map((piece) => delta({ type: 'input_json_delta', partial_json: piece }));
      return [start({ input: {} }), ...deltas, stop];
    }
    default: {
      const pieces = piecesOf(String(block['text']), chunks);
      return [start({ text: '' }), ...pieces.map((text) => delta({ type: 'text_delta', text })), stop];
    }
  }
}

function frame(data: JsonObject): Frame {
  return { text: event(data, String(data['type'])) };
}
