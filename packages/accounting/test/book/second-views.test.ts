// One run that two instrumentations see, each in a trace of its own.

import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';
import { agent, call, FRAMEWORK } from './calls.ts';

const OTHER = 'openinference.instrumentation.somebody';

/** A go of the Writer with a call and a tool, told by the framework with a session and by somebody else without one. */
function seenTwice({ id = 'resp_1', tool = true }: { id?: string; tool?: boolean } = {}): readonly PlainSpan[] {
  return [
    agent('agent', 'Writer', { traceId: 'a', scope: FRAMEWORK, attributes: { 'session.id': 's-1' } }),
    call('call', 'agent', { trace: 'a', scope: FRAMEWORK, id }),
    ...(tool ? [toolSpan('tool', 'agent', { traceId: 'a', scope: FRAMEWORK })] : []),
    agent('other-agent', 'Writer', { traceId: 'b', scope: OTHER, startMs: T0 + 1 }),
    call('other-call', 'other-agent', { trace: 'b', scope: OTHER, id, from: 1 }),
    toolSpan('other-tool', 'other-agent', { traceId: 'b', scope: OTHER }),
  ];
}

function toolSpan(spanId: string, parentId: string, rest: Partial<PlainSpan>): PlainSpan {
  return span(spanId, parentId, {
    ...rest,
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'lookUp' },
  });
}

describe('a run seen by two instrumentations in traces of their own', () => {
  it('has its calls, turns and tools once, in the session that one of them names', () => {
    const figures = account({ spans: seenTwice() });
    expect(figures.totals).toMatchObject({ inferences: 1, input: 100, output: 20, turns: 1, toolCalls: 1 });
    expect([...figures.by('session').keys()]).toEqual(['s-1']);
    const reasons = Object.fromEntries(figures.entries.map(({ recordId, reason }) => [recordId, reason]));
    expect(reasons).toMatchObject({ agent: 'turn', 'other-agent': 'repeated_turn', 'other-tool': 'repeated_tool' });
    expect(figures.entries.find(({ recordId }) => recordId === 'other-agent')?.countedBy).toContain('agent');
  });

  it('keeps the tools that only one of them tells', () => {
    expect(account({ spans: seenTwice({ tool: false }) }).totals).toMatchObject({ turns: 1, toolCalls: 1 });
  });

  it('is two runs where the calls are two', () => {
    const spans = seenTwice().map((one) =>
      one.spanId === 'other-call'
        ? call('other-call', 'other-agent', { trace: 'b', scope: OTHER, id: 'resp_2', from: 5000, to: 5100 })
        : one,
    );
    expect(account({ spans }).totals).toMatchObject({ inferences: 2, turns: 2, toolCalls: 2 });
  });

  it('has the turns of the one that tells agents apart', () => {
    const figures = account({
      spans: [
        agent('whole', 'Team', { traceId: 'a', scope: OTHER, attributes: { 'session.id': 's-1' } }),
        call('a1', 'whole', { trace: 'a', scope: OTHER, id: 'resp_1' }),
        call('a2', 'whole', { trace: 'a', scope: OTHER, id: 'resp_2', from: 200, to: 300 }),
        agent('planner', 'Planner', { traceId: 'b', scope: FRAMEWORK }),
        call('b1', 'planner', { trace: 'b', scope: FRAMEWORK, id: 'resp_1' }),
        agent('writer', 'Writer', { traceId: 'c', scope: FRAMEWORK }),
        call('c1', 'writer', { trace: 'c', scope: FRAMEWORK, id: 'resp_2', from: 200, to: 300 }),
      ],
    });
    expect(figures.totals).toMatchObject({ inferences: 2, turns: 2 });
    expect([...figures.by('session').keys()]).toEqual(['s-1']);
    expect(figures.by('agent').get('Planner')).toMatchObject({ turns: 1 });
    expect(figures.by('agent').get('Writer')).toMatchObject({ turns: 1 });
  });
});

describe('a run in which nothing was done', () => {
  it('is no session', () => {
    const workflow = { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'article' };
    const figures = account({ spans: [span('run', '', { attributes: workflow })] });
    expect(figures.entries.map(({ session }) => session)).not.toContain('trace:t');
  });
});
