import { describe, expect, it } from 'vitest';
import type { PlainLog, PlainPoint, PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const CLI = { resource: { 'service.name': 'github-copilot' }, scope: 'github.copilot' };
const VSCODE = { resource: { 'service.name': 'copilot-chat', 'session.id': 'window-1' }, scope: 'copilot-chat' };

const USAGE = {
  'gen_ai.usage.input_tokens': 1500,
  'gen_ai.usage.output_tokens': 250,
  'gen_ai.usage.cache_read.input_tokens': 1024,
};

function cliSpan(spanId: string, parentId: string, operation: string, attributes: PlainSpan['attributes']): PlainSpan {
  return span(spanId, parentId, {
    ...CLI,
    kind: operation === 'chat' ? 3 : 1,
    attributes: { 'gen_ai.operation.name': operation, 'gen_ai.conversation.id': 'c1', ...attributes },
  });
}

function chatSpan(spanId: string, parentId: string, operation: string, attributes: PlainSpan['attributes']): PlainSpan {
  return span(spanId, parentId, {
    ...VSCODE,
    kind: operation === 'chat' ? 3 : 1,
    attributes: { 'gen_ai.operation.name': operation, ...attributes },
  });
}

function detail(id: string, name: string, attributes: PlainLog['attributes']): PlainLog {
  return { id, ...VSCODE, timeMs: T0 + 10, attributes: { 'event.name': name, ...attributes } };
}

function point(metric: string, value: number, attributes: PlainPoint['attributes'] = {}): PlainPoint {
  const isHistogram = metric.includes('operation') || metric.includes('token.usage');
  return {
    id: `${metric}/${JSON.stringify(attributes)}`,
    ...CLI,
    metric,
    unit: '{token}',
    kind: isHistogram ? 'histogram' : 'sum',
    temporality: 'cumulative',
    startMs: T0,
    timeMs: T0 + 1000,
    value,
    count: isHistogram ? 1 : 0,
    attributes: { 'gen_ai.request.model': 'gpt-5', ...attributes },
  };
}

const COUNTERS = [
  point('gen_ai.client.inference.usage.input_tokens', 1500, { 'gen_ai.token.modality': 'text' }),
  point('gen_ai.client.inference.usage.output_tokens', 250, { 'gen_ai.token.modality': 'text' }),
  point('gen_ai.client.inference.usage.cache_read.input_tokens', 1024),
];
const HISTOGRAMS = [
  point('gen_ai.client.inference.operation.input_tokens', 1500),
  point('gen_ai.client.inference.operation.output_tokens', 250),
];
const TRUTH = { input: 1500, output: 250, cacheRead: 1024 };

describe('copilot', () => {
  it('counts the CLI’s chat spans and neither their agents nor its two kinds of metrics', () => {
    const { totals, entries } = account({
      spans: [
        cliSpan('agent', '', 'invoke_agent', {
          'gen_ai.agent.name': 'copilot',
          ...USAGE,
          'github.copilot.turn_count': 1,
        }),
        cliSpan('call', 'agent', 'chat', { ...USAGE, 'github.copilot.cost': 1, 'github.copilot.turn_id': '0' }),
      ],
      points: [...COUNTERS, ...HISTOGRAMS],
    });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1, turns: 1 });
    const call = entries.find(({ inferences }) => inferences === 1);
    // Premium requests are no dollars.
    expect(call).toMatchObject({ session: 'c1', agent: 'copilot', claim: undefined });
  });

  it('counts each token once from the two kinds of metrics alone, with calls and cached part', () => {
    for (const points of [
      [...COUNTERS, ...HISTOGRAMS],
      [...HISTOGRAMS, ...COUNTERS],
    ]) {
      expect(account({ points }).totals).toMatchObject({ ...TRUTH, inferences: 1 });
    }
    expect(account({ points: COUNTERS }).totals).toMatchObject(TRUTH);
    expect(account({ points: HISTOGRAMS }).totals).toMatchObject({ input: 1500, output: 250, inferences: 1 });
  });

  it('counts an agent’s sum with those of its sub-agents where their calls did not arrive', () => {
    const { totals } = account({
      spans: [
        cliSpan('agent', '', 'invoke_agent', {
          'gen_ai.agent.name': 'copilot',
          ...USAGE,
          'github.copilot.turn_count': 1,
        }),
        cliSpan('sub', 'agent', 'invoke_agent', {
          'gen_ai.agent.name': 'explore',
          ...USAGE,
          'github.copilot.turn_count': 1,
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 3000, output: 500, turns: 2 });
  });

  it('counts a call of VS Code once from span, two events and the metric', () => {
    const { totals, entries } = account({
      spans: [
        chatSpan('agent', '', 'invoke_agent', {
          'gen_ai.agent.name': 'copilot',
          'copilot_chat.session_id': 'chat-1',
          ...USAGE,
        }),
        chatSpan('call', 'agent', 'chat', {
          // The request's id, not the chat's.
          'gen_ai.conversation.id': 'request-9',
          'gen_ai.response.id': 'chatcmpl-abc123',
          'copilot_chat.time_to_first_token': 450,
          ...USAGE,
        }),
      ],
      logs: [
        detail('d', 'gen_ai.client.inference.operation.details', {
          'gen_ai.operation.name': 'chat',
          'gen_ai.response.id': 'chatcmpl-abc123',
          'gen_ai.usage.input_tokens': 1500,
          'gen_ai.usage.output_tokens': 250,
        }),
        detail('t', 'copilot_chat.agent.turn', { 'turn.index': 0, ...USAGE }),
      ],
      points: [
        { ...point('gen_ai.client.token.usage', 1500, { 'gen_ai.token.type': 'input' }), ...VSCODE },
        { ...point('gen_ai.client.token.usage', 250, { 'gen_ai.token.type': 'output' }), ...VSCODE },
      ],
    });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1, turns: 1 });
    expect(entries.find(({ inferences }) => inferences === 1)).toMatchObject({
      session: 'chat-1',
      timeToFirstTokenUs: 450_000,
    });
  });

  it('counts the events of VS Code once where its spans do not come', () => {
    const { totals } = account({
      logs: [
        detail('d', 'gen_ai.client.inference.operation.details', { 'gen_ai.operation.name': 'chat', ...USAGE }),
        detail('t', 'copilot_chat.agent.turn', { 'turn.index': 0, ...USAGE }),
      ],
    });
    expect(totals).toMatchObject({ ...TRUTH, inferences: 1 });
  });

  it('keeps the chats of a sub-agent in its parent’s', () => {
    const { entries } = account({
      spans: [
        chatSpan('agent', '', 'invoke_agent', { 'gen_ai.agent.name': 'copilot', 'copilot_chat.session_id': 'chat-1' }),
        chatSpan('sub', 'agent', 'invoke_agent', {
          'gen_ai.agent.name': 'explore',
          'copilot_chat.session_id': 'chat-2',
        }),
        chatSpan('call', 'sub', 'chat', { 'copilot_chat.session_id': 'chat-2', ...USAGE }),
      ],
    });
    expect(entries.find(({ inferences }) => inferences === 1)).toMatchObject({ session: 'chat-1', agent: 'explore' });
  });
});
