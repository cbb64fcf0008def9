import { describe, expect, it } from 'vitest';
import type { PlainLog, PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const DETAILS = 'gen_ai.client.inference.operation.details';
const RESOURCE = { 'service.name': 'chat-app' };
const USAGE = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 };

function event(
  id: string,
  name: string,
  attributes: NonNullable<PlainLog['attributes']>,
  rest: Partial<PlainLog> = {},
): PlainLog {
  return { id, resource: RESOURCE, eventName: name, timeMs: T0 + 10, attributes, ...rest };
}

function chat(spanId: string, attributes: PlainSpan['attributes'] = USAGE): PlainSpan {
  return span(spanId, '', {
    kind: 3,
    resource: RESOURCE,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', ...attributes },
  });
}

describe('gen-ai-events', () => {
  it('counts a details event where nothing else reports the call', () => {
    const { totals, entries } = account({
      logs: [event('d', DETAILS, { 'gen_ai.operation.name': 'chat', 'gen_ai.conversation.id': 'c1', ...USAGE })],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
    expect(entries[0]?.session).toBe('c1');
  });

  it('does not count it where the service’s spans do', () => {
    const { totals } = account({
      spans: [chat('a')],
      logs: [event('d', DETAILS, { 'gen_ai.operation.name': 'chat', ...USAGE })],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });

  it('gives a span without usage the usage of the event written in it', () => {
    const { totals, entries } = account({
      spans: [chat('a', {}), { ...chat('b'), traceId: 'other' }],
      logs: [event('d', DETAILS, { 'gen_ai.operation.name': 'chat', ...USAGE }, { traceId: 't', spanId: 'a' })],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 200, output: 40 });
    expect(entries.map(({ usageSource }) => usageSource)).not.toContain('missing');
  });

  it('gives a call the numbers of an event with its response id wherever it was written', () => {
    const id = { 'gen_ai.response.id': 'chatcmpl-1' };
    const { totals } = account({
      spans: [chat('a', id), { ...chat('b'), traceId: 'other' }],
      logs: [event('d', DETAILS, { 'gen_ai.operation.name': 'chat', ...USAGE, ...id })],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 200 });
  });

  it('does not take the event of a request for a call without usage', () => {
    const { entries } = account({ logs: [event('d', DETAILS, { 'gen_ai.operation.name': 'chat' })] });
    expect(entries).toEqual([]);
  });

  it('reports a failure once, from event and span', () => {
    const failed = event('d', DETAILS, { 'gen_ai.operation.name': 'chat', 'error.type': 'TimeoutError' });
    expect(account({ logs: [failed] }).totals).toMatchObject({ inferences: 1, errors: 1 });
    const both = account({
      spans: [{ ...chat('a', { 'error.type': 'TimeoutError' }), status: 2 }],
      logs: [failed],
    });
    expect(both.totals).toMatchObject({ inferences: 1, errors: 1 });
  });

  it('counts events of producers nobody has heard of, and not those that sum them up', () => {
    const { totals } = account({
      logs: [
        event('a', 'acme.llm.completed', { prompt_tokens: 60, completion_tokens: 9, model: 'gpt-5' }),
        event('b', 'acme.llm.completed', { prompt_tokens: 40, completion_tokens: 6, model: 'gpt-5' }),
        event('s', 'acme.session.finished', { prompt_tokens: 100, completion_tokens: 15 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 100, output: 15 });
  });

  it('counts what sums up where the calls themselves do not come', () => {
    const { totals } = account({
      logs: [event('s', 'acme.session.finished', { prompt_tokens: 100, completion_tokens: 15 })],
    });
    expect(totals).toMatchObject({ input: 100, output: 15 });
  });

  it('does not take the size of a last context for what was spent, as Goose reports it in a metric and again in a log record', () => {
    const goose = { 'service.name': 'goose' };
    const { entries } = account({
      logs: [
        {
          id: 'a',
          resource: goose,
          timeMs: T0,
          body: 'Session tokens',
          attributes: { 'monotonic_counter.goose.session_tokens': 8694, session_type: 'app' },
        },
        {
          id: 'b',
          resource: goose,
          timeMs: T0,
          body: 'Session completed',
          attributes: { total_tokens: 8694, message_count: 4, exit_type: 'normal' },
        },
      ],
      points: [
        {
          id: 'm',
          resource: goose,
          metric: 'goose.session_tokens',
          temporality: 'cumulative',
          startMs: T0,
          timeMs: T0 + 1000,
          value: 8694,
          attributes: { session_type: 'app', interface: 'ui' },
        },
      ],
    });
    expect(entries).toEqual([]);
  });

  it('passes over text', () => {
    const { entries } = account({
      logs: [
        { id: 'x', timeMs: T0, body: 'used 500 tokens', attributes: { 'code.function.name': 'main', level: 'info' } },
      ],
    });
    expect(entries).toEqual([]);
  });
});
