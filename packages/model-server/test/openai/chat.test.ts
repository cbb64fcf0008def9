import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startModelServer, type ModelServer } from '../../src/index.ts';

let server: ModelServer;
let client: OpenAI;

beforeEach(async () => {
  server = await startModelServer();
  client = new OpenAI({ apiKey: 'test', baseURL: server.openaiUrl });
});
afterEach(() => server.close());

const ASK = [
  { role: 'system' as const, content: 'You write. [agent:Writer] [session:s-1]' },
  { role: 'user' as const, content: 'Write a line about rain.' },
];

describe('chat completions', () => {
  test('a plain answer has the text, the usage and the ids that the ledger has', async () => {
    server.script([
      {
        reply: {
          text: 'It rains.',
          model: 'gpt-4.1-2025-04-14',
          usage: { input: 100, output: 30, cacheRead: 64, reasoning: 20 },
        },
      },
    ]);

    const { data, request_id: requestId } = await client.chat.completions
      .create({ model: 'gpt-4.1', messages: ASK, safety_identifier: 'user-7' })
      .withResponse();

    expect(data.choices[0]?.message.content).toBe('It rains.');
    expect(data.choices[0]?.finish_reason).toBe('stop');
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
        usage: { input: 100, output: 30, cacheRead: 64, cacheWrite: 0, cacheWrite1h: 0, reasoning: 20 },
        billed: true,
        usageSent: true,
        aborted: false,
        agent: 'Writer',
        session: 's-1',
        user: 'user-7',
      },
    ]);
  });

  test('a stream with include_usage ends with a chunk of usage and no choices', async () => {
    server.script([{ reply: { text: 'One two three four five six.', usage: { input: 12, output: 7 } } }]);

    const stream = await client.chat.completions.create({
      model: 'gpt-4.1',
      messages: ASK,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);

    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('One two three four five six.');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 7 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set([server.ledger[0]?.responseId]));
    expect(server.ledger[0]).toMatchObject({ streamed: true, usageSent: true, usage: { input: 12, output: 7 } });
  });

  test('a stream without include_usage says nothing of usage and is billed all the same', async () => {
    server.script([{ reply: { text: 'Short.', usage: { input: 12, output: 7 } } }]);

    const chunks = await Array.fromAsync(
      await client.chat.completions.create({ model: 'gpt-4.1', messages: ASK, stream: true }),
    );

    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
    expect(server.ledger[0]).toMatchObject({ usageSent: false, billed: true });
    expect(server.totals()).toMatchObject({ calls: 1, input: 12, output: 7 });
  });
});
