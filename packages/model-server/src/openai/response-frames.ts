import type { Answer } from '../answer.ts';
import { event, type Frame } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { piecesOf } from '../pieces.ts';
import { outputItems, responseBody, responseHead, type OutputItem } from './response-body.ts';

interface StreamEvent extends JsonObject {
  readonly type: string;
}

/** The events of a streamed response: each item is announced, grows by deltas, and is sent whole when it is done. */
export function responseFrames(answer: Answer): readonly Frame[] {
  const items = outputItems(answer);
  const body = responseBody(answer, items);
  const events: readonly StreamEvent[] = [
    { type: 'response.created', response: responseHead(answer, 'in_progress') },
    { type: 'response.in_progress', response: responseHead(answer, 'in_progress') },
    ...items.flatMap((item, index) => itemEvents(item, index, answer.chunks)),
    { type: `response.${String(body['status'])}`, response: body },
  ];
  return events.map((data, index) => ({
    text: event({ ...data, sequence_number: index }, data.type),
    isChunk: data.type.endsWith('.delta'),
    hasUsage: index === events.length - 1 && answer.reportsUsage,
  }));
}

function itemEvents(item: OutputItem, outputIndex: number, chunks: number | undefined): readonly StreamEvent[] {
  const added = (empty: JsonObject): StreamEvent => ({
    type: 'response.output_item.added',
    output_index: outputIndex,
    item: { ...item, ...empty },
  });
  const done: StreamEvent = { type: 'response.output_item.done', output_index: outputIndex, item };
  const place = { item_id: item.id, output_index: outputIndex };
  switch (item.type) {
    case 'reasoning':
      return [added({ summary: [] }), ...summaryEvents(item.summary, place, chunks), done];
    case 'message':
      return [added({ status: 'in_progress', content: [] }), ...contentEvents(item.content, place, chunks), done];
    case 'function_call':
      return [
        added({ status: 'in_progress', arguments: '' }),
        ...piecesOf(item.arguments, chunks).map((delta) => ({
          type: 'response.function_call_arguments.delta',
          ...place,
          delta,
        })),
        { type: 'response.function_call_arguments.done', ...place, name: item.name, arguments: item.arguments },
        done,
      ];
  }
}

function summaryEvents(
  summary: readonly JsonObject[],
  place: JsonObject,
  chunks: number | undefined,
): readonly StreamEvent[] {
  return summary.flatMap((part, index) => {
    const text = String(part['text']);
    const at = { ...place, summary_index: index };
    return [
      { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
      ...piecesOf(text, chunks).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
      { type: 'response.reasoning_summary_text.done', ...at, text },
      { type: 'response.reasoning_summary_part.done', ...at, part },
    ];
  });
}

function contentEvents(
  content: readonly JsonObject[],
  place: JsonObject,
  chunks: number | undefined,
): readonly StreamEvent[] {
  return content.flatMap((part, index) => {
    const isRefusal = part['type'] === 'refusal';
    const field = isRefusal ? 'refusal' : 'text';
    const type = isRefusal ? 'response.refusal' : 'response.output_text';
    const whole = String(part[field]);
    const at = { ...place, content_index: index };
    const logprobs = isRefusal ? {} : { logprobs: [] };
    return [
      { type: 'response.content_part.added', ...at, part: { ...part, [field]: '' } },
      ...piecesOf(whole, chunks).map((delta) => ({ type: `${type}.delta`, ...at, delta, ...logprobs })),
      { type: `${type}.done`, ...at, [field]: whole, ...logprobs },
      { type: 'response.content_part.done', ...at, part },
    ];
  });
}
