import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const at = (spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes']): PlainSpan =>
  span(spanId, parentId, { name, attributes: attributes ?? {} });

const USAGE = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 };

describe('grafana agento11y', () => {
  const GENERATION = {
    'agento11y.sdk.name': 'agento11y',
    'gen_ai.operation.name': 'streamText',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-opus-5',
    'gen_ai.agent.name': 'Writer',
    'gen_ai.conversation.id': 's-1',
    'gen_ai.usage.cache_read_input_tokens': 40,
    'gen_ai.usage.cache_write_input_tokens': 30,
    ...USAGE,
  };

  it('believes the mark that the input is the whole', () => {
    const figures = account({
      spans: [at('a', '', 'streamText claude', { ...GENERATION, 'gen_ai.token.semantics': 'inclusive' })],
    });
    expect(figures.totals).toMatchObject({ inferences: 1, input: 100, output: 20, cacheRead: 40, cacheWrite: 30 });
    expect(figures.by('agent').get('Writer')).toMatchObject({ input: 100 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
  });

  it("adds the cached part to Anthropic's own figure where there is no mark", () => {
    expect(account({ spans: [at('a', '', 'streamText claude', GENERATION)] }).totals).toMatchObject({ input: 170 });
  });
});
