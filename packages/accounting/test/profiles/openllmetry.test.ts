import { describe, expect, it } from 'vitest';
import { account, span, T0 } from '../account.ts';

const CALL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4.1',
  'gen_ai.usage.input_tokens': 500,
  'gen_ai.usage.output_tokens': 50,
};
const PYTHON = 'opentelemetry.instrumentation.openai';

describe('openllmetry, Python', () => {
  it("counts a client's call below workflow and agent, named by their association properties", () => {
    const { totals, entries } = account({
      spans: [
        span('workflow', '', {
          scope: 'opentelemetry.instrumentation',
          attributes: {
            'traceloop.span.kind': 'workflow',
            'traceloop.entity.name': 'group_chat',
            'traceloop.workflow.name': 'group_chat',
          },
        }),
        span('agent', 'workflow', {
          attributes: { 'traceloop.span.kind': 'agent', 'traceloop.entity.name': 'Writer' },
        }),
        span('call', 'agent', {
          kind: 3,
          scope: PYTHON,
          name: 'openai.chat',
          attributes: {
            ...CALL,
            'gen_ai.usage.cache_read.input_tokens': 128,
            'gen_ai.usage.reasoning_tokens': 16,
            'traceloop.association.properties.session_id': 's1',
            'traceloop.association.properties.user_id': 'u1',
          },
        }),
        span('tool', 'agent', { attributes: { 'traceloop.span.kind': 'tool', 'traceloop.entity.name': 'word_count' } }),
      ],
    });
    expect(totals).toMatchObject({
      inferences: 1,
      turns: 1,
      toolCalls: 1,
      input: 500,
      output: 50,
      cacheRead: 128,
      reasoning: 16,
    });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 's1',
      user: 'u1',
      workflow: 'group_chat',
      usageSource: 'provider',
    });
    expect(entries.find(({ kind }) => kind === 'tool')?.tool).toBe('word_count');
  });

  it('reads the names used until 2024', () => {
    const { totals } = account({
      spans: [
        span('call', '', {
          kind: 3,
          scope: PYTHON,
          attributes: {
            'llm.request.type': 'chat',
            'gen_ai.system': 'OpenAI',
            'gen_ai.usage.prompt_tokens': 70,
            'gen_ai.usage.completion_tokens': 7,
            'llm.usage.total_tokens': 77,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 70, output: 7 });
  });

  it("takes the total for what decides whether Anthropic's cache is inside", () => {
    const { totals } = account({
      spans: [
        span('call', '', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.anthropic',
          attributes: {
            ...CALL,
            'gen_ai.request.model': 'claude-sonnet-4-5',
            'gen_ai.usage.cache_read.input_tokens': 400,
            'gen_ai.usage.total_tokens': 550,
          },
        }),
      ],
    });
    // 500 + 50 = 550: nothing is beside.
    expect(totals).toMatchObject({ input: 500, output: 50, cacheRead: 400 });
  });

  it("marks Anthropic's streams, to which it adds a token or more", () => {
    const { entries } = account({
      spans: [
        span('call', '', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.anthropic',
          attributes: { ...CALL, 'gen_ai.is_streaming': true },
        }),
      ],
    });
    expect(entries[0]).toMatchObject({ usageSource: 'estimated', notes: ['stream_output_over_counted'] });
  });

  it("believes anybody else before its sum of Anthropic's stream, which it may not know to be one", () => {
    const anthropic = { ...CALL, 'gen_ai.request.model': 'claude-sonnet-4-5', 'gen_ai.response.id': 'msg_01abc' };
    const { totals, entries } = account({
      spans: [
        span('a', '', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.anthropic',
          attributes: { ...anthropic, 'gen_ai.usage.output_tokens': 51 },
        }),
        span('b', '', { kind: 3, scope: 'openlit.instrumentation.anthropic', attributes: anthropic }),
      ],
    });
    // The first event of the stream said 1, the last one 50.
    expect(totals).toMatchObject({ inferences: 1, output: 50 });
    expect(entries.find(({ recordId }) => recordId === 'a')?.notes).toEqual(['stream_output_may_be_over_counted']);
  });

  it("finds Gemini's thoughts in the total, which it leaves out of the output", () => {
    const { totals, entries } = account({
      spans: [
        span('call', '', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.google_generativeai',
          attributes: {
            'gen_ai.operation.name': 'generate_content',
            'gen_ai.provider.name': 'gcp.gen_ai',
            'gen_ai.request.model': 'gemini-2.5-flash',
            'gen_ai.usage.input_tokens': 511,
            'gen_ai.usage.output_tokens': 146,
            'gen_ai.usage.cache_read.input_tokens': 128,
            'gen_ai.usage.total_tokens': 675,
          },
        }),
      ],
    });
    // 675 - 511 = 164, of which 146 are the answer.
    expect(totals).toMatchObject({ input: 511, output: 164, reasoning: 18, cacheRead: 128 });
    expect(entries[0]?.notes).toEqual(['thoughts_found_in_total']);
  });

  it('counts a stream without usage as missing', () => {
    const { entries } = account({
      spans: [
        span('call', '', {
          kind: 3,
          scope: PYTHON,
          attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4.1' },
        }),
      ],
    });
    expect(entries[0]).toMatchObject({ inferences: 1, usageSource: 'missing' });
  });

  it('counts a response once that the agents and the client instrumentation both show, and hands over', () => {
    const agents = 'opentelemetry.instrumentation.openai_agents';
    const { totals, entries } = account({
      spans: [
        span('agent', '', {
          scope: agents,
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'Writer',
            'traceloop.span.kind': 'agent',
          },
        }),
        span('outer', 'agent', {
          scope: agents,
          kind: 3,
          name: 'openai.response',
          attributes: { ...CALL, 'gen_ai.response.id': 'resp_1', 'gen_ai.usage.reasoning_tokens': 16 },
        }),
        span('inner', 'outer', {
          scope: PYTHON,
          kind: 3,
          name: 'openai.response',
          attributes: { ...CALL, 'gen_ai.response.id': 'resp_1' },
        }),
        span('handoff', 'agent', {
          scope: agents,
          name: 'Writer → unknown.handoff',
          attributes: {
            'gen_ai.operation.name': 'handoff',
            'gen_ai.handoff.from_agent': 'Writer',
            'gen_ai.handoff.to_agent': 'unknown',
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, handoffs: 1, input: 500, reasoning: 16 });
    expect(entries.find(({ kind }) => kind === 'handoff')).toMatchObject({ handoffTo: '' });
  });

  it('knows the agent of a LangGraph node, and that a runnable is no workflow', () => {
    const langchain = 'opentelemetry.instrumentation.langchain';
    const node = {
      'traceloop.association.properties.langgraph_node': 'Planner',
      'traceloop.association.properties.thread_id': 'thread-1',
    };
    const { totals, entries } = account({
      spans: [
        span('root', '', {
          scope: langchain,
          name: 'LangGraph.workflow',
          attributes: {
            'traceloop.span.kind': 'workflow',
            'traceloop.entity.name': 'LangGraph',
            'traceloop.workflow.name': 'LangGraph',
          },
        }),
        // A sibling of the work, not above it.
        span('marker', 'root', {
          scope: langchain,
          attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Planner' },
        }),
        span('task', 'root', {
          scope: langchain,
          name: 'Planner.task',
          attributes: {
            ...node,
            'gen_ai.operation.name': 'execute_task',
            'traceloop.span.kind': 'task',
            'traceloop.entity.name': 'Planner',
          },
        }),
        span('call', 'task', { kind: 3, scope: langchain, name: 'ChatOpenAI.chat', attributes: { ...CALL, ...node } }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Planner',
      session: 'thread-1',
      workflow: 'unknown',
    });
  });
});

describe('openllmetry, JavaScript', () => {
  const JS = '@traceloop/instrumentation-openai';

  it('marks chats as estimated, since streams are counted with a tokenizer and nothing tells them apart', () => {
    const { totals, entries } = account({
      spans: [
        span('chat', '', { kind: 3, scope: JS, attributes: { ...CALL, 'gen_ai.response.id': 'chatcmpl-1' } }),
        span('response', '', {
          traceId: 'r',
          kind: 3,
          scope: JS,
          startMs: T0 + 5000,
          endMs: T0 + 5010,
          attributes: { ...CALL, 'gen_ai.response.id': 'resp_1' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 1000, output: 100 });
    expect(entries.map(({ recordId, usageSource }) => [recordId, usageSource])).toEqual([
      ['chat', 'estimated'],
      ['response', 'provider'],
    ]);
  });

  it("adds the cache to Anthropic's input, whose total leaves it out too", () => {
    const { totals } = account({
      spans: [
        span('call', '', {
          kind: 3,
          scope: '@traceloop/instrumentation-anthropic',
          attributes: {
            ...CALL,
            'gen_ai.request.model': 'claude-sonnet-4-5',
            'gen_ai.usage.cache_read.input_tokens': 400,
            'gen_ai.usage.total_tokens': 550,
          },
        }),
      ],
    });
    // 500 of its own and 400 from the cache.
    expect(totals).toMatchObject({ input: 900, cacheRead: 400 });
  });

  it('takes a runnable that lost its parent for no run of a workflow', () => {
    const { entries } = account({
      spans: [
        span('run', '', {
          scope: '@traceloop/instrumentation-langchain',
          name: 'workflow RunnableSequence',
          attributes: {
            'gen_ai.operation.name': 'workflow',
            'traceloop.span.kind': 'workflow',
            'traceloop.workflow.name': 'RunnableSequence',
          },
        }),
      ],
    });
    expect(entries).toEqual([]);
  });
});
