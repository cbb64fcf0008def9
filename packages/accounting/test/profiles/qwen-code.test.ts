import { describe, expect, it } from 'vitest';
import type { PlainLog, PlainPoint } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const ORIGIN = { resource: { 'service.name': 'qwen-code' }, scope: 'qwen-code' };

/** An OpenAI-style answer: 40 of the 100 output tokens are reasoning, 600 in all. */
const RESPONSE = {
  model: 'qwen3-coder',
  response_id: 'chatcmpl-1',
  input_token_count: 500,
  output_token_count: 100,
  cached_content_token_count: 64,
  thoughts_token_count: 40,
  total_token_count: 600,
  duration_ms: 200,
};

function event(id: string, name: string, attributes: PlainLog['attributes']): PlainLog {
  return { id, ...ORIGIN, timeMs: T0, attributes: { 'session.id': 's1', 'event.name': name, ...attributes } };
}

function point(type: string, value: number): PlainPoint {
  return {
    id: type,
    ...ORIGIN,
    metric: 'qwen-code.token.usage',
    temporality: 'cumulative',
    startMs: T0 - 5000,
    timeMs: T0 + 1000,
    value,
    attributes: { model: 'qwen3-coder', type },
  };
}

describe('qwen-code', () => {
  it('leaves reasoning in the output when the total says that it is there', () => {
    const { totals } = account({ logs: [event('a', 'qwen-code.api_response', RESPONSE)] });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 100, cacheRead: 64, reasoning: 40 });
  });

  it('adds reasoning when the total says that it is beside, as with Gemini’s own models', () => {
    const { totals } = account({
      logs: [event('a', 'qwen-code.api_response', { ...RESPONSE, total_token_count: 640 })],
    });
    expect(totals).toMatchObject({ output: 140, reasoning: 40 });
  });

  it('counts one call once from event, span and a metric without a session', () => {
    const { totals, entries } = account({
      spans: [
        span('call', '', {
          ...ORIGIN,
          name: 'qwen-code.llm_request',
          attributes: {
            'session.id': 's1',
            model: 'qwen3-coder',
            response_id: 'chatcmpl-1',
            input_tokens: 500,
            output_tokens: 100,
            cached_input_tokens: 64,
            thoughts_tokens: 40,
            total_tokens: 600,
          },
        }),
      ],
      logs: [event('a', 'qwen-code.api_response', RESPONSE)],
      points: [point('input', 500), point('output', 100), point('thought', 40), point('cache', 64)],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 100, cacheRead: 64, reasoning: 40 });
    expect(entries.find(({ inferences }) => inferences === 1)?.session).toBe('s1');
  });

  it('leaves what only the metric tells without a session', () => {
    const { totals, entries } = account({ points: [point('input', 500), point('output', 100), point('thought', 40)] });
    expect(totals).toMatchObject({ input: 500, output: 100, reasoning: 40 });
    expect(entries.every(({ session }) => session === '')).toBe(true);
  });

  it('reads log records that come as spans', () => {
    const bridged = span('b', '', {
      ...ORIGIN,
      name: 'API response from qwen3-coder',
      attributes: { 'log.bridge': true, 'session.id': 's1', 'event.name': 'qwen-code.api_response', ...RESPONSE },
    });
    expect(account({ spans: [bridged] }).totals).toMatchObject({ inferences: 1, input: 500, output: 100 });
    const both = account({ spans: [bridged], logs: [event('a', 'qwen-code.api_response', RESPONSE)] });
    expect(both.totals).toMatchObject({ inferences: 1, input: 500, output: 100 });
  });

  it('names sub-agents, counts tools and reports failures', () => {
    const { entries, totals } = account({
      logs: [
        event('a', 'qwen-code.api_response', { ...RESPONSE, subagent_name: 'reviewer' }),
        event('t', 'qwen-code.tool_call', { function_name: 'grep', success: false, error_type: 'timeout' }),
        event('e', 'qwen-code.api_error', { status_code: 429 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, toolCalls: 1, errors: 2 });
    expect(entries.find(({ input }) => input === 500)?.agent).toBe('reviewer');
    expect(entries.map(({ error }) => error).toSorted()).toEqual(['', '429', 'timeout']);
  });
});
