import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const SCOPE = 'opentelemetry.instrumentation.ag2';

function ag2(
  spanId: string,
  parentId: string,
  attributes: Record<string, string | number>,
  rest: Partial<PlainSpan> = {},
): PlainSpan {
  return span(spanId, parentId, { scope: SCOPE, attributes, ...rest });
}

const ENVELOPE = { 'ag2.span.type': 'envelope', 'ag2.network.channel_id': '18ea644866f7c2afc274fa52db51d5bc' };
const AGENT = { 'ag2.span.type': 'agent', 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Writer' };
const tokens = (input: number, output: number): Record<string, number> => ({
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
});
const LLM = {
  'ag2.span.type': 'llm',
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4.1',
};
const usage = (kind: string, input: number, output: number, label = ''): Record<string, string | number> => ({
  'ag2.span.type': 'usage',
  'ag2.usage.kind': kind,
  ...(label === '' ? {} : { 'ag2.usage.label': label }),
  ...tokens(input, output),
  'ag2.usage.total_tokens': input + output,
  'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
});

describe('AG2 1.x', () => {
  it('counts a call once, though a usage span repeats it, in the session of its channel', () => {
    const { totals, entries } = account({
      spans: [
        ag2('turn', '', ENVELOPE),
        ag2('agent', 'turn', AGENT),
        ag2('call', 'agent', {
          ...LLM,
          ...tokens(648, 44),
          'gen_ai.usage.cache_read_input_tokens': 256,
          'gen_ai.usage.thinking_tokens': 8,
        }),
        ag2('report', 'agent', usage('model_call', 648, 44)),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 648, output: 44, cacheRead: 256, reasoning: 8 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: '18ea644866f7c2afc274fa52db51d5bc',
    });
    expect(entries.find(({ recordId }) => recordId === 'report')?.reason).toBe('repeated_usage');
  });

  it('adds a sub-task, an aggregation and a compaction that nothing else reports', () => {
    const { totals, entries } = account({
      spans: [
        ag2('turn', '', ENVELOPE),
        ag2('agent', 'turn', AGENT),
        ag2('call', 'agent', { ...LLM, ...tokens(1000, 100) }),
        ag2('tool', 'agent', {
          'ag2.span.type': 'tool',
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'task_Researcher',
        }),
        ag2('subtask', 'agent', usage('subtask', 696, 35, 'Researcher')),
        ag2('aggregation', 'agent', usage('aggregation', 970, 135)),
        ag2('compaction', 'agent', usage('compaction', 300, 30)),
      ],
    });
    expect(totals).toMatchObject({ input: 1000 + 696 + 970 + 300, output: 100 + 35 + 135 + 30 });
    expect(entries.find(({ recordId }) => recordId === 'subtask')).toMatchObject({
      agent: 'Researcher',
      reason: 'reported_beside_calls',
    });
    expect(entries.find(({ recordId }) => recordId === 'aggregation')).toMatchObject({
      agent: 'Writer',
      purpose: 'aggregation',
    });
  });

  it('does not add a sub-task whose agent is instrumented below its tool', () => {
    const { totals } = account({
      spans: [
        ag2('agent', '', AGENT),
        ag2('tool', 'agent', {
          'ag2.span.type': 'tool',
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'task_Researcher',
        }),
        ag2('researcher', 'tool', { ...AGENT, 'gen_ai.agent.name': 'Researcher' }),
        ag2('call', 'researcher', { ...LLM, ...tokens(696, 35) }),
        ag2('subtask', 'agent', usage('subtask', 696, 35, 'Researcher')),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 696, output: 35 });
  });

  it("does not add an aggregation that a client's own span beside it shows", () => {
    const { totals } = account({
      spans: [
        ag2('agent', '', AGENT),
        span('client', 'agent', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.genai.openai',
          attributes: { 'gen_ai.operation.name': 'chat', ...tokens(970, 135) },
        }),
        ag2('aggregation', 'agent', usage('aggregation', 970, 135)),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 970, output: 135 });
  });

  it.each([
    // Anthropic and Bedrock: cache beside the input, 100 + 400 + 50; thinking is a part of the output.
    ['anthropic', 550, 80],
    ['bedrock', 550, 80],
    // Gemini: cache inside, thinking beside the output, 80 + 30.
    ['gemini', 100, 110],
    // OpenAI and all others: both inside.
    ['openai', 100, 80],
    ['mistral', 100, 80],
  ])('reads the buckets of %s', (provider, input, output) => {
    const isCacheBeside = input === 550;
    const { totals } = account({
      spans: [
        ag2('call', '', {
          ...LLM,
          'gen_ai.provider.name': provider,
          ...tokens(100, 80),
          'gen_ai.usage.cache_read_input_tokens': isCacheBeside ? 400 : 40,
          'gen_ai.usage.cache_creation_input_tokens': isCacheBeside ? 50 : 0,
          'gen_ai.usage.thinking_tokens': 30,
        }),
      ],
    });
    expect(totals).toMatchObject({ input, output, reasoning: 30 });
  });

  it('counts the error of a failed call only on the call', () => {
    const failed = { status: 2 };
    const { totals } = account({
      spans: [
        ag2('turn', '', ENVELOPE, failed),
        ag2('agent', 'turn', AGENT, failed),
        ag2('call', 'agent', { 'ag2.span.type': 'llm', 'gen_ai.operation.name': 'chat' }, failed),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1 });
  });
});
