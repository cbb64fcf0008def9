// One inference seen by several instrumentations side by side, which know nothing of each other.

import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';
import { agent, call, CLIENT, FRAMEWORK, SDK } from './calls.ts';

const ONE = { inferences: 1, input: 100, output: 20 };

/** A call without numbers below the agent. */
const bare = (spanId: string, scope: string, rest: Partial<PlainSpan> = {}): PlainSpan =>
  span(spanId, 'agent', {
    scope,
    kind: 3,
    ...rest,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4.1', ...rest.attributes },
  });

describe('copies that are siblings', () => {
  it('of one id, though the output differs by the token that a stream begins with', () => {
    const { totals } = account({
      spans: [
        agent('agent', 'Writer'),
        call('a', 'agent', {
          scope: 'opentelemetry.instrumentation.anthropic',
          id: 'msg_1',
          output: 21,
          model: 'claude-sonnet-4-5',
          attributes: { 'gen_ai.is_streaming': true },
        }),
        call('b', 'agent', { scope: SDK, id: 'msg_1', output: 20, model: 'claude-sonnet-4-5-20250929' }),
      ],
    });
    expect(totals).toMatchObject(ONE);
  });

  it('without ids, of different scopes with equal numbers at the same time', () => {
    const { totals } = account({
      spans: [
        agent('agent', 'Writer'),
        call('a', 'agent', { from: 0, to: 100 }),
        call('b', 'agent', { scope: 'logfire.openai', from: 2, to: 98 }),
      ],
    });
    expect(totals).toMatchObject(ONE);
  });
});

describe('copies that are siblings and have nothing to compare but', () => {
  it('their failure', () => {
    const { totals } = account({
      spans: [
        agent('agent', 'Writer'),
        bare('a', CLIENT, { status: 2 }),
        bare('b', 'logfire.openai', { status: 2, startMs: T0 + 1, endMs: T0 + 9 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1 });
  });

  it('the failure of the call around them', () => {
    const inner = { parentId: 'outer', status: 2 };
    const { totals } = account({
      spans: [
        agent('agent', 'Writer'),
        bare('outer', 'openlit.instrumentation.openai', { status: 2 }),
        bare('a', CLIENT, inner),
        bare('b', 'logfire.openai', { ...inner, startMs: T0 + 1, endMs: T0 + 9 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1 });
  });

  it('the last of several attempts that all failed', () => {
    const attempt = (spanId: string, from: number): PlainSpan =>
      bare(spanId, CLIENT, { parentId: 'outer', status: 2, startMs: T0 + from, endMs: T0 + from + 2 });
    const { totals } = account({
      spans: [agent('agent', 'Writer'), bare('outer', FRAMEWORK, { status: 2 }), attempt('a', 0), attempt('b', 4)],
    });
    expect(totals).toMatchObject({ inferences: 2, errors: 2 });
  });

  it('that nobody got their tokens', () => {
    const { entries } = account({
      spans: [agent('agent', 'Writer'), bare('a', CLIENT), bare('b', 'logfire.openai', { startMs: T0 + 1 })],
    });
    expect(entries.filter(({ usageSource }) => usageSource === 'missing')).toHaveLength(1);
  });

  it('the input of an embedding', () => {
    const embedding = { 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.input_tokens': 9 };
    const { totals } = account({
      spans: [
        agent('agent', 'Writer'),
        bare('a', CLIENT, { attributes: embedding }),
        bare('b', 'logfire.openai', { attributes: embedding }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 9 });
  });

  it.each([
    ['one failed and one did not', { status: 2 }, {}],
    ['they came one after the other', { status: 2 }, { status: 2, startMs: T0 + 200, endMs: T0 + 210 }],
    ['they are in two traces', { status: 2 }, { status: 2, traceId: 'u' }],
    ['their makers differ', { status: 2 }, { status: 2, attributes: { 'gen_ai.request.model': 'claude-opus-5' } }],
  ])('unless %s', (_, a, b) => {
    const { totals } = account({
      spans: [agent('agent', 'Writer'), bare('a', CLIENT, a), bare('b', 'logfire.openai', b)],
    });
    expect(totals).toMatchObject({ inferences: 2 });
  });
});
