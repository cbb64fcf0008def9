import { describe, expect, it } from 'vitest';
import { isAboutTokens, isMetric, partInName, partOfType } from '../../src/vocabulary/metric-words.ts';

describe('metric words', () => {
  it.each([
    ['input', 'input'],
    ['prompt', 'input'],
    ['tool', 'input'],
    ['output', 'output'],
    ['completion_tokens', 'output'],
    ['cacheRead', 'cacheRead'],
    ['cached_input', 'cacheRead'],
    ['cache', 'cacheRead'],
    ['cacheCreation', 'cacheWrite'],
    ['cache_write_input', 'cacheWrite'],
    ['reasoning_output', 'reasoning'],
    ['thought', 'reasoning'],
    ['total', undefined],
    ['', undefined],
    ['function', undefined],
  ])('read token type %j as %j', (type, part) => {
    expect(partOfType(type)).toBe(part);
  });

  it.each([
    ['strands.event_loop.input.tokens', 'input'],
    ['strands.event_loop.cache_write.input.tokens', 'cacheWrite'],
    ['gen_ai.client.inference.usage.reasoning.output_tokens', 'reasoning'],
    ['gen_ai.client.token.usage', undefined],
    ['llm.max_tokens', undefined],
  ])('read %s as %j', (name, part) => {
    expect(partInName(name)).toBe(part);
  });

  it('know a metric by Prometheus’ spelling of its name', () => {
    expect(isMetric('claude_code_token_usage_tokens_total', 'claude_code.token.usage')).toBe(true);
    expect(isMetric('claude_code_cost_usage_USD_total', 'claude_code.token.usage')).toBe(false);
  });

  it('take durations, money and absurdly long names for no tokens', () => {
    expect(isAboutTokens('gen_ai.server.time_to_first_token', 's')).toBe(false);
    expect(isAboutTokens('claude_code.cost.usage', 'USD')).toBe(false);
    expect(isAboutTokens(`${'x'.repeat(300)}.tokens`, '')).toBe(false);
    expect(isAboutTokens('codex.turn.token_usage', '')).toBe(true);
  });
});
