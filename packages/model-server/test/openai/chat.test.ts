import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startModelServer, type ModelServer } from '../../src/index.ts';
import { collect } from '../collect.ts';

let server: ModelServer;
let client: OpenAI;

beforeEach(async () => {
  server = await startModelServer();
  client = new OpenAI({ apiKey: 'test', baseURL: server.openaiUrl });
});
afterEach(() => server.close());

const ASK: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: 'You write. [agent:Writer] [session:s-1]' },
  { role: 'user', content: 'Write a line about rain.' },
];
const WEATHER_TOOL: OpenAI.ChatCompletionFunctionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } },
  },
};

describe('chat completions', () => {
  test('a plain answer has the text, the usage and the ids that the ledger has', async () => {
    const usage = { input: 100, output: 30, cacheRead: 64, reasoning: 20 };
    server.script([{ reply: { text: 'It rains.', model: 'gpt-4.1-2025-04-14', usage, serviceTier: 'flex' } }]);

    const { data, request_id: requestId } = await client.chat.completions
      .create({ model: 'gpt-4.1', messages: ASK, safety_identifier: 'user-7', metadata: { ticket: 'T-1' } })
      .withResponse();

    expect(data.choices[0]).toMatchObject({ message: { content: 'It rains.' }, finish_reason: 'stop' });
    expect(data.service_tier).toBe('flex');
    expect(data.usage).toMatchObject({
      prompt_tokens: 100,
      completion_tokens: 30,
      total_tokens: 130,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 20 },
    });
    expect(server.ledger).toMatchObject([
      {
        number: 1,
        endpoint: 'openai.chat',
        model: 'gpt-4.1',
        responseModel: 'gpt-4.1-2025-04-14',
        responseId: data.id,
        requestId,
        streamed: false,
        status: 200,
        outcome: 'served',
        attempt: 1,
        usage: { ...usage, cacheWrite: 0, cacheWrite1h: 0 },
        billed: true,
        usageSent: true,
        aborted: false,
        agent: 'Writer',
        session: 's-1',
        user: 'user-7',
        metadata: { ticket: 'T-1' },
      },
    ]);
    expect(server.ledger[0]?.requestHeaders).not.toHaveProperty('authorization');
  });

  test('a stream with include_usage ends with a chunk of usage and no choices', async () => {
    server.script([{ reply: { text: 'One two three four five six.', usage: { input: 12, output: 7 } } }]);

    const stream = await client.chat.completions.create({
      model: 'gpt-4.1',
      messages: ASK,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);

    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('One two three four five six.');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 7 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set([server.ledger[0]?.responseId]));
    expect(server.ledger[0]).toMatchObject({ streamed: true, usageSent: true, usage: { input: 12, output: 7 } });
  });

  test('a stream without include_usage says nothing of usage and is billed all the same', async () => {
    server.script([{ reply: { text: 'Short.', usage: { input: 12, output: 7 } } }]);

    const stream = await client.chat.completions.create({ model: 'gpt-4.1', messages: ASK, stream: true });
    const chunks = await collect(stream);

    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
    expect(server.ledger[0]).toMatchObject({ usageSent: false, billed: true });
    expect(server.totals()).toMatchObject({ calls: 1, input: 12, output: 7 });
  });

  test('tool calls come with arguments, made up from the schema where the script has none', async () => {
    const toolCalls = [{ name: 'get_weather', arguments: { city: 'Oslo' }, id: 'call_1' }, { name: 'get_weather' }];
    server.script([{ reply: { toolCalls } }]);

    const completion = await client.chat.completions.create({ model: 'gpt-4.1', messages: ASK, tools: [WEATHER_TOOL] });

    const [choice] = completion.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.content).toBeNull();
    expect(choice?.message.tool_calls).toMatchObject([
      { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
      { type: 'function', function: { name: 'get_weather', arguments: '{"city":"sample city","days":1}' } },
    ]);
    expect(choice?.message.tool_calls?.[1]?.id).toMatch(/^call_\w{24}$/);
  });

  test('streamed tool calls are put together again by the client', async () => {
    server.script([
      { reply: { text: 'I look it up.', toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }] } },
    ]);

    const completion = await client.chat.completions
      .stream({ model: 'gpt-4.1', messages: ASK, tools: [WEATHER_TOOL] })
      .finalChatCompletion();

    expect(completion.choices[0]?.message).toMatchObject({
      content: 'I look it up.',
      tool_calls: [{ function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }],
    });
  });

  test('parse helpers get JSON of the schema, from the script or made up', async () => {
    const schema = z.object({ title: z.string(), score: z.number().min(3), tags: z.array(z.enum(['dry', 'wet'])) });
    server.script([{ calls: 1, reply: { json: { title: 'Rain', score: 5, tags: ['wet'] } } }]);
    const parse = () =>
      client.chat.completions.parse({
        model: 'gpt-4.1',
        messages: ASK,
        response_format: zodResponseFormat(schema, 'review'),
      });

    expect((await parse()).choices[0]?.message.parsed).toEqual({ title: 'Rain', score: 5, tags: ['wet'] });
    expect((await parse()).choices[0]?.message.parsed).toEqual({ title: 'sample title', score: 3, tags: ['dry'] });
  });

  test('a forced tool is called without a script', async () => {
    const completion = await client.chat.completions.create({
      model: 'gpt-4.1',
      messages: ASK,
      tools: [WEATHER_TOOL],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    });

    expect(completion.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'get_weather' } }]);
  });

  test('a handoff calls the tool for it by the name that the framework gave it', async () => {
    const tool = { type: 'function' as const, function: { name: 'transfer_to_fact_checker', parameters: {} } };
    server.script([{ reply: { handoffTo: 'Fact Checker' } }]);

    const completion = await client.chat.completions.create({
      model: 'gpt-4.1',
      messages: ASK,
      tools: [WEATHER_TOOL, tool],
    });

    expect(completion.choices[0]?.message.tool_calls).toMatchObject([
      { function: { name: 'transfer_to_fact_checker', arguments: '{}' } },
    ]);
  });

  test('a refusal comes in place of text', async () => {
    server.script([{ reply: { refusal: 'I cannot help with that.' } }]);

    const { choices } = await client.chat.completions.create({ model: 'gpt-4.1', messages: ASK });

    expect(choices[0]?.message).toMatchObject({ content: null, refusal: 'I cannot help with that.' });
  });

  test('an answer may say nothing of usage', async () => {
    server.script([{ reply: { text: 'Hm.', usage: null } }]);

    const completion = await client.chat.completions.create({ model: 'gpt-4.1', messages: ASK });

    expect(completion).not.toHaveProperty('usage');
    expect(server.ledger[0]).toMatchObject({ usageSent: false, billed: true });
    expect(server.totals().output).toBe(1);
  });
});

describe('completions, embeddings and models', () => {
  test('the legacy API answers plain and streamed', async () => {
    server.script([{ reply: { text: 'once upon a time there was rain', usage: { input: 3, output: 8 } } }]);

    const completion = await client.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Rain:' });
    const stream = await client.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Rain:', stream: true });
    const chunks = await collect(stream);

    expect(completion).toMatchObject({ object: 'text_completion', usage: { prompt_tokens: 3, completion_tokens: 8 } });
    expect(chunks.map(({ choices }) => choices[0]?.text).join('')).toBe('once upon a time there was rain');
    expect(server.totals()).toMatchObject({ calls: 2, input: 6, output: 16 });
  });

  test('embeddings come in both encodings, the same for the same text', async () => {
    const body = { model: 'text-embedding-3-small', input: ['rain', 'sun'], dimensions: 8 };

    const packed = await client.embeddings.create(body);
    const plain = await client.embeddings.create({ ...body, encoding_format: 'float' });

    expect(packed.data.map(({ embedding }) => embedding)).toEqual(plain.data.map(({ embedding }) => embedding));
    expect(packed.data[0]?.embedding).toHaveLength(8);
    expect(packed.usage.prompt_tokens).toBe(server.ledger[0]?.usage.input);
    expect(server.ledger[0]).toMatchObject({ endpoint: 'openai.embeddings', usage: { output: 0 }, billed: true });
  });

  test('models are listed', async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('gpt-4.1');
  });
});
