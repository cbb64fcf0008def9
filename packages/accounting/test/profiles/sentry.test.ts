import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const at = (spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes']): PlainSpan =>
  span(spanId, parentId, { name, attributes: attributes ?? {} });

const USAGE = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 };

describe('sentry', () => {
  it('reads parts that are children of a scalar key', () => {
    const figures = account({
      spans: [
        at('agent', '', 'invoke_agent Writer', {
          'sentry.op': 'gen_ai.invoke_agent',
          'gen_ai.agent.name': 'Writer',
          'gen_ai.pipeline.name': 'article',
          ...USAGE,
        }),
        at('call', 'agent', 'chat gpt-5', {
          'sentry.op': 'gen_ai.chat',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.usage.input_tokens.cached': 40,
          'gen_ai.usage.output_tokens.reasoning': 8,
          ...USAGE,
        }),
        at('tool', 'agent', 'execute_tool search', {
          'sentry.op': 'gen_ai.execute_tool',
          'gen_ai.tool.name': 'search',
        }),
      ],
    });
    expect(figures.totals).toMatchObject({
      inferences: 1,
      turns: 1,
      toolCalls: 1,
      input: 100,
      output: 20,
      cacheRead: 40,
      reasoning: 8,
    });
    expect(figures.by('workflow').get('article')).toMatchObject({ input: 100 });
  });

  it('reads the names of before 2025', () => {
    const { totals } = account({
      spans: [
        at('pipe', '', 'langchain', { 'sentry.op': 'ai.pipeline.langchain', 'ai.total_tokens.used': 120 }),
        at('call', 'pipe', 'chat', {
          'sentry.op': 'ai.chat_completions.create.openai',
          'ai.model_id': 'gpt-4o',
          'ai.prompt_tokens.used': 100,
          'ai.completion_tokens.used': 20,
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });

  it('finds in the total what Anthropic read from its cache', () => {
    const figures = account({
      spans: [
        at('a', '', 'messages claude-opus-5', {
          'sentry.op': 'gen_ai.messages',
          'gen_ai.system': 'anthropic',
          'gen_ai.usage.total_tokens': 160,
          ...USAGE,
        }),
      ],
    });
    // 160 - 100 - 20 = 40 beside the input.
    expect(figures.totals).toMatchObject({ input: 140, cacheRead: 40 });
    expect(figures.entries[0]?.notes).toContain('cache_found_in_total');
  });
});
