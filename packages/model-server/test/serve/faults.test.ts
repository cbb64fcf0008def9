import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startModelServer, type LedgerEntry, type ModelServer } from '../../src/index.ts';
import { collect } from '../collect.ts';

let server: ModelServer;
let openai: OpenAI;
let anthropic: Anthropic;

beforeEach(async () => {
  server = await startModelServer();
  openai = new OpenAI({ apiKey: 'test', baseURL: server.openaiUrl, maxRetries: 2 });
  anthropic = new Anthropic({ apiKey: 'test', baseURL: server.anthropicUrl, maxRetries: 0 });
});
afterEach(() => server.close());

const CHAT = { model: 'gpt-4.1', messages: [{ role: 'user' as const, content: 'Hello. [agent:A]' }] };
const MESSAGE = { model: 'claude-haiku-4-5', max_tokens: 100, messages: CHAT.messages };
const LONG = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen';

function outcomes(): readonly Partial<LedgerEntry>[] {
  return server.ledger.map(({ status, outcome, attempt, billed }) => ({ status, outcome, attempt, billed }));
}

/** The ledger of a call that the client left, which the server learns a moment later. */
function aborted(): Promise<LedgerEntry> {
  return vi.waitFor(() => {
    const entry = server.ledger.find((one) => one.aborted);
    if (entry === undefined) throw new Error('no call was aborted yet');
    return entry;
  });
}

describe('refusals', () => {
  test('a client repeats what ends with 429, and the ledger has every attempt', async () => {
    server.script([{ reply: { status: 429, failTimes: 2, text: 'Third time lucky.' } }]);

    const completion = await openai.chat.completions.create(CHAT);

    expect(completion.choices[0]?.message.content).toBe('Third time lucky.');
    expect(outcomes()).toEqual([
      { status: 429, outcome: 'refused', attempt: 1, billed: false },
      { status: 429, outcome: 'refused', attempt: 2, billed: false },
      { status: 200, outcome: 'served', attempt: 3, billed: true },
    ]);
    expect(server.totals().calls).toBe(1);
  });

  test.each([
    [400, OpenAI.BadRequestError, { type: 'invalid_request_error' }],
    [401, OpenAI.AuthenticationError, { code: 'invalid_api_key' }],
    [429, OpenAI.RateLimitError, { code: 'rate_limit_exceeded' }],
    [500, OpenAI.InternalServerError, { type: 'server_error' }],
    [503, OpenAI.InternalServerError, { type: 'server_error' }],
  ])("status %i has OpenAI's error body", async (status, kind, fields) => {
    server.script([{ reply: { status } }]);

    const error = await openai.chat.completions.create(CHAT, { maxRetries: 0 }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ status, requestID: server.ledger[0]?.requestId, ...fields });
  });

  test.each([
    [401, 'authentication_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [529, 'overloaded_error'],
  ])("status %i has Anthropic's error body", async (status, type) => {
    server.script([{ reply: { status, errorMessage: 'Not now.' } }]);

    const error = await anthropic.messages.create(MESSAGE).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      status,
      type,
      requestID: server.ledger[0]?.requestId,
      error: { type: 'error', error: { message: 'Not now.' } },
    });
  });

  test('what the real API refuses is refused', async () => {
    const noModel = openai.chat.completions.create({ ...CHAT, model: '' });
    await expect(noModel).rejects.toMatchObject({ status: 400, param: 'model' });

    const noPath = openai.get('/no/such/path');
    await expect(noPath).rejects.toMatchObject({ status: 404, type: 'invalid_request_error' });

    expect(server.ledger).toMatchObject([
      { endpoint: 'openai.chat' },
      { endpoint: 'unknown', path: '/v1/no/such/path' },
    ]);
  });

  test('a body that is no JSON is refused in the shape of the provider', async () => {
    const response = await fetch(`${server.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: '{"model":',
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });

  test('a script that cannot be followed is said to be wrong, and not retried', async () => {
    server.script([{ reply: { handoffTo: 'Nobody' } }]);
    await expect(openai.chat.completions.create(CHAT)).rejects.toThrow(/no tool hands over to Nobody/);

    server.script([{ reply: { usage: { input: 5, cacheRead: 6 } } }]);
    await expect(openai.chat.completions.create(CHAT)).rejects.toThrow(/does not add up/);

    server.script(() => {
      throw new Error('my own mistake');
    });
    await expect(openai.chat.completions.create(CHAT)).rejects.toThrow(/the script threw: my own mistake/);
    expect(server.ledger).toHaveLength(3);
  });
});

describe('clients that go away', () => {
  test('a call that hangs ends with the time-out of the client and is not billed', async () => {
    server.script([{ reply: { hang: true } }]);

    const call = openai.chat.completions.create(CHAT, { timeout: 100, maxRetries: 0 });

    await expect(call).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    expect(await aborted()).toMatchObject({ outcome: 'aborted', billed: false, usageSent: false });
  });

  test('a stream that is left after some chunks is billed for them and for the whole prompt', async () => {
    // Sixteen words are four chunks of ten tokens each.
    server.script([{ reply: { text: LONG, usage: { input: 25, output: 40 }, chunkDelayMs: 200 } }]);

    const stream = await openai.chat.completions.create({
      ...CHAT,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? '') !== '') break;

    expect(await aborted()).toMatchObject({
      outcome: 'aborted',
      usage: { input: 25, output: 10 },
      billed: true,
      usageSent: false,
    });
  });

  test('a stream that is aborted before the first chunk costs nothing', async () => {
    server.script([{ reply: { text: LONG, latencyMs: 60_000 } }]);
    const controller = new AbortController();

    const call = anthropic.messages.create({ ...MESSAGE, stream: true }, { signal: controller.signal });
    await vi.waitFor(() => expect(server.ledger).toHaveLength(1));
    controller.abort();

    await expect(call).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    expect(await aborted()).toMatchObject({ billed: false });
    expect(server.totals().calls).toBe(0);
  });

  test('closing the server breaks off what hangs', async () => {
    server.script([{ reply: { hang: true } }]);

    const call = openai.chat.completions.create(CHAT, { maxRetries: 0 }).catch((thrown: unknown) => thrown);
    await vi.waitFor(() => expect(server.ledger).toHaveLength(1));
    await server.close();

    expect(await call).toBeInstanceOf(OpenAI.APIConnectionError);
  });
});

describe('broken answers', () => {
  test('a connection cut in the middle of a stream is billed up to there', async () => {
    server.script([{ reply: { text: LONG, usage: { input: 25, output: 40 }, cutAfterChunks: 2 } }]);

    const stream = await openai.chat.completions.create({ ...CHAT, stream: true });
    const words: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream) words.push(chunk.choices[0]?.delta.content ?? '');
    })();

    await expect(reading).rejects.toThrow(/terminated/);
    expect(words.join('')).toBe('one two three four five six seven eight');
    expect(server.ledger[0]).toMatchObject({
      outcome: 'cut',
      aborted: false,
      billed: true,
      usage: { input: 25, output: 20 },
    });
  });

  test('a connection cut before the first chunk costs nothing', async () => {
    server.script([{ reply: { text: LONG, cutAfterChunks: 0 } }]);

    const stream = await openai.chat.completions.create({ ...CHAT, stream: true });

    await expect(collect(stream)).rejects.toThrow(/terminated/);
    expect(server.ledger[0]).toMatchObject({ outcome: 'cut', billed: false, usage: { input: 0, output: 0 } });
  });

  test('a connection cut in the middle of a plain body is an error of the connection', async () => {
    server.script([{ reply: { text: LONG, cutAfterChunks: 0 } }]);

    await expect(openai.chat.completions.create(CHAT, { maxRetries: 0 })).rejects.toThrow(/terminated|Premature/i);
    expect(server.ledger[0]).toMatchObject({ outcome: 'cut', billed: true, usageSent: false });
  });

  test('a body that is no JSON is billed and tells no usage', async () => {
    server.script([{ reply: { text: 'Hello.', malformedJson: true } }]);

    await expect(anthropic.messages.create(MESSAGE)).rejects.toThrow(SyntaxError);
    expect(server.ledger[0]).toMatchObject({ outcome: 'served', billed: true, usageSent: false });
  });

  test('a chunk that is no JSON breaks the stream', async () => {
    server.script([{ reply: { text: LONG, malformedJson: true } }]);

    const stream = await openai.chat.completions.create({ ...CHAT, stream: true });

    await expect(collect(stream)).rejects.toThrow(SyntaxError);
  });

  test('an error event in the middle of a chat stream carries the error object', async () => {
    server.script([{ reply: { text: LONG, errorAfterChunks: 1, errorMessage: 'Out of luck.' } }]);

    const stream = await openai.chat.completions.create({ ...CHAT, stream: true });

    await expect(collect(stream)).rejects.toMatchObject({ message: 'Out of luck.', type: 'server_error' });
  });
});
