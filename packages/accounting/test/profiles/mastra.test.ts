import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

function mastra(
  spanId: string,
  parentId: string,
  type: string,
  operation: string,
  attributes: PlainSpan['attributes'] = {},
): PlainSpan {
  return span(spanId, parentId, {
    scope: '@mastra/otel-exporter',
    attributes: {
      'mastra.span.type': type,
      'gen_ai.operation.name': operation,
      'gen_ai.conversation.id': 's-1',
      ...attributes,
    },
  });
}

const USAGE = {
  'gen_ai.request.model': 'gpt-4.1-mini',
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 20,
  'gen_ai.usage.reasoning_tokens': 8,
  'gen_ai.usage.cache_read.input_tokens': 40,
  'gen_ai.usage.cache_creation.input_tokens': 30,
  'gen_ai.usage.cache_creation.5m_input_tokens': 10,
  'gen_ai.usage.cache_creation.1h_input_tokens': 20,
  'gen_ai.response.finish_reasons': '["stop"]',
};

describe('mastra', () => {
  it('counts the chat inside generation and step, for the agent and the conversation', () => {
    const figures = account({
      spans: [
        mastra('run', '', 'agent_run', 'invoke_agent', { 'gen_ai.agent.name': 'Writer' }),
        mastra('generation', 'run', 'model_generation', 'model_generation'),
        mastra('step', 'generation', 'model_step', 'agent_step'),
        mastra('chat', 'step', 'model_inference', 'chat', {
          ...USAGE,
          'mastra.completion_start_time': new Date(T0 + 5).toISOString(),
        }),
        mastra('chunk', 'chat', 'model_chunk', 'model_chunk'),
        mastra('tool', 'step', 'tool_call', 'execute_tool', { 'gen_ai.tool.name': 'agent-critic' }),
      ],
    });
    expect(figures.totals).toMatchObject({
      inferences: 1,
      turns: 1,
      toolCalls: 1,
      input: 100,
      output: 20,
      cacheRead: 40,
      cacheWrite: 30,
      cacheWrite1h: 20,
      reasoning: 8,
    });
    expect(figures.by('agent').get('Writer')).toMatchObject({ input: 100, turns: 1 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
    expect(figures.entries.find(({ kind }) => kind === 'inference')).toMatchObject({ timeToFirstTokenUs: 5000 });
  });

  it('counts the generation of exporter 0.3, which is the call there', () => {
    const { totals } = account({
      spans: [
        mastra('a', '', 'model_generation', 'chat', {
          'gen_ai.usage.input_tokens': 9,
          'gen_ai.usage.cached_input_tokens': 4,
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 9, cacheRead: 4 });
  });

  it.each([
    ['no ending', {}],
    ['an ending in error', { 'gen_ai.response.finish_reasons': '["error"]' }],
  ])('takes a chat without usage and with %s for a failure, although its status is OK', (_, attributes) => {
    const { entries } = account({
      spans: [{ ...mastra('a', '', 'model_inference', 'chat', attributes), status: 1 }],
    });
    expect(entries[0]).toMatchObject({ inferences: 1, errors: 1, usageSource: 'none', notes: ['failure_inferred'] });
  });

  it('reads what its exporter for Arize writes: a generation of several steps, the session in the metadata', () => {
    const arize = (id: string, parent: string, type: string, more: PlainSpan['attributes'] = {}): PlainSpan =>
      span(id, parent, {
        scope: '@mastra/otel-exporter',
        attributes: {
          'mastra.span.type': type,
          'openinference.span.kind': type === 'agent_run' ? 'AGENT' : 'LLM',
          metadata: '{"runId":"94b627c2","sessionId":"s-1"}',
          ...more,
        },
      });
    const figures = account({
      spans: [
        arize('agent', '', 'agent_run', { 'agent.name': 'Writer' }),
        arize('generation', 'agent', 'model_generation', {
          'llm.model_name': 'gpt-5-mini-2025-08-07',
          'llm.token_count.prompt': 100,
          'llm.token_count.completion': 20,
        }),
        arize('step', 'generation', 'model_step'),
        arize('chunk', 'step', 'model_chunk'),
      ],
    });
    expect(figures.totals).toMatchObject({ inferences: 1, turns: 1, input: 100, output: 20 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100, turns: 1 });
    expect(figures.entries.find(({ kind }) => kind === 'inference')?.notes).toEqual(['steps_not_reported']);
  });

  it('reports an answer without usage as missing', () => {
    const { entries } = account({
      spans: [mastra('a', '', 'model_inference', 'chat', { 'gen_ai.response.finish_reasons': '["stop"]' })],
    });
    expect(entries[0]).toMatchObject({ errors: 0, usageSource: 'missing' });
  });
});
