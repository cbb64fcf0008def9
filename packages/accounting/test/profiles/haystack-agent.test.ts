import { describe, expect, it } from 'vitest';
import type { Figures, PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const SAID = {
  messages: ["ChatMessage(_meta={'model': 'gpt-5-mini-2025-08-07', 'usage': {'prompt_tokens': 847}})"],
  step_count: 2,
  token_usage: {
    prompt_tokens: 1178,
    completion_tokens: 236,
    total_tokens: 1414,
    completion_tokens_details: { reasoning_tokens: 26 },
    prompt_tokens_details: { cached_tokens: 704 },
  },
  exit_reason: 'text',
  last_message: "ChatMessage(_meta={'model': 'gpt-5-mini-2025-08-07', 'usage': {'prompt_tokens': 331}})",
};

const chain = (spanId: string, parentId: string, name: string, more: PlainSpan['attributes']): PlainSpan =>
  span(spanId, parentId, {
    name,
    scope: 'openinference.instrumentation.haystack',
    attributes: { 'openinference.span.kind': 'CHAIN', ...more },
  });

function run(output: string, calls: readonly PlainSpan[] = []): Figures {
  return account({
    spans: [
      chain('pipeline', '', 'Pipeline.run', {}),
      chain('agent', 'pipeline', 'Agent.run', { 'output.value': output }),
      ...calls,
    ],
  });
}

describe("Haystack 3's agent in OpenInference", () => {
  it('says what its calls came to, where nobody shows them', () => {
    const figures = run(JSON.stringify(SAID));
    expect(figures.totals).toMatchObject({ inferences: 2, input: 1178, output: 236, cacheRead: 704, reasoning: 26 });
    expect(figures.by('model').get('gpt-5-mini-2025-08-07')).toMatchObject({ input: 1178 });
  });

  it('says nothing where its output is hidden', () => {
    expect(run('{"messages": []}').totals).toMatchObject({ inferences: 0, input: 0 });
  });

  it('adds nothing to calls that another instrumentation shows', () => {
    const call = span('call', 'agent', {
      scope: 'openinference.instrumentation.openai',
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 847,
        'llm.token_count.completion': 173,
      },
    });
    expect(run(JSON.stringify(SAID), [call]).totals).toMatchObject({ inferences: 1, input: 847, output: 173 });
  });
});
