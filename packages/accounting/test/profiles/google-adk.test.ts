import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

function adk(spanId: string, parentId: string, name: string, attributes: PlainSpan['attributes'] = {}): PlainSpan {
  return span(spanId, parentId, { scope: 'gcp.vertex.agent', name, attributes: attributes ?? {} });
}

function agent(spanId: string, parentId: string, name: string): PlainSpan {
  return adk(spanId, parentId, `invoke_agent ${name}`, {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': name,
    'gen_ai.conversation.id': 's-1',
  });
}

const USAGE = {
  promptTokenCount: 343,
  candidatesTokenCount: 159,
  thoughtsTokenCount: 29,
  cachedContentTokenCount: 128,
  totalTokenCount: 531,
};

function call(spanId: string, parentId: string, who: string, response: string): PlainSpan {
  return adk(spanId, parentId, 'call_llm', {
    'gen_ai.system': 'gcp.vertex.agent',
    'gen_ai.request.model': 'gemini-2.5-flash',
    'gen_ai.agent.name': who,
    'gcp.vertex.agent.session_id': 's-1',
    'gcp.vertex.agent.llm_request': '{}',
    'gcp.vertex.agent.llm_response': response,
    'gen_ai.usage.input_tokens': 343,
    'gen_ai.usage.output_tokens': 159,
    'gen_ai.response.finish_reasons': ['stop'],
  });
}

const executed = (id: string, name: string): PlainSpan =>
  adk(id, '', `execute_tool ${name}`, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name });

describe('google adk', () => {
  it('counts call_llm with the thoughts and the cached part that only the response names', () => {
    // 159 candidates + 29 thoughts = 188 out.
    const figures = account({
      spans: [call('a', '', 'Writer', JSON.stringify({ usageMetadata: USAGE, finishReason: 'STOP' }))],
    });
    expect(figures.totals).toMatchObject({ inferences: 1, input: 343, output: 188, reasoning: 29, cacheRead: 128 });
    expect(figures.entries[0]).toMatchObject({ usageSource: 'provider', model: 'gemini-2.5-flash', session: 's-1' });
  });

  it('reads the usage of a response that was cut off, as long as it is there', () => {
    const response = `{"content":{"parts":[{"text":"${'x'.repeat(70_000)}"}]},"usageMetadata":${JSON.stringify(USAGE)},"custom":"cu`;
    expect(account({ spans: [call('a', '', 'Writer', response)] }).totals).toMatchObject({
      output: 188,
      reasoning: 29,
    });
  });

  it('says that thoughts are not in the figure where content is hidden', () => {
    const figures = account({ spans: [call('a', '', 'Writer', '{}')] });
    expect(figures.totals).toMatchObject({ input: 343, output: 159 });
    expect(figures.entries[0]).toMatchObject({ usageSource: 'estimated', notes: ['thoughts_not_reported'] });
  });

  it('counts a sub-agent that runs inside the call of its parent as calls of its own', () => {
    const response = JSON.stringify({ usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5 } });
    const figures = account({
      spans: [
        adk('invocation', '', 'invocation'),
        agent('planner', 'invocation', 'Planner'),
        call('one', 'planner', 'Planner', response),
        adk('tool', 'one', 'execute_tool transfer_to_agent', {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'transfer_to_agent',
          'gcp.vertex.agent.tool_call_args': '{"agentName":"Writer"}',
        }),
        agent('writer', 'one', 'Writer'),
        call('two', 'writer', 'Writer', response),
      ],
    });
    expect(figures.totals).toMatchObject({ inferences: 2, input: 20, output: 10, turns: 2, handoffs: 1, toolCalls: 1 });
    expect(figures.by('agent').get('Writer')).toMatchObject({ input: 10, turns: 1 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 20 });
    expect(figures.entries.find(({ tool }) => tool !== '')).toMatchObject({ handoffTo: 'Writer' });
  });

  it('takes a call without any attribute for the failure that it is', () => {
    const figures = account({ spans: [agent('a', '', 'Critic'), adk('b', 'a', 'call_llm')] });
    expect(figures.totals).toMatchObject({ inferences: 1, errors: 1, input: 0 });
    expect(figures.entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      usageSource: 'none',
      notes: ['failure_inferred'],
      agent: 'Critic',
    });
  });

  it('names the class of a failure that the response tells', () => {
    const failed = { ...call('a', '', 'Critic', '{"errorCode":"SAFETY","errorMessage":"no"}') };
    const { 'gen_ai.usage.input_tokens': _, 'gen_ai.usage.output_tokens': __, ...rest } = failed.attributes ?? {};
    const figures = account({ spans: [{ ...failed, attributes: rest }] });
    expect(figures.entries[0]).toMatchObject({ error: 'SAFETY', errors: 1, usageSource: 'none' });
  });

  it('reports an answer without usage as missing', () => {
    const { entries } = account({
      spans: [
        adk('a', '', 'call_llm', {
          'gen_ai.request.model': 'gemini-2.5-flash',
          'gcp.vertex.agent.llm_response': '{"finishReason":"STOP"}',
          'gen_ai.response.finish_reasons': ['stop'],
        }),
      ],
    });
    expect(entries[0]).toMatchObject({ usageSource: 'missing', errors: 0 });
  });

  it('counts no tool twice for the span that merges several', () => {
    expect(
      account({ spans: [executed('a', 'search'), executed('b', 'sum'), executed('c', '(merged tools)')] }).totals,
    ).toMatchObject({
      toolCalls: 2,
    });
  });
});
