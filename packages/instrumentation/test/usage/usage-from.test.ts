import { describe, expect, test } from 'vitest';
import { callsOf } from '../../src/usage/answer-facts.ts';
import { usageFrom } from '../../src/usage/usage-from.ts';

const COMPLETION = {
  id: 'chatcmpl-1',
  model: 'gpt-5',
  choices: [{ finish_reason: 'stop' }],
  usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
};
const FACTS = {
  usage: { input: 100, output: 20 },
  model: 'gpt-5',
  responseId: 'chatcmpl-1',
  finishReasons: ['stop'],
  operation: 'chat',
};

function completionWith(usage: object): object {
  return { ...COMPLETION, usage };
}

describe('an answer in a wrapper', () => {
  test.each([
    ['of withResponse()', { data: COMPLETION, response: new Response('{}'), request_id: 'req_1' }],
    ['of axios', { data: COMPLETION, status: 200, headers: {}, config: {} }],
    ['of an app', { response: COMPLETION, text: 'Hello' }],
    ['of a framework', { raw: COMPLETION }],
    ['in a wrapper', { result: { response: COMPLETION } }],
  ])('%s is found', (_, wrapped) => {
    expect(usageFrom(wrapped)).toEqual(FACTS);
  });

  test('too deep is not looked for', () => {
    expect(usageFrom({ data: { data: { data: { data: COMPLETION } } } })).toEqual({});
  });

  test('that holds itself is given up', () => {
    const wrapper: { data?: object } = {};
    wrapper.data = wrapper;
    expect(usageFrom(wrapper)).toEqual({});
  });
});

describe('a usage object alone', () => {
  test.each([
    ['of chat completions', COMPLETION.usage, { input: 100, output: 20 }],
    [
      'of responses',
      { input_tokens: 9, output_tokens: 2, output_tokens_details: { reasoning_tokens: 1 } },
      { input: 9, output: 2, reasoning: 1 },
    ],
    // 9 + 5 = 14.
    [
      'of Anthropic',
      { input_tokens: 9, output_tokens: 2, cache_read_input_tokens: 5 },
      { input: 14, output: 2, cacheRead: 5 },
    ],
    // 2 + 3 = 5.
    [
      'of Gemini',
      { promptTokenCount: 9, candidatesTokenCount: 2, thoughtsTokenCount: 3 },
      { input: 9, output: 5, reasoning: 3 },
    ],
    [
      'of LangChain',
      { input_tokens: 9, output_tokens: 2, input_token_details: { cache_read: 5 } },
      { input: 9, output: 2, cacheRead: 5 },
    ],
    [
      'of Bedrock',
      { inputTokens: 9, outputTokens: 2, cacheReadInputTokens: 5 },
      { input: 14, output: 2, cacheRead: 5 },
    ],
  ])('%s is read', (_, usage, expected) => {
    expect(usageFrom(usage)).toEqual({ usage: expected });
  });

  test('in an answer nobody knows is read with its model', () => {
    expect(usageFrom({ id: 'x', model: 'm', reply: 'Hello', usage: { input_tokens: 9, output_tokens: 2 } })).toEqual({
      usage: { input: 9, output: 2 },
      model: 'm',
      responseId: 'x',
    });
  });
});

describe('a value that is no answer', () => {
  test.each([
    undefined,
    null,
    0,
    'text',
    true,
    1n,
    Symbol('s'),
    () => COMPLETION,
    {},
    [],
    new Date(),
    new Map(),
    Object.create(null),
  ])('%s says nothing', (value) => {
    expect(usageFrom(value)).toEqual({});
  });

  test('but several is not summed', () => {
    expect(usageFrom([COMPLETION, COMPLETION])).toEqual({ problems: ['several_answers'] });
    expect(usageFrom({ messages: [COMPLETION] })).toEqual({ problems: ['several_answers'] });
  });

  test('but its promise says that it was not awaited', () => {
    expect(usageFrom(Promise.resolve(COMPLETION))).toEqual({ problems: ['promise_not_awaited'] });
  });

  test('but its stream says that it was not read', () => {
    expect(usageFrom(new ReadableStream())).toEqual({ problems: ['stream_not_read'] });
  });

  test('but throws when it is looked at says so', () => {
    const hostile = {
      get usage(): never {
        throw new Error('no');
      },
    };
    expect(usageFrom(hostile)).toEqual({ problems: ['reader_failed'] });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(usageFrom(revoked.proxy)).toEqual({ problems: ['reader_failed'] });
  });
});

describe('a count', () => {
  test('may be text of digits', () => {
    expect(usageFrom(completionWith({ prompt_tokens: '100', completion_tokens: ' 20 ' })).usage).toEqual({
      input: 100,
      output: 20,
    });
  });

  test.each([
    [-1, 'negative_tokens'],
    [1.5, 'fractional_tokens'],
    [Number.NaN, 'unreadable_tokens'],
    [Number.POSITIVE_INFINITY, 'unreadable_tokens'],
    [4_294_967_296, 'absurd_tokens'],
    ['many', 'unreadable_tokens'],
    ['', undefined],
    [null, undefined],
    [true, 'unreadable_tokens'],
    [{}, 'unreadable_tokens'],
  ])('of %o is left out', (completion_tokens, problem) => {
    const facts = usageFrom(completionWith({ prompt_tokens: 100, completion_tokens }));
    expect(facts.usage).toEqual({ input: 100 });
    expect(facts.problems).toEqual(problem === undefined ? undefined : [problem]);
  });

  test('of -0 is 0', () => {
    const { usage } = usageFrom(completionWith({ prompt_tokens: 5, completion_tokens: -0 }));
    expect(Object.is(usage?.output, 0)).toBe(true);
  });

  test('that is the sum of counts may be too large for a row', () => {
    const usage = { input_tokens: 4_294_967_295, cache_read_input_tokens: 1, output_tokens: 5 };
    const facts = usageFrom({ type: 'message', usage });
    expect(facts.usage).toEqual({ output: 5, cacheRead: 1 });
    expect(facts.problems).toEqual(['absurd_tokens']);
  });

  test('of a part larger than its whole is kept, and said', () => {
    const facts = usageFrom(
      completionWith({ prompt_tokens: 5, completion_tokens: 5, prompt_tokens_details: { audio_tokens: 9 } }),
    );
    expect(facts.usage).toEqual({ input: 5, output: 5, inputAudio: 9 });
    expect(facts.problems).toEqual(['part_exceeds_whole']);
  });

  test('of no input beside an output was not reported', () => {
    const facts = usageFrom(completionWith({ prompt_tokens: 0, completion_tokens: 5 }));
    expect(facts.usage).toEqual({ output: 5 });
    expect(facts.problems).toEqual(['input_not_reported']);
  });
});

test('a name longer than any is cut', () => {
  expect(usageFrom({ ...COMPLETION, model: 'm'.repeat(10_000) }).model).toHaveLength(256);
});

test('an answer is its own only call', () => {
  const facts = usageFrom(COMPLETION);
  expect(callsOf(facts)).toEqual([facts]);
});
