import { describe, expect, test } from 'vitest';
import { Endpoint, parseRules, rulesScript, type ModelRequest, type Rule } from '../../src/index.ts';

function request(facts: Partial<ModelRequest>): ModelRequest {
  return {
    model: 'gpt-4.1',
    streamed: false,
    system: '',
    messages: [],
    tools: [],
    endpoint: Endpoint.openaiChat,
    callNumber: 1,
    agentCallNumber: 1,
    body: {},
    headers: {},
    ...facts,
  };
}

function texts(rules: readonly Rule[], calls: readonly Partial<ModelRequest>[]): unknown[] {
  const script = rulesScript(rules);
  return calls.map((call) => (script(request(call)) as { text?: string }).text);
}

describe('rules', () => {
  test('the first rule that fits gives the reply, and an empty one is given where none does', () => {
    const rules: Rule[] = [
      { agent: 'Writer', streamed: true, reply: { text: 'streamed writer' } },
      { agent: 'Writer', reply: { text: 'writer' } },
      { endpoint: Endpoint.anthropicMessages, model: 'claude', session: 's', reply: { text: 'claude' } },
    ];

    expect(
      texts(rules, [
        { agent: 'Writer' },
        { agent: 'Writer', streamed: true },
        { endpoint: Endpoint.anthropicMessages, model: 'claude', session: 's' },
        { endpoint: Endpoint.anthropicMessages, model: 'claude', session: 't' },
      ]),
    ).toEqual(['writer', 'streamed writer', 'claude', undefined]);
  });

  test('calls counts those that meet the other conditions', () => {
    const rules: Rule[] = [
      { agent: 'A', calls: 2, reply: { text: 'second of A' } },
      { agent: 'A', calls: [3, 4], reply: { text: 'third or fourth of A' } },
      { reply: { text: 'else' } },
    ];

    expect(
      texts(
        rules,
        ['A', 'B', 'A', 'A', 'A', 'A'].map((agent) => ({ agent })),
      ),
    ).toEqual(['else', 'else', 'second of A', 'third or fourth of A', 'third or fourth of A', 'else']);
  });

  test('a list of replies is given in turn, and the last one is repeated', () => {
    const rules: Rule[] = [{ reply: [{ text: 'one' }, { text: 'two' }] }];

    expect(texts(rules, [{}, {}, {}])).toEqual(['one', 'two', 'two']);
  });

  test('failTimes ends the fault and keeps the rest of the reply', () => {
    const script = rulesScript([{ reply: { status: 503, text: 'ok', failTimes: 1 } }]);

    expect(script(request({}))).toMatchObject({ status: 503 });
    expect(script(request({}))).toMatchObject({ status: undefined, text: 'ok' });
  });
});

describe('rules as JSON', () => {
  test('are taken as they are', () => {
    const rules = [
      {
        agent: 'A',
        calls: [1, 2],
        reply: [
          { text: 'x', usage: { input: 1 } },
          { usage: null, json: [1] },
        ],
      },
    ];

    expect(parseRules(JSON.parse(JSON.stringify(rules)))).toEqual(rules);
  });

  test.each([
    ['no list', { reply: {} }],
    ['a misspelled condition', [{ agnet: 'A', reply: {} }]],
    ['a misspelled field of a reply', [{ reply: { txt: 'x' } }]],
    ['a status that is no error', [{ reply: { status: 200 } }]],
    ['tokens that are no whole number', [{ reply: { usage: { input: 1.5 } } }]],
    ['an unknown endpoint', [{ endpoint: 'openai.video', reply: {} }]],
  ])('with %s are refused', (_name, rules) => {
    expect(() => parseRules(rules)).toThrow(/the rules cannot be used/);
  });
});
