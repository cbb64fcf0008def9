import {
  BUILT_IN_PROFILES,
  parseProfileSpec,
  type PlainSpan,
  ProfileList,
  type ProfileSpec,
  ProfileSpecError,
} from '@turnmeter/accounting';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';
import type { Figures } from '@turnmeter/accounting';

const CALL: ProfileSpec = {
  name: 'acme-bot',
  title: 'Acme bot 3',
  match: { scope: 'acme.*', attributes: { 'acme.kind': 'ask*' } },
  role: 'inference',
  usage: { input: 'acme.tk.a', output: ['acme.tk.z', 'acme.tk.b'], cache_read: 'acme.tk.c', cache: 'beside' },
  model: 'acme.engine',
  provider: { constant: 'anthropic' },
  response_id: 'acme.answer',
  session: 'acme.room',
  agent: 'acme.who',
  workflow: 'acme.flow',
  user: 'acme.person',
  cost_usd: { from: 'acme.usd', by: 'gateway' },
  error: 'acme.failed',
  wire: 'client',
  purpose: 'answer',
};

const SPAN: PlainSpan['attributes'] = {
  'acme.kind': 'ask-model',
  'acme.tk.a': 60,
  'acme.tk.b': '20',
  'acme.tk.c': 40,
  'acme.engine': 'claude-opus-5',
  'acme.answer': 'msg_1234',
  'acme.room': 'r-1',
  'acme.who': 'Writer',
  'acme.flow': 'article',
  'acme.person': 'u-1',
  'acme.usd': '0.25',
};

function accountWith(specs: readonly ProfileSpec[], spans: readonly PlainSpan[]): Figures {
  return account({ spans }, new ProfileList([...specs.map(parseProfileSpec), ...BUILT_IN_PROFILES]));
}

const acme = (
  id: string,
  parent: string,
  attributes: PlainSpan['attributes'],
  rest: Partial<PlainSpan> = {},
): PlainSpan => span(id, parent, { scope: 'acme.bot', attributes: attributes ?? {}, ...rest });

const fault = (spec: unknown): { path: string; message: string } => {
  try {
    parseProfileSpec(spec);
  } catch (error) {
    if (error instanceof ProfileSpecError) return { path: error.path, message: error.message };
    throw error;
  }
  return { path: 'none', message: '' };
};

describe('a profile from configuration', () => {
  it('reads usage, names and cost where it says', () => {
    const figures = accountWith([CALL], [acme('a', '', SPAN)]);
    // 60 + 40 beside.
    expect(figures.totals).toMatchObject({ inferences: 1, input: 100, output: 20, cacheRead: 40, errors: 0 });
    expect(figures.entries[0]).toMatchObject({
      profile: 'acme-bot',
      model: 'claude-opus-5',
      provider: 'anthropic',
      session: 'r-1',
      agent: 'Writer',
      workflow: 'article',
      user: 'u-1',
      purpose: 'answer',
      claim: { nanoUsd: 250_000_000, by: 'gateway' },
    });
  });

  it('goes before the built-in ones and leaves what does not match to them', () => {
    const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 3 };
    const figures = accountWith(
      [
        {
          name: 'mine',
          match: { attributes: { 'gen_ai.operation.name': 'chat', 'acme.kind': true } },
          role: 'lineage',
        },
      ],
      [acme('a', '', { ...chat, 'acme.kind': 'x' }), acme('b', '', chat)],
    );
    expect(figures.totals).toMatchObject({ inferences: 1, input: 5 });
  });

  it('takes the role from an attribute, sums from agents as a fallback, and nothing from tools', () => {
    const spec: ProfileSpec = {
      name: 'roles',
      match: { service: '*', scope: 'acme.bot' },
      role_from: { attribute: 'is', map: { go: 'agent', ask: 'inference', use: 'tool' } },
      usage: { input: 'i', output: 'o' },
      agent: 'who',
    };
    const figures = accountWith(
      [spec],
      [
        acme('a', '', { is: 'go', who: 'Writer', i: 150, o: 30 }),
        acme('b', 'a', { is: 'ask', i: 100, o: 20 }),
        acme('c', 'a', { is: 'ask', i: 50, o: 10 }),
        acme('d', 'a', { is: 'use' }),
        acme('e', 'a', { is: 'else', i: 9, o: 9 }),
      ],
    );
    expect(figures.totals).toMatchObject({ inferences: 2, turns: 1, toolCalls: 1, input: 150, output: 30 });
  });

  it('matches by the name of the span alone, and by service', () => {
    const spec: ProfileSpec = {
      name: 'by-name',
      match: { span_name: 'Writer::*', service: 'bot' },
      role: 'agent',
      agent: { constant: 'Writer' },
    };
    const agent = acme('a', '', {}, { name: 'Writer::write', resource: { 'service.name': 'bot' } });
    const call = acme(
      'b',
      'a',
      { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 3 },
      { kind: 3 },
    );
    expect(accountWith([spec], [agent, call]).by('agent').get('Writer')).toMatchObject({ input: 5, turns: 1 });
    const other = { ...agent, resource: { 'service.name': 'other' } };
    expect(accountWith([spec], [other, call]).by('agent').get('Writer')).toBeUndefined();
  });

  it('reads usage out of an object, and the failure out of a flag', () => {
    const spec: ProfileSpec = { ...CALL, usage: { object: 'acme.usage' } };
    const figures = accountWith(
      [spec],
      [
        acme('a', '', {
          'acme.kind': 'ask',
          'acme.usage': '{"promptTokenCount":10,"candidatesTokenCount":2,"thoughtsTokenCount":3}',
        }),
        acme('b', '', { 'acme.kind': 'ask', 'acme.failed': true }),
      ],
    );
    expect(figures.totals).toMatchObject({ inferences: 2, input: 10, output: 5, errors: 1 });
  });

  it('reports a call without the usage it describes as missing one', () => {
    expect(accountWith([CALL], [acme('a', '', { 'acme.kind': 'ask' })]).entries[0]).toMatchObject({
      usageSource: 'missing',
    });
  });
});

describe('a description that cannot be used', () => {
  it.each([
    [{ ...CALL, modell: 'x' }, 'modell', 'did you mean "model"?'],
    [{ ...CALL, usage: { inputs: 'x' } }, 'usage.inputs', 'did you mean "input"?'],
    [{ ...CALL, role: 'inferrence' }, 'role', 'did you mean "inference"?'],
    [{ ...CALL, name: 'Acme Bot' }, 'name', 'expected lower-case words joined by dashes, received "Acme Bot"'],
    [{ ...CALL, match: {} }, 'match', 'expected a condition'],
    [{ ...CALL, match: { attributes: {} } }, 'match', 'expected a condition'],
    [{ ...CALL, match: { attributes: { 'a.b': null } } }, 'match.attributes["a.b"]', 'expected a text, received null'],
    [{ ...CALL, usage: { output: ['a', 7] } }, 'usage.output[1]', 'expected a text, received 7'],
    [
      { ...CALL, usage: { cache: 'outside' } },
      'usage.cache',
      'expected one of inside, beside, auto, received "outside"',
    ],
    [{ ...CALL, role_from: { attribute: 'x', map: {} } }, 'role', 'expected either role or role_from, received both'],
    [{ ...CALL, role: undefined }, 'role', 'received neither'],
    [
      { ...CALL, role: undefined, role_from: { attribute: 'x', map: { y: 'agnt' } } },
      'role_from.map.y',
      'did you mean "agent"?',
    ],
    [{ ...CALL, cost_usd: 'x' }, 'cost_usd', 'expected an object, received "x"'],
    [{ ...CALL, provider: { constnt: 'x' } }, 'provider.constnt', 'did you mean "constant"?'],
    [{ ...CALL, agent: [] }, 'agent', 'expected 1 to 32 names, received 0'],
    [{ ...CALL, agent: 'x'.repeat(300) }, 'agent', 'expected at most 256 characters, received 300'],
    [null, '', 'expected an object, received null'],
    [[], '', 'expected an object, received a list of 0'],
    [{}, 'name', 'expected a text, received undefined'],
  ])('%j', (spec, path, message) => {
    const found = fault(spec);
    expect(found.path).toBe(path);
    expect(found.message).toContain(message);
  });

  it('is any JSON that is no description, refused with a path, or it is a profile that reads any span', () => {
    const known = fc.constantFrom(
      ...Object.keys(CALL),
      'role_from',
      'attributes',
      'map',
      'attribute',
      'constant',
      'input',
      'from',
      '__proto__',
    );
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue(),
        fc.constantFrom<unknown>('inference', 'agent', 'a*', 'call', 'client', true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(known, tie('value'), { maxKeys: 6 }),
      ),
    })).value;
    const mutated = fc.tuple(known, tree).map(([key, value]): unknown => ({ ...CALL, [key]: value }));
    fc.assert(
      fc.property(fc.oneof(tree, mutated), (spec) => {
        const json: unknown = JSON.parse(JSON.stringify(spec ?? null));
        const { path } = fault(json);
        if (path !== 'none') return;
        const { totals } = account(
          { spans: [acme('a', '', SPAN)] },
          new ProfileList([parseProfileSpec(json), ...BUILT_IN_PROFILES]),
        );
        expect(totals.input).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it('matches patterns of many stars in time that does not grow with them', () => {
    const spec: ProfileSpec = { ...CALL, match: { span_name: `${'*a'.repeat(100)}*b` } };
    expect(accountWith([spec], [acme('a', '', {}, { name: 'a'.repeat(100_000) })]).totals).toMatchObject({
      inferences: 0,
    });
  });
});
