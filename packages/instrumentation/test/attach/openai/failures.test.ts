import { setTimeout as sleep } from 'node:timers/promises';
import { diag } from '@opentelemetry/api';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { recorder } from '../../../src/emit/recorder.ts';
import { collectWarnings, readToEnd } from '../attached.ts';
import { attachToOpenAi, QUESTION, VERSIONS } from './clients.ts';

const attached = attachToOpenAi();
const ASK = { model: 'gpt-5-mini', messages: QUESTION } as const;

describe.each(VERSIONS)('a call of %s', (_, Client) => {
  const client = (options: { readonly timeout?: number; readonly maxRetries?: number } = {}): OpenAI =>
    new Client({ apiKey: 'none', baseURL: attached.server.openaiUrl, ...options });

  it('that is refused fails for the app as it would, and is an error that used nothing', async () => {
    attached.server.script([{ reply: { status: 400, errorMessage: 'no such thing as sk-secret' } }]);
    const error = await client()
      .chat.completions.create(ASK)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Client.BadRequestError);
    const { attributes, status, events } = attached.onlyCall();
    expect(attributes['error.type']).toBe('BadRequestError');
    expect(attributes['turnmeter.usage.source']).toBeUndefined();
    expect(JSON.stringify([attributes, status, events])).not.toContain('sk-secret');
    expect(await attached.recording.metric('turnmeter.errors', { reason: 'BadRequestError' })).toBe(1);
  });

  it('that succeeds after retries is one call with that many retries', async () => {
    attached.server.script([{ reply: { status: 429, failTimes: 2, retryAfter: 0 } }]);
    await client().chat.completions.create(ASK);
    expect(attached.server.ledger).toHaveLength(3);
    expect(attached.onlyCall().attributes).toMatchObject({
      'turnmeter.retries': 2,
      'gen_ai.usage.input_tokens': attached.server.totals().input,
    });
    expect(await attached.recording.metric('turnmeter.retries')).toBe(2);
  });

  it('that never succeeds has its last error', async () => {
    attached.server.script([{ reply: { status: 500 } }]);
    await expect(client({ maxRetries: 1 }).chat.completions.create(ASK)).rejects.toBeInstanceOf(
      Client.InternalServerError,
    );
    expect(attached.onlyCall().attributes).toMatchObject({
      'error.type': 'InternalServerError',
      'turnmeter.retries': 1,
    });
  });

  it('that takes too long is a time-out', async () => {
    attached.server.script([{ reply: { hang: true } }]);
    await expect(client({ timeout: 50, maxRetries: 0 }).chat.completions.create(ASK)).rejects.toBeInstanceOf(
      Client.APIConnectionTimeoutError,
    );
    expect(attached.onlyCall().attributes['error.type']).toBe('APIConnectionTimeoutError');
  });

  it('that the app aborts before its answer is an abort that used nothing', async () => {
    attached.server.script([{ reply: { hang: true } }]);
    const abort = new AbortController();
    const asked = client().chat.completions.create(ASK, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(asked).rejects.toBeInstanceOf(Client.APIUserAbortError);
    const { attributes } = attached.onlyCall();
    expect(attributes['error.type']).toBe('APIUserAbortError');
    expect(attributes['turnmeter.usage.source']).toBeUndefined();
  });

  it('whose answer breaks off was billed, and misses its usage', async () => {
    attached.server.script([{ reply: { malformedJson: true } }]);
    await expect(client({ maxRetries: 0 }).chat.completions.create(ASK)).rejects.toBeInstanceOf(Error);
    expect(attached.onlyCall().attributes['error.type']).toBeDefined();
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBe('missing');
  });

  it('to where nobody listens is a failed connection', async () => {
    const api = new Client({ apiKey: 'none', baseURL: 'http://127.0.0.1:1/v1', maxRetries: 0 });
    await expect(api.chat.completions.create(ASK)).rejects.toBeInstanceOf(Client.APIConnectionError);
    expect(attached.onlyCall().attributes['error.type']).toBe('APIConnectionError');
  });

  it('leaves failures that nobody handles unhandled, and those that somebody handles handled', async () => {
    attached.server.script([{ reply: { status: 400 } }]);
    const unhandled: unknown[] = [];
    const listener = (error: unknown): void => void unhandled.push(error);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
    try {
      await client()
        .chat.completions.create(ASK)
        .withResponse()
        .catch(() => undefined);
      await client()
        .chat.completions.create(ASK)
        .asResponse()
        .catch(() => undefined);
      await client()
        .chat.completions.create(ASK)
        .catch(() => undefined);
      await client()
        .responses.create({ model: 'gpt-5-mini', input: 'x' })
        .catch(() => undefined);
      await sleep(20);
      expect(unhandled).toEqual([]);
      void client().chat.completions.create(ASK);
      await expect.poll(() => unhandled.length).toBe(1);
    } finally {
      process.off('unhandledRejection', listener);
      for (const other of others) process.on('unhandledRejection', other);
    }
  });
});

describe('openai 7, which asks again where the rest of an answer does not come', () => {
  it('has that counted as a retry', async () => {
    let requests = 0;
    const fetchOnceStalled = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const headers = { 'content-type': 'application/json' };
      return ++requests === 1 ? Promise.resolve(new Response(new ReadableStream(), { headers })) : fetch(url, init);
    };
    const client = new OpenAI({
      apiKey: 'none',
      baseURL: attached.server.openaiUrl,
      fetch: fetchOnceStalled,
      timeout: 300,
    });
    await client.chat.completions.create(ASK);
    expect(attached.onlyCall().attributes).toMatchObject({
      'turnmeter.retries': 1,
      'gen_ai.usage.input_tokens': attached.onlyEntry().usage.input,
    });
  });
});

describe('telemetry that fails', () => {
  afterEach(() => diag.disable());

  it.each([
    ['when a call begins', 'tracer'],
    ['when it ends', 'instruments'],
  ] as const)('%s leaves the app alone, and is said once', async (_, broken) => {
    const warnings = collectWarnings();
    Object.defineProperty(recorder(), broken, {
      get: () => {
        throw new Error('broken on purpose');
      },
    });
    const client = new OpenAI({ apiKey: 'none', baseURL: attached.server.openaiUrl });
    for (let call = 0; call < 2; call++) {
      const answer = await client.chat.completions.create(ASK);
      expect(answer.choices[0]?.message.content).toContain('scripted answer');
      const chunks = await readToEnd(client.chat.completions.create({ ...ASK, stream: true }));
      expect(chunks.length).toBeGreaterThan(2);
    }
    expect(attached.server.ledger).toHaveLength(4);
    expect(new Set(warnings).size).toBe(warnings.length);
    expect(warnings.length).toBeGreaterThan(0);
  });
});
