import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { readToEnd, until } from '../attached.ts';
import { attachToOpenAi, QUESTION, VERSIONS } from './clients.ts';

const attached = attachToOpenAi();
const ASK = { model: 'gpt-5-mini', messages: QUESTION } as const;
const STREAMED = { ...ASK, stream: true, stream_options: { include_usage: true } } as const;

describe.each(VERSIONS)('a raw response of %s', (_, Client) => {
  const client = (): OpenAI => new Client({ apiKey: 'none', baseURL: attached.server.openaiUrl, maxRetries: 0 });

  function expectLedger(): void {
    const { usage, responseId } = attached.onlyEntry();
    expect(attached.onlyCall().attributes).toMatchObject({
      'gen_ai.response.id': responseId,
      'gen_ai.usage.input_tokens': usage.input,
      'gen_ai.usage.output_tokens': usage.output,
      'turnmeter.usage.source': 'provider',
    });
  }

  it.each([
    ['json()', (response: Response) => response.json()],
    ['text()', (response: Response) => response.text()],
    ['arrayBuffer()', (response: Response) => response.arrayBuffer()],
    ['bytes()', (response: Response) => response.bytes()],
    ['its body', (response: Response) => readToEnd(bodyOf(response))],
  ])('is counted where the app reads it by %s', async (_how, read) => {
    const response = await client().chat.completions.create(ASK).asResponse();
    expect(response).toBeInstanceOf(Response);
    expect(attached.recording.spans()).toEqual([]);
    await read(response);
    expectLedger();
  });

  it.each<[string, (response: Response) => Promise<string>]>([
    ['text()', (response) => response.text()],
    ['a loop over its body', async (response) => Buffer.concat(await readToEnd(bodyOf(response))).toString()],
    ['a pipe', (response) => new Response(bodyOf(response).pipeThrough(new TransformStream())).text()],
    ['another response', (response) => new Response(bodyOf(response)).text()],
    ['one side of tee()', (response) => new Response(bodyOf(response).tee()[0]).text()],
    [
      'a writer',
      async (response) => {
        let text = '';
        const write = (chunk: Uint8Array): void => void (text += Buffer.from(chunk).toString());
        await bodyOf(response).pipeTo(new WritableStream({ write }));
        return text;
      },
    ],
  ])('that streams is counted where the app reads it by %s', async (_how, read) => {
    const response = await client().chat.completions.create(STREAMED).asResponse();
    const text = await read(response);
    expect(text).toContain('data: [DONE]');
    expectLedger();
  });

  it('that the app cancels is cancelled at the server, and misses its usage', async () => {
    attached.server.script([{ reply: { chunkDelayMs: 30, chunks: 100 } }]);
    const response = await client().chat.completions.create(STREAMED).asResponse();
    const reader = bodyOf(response).getReader();
    await reader.read();
    await reader.cancel();
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBe('missing');
    await until('the server sees the app go', () => attached.onlyEntry().aborted);
  });

  it.each<[string, (body: ReadableStream<Uint8Array>) => ReadableStreamDefaultReader<Uint8Array>]>([
    ['by a reader', (body) => body.getReader()],
    ['through a pipe', (body) => body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>()).getReader()],
  ])('is read no further than the app reads %s', async (_how, open) => {
    const pullsOf = async (isAttached: boolean): Promise<number> => {
      if (!isAttached) attached.instrumentation.disable();
      let pulls = 0;
      const pull = (controller: ReadableStreamDefaultController): void => {
        pulls++;
        controller.enqueue(new TextEncoder().encode('data: {}\n\n'));
      };
      const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
      const fetch = (): Promise<Response> =>
        Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
      const api = new Client({ apiKey: 'none', baseURL: attached.server.openaiUrl, fetch });
      const response = await api.chat.completions.create(STREAMED).asResponse();
      const reader = open(bodyOf(response));
      await reader.read();
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return pulls;
    };
    const attachedPulls = await pullsOf(true);
    expect(attachedPulls).toBe(await pullsOf(false));
    expect(attachedPulls).toBeLessThan(5);
  });

  it('beside the answer, by withResponse(), is counted once', async () => {
    const { data, response } = await client().chat.completions.create(STREAMED).withResponse();
    expect(response.headers.get('content-type')).toContain('event-stream');
    await readToEnd(data);
    expectLedger();
  });

  it('is left as it is where the app waits for the answer', async () => {
    const { response } = await client().chat.completions.create(ASK).withResponse();
    expect(Object.getOwnPropertyNames(response)).toEqual([]);
  });
});

function bodyOf({ body }: Response): ReadableStream<Uint8Array> {
  if (body === null) throw new Error('a response without a body');
  return body;
}
