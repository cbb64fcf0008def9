import { describe, expect, it } from 'vitest';
import { account, span, T0 } from '../account.ts';

const chat = (rest: Record<string, string | number>): Record<string, string | number> => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.usage.output_tokens': 50,
  // A metric's name on a span: input and output added up, no usage.
  'gen_ai.client.token.usage': 99_999,
  'telemetry.sdk.name': 'openlit',
  ...rest,
});

describe('openlit', () => {
  it("is inclusive for OpenAI and exclusive for Anthropic's client", () => {
    const parts = {
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.cache_creation.input_tokens': 10,
    };
    const { entries } = account({
      spans: [
        span('a', '', {
          traceId: 'a',
          startMs: T0 + 1000,
          endMs: T0 + 1500,
          kind: 3,
          scope: 'openlit.instrumentation.openai',
          attributes: chat({ ...parts, 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4.1' }),
        }),
        span('b', '', {
          traceId: 'b',
          startMs: T0 + 2000,
          endMs: T0 + 2500,
          kind: 3,
          scope: 'openlit.instrumentation.anthropic',
          attributes: chat({
            ...parts,
            'gen_ai.provider.name': 'anthropic',
            'gen_ai.request.model': 'claude-sonnet-4-5',
          }),
        }),
        span('c', '', {
          traceId: 'c',
          startMs: T0 + 3000,
          endMs: T0 + 3500,
          kind: 3,
          scope: '@openlit/instrumentation-anthropic',
          attributes: chat({
            ...parts,
            'gen_ai.provider.name': 'anthropic',
            'gen_ai.request.model': 'claude-sonnet-4-5',
          }),
        }),
        // LangChain brings the same numbers into inclusive form before.
        span('d', '', {
          traceId: 'd',
          startMs: T0 + 4000,
          endMs: T0 + 4500,
          kind: 3,
          scope: 'openlit.instrumentation.langchain',
          attributes: chat({
            ...parts,
            'gen_ai.provider.name': 'anthropic',
            'gen_ai.request.model': 'claude-sonnet-4-5',
          }),
        }),
      ],
    });
    // Beside: 100 + 40 + 10.
    expect(entries.map(({ recordId, input }) => [recordId, input])).toEqual([
      ['a', 100],
      ['b', 150],
      ['c', 150],
      ['d', 100],
    ]);
  });

  it('takes a cost of 0 for no price', () => {
    const { entries } = account({
      spans: [
        span('a', '', {
          kind: 3,
          scope: 'openlit.instrumentation.openai',
          attributes: chat({ 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.cost': 0 }),
        }),
      ],
    });
    expect(entries[0]?.claim).toBeUndefined();
  });

  it('never counts its spans of AG2, which say `chat` with tokens that it made up', () => {
    const ag2 = 'openlit.instrumentation.ag2';
    const { totals, entries } = account({
      spans: [
        span('create', '', {
          scope: ag2,
          status: 2,
          attributes: {
            'gen_ai.operation.name': 'create_agent',
            'gen_ai.system': 'ag2',
            'gen_ai.agent.name': 'Writer',
          },
        }),
        span('task', '', {
          scope: ag2,
          name: 'execute_task Writer',
          attributes: chat({
            'gen_ai.system': 'ag2',
            'gen_ai.agent.name': 'Writer',
            'gen_ai.request.model': 'unknown',
            'gen_ai.usage.input_tokens': 40,
          }),
        }),
        span('call', 'task', {
          kind: 3,
          scope: 'openlit.instrumentation.openai',
          attributes: chat({ 'gen_ai.system': 'openai', 'gen_ai.usage.input_tokens': 700 }),
        }),
        span('toolless', '', {
          scope: ag2,
          name: 'execute_task Executor',
          attributes: chat({
            'gen_ai.system': 'ag2',
            'gen_ai.agent.name': 'Executor',
            'gen_ai.usage.input_tokens': 30,
          }),
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, errors: 0, input: 700, output: 50 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ agent: 'Writer', recordId: 'call' });
  });

  it("does not book what CrewAI's agents have spent in their lives", () => {
    const { totals } = account({
      spans: [
        span('kickoff', '', {
          scope: 'openlit.instrumentation.crewai',
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'crew',
            'gen_ai.usage.input_tokens': 900,
            'gen_ai.usage.output_tokens': 90,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 0, excludedInput: 900 });
  });

  it('counts two agent spans of one turn as one, and a call without tokens as missing', () => {
    const agents = 'openlit.instrumentation.openai_agents';
    const agent = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'Writer',
      'gen_ai.conversation.id': 'c1',
    };
    const { totals, entries } = account({
      spans: [
        span('outer', '', { scope: agents, attributes: agent }),
        span('inner', 'outer', { scope: agents, attributes: agent }),
        span('call', 'inner', {
          kind: 3,
          scope: 'openlit.instrumentation.openai',
          attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4.1' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ usageSource: 'missing', session: 'c1' });
  });
});
