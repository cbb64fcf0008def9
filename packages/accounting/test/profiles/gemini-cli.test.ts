import { describe, expect, it } from 'vitest';
import type { PlainLog, PlainPoint, PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const SESSION = 'bd18361b-b0c5-4d8d-9255-f827ab6b6317';
const ORIGIN = { resource: { 'service.name': 'gemini-cli', 'session.id': SESSION }, scope: 'gemini-cli' };

function event(id: string, name: string, attributes: PlainLog['attributes'], rest: Partial<PlainLog> = {}): PlainLog {
  return {
    id,
    ...ORIGIN,
    timeMs: T0,
    attributes: { 'session.id': SESSION, 'event.name': name, ...attributes },
    ...rest,
  };
}

/** 672 in (192 of them cached), 182 out beside 28 thoughts: 882 in all. */
const RESPONSE = {
  model: 'gemini-2.5-pro',
  input_token_count: 672,
  output_token_count: 182,
  cached_content_token_count: 192,
  thoughts_token_count: 28,
  tool_token_count: 0,
  total_token_count: 882,
  prompt_id: SESSION,
  role: 'main',
  duration_ms: 266,
};
const DETAILS = {
  'gen_ai.operation.name': 'generate_content',
  'gen_ai.response.id': 'gem_1',
  'gen_ai.usage.input_tokens': 672,
  'gen_ai.usage.output_tokens': 182,
};

function llmCall(spanId: string, attributes: PlainSpan['attributes'], rest: Partial<PlainSpan> = {}): PlainSpan {
  return span(spanId, '', {
    ...ORIGIN,
    name: 'llm_call',
    attributes: {
      'gen_ai.operation.name': 'llm_call',
      'gen_ai.agent.name': 'gemini-cli',
      'gen_ai.conversation.id': SESSION,
      'gen_ai.prompt.name': SESSION,
      'gen_ai.request.model': 'gemini-2.5-pro',
      ...attributes,
    },
    ...rest,
  });
}

function point(metric: string, type: string, value: number): PlainPoint {
  const typeName = metric === 'gemini_cli.token.usage' ? 'type' : 'gen_ai.token.type';
  return {
    id: `${metric}/${type}`,
    ...ORIGIN,
    metric,
    kind: metric === 'gemini_cli.token.usage' ? 'sum' : 'histogram',
    temporality: 'cumulative',
    startMs: T0,
    timeMs: T0 + 500,
    value,
    count: metric === 'gemini_cli.token.usage' ? 0 : 1,
    attributes: { 'session.id': SESSION, [typeName]: type },
  };
}

const POINTS = [
  point('gemini_cli.token.usage', 'input', 672),
  point('gemini_cli.token.usage', 'output', 182),
  point('gemini_cli.token.usage', 'cache', 192),
  point('gemini_cli.token.usage', 'thought', 28),
];
const CONVENTIONAL = [
  point('gen_ai.client.token.usage', 'input', 672),
  point('gen_ai.client.token.usage', 'output', 182),
];
const TRUTH = { input: 672, output: 210, cacheRead: 192, reasoning: 28 };

describe('gemini-cli', () => {
  it('counts an api_response with the thoughts in the output', () => {
    const { totals, entries } = account({ logs: [event('a', 'gemini_cli.api_response', RESPONSE)] });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1 });
    expect(entries[0]).toMatchObject({ session: SESSION, agent: 'main', startUs: (T0 - 266) * 1000 });
  });

  it('adds what tools brought to the prompt when the total says so', () => {
    const response = { ...RESPONSE, tool_token_count: 100, total_token_count: 982 };
    const { totals } = account({ logs: [event('a', 'gemini_cli.api_response', response)] });
    expect(totals).toMatchObject({ input: 772, output: 210 });
  });

  it('takes the thoughts for part of the output when the total says so', () => {
    const response = { ...RESPONSE, total_token_count: 854 };
    const { totals } = account({ logs: [event('a', 'gemini_cli.api_response', response)] });
    expect(totals).toMatchObject({ input: 672, output: 182, reasoning: 28 });
  });

  it('counts one call once from two events, a span and two metrics', () => {
    const { totals } = account({
      spans: [llmCall('call', { 'gen_ai.usage.input_tokens': 672, 'gen_ai.usage.output_tokens': 182 })],
      logs: [
        event('request', 'gen_ai.client.inference.operation.details', { 'gen_ai.operation.name': 'generate_content' }),
        event('a', 'gemini_cli.api_response', RESPONSE),
        event('d', 'gen_ai.client.inference.operation.details', DETAILS),
      ],
      points: [...POINTS, ...CONVENTIONAL],
    });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1 });
  });

  it.each([
    ['the span', { spans: [llmCall('call', { 'gen_ai.usage.input_tokens': 672, 'gen_ai.usage.output_tokens': 182 })] }],
    ['the details event', { logs: [event('d', 'gen_ai.client.inference.operation.details', DETAILS)] }],
  ])('fills the thoughts and the cached part that %s leaves out from the metric', (_, source) => {
    const partial = account(source);
    expect(partial.totals).toMatchObject({ input: 672, output: 182, reasoning: 0, inferences: 1 });
    expect(partial.entries[0]?.notes).toContain('reasoning_not_reported');
    expect(account({ ...source, points: [...POINTS, ...CONVENTIONAL] }).totals).toMatchObject({
      ...TRUTH,
      inferences: 1,
    });
  });

  it('takes calls without usage for missing only where no metric has their tokens', () => {
    const spans = [llmCall('call', {})];
    expect(account({ spans }).entries[0]).toMatchObject({ inferences: 1, usageSource: 'missing' });
    const { totals, entries } = account({ spans, points: POINTS });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1 });
    expect(entries.map(({ usageSource }) => usageSource)).not.toContain('missing');
  });

  it('names sub-agents and counts their go', () => {
    const agentId = 'a56f20aa-b0d7-45b3-a661-ec1c1aad276c';
    const logs = [
      event('s', 'gemini_cli.agent.start', { agent_id: agentId, agent_name: 'writer' }),
      event('a', 'gemini_cli.api_response', { ...RESPONSE, role: 'subagent', prompt_id: `${agentId}#0` }),
      event('f', 'gemini_cli.agent.finish', {
        agent_id: agentId,
        agent_name: 'writer',
        duration_ms: 243,
        turn_count: 2,
      }),
    ];
    for (const order of [logs, logs.toReversed()]) {
      expect(account({ logs: order }).by('agent').get('writer')).toMatchObject({
        input: 672,
        turns: 1,
        responseTimeUs: 243_000,
      });
    }
  });

  it('tells what its own calls were for and gives them no turn', () => {
    const { entries } = account({
      logs: [event('a', 'gemini_cli.api_response', { ...RESPONSE, role: 'utility_router' })],
    });
    expect(entries[0]).toMatchObject({ purpose: 'router', turns: 0 });
  });

  it('makes a turn of a prompt and the main agent’s calls', () => {
    const { entries, totals } = account({
      logs: [
        event('p', 'gemini_cli.user_prompt', { prompt_id: SESSION }),
        event('a', 'gemini_cli.api_response', RESPONSE, { timeMs: T0 + 300 }),
        event(
          't',
          'gemini_cli.tool_call',
          { prompt_id: SESSION, function_name: 'list_directory', success: true },
          { timeMs: T0 + 400 },
        ),
      ],
    });
    expect(totals).toMatchObject({ turns: 1, toolCalls: 1 });
    expect(entries.find(({ turns }) => turns === 1)).toMatchObject({ agent: 'main', responseTimeUs: 400_000 });
  });

  it('reports a failed attempt once, from event and span', () => {
    const { totals, entries } = account({
      spans: [llmCall('call', {}, { status: 2 })],
      logs: [event('e', 'gemini_cli.api_error', { status_code: 503, prompt_id: SESSION, role: 'main' })],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1, input: 0 });
    expect(entries.find(({ errors }) => errors === 1)?.error).toBe('503');
  });
});
