import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
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

const ASK = { model: 'gpt-5', instructions: 'You plan. [agent:Planner]', input: 'Plan a walk. [session:s-2]' };

describe('responses', () => {
  test('a plain answer has thoughts, text and calls as items, and the usage of the ledger', async () => {
    const usage = { input: 200, output: 90, cacheRead: 128, cacheWrite: 16, reasoning: 64 };
    server.script([
      {
        reply: {
          reasoning: 'They want a walk.',
          text: 'A walk it is.',
          toolCalls: [{ name: 'find_path', arguments: { km: 3 } }],
          model: 'gpt-5-2025-08-07',
          usage,
        },
      },
    ]);

    const response = await client.responses.create(ASK);

    expect(response.output_text).toBe('A walk it is.');
    expect(response.output).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'They want a walk.' }] },
      { type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'A walk it is.' }] },
      { type: 'function_call', name: 'find_path', arguments: '{"km":3}', status: 'completed' },
    ]);
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'gpt-5-2025-08-07',
      usage: {
        input_tokens: 200,
        input_tokens_details: { cached_tokens: 128, cache_write_tokens: 16 },
        output_tokens: 90,
        output_tokens_details: { reasoning_tokens: 64 },
        total_tokens: 290,
      },
    });
    expect(server.ledger).toMatchObject([
      {
        endpoint: 'openai.responses',
        responseId: response.id,
        agent: 'Planner',
        session: 's-2',
        usage,
        usageSent: true,
      },
    ]);
    expect(response.id).toMatch(/^resp_[0-9a-f]{50}$/);
  });

  test('a stream has every event in order, from which the client builds the same response', async () => {
    server.script([
      {
        reply: {
          reasoning: 'Hm, a walk.',
          text: 'Walk along the river first.',
          toolCalls: [{ name: 'find_path', arguments: { km: 3 } }],
        },
      },
    ]);

    const stream = client.responses.stream(ASK);
    const events = await collect(stream);
    const final = await stream.finalResponse();

    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.completed',
    ]);
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
    expect(final.output_text).toBe('Walk along the river first.');
    expect(final.usage?.output_tokens).toBe(server.ledger[0]?.usage.output);
    expect(server.ledger[0]).toMatchObject({ streamed: true, usageSent: true, outcome: 'served' });
  });

  test('parse gets JSON of the schema', async () => {
    const format = zodTextFormat(z.object({ km: z.number(), hilly: z.boolean() }), 'walk');

    const response = await client.responses.parse({ ...ASK, text: { format } });

    expect(response.output_parsed).toEqual({ km: 1, hilly: true });
  });

  test('an answer cut short is incomplete, and says why', async () => {
    server.script([{ reply: { text: 'Walk along', finishReason: 'length' } }]);

    const response = await client.responses.create(ASK);
    const events = await collect(await client.responses.create({ ...ASK, stream: true }));

    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(events.at(-1)?.type).toBe('response.incomplete');
  });

  test('an error event in the middle of a stream reaches the caller as an error, and nothing is billed', async () => {
    server.script([{ reply: { text: 'one two three four five six seven eight nine', errorAfterChunks: 1 } }]);

    const stream = await client.responses.create({ ...ASK, stream: true });

    await expect(collect(stream)).rejects.toThrow(/The server had an error/);
    expect(server.ledger[0]).toMatchObject({ outcome: 'failed', billed: false, usageSent: false });
    expect(server.totals()).toMatchObject({ calls: 0, input: 0 });
  });

  test('results of tools and earlier items are read as messages', async () => {
    let seen: readonly unknown[] = [];
    server.script(({ messages }) => {
      seen = messages;
      return {};
    });

    await client.responses.create({
      model: 'gpt-5',
      input: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'input_text', text: 'Where to?' }] },
        { type: 'function_call', call_id: 'call_1', name: 'find_path', arguments: '{"km":3}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'north' },
      ],
    });

    expect(seen).toEqual([
      { role: 'user', text: 'Where to?', toolCalls: [] },
      { role: 'assistant', text: '', toolCalls: [{ name: 'find_path', arguments: { km: 3 } }] },
      { role: 'tool', text: 'north', toolCalls: [] },
    ]);
  });

  test('a call that goes on from an earlier answer has its conversation in the prompt', async () => {
    const first = await client.responses.create(ASK);

    const second = await client.responses.create({ model: 'gpt-5', input: 'Shorter.', previous_response_id: first.id });
    const unknown = client.responses.create({ model: 'gpt-5', input: 'Shorter.', previous_response_id: 'resp_0' });

    // The tags of the first message are part of it.
    expect(server.ledger[1]).toMatchObject({ agent: undefined, session: 's-2' });
    const [{ usage: before }, { usage: after }] = [first, second] as const;
    // 'Shorter.' is two tokens and four for the message; the answer is said with four more; the instructions are not inherited.
    const instructions = Math.ceil(ASK.instructions.length / 4);
    expect(after?.input_tokens).toBe((before?.input_tokens ?? 0) - instructions + (before?.output_tokens ?? 0) + 4 + 6);
    await expect(unknown).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });
});
