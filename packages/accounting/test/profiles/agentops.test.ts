import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const at = (spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes']): PlainSpan =>
  span(spanId, parentId, { name, attributes: attributes ?? {} });

describe('agentops', () => {
  it('counts llm spans, not the session that sums them up', () => {
    const figures = account({
      spans: [
        at('session', '', 'session', {
          'agentops.span.kind': 'session',
          'gen_ai.usage.prompt_tokens': 100,
          'gen_ai.usage.completion_tokens': 20,
        }),
        at('agent', 'session', 'Writer.agent', { 'agentops.span.kind': 'agent', 'agent.name': 'Writer' }),
        at('call', 'agent', 'openai.chat.completion', {
          'agentops.span.kind': 'llm',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.usage.prompt_tokens': 100,
          'gen_ai.usage.completion_tokens': 20,
        }),
        at('tool', 'agent', 'search.tool', { 'agentops.span.kind': 'tool', 'agentops.entity.name': 'search' }),
      ],
    });
    expect(figures.totals).toMatchObject({ inferences: 1, turns: 1, toolCalls: 1, input: 100, output: 20 });
    expect(figures.by('agent').get('Writer')).toMatchObject({ input: 100 });
    expect(figures.by('session').get('trace:t')).toMatchObject({ input: 100 });
  });

  it('reports a call without usage as missing and a failed one as an error', () => {
    const call = at('a', '', 'openai.chat', { 'agentops.span.kind': 'llm.call', 'gen_ai.request.model': 'gpt-5' });
    expect(account({ spans: [call] }).entries[0]).toMatchObject({ usageSource: 'missing' });
    expect(account({ spans: [{ ...call, status: 2 }] }).entries[0]).toMatchObject({ usageSource: 'none', errors: 1 });
  });
});
