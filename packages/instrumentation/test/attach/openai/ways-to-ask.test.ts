import { setImmediate } from 'node:timers/promises';
import type OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readToEnd } from '../attached.ts';
import { attachToOpenAi, QUESTION, VERSIONS } from './clients.ts';

const attached = attachToOpenAi();
const Depth = z.object({ meters: z.number() });

describe.each(VERSIONS)('%s counts what is asked by', (_, Client) => {
  const client = (): OpenAI => new Client({ apiKey: 'none', baseURL: attached.server.openaiUrl, maxRetries: 0 });

  /** As many spans as the server got calls, with the same tokens in all. */
  function expectLedger(calls = 1): void {
    const spans = attached.recording.spans();
    const sum = (name: string): number =>
      spans.reduce((total, { attributes }) => total + Number(attributes[name] ?? 0), 0);
    const { input, output, cacheRead } = attached.server.totals();
    expect(attached.server.ledger).toHaveLength(calls);
    expect(spans).toHaveLength(calls);
    expect(sum('gen_ai.usage.input_tokens')).toBe(input);
    expect(sum('gen_ai.usage.output_tokens')).toBe(output);
    expect(sum('gen_ai.usage.cache_read.input_tokens')).toBe(cacheRead);
    for (const { attributes } of spans) expect(attributes['turnmeter.usage.source']).toBe('provider');
  }

  it('chat.completions.parse()', async () => {
    attached.server.script([{ reply: { json: { meters: 11 } } }]);
    const answer = await client().chat.completions.parse({
      model: 'gpt-5-mini',
      messages: QUESTION,
      response_format: zodResponseFormat(Depth, 'depth'),
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ meters: 11 });
    expect(attached.onlyCall().attributes['gen_ai.output.type']).toBe('json');
    expectLedger();
  });

  it('chat.completions.stream()', async () => {
    const stream = client().chat.completions.stream({
      model: 'gpt-5-mini',
      messages: QUESTION,
      stream_options: { include_usage: true },
    });
    const answer = await stream.finalChatCompletion();
    expect(answer.choices[0]?.message.content).toContain('scripted answer');
    expectLedger();
  });

  it('chat.completions.runTools(), each of its calls', async () => {
    attached.server.script([
      { calls: 1, reply: { toolCalls: [{ name: 'depth', arguments: { place: 'Mariana' } }] } },
      { reply: { text: 'Very deep.' } },
    ]);
    const asked: unknown[] = [];
    const runner = client().chat.completions.runTools({
      model: 'gpt-5-mini',
      messages: QUESTION,
      tools: [
        {
          type: 'function',
          function: {
            name: 'depth',
            description: 'Depth of a place.',
            parameters: { type: 'object', properties: { place: { type: 'string' } } },
            parse: JSON.parse,
            function: (args: unknown) => {
              asked.push(args);
              return '10994';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe('Very deep.');
    expect(asked).toEqual([{ place: 'Mariana' }]);
    expectLedger(2);
  });

  it('responses.create()', async () => {
    const answer = await client().responses.create({
      model: 'gpt-5-mini',
      input: 'Tell me of the sea.',
      max_output_tokens: 500,
      reasoning: { effort: 'high' },
      store: false,
    });
    expect(answer.output_text).toContain('scripted answer');
    expect(attached.onlyCall().attributes).toMatchObject({
      'openai.api.type': 'responses',
      'gen_ai.request.max_tokens': 500,
      'gen_ai.request.reasoning.level': 'high',
      'gen_ai.response.id': answer.id,
      'gen_ai.response.finish_reasons': ['completed'],
    });
    expectLedger();
  });

  it('responses.create() that goes on from another', async () => {
    const first = await client().responses.create({ model: 'gpt-5-mini', input: 'One.' });
    await client().responses.create({ model: 'gpt-5-mini', input: 'Two.', previous_response_id: first.id });
    expect(attached.recording.spans()[1]?.attributes['gen_ai.request.previous_response.id']).toBe(first.id);
    expectLedger(2);
  });

  it('responses.create() as a stream', async () => {
    const types = new Set<string>();
    const stream = await client().responses.create({ model: 'gpt-5-mini', input: 'Tell.', stream: true });
    for await (const event of stream) types.add(event.type);
    expect(types).toContain('response.completed');
    expectLedger();
  });

  it('responses.parse() and responses.stream()', async () => {
    attached.server.script([{ reply: { json: { meters: 11 } } }]);
    const format = { format: zodTextFormat(Depth, 'depth') };
    const parsed = await client().responses.parse({ model: 'gpt-5-mini', input: 'Deep?', text: format });
    expect(parsed.output_parsed).toEqual({ meters: 11 });
    const streamed = await client()
      .responses.stream({ model: 'gpt-5-mini', input: 'Deep?', text: format })
      .finalResponse();
    expect(streamed.output_parsed).toEqual({ meters: 11 });
    expectLedger(2);
  });

  it('embeddings.create(), whose vectors the app gets as numbers', async () => {
    const answer = await client().embeddings.create({ model: 'text-embedding-3-small', input: ['sea', 'sky'] });
    expect(answer.data).toHaveLength(2);
    expect(typeof answer.data[0]?.embedding[0]).toBe('number');
    expect(attached.onlyCall().name).toBe('embeddings text-embedding-3-small');
    expect(attached.onlyCall().attributes['gen_ai.usage.output_tokens']).toBeUndefined();
    expectLedger();
  });

  it('completions.create(), plain and streamed', async () => {
    await client().completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'The sea' });
    const stream = await client().completions.create({
      model: 'gpt-3.5-turbo-instruct',
      prompt: 'The sea',
      stream: true,
      stream_options: { include_usage: true },
    });
    await readToEnd(stream);
    expect(attached.recording.spans()[0]?.name).toBe('text_completion gpt-3.5-turbo-instruct');
    expectLedger(2);
  });

  it('post() itself', async () => {
    const body = { model: 'gpt-5-mini', messages: QUESTION };
    const answer = await client().post<OpenAI.ChatCompletion>('/chat/completions', { body });
    expect(answer.choices).toHaveLength(1);
    expectLedger();
  });

  it('many calls of one client at a time', async () => {
    const api = client();
    const models = ['gpt-5-mini', 'gpt-5', 'gpt-4o', 'gpt-4.1', 'gpt-4.1-mini'];
    await api.chat.completions.create({ model: 'gpt-5-nano', messages: QUESTION });
    await Promise.all(models.map((model) => api.chat.completions.create({ model, messages: QUESTION })));
    const asked = attached.recording.spans().map(({ attributes }) => attributes['gen_ai.request.model']);
    expect(new Set(asked)).toEqual(new Set(['gpt-5-nano', ...models]));
    expectLedger(6);
  });

  it('a class of the app that at times waits before it asks', async () => {
    let asks = 0;
    const Patient = class extends Client {};
    const makeRequest = Reflect.get(Client.prototype, 'makeRequest') as (...args: unknown[]) => Promise<unknown>;
    Reflect.set(Patient.prototype, 'makeRequest', async function (this: OpenAI, ...args: unknown[]) {
      if (asks++ % 2 === 1) await setImmediate();
      return makeRequest.apply(this, args);
    });
    const api = new Patient({ apiKey: 'none', baseURL: attached.server.openaiUrl });
    for (let call = 0; call < 4; call++) await api.chat.completions.create({ model: 'gpt-5-mini', messages: QUESTION });
    expect(asks).toBe(4);
    expectLedger(4);
  });

  it('nothing else', async () => {
    const api = client();
    await Promise.allSettled([
      api.models.list(),
      api.responses.retrieve('resp_1'),
      api.responses.cancel('resp_1'),
      api.responses.inputItems.list('resp_1'),
      api.chat.completions.retrieve('chatcmpl_1'),
      api.chat.completions.update('chatcmpl_1', { metadata: {} }),
      api.batches.create({ completion_window: '24h', endpoint: '/v1/responses', input_file_id: 'file_1' }),
      api.moderations.create({ input: 'sea' }),
    ]);
    expect(attached.server.ledger.length).toBeGreaterThan(5);
    expect(attached.recording.spans()).toEqual([]);
  });
});
