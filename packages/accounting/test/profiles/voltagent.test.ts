import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

function volt(spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes'] = {}): PlainSpan {
  return span(spanId, parentId, {
    scope: '@voltagent/core',
    name,
    attributes: {
      'entity.type': 'agent',
      'entity.name': 'Supervisor',
      'conversation.id': 's-1',
      'user.id': 'u-1',
      ...attributes,
    },
  });
}

const AGENT = {
  'ai.model.name': 'gpt-4.1-mini',
  'usage.prompt_tokens': 441,
  'usage.completion_tokens': 83,
  'usage.cached_tokens': 64,
  'usage.reasoning_tokens': 5,
};
const SUBAGENT = {
  'subagent.name': 'Planner',
  'ai.model.name': 'gpt-5-mini',
  'usage.prompt_tokens': 91,
  'usage.completion_tokens': 14,
};
const LAST_STEP = {
  'span.type': 'llm',
  'llm.model': 'gpt-4.1-mini',
  'llm.usage.prompt_tokens': 60,
  'llm.usage.completion_tokens': 10,
};

const chat = (id: string, parent: string, input: number, output: number): PlainSpan =>
  span(id, parent, {
    kind: 3,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.usage.input_tokens': input,
      'gen_ai.usage.output_tokens': output,
    },
  });

describe('voltagent', () => {
  it('counts each agent for its own calls and no llm span, which has the last step only', () => {
    const figures = account({
      spans: [
        volt('super', '', 'Supervisor', AGENT),
        volt('llm', 'super', 'llm:generateText', LAST_STEP),
        volt('tool', 'super', 'tool.execution:delegate_task', { 'span.type': 'tool', 'tool.name': 'delegate_task' }),
        volt('sub', 'tool', 'subagent:Planner', SUBAGENT),
        volt('subllm', 'sub', 'llm:streamText', { ...LAST_STEP, 'subagent.name': 'Planner' }),
        volt('memory', 'sub', 'memory.write', { 'span.type': 'memory', 'subagent.name': 'Planner' }),
      ],
    });
    expect(figures.totals).toMatchObject({
      inferences: 2,
      turns: 2,
      toolCalls: 1,
      input: 532,
      output: 97,
      cacheRead: 64,
      reasoning: 5,
    });
    expect(figures.by('agent').get('Planner')).toMatchObject({ input: 91, output: 14 });
    expect(figures.by('model').get('gpt-5-mini')).toMatchObject({ input: 91 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 532 });
    expect(figures.by('user').get('u-1')).toMatchObject({ input: 532 });
  });

  it('counts failed attempts as calls that used nothing', () => {
    const { totals } = account({
      spans: [
        volt('a', '', 'Supervisor', AGENT),
        { ...volt('b', 'a', 'llm:streamText', { 'span.type': 'llm', 'llm.attempt': 1 }), status: 2 },
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, errors: 1, input: 441 });
  });

  it('falls back on the last step of an agent whose span never came, as an estimate', () => {
    const figures = account({ spans: [volt('llm', 'lost', 'llm:generateText', LAST_STEP)] });
    expect(figures.totals).toMatchObject({ inferences: 1, input: 60, output: 10 });
    expect(figures.entries[0]).toMatchObject({
      usageSource: 'estimated',
      notes: ['last_step_only'],
      agent: 'Supervisor',
    });
  });

  it('keeps what a failed agent spent before it failed', () => {
    const { totals } = account({
      spans: [
        { ...volt('a', '', 'Supervisor', { 'agent.state': 'error' }), status: 2 },
        volt('llm', 'a', 'llm:generateText', LAST_STEP),
      ],
    });
    expect(totals).toMatchObject({ input: 60, output: 10 });
  });

  it('counts calls that a tool made itself beside the agent, and an instrumented client of the agent instead of it', () => {
    const withTool = account({
      spans: [
        volt('a', '', 'Supervisor', AGENT),
        volt('tool', 'a', 'tool.execution:ask', { 'span.type': 'tool', 'tool.name': 'ask' }),
        chat('c', 'tool', 30, 3),
      ],
    });
    expect(withTool.totals).toMatchObject({ inferences: 2, input: 471, output: 86 });
    const withClient = account({
      spans: [volt('a', '', 'Supervisor', AGENT), chat('c', 'a', 400, 70), chat('d', 'a', 41, 13)],
    });
    expect(withClient.totals).toMatchObject({ inferences: 2, input: 441, output: 83 });
  });
});
