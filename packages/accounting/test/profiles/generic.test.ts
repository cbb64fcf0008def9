import { BUILT_IN_PROFILES, ProfileList, type PlainSpan } from '@turnmeter/accounting';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, span, T0 } from '../account.ts';

/** A span of a producer nobody has heard of. */
function acme(spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes'] = {}): PlainSpan {
  return span(spanId, parentId, { name, scope: 'acme.tracing', attributes: attributes ?? {} });
}

const usage = (input: number, output: number): Record<string, number> => ({
  'acme.prompt_tokens': input,
  'acme.completion_tokens': output,
});

describe('generic: usage under any spelling', () => {
  it.each([
    ['dotted', { 'acme.tokens.prompt': 100, 'acme.tokens.completion': 20 }],
    ['text', { 'acme.input_tokens': '100', 'acme.output_tokens': '"20"' }],
    ['doubles', { promptTokens: 100.0, completionTokens: 20.0 }],
    ['underscored by a Collector', { gen_ai_usage_input_tokens: 100, gen_ai_usage_output_tokens: 20 }],
    ['prefixed', { 'attributes.gen_ai.usage.input_tokens': 100, 'attributes.gen_ai.usage.output_tokens': 20 }],
    ['upper case', { GEN_AI_USAGE_INPUT_TOKENS: 100, GEN_AI_USAGE_OUTPUT_TOKENS: 20 }],
    ['a map', { usage: { prompt_tokens: 100, completion_tokens: 20 } }],
    ['JSON', { 'llm.usage': '{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}' }],
    ['JSON of an answer', { response: '{"id":"x","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20}}' }],
    [
      'JSON of Gemini',
      { 'response.usage': '{"promptTokenCount":100,"candidatesTokenCount":15,"thoughtsTokenCount":5}' },
    ],
    ['JSON of Ollama', { 'ollama.response': '{"message":{},"metrics":{"prompt_eval_count":100,"eval_count":20}}' }],
    ['a total beside the input', { 'usage.input': 100, 'usage.total': 120 }],
  ])('%s', (_, attributes) => {
    const { totals } = account({ spans: [acme('a', '', 'llm_call', { 'acme.model': 'gpt-5', ...attributes })] });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });

  it('reads the end of an answer that is too long to parse', () => {
    const response = `{"text":"${'x'.repeat(100_000)}","usage":{"input_tokens":7,"output_tokens":3}}`;
    const { totals } = account({ spans: [acme('a', '', 'ask model', { 'llm.response': response })] });
    expect(totals).toMatchObject({ input: 7, output: 3 });
  });

  it('books a total of which no side is known, and says that it is estimated', () => {
    const figures = account({ spans: [acme('a', '', 'llm_call', { model: 'gpt-5', total_tokens: 120 })] });
    expect(figures.totals).toMatchObject({ inferences: 1, input: 120, output: 0 });
    expect(figures.entries[0]).toMatchObject({ usageSource: 'estimated', notes: ['only_total_reported'] });
  });

  it('takes no total for usage where nothing speaks of a model', () => {
    expect(account({ spans: [acme('a', '', 'parse file', { tokens: 5000 })] }).totals).toMatchObject({ input: 0 });
  });
});

describe('generic: the cached part', () => {
  const cached = { 'acme.input_tokens': 100, 'acme.output_tokens': 20, 'acme.cache_read_tokens': 40 };

  it('is inside the input of OpenAI', () => {
    const figures = account({ spans: [acme('a', '', 'llm', { 'acme.model': 'gpt-5', ...cached })] });
    expect(figures.totals).toMatchObject({ input: 100, cacheRead: 40 });
    expect(figures.entries[0]).toMatchObject({ usageSource: 'provider' });
  });

  it('is most likely beside the input of Anthropic, which is marked as estimated', () => {
    const figures = account({ spans: [acme('a', '', 'llm', { 'acme.model': 'claude-opus-5', ...cached })] });
    expect(figures.totals).toMatchObject({ input: 140, cacheRead: 40 });
    expect(figures.entries[0]).toMatchObject({ usageSource: 'estimated' });
  });

  it('is where the total says', () => {
    const total = { ...cached, 'acme.total_tokens': 160 };
    const figures = account({ spans: [acme('a', '', 'llm', { 'acme.model': 'claude-opus-5', ...total })] });
    expect(figures.totals).toMatchObject({ input: 140 });
    expect(figures.entries[0]).toMatchObject({ usageSource: 'provider' });
  });

  it('of nobody knows whom is believed to be inside, and marked', () => {
    const figures = account({ spans: [acme('a', '', 'llm', cached)] });
    expect(figures.totals).toMatchObject({ input: 100 });
    expect(figures.entries[0]).toMatchObject({ usageSource: 'estimated', notes: ['cache_bucket_undecided'] });
  });
});

describe('generic: what is a call and what a sum', () => {
  it('counts leaves once under agents, workflows and requests that sum them up', () => {
    // 100 + 50 in, 20 + 10 out; the three records above repeat 150/30.
    const { totals } = account({
      spans: [
        acme('root', '', 'chat', usage(150, 30)),
        acme('flow', 'root', 'workflow article', usage(150, 30)),
        acme('agent', 'flow', 'agent Writer', usage(150, 30)),
        acme('one', 'agent', 'ask_model', usage(100, 20)),
        acme('two', 'agent', 'ask_model', usage(50, 10)),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 150, output: 30, turns: 1 });
  });

  it('decides by place where the words say nothing', () => {
    const { totals } = account({
      spans: [
        acme('outer', '', 'blurb', usage(150, 30)),
        acme('one', 'outer', 'foo', usage(100, 20)),
        acme('two', 'outer', 'bar', usage(50, 10)),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 150, output: 30 });
  });

  it('books an agent whose calls were never reported, once all is quiet', () => {
    const figures = account({ spans: [acme('agent', '', 'Writer.run', { kind: 'agent', ...usage(100, 20) })] });
    expect(figures.totals).toMatchObject({ input: 100, output: 20, turns: 1 });
    expect(figures.entries[0]).toMatchObject({ agent: 'Writer' });
  });

  it('keeps a call that holds a smaller tool and its own call apart from it', () => {
    // The outer call spent 50/10 itself; the tool inside it asked a model for 200/40.
    const { totals } = account({
      spans: [
        acme('outer', '', 'llm_call', usage(50, 10)),
        acme('tool', 'outer', 'tool search'),
        acme('inner', 'tool', 'llm_call', usage(200, 40)),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 250, output: 50, toolCalls: 1 });
  });

  it('counts a call once that a known instrumentation sees too, with the cached part left out or not', () => {
    const { totals } = account({
      spans: [
        acme('outer', '', 'ask', { 'acme.input_tokens': 60, 'acme.output_tokens': 20 }),
        span('inner', 'outer', {
          kind: 3,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': 'claude-opus-5',
            'gen_ai.usage.input_tokens': 100,
            'gen_ai.usage.output_tokens': 20,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });

  it('keeps the usage of a wrapper whose inner call reports none', () => {
    const { totals } = account({
      spans: [
        acme('outer', '', 'blurb', usage(100, 20)),
        span('inner', 'outer', { attributes: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-5' } }),
      ],
    });
    expect(totals).toMatchObject({ input: 100, output: 20 });
  });

  it('adds nothing for bookkeeping beside the calls', () => {
    const { totals } = account({
      spans: [
        acme('agent', '', 'agent Writer'),
        acme('call', 'agent', 'llm', usage(100, 20)),
        acme('book', 'agent', 'record_usage', usage(100, 20)),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });
});

describe('generic: what is missing', () => {
  it('counts an evident call without usage as one of which the usage is missing', () => {
    const figures = account({
      spans: [acme('a', '', 'llm.generate', { 'acme.model': 'gpt-5', 'llm.provider': 'openai' })],
    });
    expect(figures.totals).toMatchObject({ inferences: 1, input: 0 });
    expect(figures.entries[0]).toMatchObject({ usageSource: 'missing', reason: 'call_without_usage' });
  });

  it.each(['generate report', 'send message', 'GET /chat', 'model.save', 'prompt.render', 'process response'])(
    'takes no %s for a call',
    (name) => {
      expect(account({ spans: [acme('a', '', name, { 'acme.session_id': 's' })] }).totals).toMatchObject({
        inferences: 0,
      });
    },
  );

  it('believes a producer that has a word for calls', () => {
    const of = (kind: string): unknown =>
      account({ spans: [acme('a', '', 'x', { 'acme.span.kind': kind })] }).totals.inferences;
    expect(
      ['LLM', 'CHAT_MODEL', 'OpenAIChatGenerator', 'ChatPromptBuilder', 'client', 'embedded_store'].map(of),
    ).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('counts the failure of a call that used nothing', () => {
    const { totals } = account({
      spans: [{ ...acme('a', '', 'llm call', { 'acme.model': 'gpt-5', 'llm.provider': 'openai' }), status: 2 }],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1, input: 0 });
  });
});

describe('generic: identity', () => {
  it('takes the session from a guessed name above, and agents from names of spans', () => {
    const figures = account({
      spans: [
        acme('root', '', 'conversation', { 'app.chat_id': 'c-1' }),
        acme('turn', 'root', 'agent: Planner'),
        acme('call', 'turn', 'llm', { 'acme.model': 'gpt-5', 'acme.tokens_in': 5, 'acme.tokens_out': 3 }),
      ],
    });
    expect(figures.by('agent').get('Planner')).toMatchObject({ input: 5, output: 3, turns: 1 });
    expect(figures.by('session').get('c-1')).toMatchObject({ input: 5, output: 3 });
  });

  it('takes no thread of the operating system for a session', () => {
    const figures = account({
      spans: [acme('call', '', 'llm', { thread_id: 42, 'acme.model': 'gpt-5', tokens_in: 5, tokens_out: 3 })],
    });
    expect([...figures.by('session').keys()]).toEqual(['']);
  });

  it('finds tools and whom they hand over to', () => {
    const { totals, entries } = account({
      spans: [
        acme('agent', '', 'agent Planner'),
        acme('tool', 'agent', 'execute_tool transfer_to_writer', { 'tool.name': 'transfer_to_writer' }),
      ],
    });
    expect(totals).toMatchObject({ toolCalls: 1, handoffs: 1 });
    expect(entries.find(({ kind }) => kind === 'tool')).toMatchObject({ handoffTo: 'writer' });
  });
});

describe('generic: any input', () => {
  const value: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.json(),
  );
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'usage',
      'tokens',
      'input_tokens',
      'llm.usage',
      'model',
      'span.kind',
      'session.id',
      'thread_id',
      'response',
    ),
  );

  it('gives finite, non-negative amounts', () => {
    const profiles = new ProfileList(BUILT_IN_PROFILES);
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.string(), fc.nat(5), (attributes, spanName, kind) => {
        const { totals } = account(
          { spans: [span('a', '', { name: spanName, kind, attributes, endMs: T0 + 1 })] },
          profiles,
        );
        for (const amount of Object.values(totals))
          expect(amount).toSatisfy((one: number) => Number.isSafeInteger(one) && one >= 0);
      }),
    );
  });
});
