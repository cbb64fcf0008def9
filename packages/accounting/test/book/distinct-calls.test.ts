// Calls that look alike and are not one: a false join loses tokens.

import { describe, expect, it } from 'vitest';
import { account, span, T0 } from '../account.ts';
import { agent, call, CLIENT, FRAMEWORK, GATEWAY, SDK } from './calls.ts';

/** An attempt inside `outer` that the provider refused. */
const failed = (spanId: string, from: number): ReturnType<typeof span> =>
  span(spanId, 'outer', {
    scope: CLIENT,
    kind: 3,
    status: 2,
    startMs: T0 + from,
    endMs: T0 + from + 10,
    attributes: { 'gen_ai.operation.name': 'chat', 'error.type': '429' },
  });

describe('distinct calls stay apart', () => {
  it('of agents that run in parallel with identical numbers on every call', () => {
    const { totals, entries } = account({
      spans: ['A', 'B', 'C'].flatMap((name) => [
        agent(`agent${name}`, name),
        // A framework's and a client's span side by side: six views, three calls.
        call(`framework${name}`, `agent${name}`, { scope: FRAMEWORK }),
        call(`client${name}`, `agent${name}`, { scope: CLIENT }),
      ]),
    });
    expect(totals).toMatchObject({ inferences: 3, input: 300, output: 60 });
    const calls = entries.filter(({ kind }) => kind === 'inference');
    expect(calls.map((one) => one.agent).toSorted()).toEqual(['A', 'B', 'C']);
  });

  it('of agents in parallel whose three views each are in traces of their own', () => {
    const { totals } = account({
      spans: [0, 1, 2, 3].flatMap((n) =>
        [FRAMEWORK, CLIENT, SDK].map((scope, at) =>
          call(`${n}-${at}`, '', { trace: `${n}-${at}`, scope, from: n * 3 + at, to: 100 + n * 3 - at }),
        ),
      ),
    });
    expect(totals).toMatchObject({ inferences: 4, input: 400, output: 80 });
  });

  it('of one scope, however alike', () => {
    const { totals } = account({
      spans: [call('a', '', { trace: 'a' }), call('b', '', { trace: 'b' }), call('c', '', { trace: 'c' })],
    });
    expect(totals).toMatchObject({ inferences: 3, input: 300 });
  });

  it('of different scopes, one after the other', () => {
    const { totals } = account({
      spans: [call('a', '', { from: 0, to: 100 }), call('b', '', { scope: SDK, from: 200, to: 300 })],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 200 });
  });

  it('of different scopes with other output, or with input that no cache explains', () => {
    const { totals } = account({
      spans: [
        call('a', '', { trace: 'a', output: 20 }),
        call('b', '', { trace: 'b', scope: SDK, output: 21 }),
        call('c', '', { trace: 'c', scope: FRAMEWORK, output: 21, input: 150 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 3 });
  });

  it('of different scopes with ids of their own', () => {
    const { totals } = account({
      spans: [
        call('a', '', { trace: 'a', id: 'chatcmpl-1' }),
        call('b', '', { trace: 'b', scope: 'logfire.openai', id: 'chatcmpl-2' }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2 });
  });

  it('of different processes without a gateway between', () => {
    const { totals } = account({
      spans: [call('a', '', { trace: 'a', service: 'one' }), call('b', '', { trace: 'b', service: 'two', scope: SDK })],
    });
    expect(totals).toMatchObject({ inferences: 2 });
  });

  it('of models of two makers', () => {
    const { totals } = account({
      spans: [
        call('a', '', { trace: 'a', model: 'gpt-4.1' }),
        call('b', '', { trace: 'b', scope: SDK, model: 'claude-sonnet-4-5' }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2 });
  });

  it('of a chat and the embedding of its question', () => {
    const { totals } = account({
      spans: [
        call('chat', '', { scope: FRAMEWORK }),
        call('embed', 'chat', { scope: CLIENT, attributes: { 'gen_ai.operation.name': 'embeddings' } }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 200 });
  });

  it('of a call and what a tool inside it asks a model', () => {
    const { totals } = account({
      spans: [
        call('outer', '', { scope: FRAMEWORK }),
        span('tool', 'outer', {
          attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' },
        }),
        call('inner', 'tool', { scope: CLIENT }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 200 });
  });

  it('of two instances of one app behind a gateway, whose calls are alike', () => {
    const { totals } = account({
      spans: ['a', 'b'].flatMap((name, n) => [
        call(`client-${name}`, '', {
          trace: `client-${name}`,
          service: `app-${name}`,
          id: `resp_${name}`,
          from: n * 5,
          to: 100 + n * 5,
        }),
        call(`gateway-${name}`, '', {
          trace: `gateway-${name}`,
          service: 'litellm',
          scope: GATEWAY,
          id: `resp_x${name}`,
          from: 2 + n * 5,
          to: 98 + n * 5,
        }),
      ]),
    });
    expect(totals).toMatchObject({ inferences: 2, input: 200 });
  });

  it('of servers that give ids out again, or one to all', () => {
    const { totals } = account({
      spans: [
        call('a', '', { trace: 'a', id: 'chatcmpl-123', output: 20, from: 0, to: 100 }),
        call('b', '', { trace: 'b', id: 'chatcmpl-123', output: 30, from: 5000, to: 5100 }),
        call('c', '', { trace: 'c', id: 'chatcmpl-123', output: 40, from: 9000, to: 9100, scope: SDK }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 3, output: 90 });
  });

  it('of several attempts inside one call: the failed ones are errors, the last is the call', () => {
    const { totals } = account({
      spans: [
        call('outer', '', { scope: FRAMEWORK }),
        failed('first', 0),
        failed('second', 20),
        call('third', 'outer', { scope: CLIENT, from: 40, to: 90 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 3, errors: 2, input: 100, output: 20 });
  });

  it('of several calls inside one that only wraps them: the wrapper is none', () => {
    const { totals, entries } = account({
      spans: [
        call('outer', '', { scope: FRAMEWORK, input: 300, output: 60 }),
        call('a', 'outer', { input: 100, output: 20 }),
        call('b', 'outer', { input: 200, output: 40 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 300, output: 60 });
    expect(entries.find(({ recordId }) => recordId === 'outer')?.reason).toBe('wraps_calls');
  });
});

describe('a cache between', () => {
  it('gives out one answer a hundred times, and one is paid for', () => {
    const { totals } = account({
      spans: Array.from({ length: 100 }, (_, n) =>
        call(`c${n}`, '', { trace: `c${n}`, id: 'chatcmpl-1', from: n * 1000, to: n * 1000 + 50 }),
      ),
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });
});
