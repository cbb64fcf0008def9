import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const LLM = {
  'langsmith.span.kind': 'llm',
  'gen_ai.operation.name': 'chat',
  'gen_ai.system': 'openai',
  'gen_ai.request.model': 'gpt-4.1',
  'gen_ai.usage.input_tokens': 500,
  'gen_ai.usage.output_tokens': 50,
  'gen_ai.usage.total_tokens': 550,
  'langsmith.metadata.thread_id': 'thread-1',
  'langsmith.metadata.lc_agent_name': 'Writer',
  'langsmith.metadata.langgraph_node': 'model',
  'langsmith.metadata.user_id': 'u1',
};

describe('langsmith', () => {
  it('counts llm runs with details from JSON, and takes the project for no session', () => {
    const { totals, entries } = account({
      spans: [
        span('root', '', {
          scope: 'langsmith',
          name: 'LangGraph',
          attributes: {
            'langsmith.span.kind': 'chain',
            'gen_ai.operation.name': 'chain',
            'gen_ai.system': 'langchain',
            'langsmith.trace.name': 'LangGraph',
            'langsmith.trace.session_id': 'project-1',
            'langsmith.trace.session_name': 'my-project',
          },
        }),
        span('node', 'root', {
          scope: 'langsmith',
          name: 'Writer',
          attributes: {
            'langsmith.span.kind': 'chain',
            'gen_ai.operation.name': 'chain',
            'langsmith.trace.name': 'Writer',
            'langsmith.metadata.lc_agent_name': 'Writer',
          },
        }),
        // The last message of a chain repeats its usage there.
        span('prompt', 'node', {
          scope: 'langsmith',
          name: 'ChatPromptTemplate',
          attributes: { 'langsmith.span.kind': 'prompt', 'gen_ai.operation.name': 'chat' },
        }),
        span('call', 'node', {
          scope: 'langsmith',
          name: 'ChatOpenAI',
          attributes: {
            ...LLM,
            'langsmith.metadata.usage_metadata':
              '{"input_tokens": 500, "output_tokens": 50, "input_token_details": {"cache_read": 128}, "output_token_details": {"reasoning": 16}}',
          },
        }),
        span('tool', 'node', {
          scope: 'langsmith',
          name: 'transfer_to_critic',
          attributes: {
            'langsmith.span.kind': 'tool',
            'gen_ai.operation.name': 'execute_tool',
            'gen_ai.tool.name': 'transfer_to_critic',
          },
        }),
      ],
    });
    expect(totals).toMatchObject({
      inferences: 1,
      turns: 1,
      toolCalls: 1,
      handoffs: 1,
      input: 500,
      output: 50,
      cacheRead: 128,
      reasoning: 16,
    });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 'thread-1',
      user: 'u1',
      workflow: 'unknown',
    });
  });

  it('reads details that were written as Python', () => {
    const { totals } = account({
      spans: [
        span('a', '', {
          scope: 'langsmith',
          attributes: {
            ...LLM,
            'gen_ai.usage.input_token_details': "{'audio': 0, 'cache_read': 128}",
            'gen_ai.usage.output_token_details': "{'reasoning': 16}",
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 500, output: 50, cacheRead: 128, reasoning: 16 });
  });

  it("finds the answer's id in its text, and so the client's span in another trace", () => {
    const { totals } = account({
      spans: [
        span('a', '', {
          traceId: 'a',
          scope: 'langsmith',
          attributes: {
            ...LLM,
            'gen_ai.completion':
              '{"generations": [[{"message": {"kwargs": {"response_metadata": {"id": "chatcmpl-1"}}}}]]}',
          },
        }),
        span('b', '', {
          traceId: 'b',
          kind: 3,
          scope: 'opentelemetry.instrumentation.genai.openai',
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.response.id': 'chatcmpl-1',
            'gen_ai.usage.input_tokens': 500,
            'gen_ai.usage.output_tokens': 50,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500 });
  });

  it('counts a run without usage as missing', () => {
    const { entries } = account({
      spans: [
        span('a', '', {
          scope: 'langsmith',
          attributes: { 'langsmith.span.kind': 'llm', 'gen_ai.operation.name': 'chat' },
        }),
      ],
    });
    expect(entries[0]).toMatchObject({ inferences: 1, usageSource: 'missing' });
  });
});

describe('a stream whose prompt nobody counted', () => {
  it('is a lower bound: no prompt is empty', () => {
    const { entries } = account({
      spans: [span('a', '', { scope: 'langsmith', attributes: { ...LLM, 'gen_ai.usage.input_tokens': 0 } })],
    });
    expect(entries[0]).toMatchObject({
      input: 0,
      output: 50,
      isInputKnown: false,
      usageSource: 'estimated',
      notes: ['input_not_reported'],
    });
  });
});
