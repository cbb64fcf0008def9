// What was booked by what was known, and is booked anew when a record arrives that says better.

import { describe, expect, it } from 'vitest';
import {
  Book,
  BUILT_IN_PROFILES,
  Figures,
  observe,
  type PlainSpan,
  ProfileList,
  spanFrom,
} from '@turnmeter/accounting';
import { span, T0 } from '../account.ts';
import { call, FRAMEWORK } from './calls.ts';

const PROFILES = new ProfileList(BUILT_IN_PROFILES);
const USAGE = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 };

const MORE = { ...USAGE, 'gen_ai.usage.input_tokens': 140 };

/** Books one span a second, and all that is left after a quiet minute. */
function bookSlowly(spans: readonly PlainSpan[]): Figures {
  const book = new Book();
  const figures = new Figures();
  let nowUs = T0 * 1000;
  for (const plain of spans) {
    book.add(observe(spanFrom(plain, PROFILES), { profiles: PROFILES, tenant: 'acme', receivedUs: nowUs }), nowUs);
    figures.apply(book.settle(nowUs));
    nowUs += 1_000_000;
  }
  return figures.apply(book.settle(nowUs + 60_000_000));
}

/** Every order of three spans. */
function ordersOf([a, b, c]: readonly [PlainSpan, PlainSpan, PlainSpan]): readonly (readonly PlainSpan[])[] {
  return [
    [a, b, c],
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ];
}

describe('late news', () => {
  it('parts what looked like one call when the tool between them arrives', () => {
    const spans = [
      span('outer', '', { scope: 'pydantic-ai', kind: 3, attributes: { 'gen_ai.operation.name': 'chat', ...USAGE } }),
      span('inner', 'tool', { scope: 'openai', kind: 3, attributes: { 'gen_ai.operation.name': 'chat', ...USAGE } }),
      span('tool', 'outer', { attributes: { 'gen_ai.operation.name': 'execute_tool' } }),
    ] as const;
    for (const order of ordersOf(spans)) expect(bookSlowly(order).totals).toMatchObject({ inferences: 2, input: 200 });
  });

  it('gives the same figures in any order where parents form a circle', () => {
    const spans = [
      span('a', 'b', { scope: 'acme', attributes: { 'acme.input_tokens': 200, 'acme.output_tokens': 40 } }),
      span('b', 'a', { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'B', ...USAGE } }),
      span('c', 'b', { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'C', ...MORE } }),
    ] as const;
    const [first, ...others] = ordersOf(spans).map((order) => bookSlowly(order).totals);
    for (const other of others) expect(other).toEqual(first);
  });

  it('takes back the session of a run that another trace named for a call beside it', () => {
    const workflow = { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'article' };
    const spans = [
      call('beside', 'not-here-either', { trace: 'b', scope: FRAMEWORK, id: 'chatcmpl-1' }),
      call('same', 'unknown', { trace: 'a', id: 'chatcmpl-1' }),
      span('first', '', { traceId: 'a', attributes: { 'session.id': 's-1' } }),
      span('run', 'not-here', { traceId: 'b', attributes: workflow }),
    ];
    const sessionOf = ({ entries }: Figures): string | undefined =>
      entries.find(({ recordId }) => recordId === 'run')?.session;
    expect(sessionOf(bookSlowly(spans))).toBe('s-1');
    // Two sessions in trace a: which one the call is of nobody knows.
    const second = span('second', '', { traceId: 'a', attributes: { 'session.id': 's-2' } });
    for (const order of [
      [...spans, second],
      [second, ...spans],
    ])
      expect(sessionOf(bookSlowly(order))).toBe('trace:b');
  });
});
