import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const at = (spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes']): PlainSpan =>
  span(spanId, parentId, { name, attributes: attributes ?? {} });

const model = (spanId: string, parentId: string, usage: unknown): PlainSpan =>
  at(spanId, parentId, 'googleai/gemini-2.5-flash', {
    'genkit:type': 'action',
    'genkit:metadata:subtype': 'model',
    'genkit:name': 'googleai/gemini-2.5-flash',
    'genkit:state': 'success',
    'genkit:output': JSON.stringify({ message: { content: [] }, usage }),
  });

describe('genkit', () => {
  it('counts models, whose thoughts are beside the answer, and not the utilities around them', () => {
    const usage = { inputTokens: 100, outputTokens: 15, thoughtsTokens: 5, cachedContentTokens: 40, totalTokens: 120 };
    const figures = account({
      spans: [
        at('flow', '', 'article', {
          'genkit:type': 'action',
          'genkit:metadata:subtype': 'flow',
          'genkit:name': 'article',
          'genkit:sessionId': 's-1',
        }),
        at('util', 'flow', 'generate', {
          'genkit:type': 'util',
          'genkit:name': 'generate',
          'genkit:output': JSON.stringify({ usage }),
        }),
        model('call', 'util', usage),
        at('tool', 'util', 'search', {
          'genkit:type': 'action',
          'genkit:metadata:subtype': 'tool.v2',
          'genkit:name': 'search',
        }),
      ],
    });
    expect(figures.totals).toMatchObject({
      inferences: 1,
      toolCalls: 1,
      input: 100,
      output: 20,
      reasoning: 5,
      cacheRead: 40,
    });
    expect(figures.by('workflow').get('article')).toMatchObject({ input: 100 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
    expect(figures.entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      provider: 'googleai',
      model: 'gemini-2.5-flash',
    });
  });

  it("adds what Anthropic's plugin tells beside the input", () => {
    const custom = {
      cache_read_input_tokens: 40,
      cache_creation_input_tokens: 30,
      ephemeral_1h_input_tokens: 30,
      ephemeral_5m_input_tokens: 0,
    };
    expect(account({ spans: [model('a', '', { inputTokens: 100, outputTokens: 20, custom })] }).totals).toMatchObject({
      input: 170,
      cacheRead: 40,
      cacheWrite: 30,
      cacheWrite1h: 30,
    });
  });

  it('reports hidden usage as missing, and a failure as an error', () => {
    const hidden = at('a', '', 'm', {
      'genkit:type': 'action',
      'genkit:metadata:subtype': 'model',
      'genkit:name': 'googleai/gemini-2.5-pro',
    });
    expect(account({ spans: [hidden] }).entries[0]).toMatchObject({ usageSource: 'missing' });
    const failed = { ...hidden, attributes: { ...hidden.attributes, 'genkit:state': 'error' } };
    expect(account({ spans: [failed] }).entries[0]).toMatchObject({ usageSource: 'none', errors: 1 });
  });
});
