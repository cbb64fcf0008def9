import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const at = (spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes']): PlainSpan =>
  span(spanId, parentId, { name, attributes: attributes ?? {} });

const USAGE = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 };

describe('laminar', () => {
  const WHO = { 'lmnr.association.properties.session_id': 's-1', 'lmnr.association.properties.user_id': 'u-1' };

  it('counts LLM spans, names the workflow after the root of the path and agents after spans', () => {
    const figures = account({
      spans: [
        at('root', '', 'article', { 'lmnr.span.type': 'DEFAULT', 'lmnr.span.path': ['article'], ...WHO }),
        at('agent', 'root', 'agent Writer', {
          'lmnr.span.type': 'DEFAULT',
          'lmnr.span.path': ['article', 'agent Writer'],
        }),
        at('call', 'agent', 'openai.chat', {
          'lmnr.span.type': 'LLM',
          'lmnr.span.path': ['article', 'agent Writer', 'openai.chat'],
          'gen_ai.system': 'openai',
          'gen_ai.usage.cost': 0.5,
          'gen_ai.usage.cache_read_input_tokens': 40,
          ...USAGE,
        }),
        at('tool', 'agent', 'search', { 'lmnr.span.type': 'TOOL' }),
      ],
    });
    expect(figures.totals).toMatchObject({
      inferences: 1,
      turns: 1,
      toolCalls: 1,
      input: 100,
      output: 20,
      cacheRead: 40,
    });
    expect(figures.by('workflow').get('article')).toMatchObject({ input: 100 });
    expect(figures.by('agent').get('Writer')).toMatchObject({ input: 100 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
    expect(figures.entries.find(({ kind }) => kind === 'inference')?.claim).toEqual({
      nanoUsd: 500_000_000,
      by: 'client_table',
    });
  });

  it('books no cached span: nobody was billed', () => {
    const { totals } = account({ spans: [at('call', '', 'openai.chat', { 'lmnr.span.type': 'CACHED', ...USAGE })] });
    expect(totals).toMatchObject({ inferences: 0, input: 0, excludedInput: 100 });
  });
});
