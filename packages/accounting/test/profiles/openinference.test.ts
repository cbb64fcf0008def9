import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const scope = (library: string): string => `openinference.instrumentation.${library}`;
const LLM = {
  'openinference.span.kind': 'LLM',
  'llm.model_name': 'gpt-4.1-2025-04-14',
  'llm.token_count.prompt': 500,
  'llm.token_count.completion': 50,
};
const PARTS = {
  'llm.token_count.prompt_details.cache_read': 128,
  'llm.token_count.completion_details.reasoning': 16,
  'llm.token_count.total': 550,
};

function oi(
  spanId: string,
  parentId: string,
  library: string,
  attributes: Record<string, string | number>,
  rest: Partial<PlainSpan> = {},
): PlainSpan {
  return span(spanId, parentId, { scope: scope(library), attributes, ...rest });
}

describe('openinference', () => {
  it('counts LLM spans with their parts, in the session and for the agent above', () => {
    const { totals, entries } = account({
      spans: [
        oi('agent', '', 'openai_agents', {
          'openinference.span.kind': 'AGENT',
          'agent.name': 'Writer',
          'session.id': 's1',
          'user.id': 'u1',
        }),
        oi('turn', 'agent', 'openai_agents', { 'openinference.span.kind': 'CHAIN' }, { name: 'turn' }),
        oi(
          'response',
          'turn',
          'openai_agents',
          { ...LLM, ...PARTS, 'output.value': '{"id":"resp_1"}' },
          { name: 'response' },
        ),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500, output: 50, cacheRead: 128, reasoning: 16 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 's1',
      user: 'u1',
    });
  });

  it('counts embeddings and rerankings as such', () => {
    const { entries } = account({
      spans: [
        oi('a', '', 'openai', {
          'openinference.span.kind': 'EMBEDDING',
          'embedding.model_name': 'text-embedding-3-small',
          'llm.token_count.prompt': 9,
        }),
        oi('b', '', 'cohere', { 'openinference.span.kind': 'RERANKER', 'reranker.model_name': 'rerank-3' }),
      ],
    });
    expect(entries.map(({ kind, input, model }) => [kind, input, model])).toEqual([
      ['embedding', 9, 'text-embedding-3-small'],
      ['rerank', 0, 'rerank-3'],
    ]);
  });

  it.each([
    ['Planner', 'Planner'],
    ['invoke_agent Planner', 'Planner'],
    ['Planner.run', 'Planner'],
    ['Agent workflow', ''],
    ['AgentExecutor', ''],
  ])('names the agent of a span that is called %s: "%s"', (name, agent) => {
    const figures = account({
      spans: [
        oi('agent', '', 'phoenix', { 'openinference.span.kind': 'AGENT' }, { name }),
        oi('call', 'agent', 'openai', { 'openinference.span.kind': 'LLM', 'llm.token_count.prompt': 9 }),
      ],
    });
    expect(figures.by('agent').get(agent)).toMatchObject({ input: 9 });
  });

  it('counts a call without tokens as missing, and a failed one as an error', () => {
    const { entries } = account({
      spans: [
        oi(
          'a',
          '',
          'llama_index',
          { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4.1' },
          { name: 'OpenAI.astream_chat' },
        ),
        oi(
          'b',
          '',
          'openai',
          { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4.1' },
          { status: 2, exceptionType: 'openai.BadRequestError' },
        ),
      ],
    });
    expect(entries.map(({ recordId, usageSource, errors }) => [recordId, usageSource, errors])).toEqual([
      ['a', 'missing', 0],
      ['b', 'none', 1],
    ]);
  });
});

describe('openinference, agno', () => {
  it('is inclusive for OpenAI and exclusive for Claude', () => {
    const cached = {
      ...LLM,
      'llm.token_count.prompt': 100,
      'llm.token_count.prompt_details.cache_read': 40,
      'llm.token_count.prompt_details.cache_write': 10,
      'llm.token_count.total': 150,
    };
    const { entries } = account({
      spans: [
        oi('agent', '', 'agno', {
          'openinference.span.kind': 'AGENT',
          'agent.name': 'Writer',
          'graph.node.id': '0a1b2c3d4e5f60718293',
          'session.id': 's1',
        }),
        oi('a', 'agent', 'agno', cached, { name: 'OpenAIChat.invoke' }),
        oi(
          'b',
          'agent',
          'agno',
          { ...cached, 'llm.model_name': 'claude-sonnet-4-5', 'llm.token_count.completion': 70 },
          { name: 'Claude.invoke' },
        ),
      ],
    });
    const calls = entries.filter(({ kind }) => kind === 'inference');
    // Claude's prompt: 100 and, beside it, 40 read and 10 written.
    expect(calls.map(({ recordId, input, agent, session }) => [recordId, input, agent, session])).toEqual([
      ['a', 100, 'Writer', 's1'],
      ['b', 150, 'Writer', 's1'],
    ]);
  });
});

describe('openinference, llama_index', () => {
  it('takes the preparation of a call for none, and the agent from what a step was given', () => {
    const { totals, entries } = account({
      spans: [
        oi(
          'workflow',
          '',
          'llama_index',
          { 'openinference.span.kind': 'CHAIN', 'session.id': 's1' },
          { name: 'AgentWorkflow.run' },
        ),
        oi(
          'step',
          'workflow',
          'llama_index',
          {
            'openinference.span.kind': 'CHAIN',
            'input.value': `{"ev": "AgentSetup(input=[], current_agent_name='Writer')"}`,
          },
          { name: 'AgentWorkflow.run_agent_step' },
        ),
        oi(
          'prepare',
          'step',
          'llama_index',
          { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4.1' },
          { name: 'OpenAI._prepare_chat_with_tools' },
        ),
        oi('call', 'step', 'llama_index', LLM, { name: 'OpenAI.achat' }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ agent: 'Writer', session: 's1' });
  });
});

describe('openinference, smolagents', () => {
  const AGENT = { 'openinference.span.kind': 'AGENT', 'llm.token_count.prompt': 500, 'llm.token_count.completion': 50 };

  it('does not add what a run repeats of its own steps, and names the agent after it', () => {
    const { totals, entries } = account({
      spans: [
        oi('run', '', 'smolagents', AGENT, { name: 'Writer.run' }),
        oi('step', 'run', 'smolagents', { 'openinference.span.kind': 'CHAIN' }, { name: 'Step 1' }),
        oi('call', 'step', 'smolagents', LLM, { name: 'OpenAIModel.generate' }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500, output: 50, excludedInput: 500 });
    expect(entries.find(({ kind }) => kind === 'inference')?.agent).toBe('Writer');
  });

  it('counts the calls of a managed agent whose own span was never exported', () => {
    const { totals } = account({
      spans: [
        oi('run', '', 'smolagents', AGENT, { name: 'Manager.run' }),
        oi('call', 'run', 'smolagents', LLM),
        oi('orphan', 'never-came', 'smolagents', LLM, { startMs: 1_795_000_005_000, endMs: 1_795_000_005_010 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 1000, output: 100 });
  });
});

describe('openinference, litellm', () => {
  it("counts a completion once with the client's call nested in it, under the dated name", () => {
    const { totals, entries } = account({
      spans: [
        oi(
          'outer',
          '',
          'litellm',
          { ...LLM, 'llm.model_name': 'openai/gpt-4.1', 'llm.cost.total': 0.002 },
          { name: 'completion' },
        ),
        oi('inner', 'outer', 'openai', { ...LLM, ...PARTS }, { name: 'ChatCompletion' }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50, cacheRead: 128 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      model: 'gpt-4.1-2025-04-14',
      claim: { nanoUsd: 2_000_000, by: 'client_table' },
    });
  });
});

describe('openinference, autogen_agentchat', () => {
  it('counts doubled calls and tools once', () => {
    const agentchat = 'autogen_agentchat';
    const { totals, entries } = account({
      spans: [
        oi('agent', '', agentchat, { 'openinference.span.kind': 'AGENT', 'agent.name': 'Writer', 'session.id': 's1' }),
        oi(
          'create',
          'agent',
          agentchat,
          { ...LLM, 'llm.model_name': 'gpt-4.1' },
          { name: 'OpenAIChatCompletionClient.create' },
        ),
        oi('call', 'create', 'openai', { ...LLM, ...PARTS }, { name: 'ChatCompletion' }),
        oi(
          'tool',
          'agent',
          agentchat,
          { 'openinference.span.kind': 'TOOL', 'tool.name': 'word_count' },
          { name: 'Writer.word_count' },
        ),
        span('execute', 'tool', {
          scope: 'autogen-core',
          attributes: {
            'gen_ai.operation.name': 'execute_tool',
            'gen_ai.tool.name': 'word_count',
            'gen_ai.system': 'autogen',
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, toolCalls: 1, input: 500, cacheRead: 128, reasoning: 16 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ agent: 'Writer', session: 's1' });
  });
});
