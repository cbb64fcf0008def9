import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import OpenAI from 'openai';
import OpenAI6 from 'openai-6';
import { describe, expect, it } from 'vitest';
import { readToEnd, until } from '../attached.ts';
import { attachToOpenAi, QUESTION, VERSIONS } from './clients.ts';

const attached = attachToOpenAi();
const STREAMED = { model: 'gpt-5-mini', messages: QUESTION, stream: true } as const;
const WITH_USAGE = { ...STREAMED, stream_options: { include_usage: true } } as const;

describe.each(VERSIONS)('a stream of %s', (_, Client) => {
  const client = (): OpenAI => new Client({ apiKey: 'none', baseURL: attached.server.openaiUrl, maxRetries: 0 });

  it('gives the app what the server sends, and is counted at its end', async () => {
    const stream = await client().chat.completions.create(WITH_USAGE);
    expect(stream.constructor.name).toBe('Stream');
    expect(stream.controller).toBeInstanceOf(AbortController);
    expect(attached.recording.spans()).toHaveLength(0);
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toContain('scripted answer');
    const { usage } = attached.onlyEntry();
    const { attributes } = attached.onlyCall();
    expect(attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.usage.input_tokens': usage.input,
      'gen_ai.usage.output_tokens': usage.output,
      'turnmeter.usage.source': 'provider',
    });
    expect(attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0);
    expect(await attached.recording.metric('turnmeter.time_to_first_token.seconds')).toBeGreaterThan(0);
  });

  it('has its usage missing where the app did not ask for it', async () => {
    await readToEnd(client().chat.completions.create(STREAMED));
    expect(attached.onlyCall().attributes).toMatchObject({ 'turnmeter.usage.source': 'missing' });
    expect(attached.onlyCall().attributes['error.type']).toBeUndefined();
    expect(await attached.recording.metric('turnmeter.inferences', { usage_source: 'missing' })).toBe(1);
  });

  it('is asked for its usage where the configuration says so, and the app sees that chunk', async () => {
    await attached.configure({ requestStreamUsage: true });
    const body = { ...STREAMED };
    let last: OpenAI.ChatCompletionChunk | undefined;
    for await (const chunk of await client().chat.completions.create(body)) last = chunk;
    expect(last?.usage?.prompt_tokens).toBe(attached.onlyEntry().usage.input);
    expect(body).toEqual(STREAMED);
    expect(attached.onlyCall().attributes['gen_ai.usage.input_tokens']).toBe(attached.onlyEntry().usage.input);
  });

  it('is not asked where the app says no', async () => {
    await attached.configure({ requestStreamUsage: true });
    const body = { ...STREAMED, stream_options: { include_usage: false } } as const;
    await readToEnd(client().chat.completions.create(body));
    expect(attached.onlyEntry().usageSent).toBe(false);
  });

  it('ends where the app breaks off, without waiting and without an error', async () => {
    attached.server.script([{ reply: { chunkDelayMs: 50, chunks: 50 } }]);
    const stream = await client().chat.completions.create(WITH_USAGE);
    for await (const chunk of stream) {
      expect(chunk.object).toBe('chat.completion.chunk');
      break;
    }
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBe('missing');
    expect(attached.onlyCall().attributes['error.type']).toBeUndefined();
    await until('the server sees the app go', () => attached.onlyEntry().aborted);
  });

  it('is an abort where the app aborts it in the middle', async () => {
    attached.server.script([{ reply: { chunkDelayMs: 20, chunks: 50 } }]);
    const abort = new AbortController();
    const stream = await client().chat.completions.create(WITH_USAGE, { signal: abort.signal });
    let chunks = 0;
    for await (const chunk of stream) if (++chunks === 2 && chunk.id !== '') abort.abort();
    expect(attached.onlyCall().attributes).toMatchObject({
      'error.type': 'AbortError',
      'turnmeter.usage.source': 'missing',
    });
  });

  it.each([
    ['breaks', { cutAfterChunks: 3 }],
    ['tells an error', { errorAfterChunks: 3 }],
    ['sends what is not JSON', { malformedJson: true }],
  ])('fails for the app as it would where the server %s', async (_what, reply) => {
    attached.server.script([{ reply }]);
    const error = await readToEnd(client().chat.completions.create(WITH_USAGE)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(attached.onlyCall().attributes['error.type']).toBeDefined();
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBeDefined();
  });

  it('is counted once where it is read twice by tee()', async () => {
    const [left, right] = (await client().chat.completions.create(WITH_USAGE)).tee();
    const [first, second] = await Promise.all([readToEnd(left), readToEnd(right)]);
    expect(second).toEqual(first);
    expect(attached.onlyCall().attributes['gen_ai.usage.input_tokens']).toBe(attached.onlyEntry().usage.input);
  });

  it('is counted where it is read as a ReadableStream', async () => {
    const stream = await client().chat.completions.create(WITH_USAGE);
    const text = await new Response(stream.toReadableStream()).text();
    expect(text.trim().split('\n').length).toBeGreaterThan(2);
    expect(attached.onlyCall().attributes['gen_ai.usage.input_tokens']).toBe(attached.onlyEntry().usage.input);
  });

  it('is counted as missing where nobody ever reads it', async () => {
    await client().chat.completions.create(WITH_USAGE);
    await untilCollected(1);
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBe('missing');
  });

  it('is not lost while it is read, though nobody holds its object', async () => {
    attached.server.script([{ reply: { chunkDelayMs: 10, chunks: 10 } }]);
    const iterator = (await client().chat.completions.create(WITH_USAGE))[Symbol.asyncIterator]();
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) collectGarbage();
    expect(attached.onlyCall().attributes['gen_ai.usage.input_tokens']).toBe(attached.onlyEntry().usage.input);
  });
});

describe('a call whose promise nobody awaits', () => {
  it.each([
    ['openai 7', OpenAI],
    ['openai 6', OpenAI6 as unknown as typeof OpenAI],
  ])('was made, and is counted as missing: %s', async (_, Client) => {
    const client = new Client({ apiKey: 'none', baseURL: attached.server.openaiUrl });
    void client.chat.completions.create({ model: 'gpt-5-mini', messages: QUESTION });
    await untilCollected(1);
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBe('missing');
  });
});

async function untilCollected(spans: number): Promise<void> {
  await until('an answer to be collected as garbage', () => {
    collectGarbage();
    return attached.recording.spans().length === spans;
  });
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
