import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const at = (spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes'] = {}): PlainSpan =>
  span(spanId, parentId, { name: `haystack.${name}`, scope: 'my_application', attributes });

const RUN = [
  at('pipeline', '', 'pipeline.run'),
  at('writer', 'pipeline', 'component.run', {
    'haystack.component.name': 'Writer',
    'haystack.component.type': 'Agent',
  }),
  at('run', 'writer', 'agent.run', { 'haystack.agent.steps_taken': 2 }),
  at('step', 'run', 'agent.step', { 'haystack.agent.step': 0 }),
  at('tool', 'step', 'agent.step.tool', { 'haystack.tool.name': 'lookup' }),
];

describe('haystack', () => {
  it("counts an agent's model steps by the reply's usage", () => {
    const reply = {
      meta: {
        model: 'gpt-5-mini-2025-08-07',
        usage: { prompt_tokens: 335, completion_tokens: 136, prompt_tokens_details: { cached_tokens: 64 } },
      },
    };
    const output = { 'haystack.agent.step.llm.output': JSON.stringify({ replies: [reply] }) };
    const figures = account({ spans: [...RUN, at('llm', 'step', 'agent.step.llm', output)] });
    expect(figures.totals).toMatchObject({
      inferences: 1,
      turns: 1,
      toolCalls: 1,
      input: 335,
      output: 136,
      cacheRead: 64,
    });
    expect(figures.by('agent').get('Writer')).toMatchObject({ input: 335, turns: 1 });
    expect(figures.by('model').get('gpt-5-mini-2025-08-07')).toMatchObject({ input: 335 });
    expect(figures.entries.find(({ kind }) => kind === 'inference')?.usageSource).toBe('provider');
  });

  it('says that a model step is missing its usage where content is not traced', () => {
    const { entries, totals } = account({ spans: [...RUN, at('llm', 'step', 'agent.step.llm')] });
    expect(totals).toMatchObject({ inferences: 1, input: 0 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ usageSource: 'missing', agent: 'Writer' });
  });

  it('counts a generator inside an agent’s step once', () => {
    const output = {
      'haystack.component.output': '{"replies":[{"meta":{"usage":{"prompt_tokens":9,"completion_tokens":2}}}]}',
    };
    const { totals } = account({
      spans: [
        ...RUN,
        at('llm', 'step', 'agent.step.llm'),
        at('generator', 'llm', 'component.run', { 'haystack.component.type': 'OpenAIChatGenerator', ...output }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 9, output: 2 });
  });
});
