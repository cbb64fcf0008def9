import { describe, expect, it } from 'vitest';
import type { PlainLog, PlainPoint, PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const RESOURCE = { 'service.name': 'claude-code' };
const SESSION = { 'session.id': '3f0c6a52-1b7e-4c1d-9a53-0d6f2a7c9e01', 'user.id': 'd44e' };

function event(id: string, name: string, attributes: PlainLog['attributes'], rest: Partial<PlainLog> = {}): PlainLog {
  return {
    id,
    resource: RESOURCE,
    scope: 'com.anthropic.claude_code.events',
    body: `claude_code.${name}`,
    timeMs: T0,
    attributes: { ...SESSION, 'event.name': name, ...attributes },
    ...rest,
  };
}

/** 300 in beside 40 read from the cache and 10 written to it: a prompt of 350. */
const USAGE = { input_tokens: 300, output_tokens: 50, cache_read_tokens: 40, cache_creation_tokens: 10 };

function llmRequest(spanId: string, parentId: string, attributes: PlainSpan['attributes']): PlainSpan {
  return span(spanId, parentId, {
    resource: RESOURCE,
    scope: 'com.anthropic.claude_code.tracing',
    name: 'claude_code.llm_request',
    attributes: { ...SESSION, 'span.type': 'llm_request', model: 'claude-sonnet-4-5', ...attributes },
  });
}

function point(type: string, value: number, rest: Partial<PlainPoint> = {}): PlainPoint {
  return {
    id: `token/${type}/${rest.timeMs ?? T0}`,
    resource: RESOURCE,
    scope: 'com.anthropic.claude_code',
    metric: 'claude_code.token.usage',
    unit: 'tokens',
    temporality: 'delta',
    startMs: T0 - 1000,
    timeMs: T0,
    value,
    attributes: { ...SESSION, model: 'claude-sonnet-4-5', type, query_source: 'main' },
    ...rest,
  };
}

function blocked(spanId: string, source: string): PlainSpan {
  return span(spanId, '', {
    scope: 'com.anthropic.claude_code.tracing',
    name: 'claude_code.tool.blocked_on_user',
    attributes: { ...SESSION, 'span.type': 'tool.blocked_on_user', source },
  });
}

function tool(spanId: string, parentId: string, name: string, id: string): PlainSpan {
  return span(spanId, parentId, {
    resource: RESOURCE,
    scope: 'com.anthropic.claude_code.tracing',
    name: 'claude_code.tool',
    attributes: { ...SESSION, 'span.type': 'tool', tool_name: name, tool_use_id: id, subagent_type: 'writer' },
  });
}

describe('claude-code', () => {
  it('counts an api_request with the cached parts beside the input', () => {
    const { entries, totals } = account({
      logs: [event('a', 'api_request', { ...USAGE, model: 'claude-sonnet-4-5', duration_ms: 118, ttft_ms: 63 })],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 350, output: 50, cacheRead: 40, cacheWrite: 10 });
    expect(entries[0]).toMatchObject({
      session: SESSION['session.id'],
      agent: 'main',
      model: 'claude-sonnet-4-5',
      provider: 'anthropic',
      usageSource: 'provider',
      timeToFirstTokenUs: 63_000,
      // Written when the call was over.
      startUs: (T0 - 118) * 1000,
      endUs: T0 * 1000,
    });
  });

  it('splits cache writes by life time', () => {
    const { totals } = account({
      logs: [event('a', 'api_request', { ...USAGE, cache_creation_5m_tokens: 4, cache_creation_1h_tokens: 6 })],
    });
    expect(totals).toMatchObject({ input: 350, cacheWrite: 10, cacheWrite1h: 6 });
  });

  it('keeps the reported cost as a claim of a client-side table', () => {
    const { entries } = account({ logs: [event('a', 'api_request', { ...USAGE, cost_usd: 0.004107 })] });
    expect(entries[0]?.claim).toEqual({ nanoUsd: 4_107_000, by: 'client_table' });
  });

  it('counts one call once from event, span and metric', () => {
    const { totals } = account({
      spans: [llmRequest('call', '', USAGE)],
      logs: [event('a', 'api_request', USAGE, { timeMs: T0 + 10 })],
      points: [point('input', 300), point('output', 50), point('cacheRead', 40), point('cacheCreation', 10)],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 350, output: 50, excludedInput: 700, excludedOutput: 100 });
  });

  it('counts metric points where nothing else comes, cached parts as input too', () => {
    const { totals, entries } = account({
      points: [point('input', 300), point('output', 50), point('cacheRead', 40), point('cacheCreation', 10)],
    });
    expect(totals).toMatchObject({ inferences: 0, input: 350, output: 50, cacheRead: 40, cacheWrite: 10 });
    expect(new Set(entries.map(({ session }) => session))).toEqual(new Set([SESSION['session.id']]));
  });

  it('adds delta points and keeps the last of cumulative ones, as the wire says', () => {
    const delta = [point('output', 50), point('output', 20, { timeMs: T0 + 1000 })];
    expect(account({ points: delta }).totals.output).toBe(70);
    const cumulative = delta.map((one) => ({ ...one, id: 'series', temporality: 'cumulative' as const }));
    expect(account({ points: cumulative }).totals.output).toBe(50);
    expect(account({ points: cumulative.toReversed() }).totals.output).toBe(50);
  });

  it('does not count metric points without a session where the session is counted already', () => {
    const { 'session.id': _, ...user } = SESSION;
    const hidden = { ...point('output', 50), attributes: { ...user, type: 'output' } };
    expect(account({ logs: [event('a', 'api_request', USAGE)], points: [hidden] }).totals.output).toBe(50);
    expect(account({ points: [hidden] }).totals.output).toBe(50);
    // Another user's calls are no evidence for this one's.
    const others = event('b', 'api_request', { ...USAGE, 'user.id': 'ffff' });
    expect(account({ logs: [others], points: [hidden] }).totals.output).toBe(100);
  });

  it('never counts the total of a finished sub-agent', () => {
    const { totals } = account({
      logs: [event('a', 'subagent_completed', { agent_id: 'af53', agent_type: 'custom', total_tokens: 8392 })],
    });
    expect(totals).toMatchObject({ input: 0, output: 0, turns: 1 });
  });

  it('reports a final failure once, from event and span', () => {
    const failed = { success: false, status_code: 400 };
    const { totals, entries } = account({
      spans: [llmRequest('call', '', failed)],
      logs: [event('a', 'api_error', { status_code: 400, error: 'Invalid prompt' }, { timeMs: T0 + 10 })],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1, input: 0 });
    expect(entries.find(({ errors }) => errors === 1)).toMatchObject({ error: '400', usageSource: 'none' });
  });

  it('says that usage is missing from a call that succeeded without any', () => {
    const { entries } = account({ logs: [event('a', 'api_request', { model: 'claude-sonnet-4-5' })] });
    expect(entries[0]).toMatchObject({ inferences: 1, usageSource: 'missing', reason: 'call_without_usage' });
  });

  it('names sub-agents by what any record tells of their id', () => {
    const logs = [
      event('a', 'api_request', { ...USAGE, query_source: 'agent:custom', 'agent.name': 'custom', agent_id: 'af53' }),
      event('b', 'api_request', { ...USAGE, query_source: 'agent:custom', 'agent.name': 'custom', agent_id: '0000' }),
      event('c', 'subagent_completed', { agent_id: 'af53', agent_type: 'writer', duration_ms: 114 }),
    ];
    for (const order of [logs, logs.toReversed()]) {
      const agents = account({ logs: order }).by('agent');
      expect(agents.get('writer')).toMatchObject({ input: 350, turns: 1, responseTimeUs: 114_000 });
      expect(agents.get('custom')).toMatchObject({ input: 350 });
    }
  });

  it('takes the chat that the application names in the resource for the session', () => {
    const resource = { ...RESOURCE, 'chat.id': 'sess-a' };
    const { entries } = account({
      spans: [
        { ...llmRequest('call', '', { ...USAGE, 'gen_ai.conversation.id': 'a405b', agent_id: 'a405b' }), resource },
      ],
      logs: [event('a', 'api_request', USAGE, { resource })],
      points: [point('input', 300, { resource })],
    });
    expect(entries.map(({ session }) => session)).toEqual(['sess-a', 'sess-a', 'sess-a']);
  });

  it('books the log events of an SDK inside an application to the application’s session', () => {
    const app = span('app', '', { attributes: { 'session.id': 'chat-7', 'gen_ai.operation.name': 'invoke_workflow' } });
    const figures = account({
      spans: [app, llmRequest('call', 'app', USAGE)],
      // Written outside any trace: only the span shows whose they are.
      logs: [
        event('a', 'api_request', USAGE, { timeMs: T0 + 10 }),
        event('b', 'api_request', USAGE, { timeMs: T0 + 900 }),
      ],
    });
    expect(figures.totals.input).toBe(700);
    expect(figures.by('session').get('chat-7')?.input).toBe(700);
  });

  it('makes a turn of a prompt and all that happened in it', () => {
    const prompt = { 'prompt.id': 'ab0a' };
    const { entries } = account({
      logs: [
        event('p', 'user_prompt', prompt),
        event('a', 'api_request', { ...USAGE, ...prompt, duration_ms: 80 }, { timeMs: T0 + 100 }),
        event(
          's',
          'subagent_completed',
          { ...prompt, agent_id: 'x', agent_type: 'writer', duration_ms: 300 },
          { timeMs: T0 + 500 },
        ),
        event(
          't',
          'tool_result',
          { ...prompt, tool_name: 'Agent', duration_ms: 310, success: 'true' },
          { timeMs: T0 + 505 },
        ),
        event('b', 'api_request', { ...USAGE, ...prompt, duration_ms: 90 }, { timeMs: T0 + 600 }),
      ],
    });
    const turns = entries.filter(({ turns: count }) => count === 1);
    // 600 ms from the prompt to the last answer, 300 of them the sub-agent's.
    expect(turns.find(({ agent }) => agent === 'main')).toMatchObject({ responseTimeUs: 300_000 });
    expect(turns.find(({ agent }) => agent === 'writer')).toMatchObject({ responseTimeUs: 300_000 });
    expect(turns).toHaveLength(2);
  });

  it('does not count a turn twice when the interaction span comes too', () => {
    const interaction = span('turn', '', {
      resource: RESOURCE,
      scope: 'com.anthropic.claude_code.tracing',
      name: 'claude_code.interaction',
      endMs: T0 + 700,
      attributes: { ...SESSION, 'span.type': 'interaction', 'gen_ai.operation.name': 'invoke_agent' },
    });
    const inside = { traceId: 't', spanId: 'turn' };
    const { totals } = account({
      spans: [interaction, llmRequest('call', 'turn', USAGE)],
      logs: [
        event('p', 'user_prompt', { 'prompt.id': 'ab0a' }, inside),
        event('a', 'api_request', { ...USAGE, 'prompt.id': 'ab0a' }, { ...inside, timeMs: T0 + 10 }),
      ],
    });
    expect(totals).toMatchObject({ turns: 1, inferences: 1, responseTimeUs: 700_000 });
  });

  it('counts tool calls of sub-agents within the call that began them, and the handoff', () => {
    const { totals, entries } = account({
      spans: [tool('agent', '', 'Agent', 'toolu_1'), tool('bash', 'agent', 'Bash', 'toolu_2')],
    });
    expect(totals).toMatchObject({ toolCalls: 2, handoffs: 1 });
    expect(entries.find(({ handoffs }) => handoffs === 1)).toMatchObject({
      tool: 'Agent',
      handoffTo: 'writer',
      agent: 'main',
    });
  });

  it('takes waiting for a permission as waiting only when a person was asked', () => {
    const { totals } = account({ spans: [blocked('a', 'config'), blocked('b', 'user_temporary')] });
    expect(totals.humanWaitUs).toBe(10_000);
  });

  it('is recognized when its scopes got lost on the way', () => {
    const { totals } = account({
      spans: [{ ...llmRequest('call', '', { ...USAGE, query_source_safe: 'sdk' }), scope: '' }],
      points: [{ ...point('output', 50), scope: '', metric: 'claude_code_token_usage_tokens_total' }],
    });
    expect(totals).toMatchObject({ input: 350, output: 50, excludedOutput: 50 });
  });
});
