import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { endUnreadCalls } from '../../../src/attach/model-call/unread-calls.ts';
import { findSession, withSession } from '../../../src/index.ts';
import { readToEnd } from '../attached.ts';
import { attachToOpenAi, VERSIONS } from './clients.ts';

const attached = attachToOpenAi();
const ASK = { model: 'gpt-5-mini', input: 'Tell me of the sea.', background: true } as const;

/** Lets the model server's answers be made in the background, as OpenAI does: what was asked for is there at the second look. */
function backgroundFetch(): typeof fetch {
  const answers = new Map<string, { readonly body: Record<string, unknown>; looks: number }>();
  return async (url, init) => {
    const id = /\/responses\/([^/?]+)/.exec(url instanceof Request ? url.url : url.toString())?.[1];
    const kept = id === undefined ? undefined : answers.get(id);
    if (kept !== undefined) return Response.json(++kept.looks < 2 ? pending(kept.body) : kept.body);
    if (id !== undefined) return Response.json({ error: { message: 'no such response' } }, { status: 404 });
    const response = await fetch(url, init);
    if ((response.headers.get('content-type') ?? '').includes('event-stream')) {
      return new Response((await response.text()).replaceAll('"background":false', '"background":true'), response);
    }
    const body = (await response.json()) as Record<string, unknown>;
    answers.set(String(body['id']), { body: { ...body, background: true }, looks: 0 });
    return Response.json(pending(body));
  };
}

function pending(body: Record<string, unknown>): Record<string, unknown> {
  return { ...body, background: true, status: 'queued', output: [], usage: null };
}

describe.each(VERSIONS)('a response in the background of %s', (_, Client) => {
  const client = (): OpenAI =>
    new Client({ apiKey: 'none', baseURL: attached.server.openaiUrl, fetch: backgroundFetch(), maxRetries: 0 });

  it('is one call, of the session that made it, whose tokens the later look tells', async () => {
    const api = client();
    const { id } = await withSession({ session: 's-1' }, () => api.responses.create(ASK));
    expect((await api.responses.retrieve(id)).status).toBe('queued');
    expect(attached.calls()).toEqual([]);
    expect((await api.responses.retrieve(id)).status).toBe('completed');
    await api.responses.retrieve(id);
    const { usage } = attached.onlyEntry();
    expect(attached.onlyCall().attributes).toMatchObject({
      'gen_ai.response.id': id,
      'gen_ai.conversation.id': 's-1',
      'gen_ai.usage.input_tokens': usage.input,
      'turnmeter.usage.source': 'provider',
    });
    expect(findSession('s-1')).toMatchObject({ inferences: 1, tokens: { input: usage.input, output: usage.output } });
  });

  it('is still one where looking at it fails', async () => {
    const api = client();
    const { id } = await api.responses.create(ASK);
    await expect(client().responses.retrieve(id)).rejects.toBeInstanceOf(Client.NotFoundError);
    expect(attached.calls()).toEqual([]);
    await api.responses.retrieve(id);
    await api.responses.retrieve(id);
    expect(attached.onlyCall().attributes['error.type']).toBeUndefined();
    expect(attached.onlyCall().attributes['gen_ai.usage.input_tokens']).toBe(attached.onlyEntry().usage.input);
  });

  it('is missing its usage where nobody looks until the process ends', async () => {
    await client().responses.create(ASK);
    expect(attached.calls()).toEqual([]);
    endUnreadCalls();
    expect(attached.onlyCall().attributes['turnmeter.usage.source']).toBe('missing');
  });

  it('that streams is counted at its end, or waits for a later look where the app leaves it', async () => {
    const api = client();
    await readToEnd(api.responses.create({ ...ASK, stream: true }));
    expect(attached.onlyCall().attributes['gen_ai.usage.input_tokens']).toBe(attached.onlyEntry().usage.input);
    const stream = await api.responses.create({ ...ASK, stream: true });
    for await (const event of stream) if (event.type === 'response.in_progress') break;
    expect(attached.calls()).toHaveLength(1);
    endUnreadCalls();
    expect(attached.calls()[1]?.attributes['turnmeter.usage.source']).toBe('missing');
  });
});
