import { describe, expect, it } from 'vitest';
import type { PlainPoint, PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const HOUR = 3_600_000;

function point(metric: string, value: number, rest: Partial<PlainPoint> = {}): PlainPoint {
  return {
    id: `${metric}/${JSON.stringify(rest.attributes ?? {})}/${JSON.stringify(rest.resource ?? {})}/${rest.startMs ?? T0}`,
    resource: { 'service.name': 'chat-app' },
    metric,
    unit: '{token}',
    kind: 'histogram',
    temporality: 'cumulative',
    startMs: T0,
    timeMs: T0 + 60_000,
    value,
    count: 3,
    ...rest,
  };
}

function usage(input: number, output: number, rest: Partial<PlainPoint> = {}): readonly PlainPoint[] {
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5-mini' };
  return [
    point('gen_ai.client.token.usage', input, { ...rest, attributes: { ...attributes, 'gen_ai.token.type': 'input' } }),
    point('gen_ai.client.token.usage', output, {
      ...rest,
      attributes: { ...attributes, 'gen_ai.token.type': 'output' },
    }),
  ];
}

function chat(spanId: string, rest: Partial<PlainSpan> = {}): PlainSpan {
  return span(spanId, '', {
    traceId: spanId,
    kind: 3,
    resource: { 'service.name': 'chat-app' },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
    },
    ...rest,
  });
}

function instance(id: string): Partial<PlainPoint> & Partial<PlainSpan> {
  return { resource: { 'service.name': 'chat-app', 'service.instance.id': id } };
}

describe('gen-ai-metrics', () => {
  it('counts a histogram’s sum and not its count, which is calls', () => {
    const { totals, entries } = account({ points: usage(9000, 700) });
    expect(totals).toMatchObject({ input: 9000, output: 700, inferences: 3 });
    expect(entries[0]).toMatchObject({ session: '', model: 'gpt-5-mini', reason: 'metric_fallback' });
  });

  it('does not count what the service’s calls report', () => {
    const { totals } = account({ spans: [chat('a')], points: usage(100, 20) });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20, excludedInput: 100, excludedOutput: 20 });
  });

  it('does not fill in what the calls lack: a metric with more is a gap to report', () => {
    const { totals } = account({ spans: [chat('a')], points: usage(250, 60) });
    expect(totals).toMatchObject({ input: 100, output: 20, excludedInput: 250, excludedOutput: 60 });
  });

  it('counts another service’s metrics, and another process’s', () => {
    const other = account({
      spans: [chat('a')],
      points: usage(250, 60, { resource: { 'service.name': 'other-app' } }),
    });
    expect(other.totals.input).toBe(350);
    expect(account({ spans: [chat('a', instance('1'))], points: usage(250, 60, instance('2')) }).totals.input).toBe(
      350,
    );
    expect(account({ spans: [chat('a', instance('1'))], points: usage(100, 20, instance('1')) }).totals.input).toBe(
      100,
    );
    // Who does not say which process it is may be either.
    expect(account({ spans: [chat('a', instance('1'))], points: usage(100, 20) }).totals.input).toBe(100);
  });

  it('compares a long series with calls at any time in it', () => {
    const early = chat('a', { startMs: T0 + HOUR, endMs: T0 + HOUR + 10 });
    const points = usage(100, 20, { timeMs: T0 + 9 * HOUR });
    const { totals } = account({ spans: [early], points });
    expect(totals).toMatchObject({ input: 100, excludedInput: 100 });
  });

  it('counts a metric of a time when the service sent no calls', () => {
    const points = usage(250, 60, { startMs: T0 + 5 * HOUR, timeMs: T0 + 6 * HOUR });
    const { totals } = account({ spans: [chat('a')], points });
    expect(totals.input).toBe(350);
  });

  it('counts the sums of an agent before metrics', () => {
    const agent = span('agent', '', {
      resource: { 'service.name': 'chat-app' },
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'Writer',
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
      },
    });
    expect(account({ spans: [agent], points: usage(100, 20) }).totals).toMatchObject({ input: 100, output: 20 });
  });

  it('reads the counters of the newest conventions by their names, modalities added up', () => {
    const text = { 'gen_ai.token.modality': 'text' };
    const { totals } = account({
      points: [
        point('gen_ai.client.inference.usage.input_tokens', 500, { kind: 'sum', count: 0, attributes: text }),
        point('gen_ai.client.inference.usage.input_tokens', 40, {
          kind: 'sum',
          count: 0,
          attributes: { 'gen_ai.token.modality': 'image' },
        }),
        point('gen_ai.client.inference.usage.output_tokens', 60, { kind: 'sum', count: 0, attributes: text }),
        point('gen_ai.client.inference.usage.cache_write.input_tokens', 16, { kind: 'sum', count: 0 }),
        point('gen_ai.client.inference.usage.reasoning.output_tokens', 25, { kind: 'sum', count: 0 }),
      ],
    });
    expect(totals).toMatchObject({ input: 540, output: 60, cacheWrite: 16, reasoning: 25 });
  });

  it('books one of several metrics that tell the same tokens, whichever come first', () => {
    const strands = [point('strands.event_loop.input.tokens', 900), point('strands.event_loop.output.tokens', 80)];
    const agents = [point('gen_ai.agent.tokens.input', 900), point('gen_ai.agent.tokens.output', 80)];
    const all = [...usage(900, 80), ...strands, ...agents];
    for (const points of [all, all.toReversed(), [...strands, ...agents], [...agents, ...strands]])
      expect(account({ points }).totals).toMatchObject({ input: 900, output: 80, inferences: 3 });
  });

  it.each([
    ['acme.llm.prompt_tokens', {}, { input: 70 }],
    ['acme.tokens', { direction: 'out' }, { output: 70 }],
    ['llm.openai.chat_completions.tokens', { 'llm.usage.token_type': 'completion' }, { output: 70 }],
    ['gen_ai_client_token_usage', { gen_ai_token_type: 'input' }, { input: 70 }],
    ['acme_llm_tokens_total', { type: 'cached' }, { cacheRead: 70 }],
  ])('reads %s %j by its words', (metric, attributes, expected) => {
    expect(
      account({ points: [point(metric, 70, { kind: 'sum', unit: '1', count: 0, attributes })] }).totals,
    ).toMatchObject(expected);
  });

  it.each([
    ['gen_ai.client.operation.duration', 's', {}],
    ['gen_ai.server.time_per_output_token', 's', {}],
    ['gen_ai.client.token.usage', '{token}', { 'gen_ai.token.type': 'total' }],
    ['acme.tokens', '{token}', {}],
    ['acme.token.limit', '{token}', { type: 'input' }],
    ['auth.tokens.issued', '1', { kind: 'bearer' }],
    ['gen_ai.usage.cost', 'USD', { type: 'input' }],
  ])('passes over %s in %s', (metric, unit, attributes) => {
    expect(account({ points: [point(metric, 5, { unit, attributes })] }).entries).toEqual([]);
  });

  it('passes over gauges, which are no sums', () => {
    expect(account({ points: [point('acme.llm.prompt_tokens', 5, { kind: 'gauge' })] }).entries).toEqual([]);
  });

  it('reports values that can be no count', () => {
    expect(account({ points: [point('acme.llm.prompt_tokens', Number.NaN)] }).totals.input).toBe(0);
    const { entries } = account({ points: [point('acme.llm.prompt_tokens', 7.5)] });
    expect(entries[0]).toMatchObject({ input: 7, notes: ['fractional_tokens'] });
  });
});
