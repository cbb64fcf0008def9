import { describe, expect, it } from 'vitest';
import type { PlainLog, PlainPoint, PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const PARENT = '01a203a1-f423-7ac0-a2ae-97abe02f976f';
const CHILD = '01a203a1-f56c-7930-9864-cd73216f5c60';

function event(id: string, name: string, attributes: PlainLog['attributes'], conversation = PARENT): PlainLog {
  return {
    id,
    resource: { 'service.name': 'codex_exec', 'host.name': 'vm' },
    scope: 'codex_otel.log_only',
    // A line of its source code, and no time but that of reception.
    eventName: 'event otel/src/events/session_telemetry.rs:1153',
    timeMs: T0 + 5000,
    attributes: {
      'event.name': name,
      'event.timestamp': new Date(T0).toISOString(),
      'conversation.id': conversation,
      model: 'gpt-5',
      ...attributes,
    },
  };
}

/** 757 in, 128 of them cached; 201 out, 47 of them reasoning. One number comes as text, and the total has a wrong name. */
const COMPLETED = {
  'event.kind': 'response.completed',
  input_token_count: '757',
  output_token_count: '201',
  cached_token_count: 128,
  cache_write_token_count: 0,
  reasoning_token_count: 47,
  tool_token_count: '958',
};
const SPAN_USAGE = {
  'gen_ai.usage.input_tokens': 757,
  'gen_ai.usage.output_tokens': 201,
  'gen_ai.usage.cache_read.input_tokens': 128,
  'gen_ai.usage.cache_write.input_tokens': 0,
  'codex.usage.reasoning_output_tokens': 47,
  'codex.usage.total_tokens': 958,
};
const TURN_USAGE = {
  'codex.turn.token_usage.input_tokens': 757,
  'codex.turn.token_usage.cached_input_tokens': 128,
  'codex.turn.token_usage.output_tokens': 201,
  'codex.turn.token_usage.reasoning_output_tokens': 47,
  'codex.turn.token_usage.total_tokens': 958,
};
const TRUTH = { input: 757, output: 201, cacheRead: 128, reasoning: 47 };

function codexSpan(spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes']): PlainSpan {
  return span(spanId, parentId, {
    resource: { 'service.name': 'codex_exec' },
    scope: 'codex_exec',
    name,
    endMs: T0 + 40,
    attributes: { 'thread.id': 4, 'thread.name': 'tokio-rt-worker', ...attributes },
  });
}

function turn(spanId: string, parentId: string, thread: string, usage = TURN_USAGE): PlainSpan {
  return codexSpan(spanId, parentId, 'session_task.turn', { 'thread.id': thread, model: 'gpt-5', ...usage });
}

function point(tokenType: string, value: number, source = 'exec'): PlainPoint {
  return {
    id: `${tokenType}/${source}`,
    resource: { 'service.name': 'codex_exec', os: 'Debian' },
    scope: 'codex',
    metric: 'codex.turn.token_usage',
    kind: 'histogram',
    temporality: 'delta',
    startMs: T0 + 500,
    timeMs: T0 + 700,
    value,
    count: 1,
    attributes: { model: 'gpt-5', token_type: tokenType, session_source: source },
  };
}

const POINTS = [
  point('input', 757),
  point('cached_input', 128),
  point('cache_write_input', 0),
  point('output', 201),
  point('reasoning_output', 47),
  point('total', 958),
];

const SPAWN = {
  tool_name: 'spawn_agent',
  agent_name: '/root',
  success: 'true',
  arguments: '{"agent_type":"writer"}',
  output: `{"agent_id":"${CHILD}","nickname":"Noether"}`,
};

describe('codex', () => {
  it('counts the completion that has tokens and not the one that has none', () => {
    const { totals, entries } = account({
      logs: [
        event('empty', 'codex.sse_event', { 'event.kind': 'response.completed', duration_ms: 0 }),
        event('full', 'codex.sse_event', COMPLETED),
      ],
    });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1 });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ session: PARENT, agent: 'main', model: 'gpt-5', usageSource: 'provider' });
  });

  it('takes the time of the event and not that of its reception', () => {
    const { entries } = account({ logs: [event('full', 'codex.sse_event', COMPLETED)] });
    expect(entries[0]?.endUs).toBe(T0 * 1000);
  });

  it('counts one call once from event, span, the turn’s sum and the histogram', () => {
    const { totals } = account({
      spans: [turn('turn', '', PARENT), codexSpan('call', 'turn', 'handle_responses', SPAN_USAGE)],
      logs: [event('full', 'codex.sse_event', COMPLETED)],
      points: POINTS,
    });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1, turns: 1, excludedInput: 3 * 757 });
  });

  it('takes model and conversation of a call from its turn', () => {
    const { totals, entries } = account({
      spans: [turn('turn', '', PARENT), codexSpan('call', 'turn', 'handle_responses', SPAN_USAGE)],
    });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1 });
    expect(entries.find(({ inferences }) => inferences === 1)).toMatchObject({ session: PARENT, agent: 'main' });
  });

  it('counts the turn’s sum where its calls did not arrive', () => {
    const { totals, entries } = account({ spans: [turn('turn', '', PARENT)] });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 0, turns: 1 });
    expect(entries[0]).toMatchObject({ session: PARENT, reason: 'sum_fallback' });
  });

  it('adds the turns of sub-agents to those around them, whose sums leave them out', () => {
    const { totals } = account({ spans: [turn('turn', '', PARENT), turn('child', 'turn', CHILD)] });
    expect(totals).toMatchObject({ input: 1514, output: 402, turns: 2 });
  });

  it('counts the histogram’s sums without its totals, and leaves them without a session', () => {
    const { totals, entries } = account({ points: POINTS });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 0 });
    expect(entries.every(({ session }) => session === '')).toBe(true);
  });

  it('does not take an operating system’s thread for a conversation', () => {
    const { entries } = account({ spans: [codexSpan('call', '', 'handle_responses', SPAN_USAGE)] });
    expect(entries[0]?.session).toBe('');
  });

  it('rolls a sub-agent’s thread up to the one that spawned it, and names it', () => {
    const logs = [
      event('child', 'codex.sse_event', COMPLETED, CHILD),
      event('spawn', 'codex.tool_result', SPAWN),
      event('parent', 'codex.sse_event', COMPLETED),
    ];
    for (const order of [logs, logs.toReversed()]) {
      const figures = account({ logs: order });
      expect(figures.by('session').get(PARENT)).toMatchObject({ input: 1514, handoffs: 1 });
      expect(figures.by('agent').get('writer')).toMatchObject({ input: 757 });
    }
  });

  it('finds the parent of a thread in the trace where no event tells it', () => {
    const figures = account({
      spans: [
        turn('turn', '', PARENT),
        codexSpan('tool', 'turn', 'multi_agent_v1spawn_agent', {}),
        turn('child', 'tool', CHILD),
        codexSpan('call', 'child', 'handle_responses', SPAN_USAGE),
      ],
      logs: [event('child', 'codex.sse_event', COMPLETED, CHILD)],
    });
    expect(figures.by('session').get(PARENT)).toMatchObject({ input: 757, inferences: 1 });
    expect(figures.by('agent').get('subagent')).toMatchObject({ input: 757 });
  });

  it('reports a refused attempt as a failed call', () => {
    const { totals, entries } = account({
      logs: [
        event('refused', 'codex.api_request', { 'http.response.status_code': 429, attempt: 0 }),
        event('taken', 'codex.api_request', { 'http.response.status_code': 200, attempt: 1 }),
        event('full', 'codex.sse_event', COMPLETED),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, errors: 1, input: 757 });
    expect(entries.find(({ errors }) => errors === 1)).toMatchObject({ error: '429', usageSource: 'none' });
  });

  it('says what cannot be read instead of taking it for nothing', () => {
    const { tool_token_count: total, ...parts } = COMPLETED;
    const { entries } = account({
      logs: [event('full', 'codex.sse_event', { ...parts, output_token_count: 'many' })],
    });
    expect(entries[0]).toMatchObject({ input: 757, output: 0, isOutputKnown: false });
    expect(entries[0]?.notes).toContain('unreadable_tokens');
    // The total tells what the part does not: 958 − 757.
    const withTotal = { ...parts, output_token_count: 'many', tool_token_count: total };
    expect(account({ logs: [event('full', 'codex.sse_event', withTotal)] }).totals.output).toBe(201);
  });

  it('lets its thousands of other spans only carry lineage', () => {
    const { entries } = account({
      spans: [
        turn('turn', '', PARENT),
        codexSpan('a', 'turn', 'append_items', { item_count: 3 }),
        codexSpan('b', 'a', 'run_sampling_request', { model: 'gpt-5', turn_id: 'x' }),
        codexSpan('c', 'b', 'handle_responses', { 'codex.request.reasoning_effort': 'default' }),
        codexSpan('call', 'b', 'handle_responses', SPAN_USAGE),
      ],
    });
    expect(entries.map(({ recordId }) => recordId).toSorted()).toEqual(['call', 'turn']);
  });
});
