import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startModelServer, type ModelServer } from '../../src/index.ts';
import { collect } from '../collect.ts';

let server: ModelServer;
let client: Anthropic;

beforeEach(async () => {
  server = await startModelServer();
  client = new Anthropic({ apiKey: 'test', baseURL: server.anthropicUrl });
});
afterEach(() => server.close());

const ASK = {
  model: 'claude-haiku-4-5',
  max_tokens: 500,
  system: [{ type: 'text' as const, text: 'You review. [agent:Critic] [session:s-3]' }],
  messages: [{ role: 'user' as const, content: 'Is this good?' }],
  metadata: { user_id: 'user-9' },
};
// Of 1000 tokens 600 were read from the cache and 300 written, 100 of them for an hour: 100 are plain input.
const CACHED = { input: 1000, output: 50, cacheRead: 600, cacheWrite: 300, cacheWrite1h: 100, reasoning: 20 };
const REPORTED = {
  input_tokens: 100,
  cache_read_input_tokens: 600,
  cache_creation_input_tokens: 300,
  output_tokens: 50,
  output_tokens_details: { thinking_tokens: 20 },
};

describe('messages', () => {
  test('a plain answer reports input without what the cache read or wrote', async () => {
    server.script([
      { reply: { reasoning: 'Let me see.', text: 'It is good.', model: 'claude-haiku-4-5-20251001', usage: CACHED } },
    ]);

    const { data, request_id: requestId } = await client.messages.create(ASK).withResponse();

    expect(data.content).toMatchObject([
      { type: 'thinking', thinking: 'Let me see.' },
      { type: 'text', text: 'It is good.' },
    ]);
    expect(data).toMatchObject({ stop_reason: 'end_turn', model: 'claude-haiku-4-5-20251001' });
    expect(data.usage).toMatchObject({
      ...REPORTED,
      cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 100 },
      service_tier: 'standard',
    });
    expect(server.ledger).toMatchObject([
      {
        endpoint: 'anthropic.messages',
        responseId: data.id,
        requestId,
        usage: CACHED,
        agent: 'Critic',
        session: 's-3',
        user: 'user-9',
      },
    ]);
    expect(data.id).toMatch(/^msg_01\w{22}$/);
  });

  test('a stream reports the prompt first and the answer last', async () => {
    server.script([{ reply: { text: 'It is good, on the whole, I think.', usage: CACHED } }]);

    const events = await collect(await client.messages.create({ ...ASK, stream: true }));

    expect(events[0]).toMatchObject({
      type: 'message_start',
      message: {
        usage: {
          input_tokens: 100,
          output_tokens: 1,
          cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 100 },
        },
      },
    });
    expect(events.at(-2)).toMatchObject({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: REPORTED });
    expect(events.at(-1)).toEqual({ type: 'message_stop' });
    expect(server.ledger[0]).toMatchObject({ streamed: true, usageSent: true, usage: CACHED });
  });

  test('the stream helper puts thoughts, text and tool calls together again', async () => {
    server.script([
      {
        reply: {
          reasoning: 'I need the rules of the house first.',
          text: 'One moment.',
          toolCalls: [{ name: 'read_rules', arguments: { house: 'red', floors: [1, 2] }, id: 'toolu_1' }],
        },
      },
    ]);

    const message = await client.messages.stream(ASK).finalMessage();

    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'I need the rules of the house first.' },
      { type: 'text', text: 'One moment.' },
      { type: 'tool_use', id: 'toolu_1', name: 'read_rules', input: { house: 'red', floors: [1, 2] } },
    ]);
    expect(message.stop_reason).toBe('tool_use');
    expect(message.usage.output_tokens).toBe(server.ledger[0]?.usage.output);
  });

  test('parse gets JSON of the schema', async () => {
    const format = zodOutputFormat(z.object({ verdict: z.enum(['good', 'bad']) }));

    const message = await client.messages.parse({ ...ASK, output_config: { format } });

    expect(message.parsed_output).toEqual({ verdict: 'good' });
  });

  test('any tool is called when the request insists', async () => {
    const tool = {
      name: 'rate',
      input_schema: { type: 'object' as const, properties: { stars: { type: 'integer', minimum: 4 } } },
    };

    const message = await client.messages.create({ ...ASK, tools: [tool], tool_choice: { type: 'any' } });

    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'rate', input: { stars: 4 } }]);
  });

  test('an error event in the middle of a stream is the overloaded error of the API', async () => {
    server.script([{ reply: { text: 'one two three four five six seven eight nine', errorAfterChunks: 1 } }]);

    const stream = await client.messages.create({ ...ASK, stream: true });

    await expect(collect(stream)).rejects.toMatchObject({
      type: 'overloaded_error',
      error: { error: { message: 'Overloaded' } },
    });
    expect(server.ledger[0]).toMatchObject({ outcome: 'failed', billed: false });
  });

  test('counting tokens costs nothing and counts what the call would', async () => {
    const { model, system, messages } = ASK;

    const counted = await client.messages.countTokens({ model, system, messages });
    const { usage } = await client.messages.create(ASK);

    expect(counted.input_tokens).toBe(usage.input_tokens);
    expect(server.ledger[0]).toMatchObject({ endpoint: 'anthropic.count_tokens', billed: false });
    expect(server.totals().calls).toBe(1);
  });

  test('a body without max_tokens is refused as the API does', async () => {
    // @ts-expect-error max_tokens is required, which is the point.
    const refused = client.messages.create({ model: 'claude-haiku-4-5', messages: ASK.messages });

    await expect(refused).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
  });
});
