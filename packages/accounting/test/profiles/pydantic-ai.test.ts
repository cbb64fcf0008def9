import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const SCOPE = 'pydantic-ai';

function chat(tokens: Readonly<Record<string, number>>): {
  scope: string;
  kind: number;
  attributes: Record<string, string | number>;
} {
  return {
    scope: SCOPE,
    kind: 3,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-5-mini',
      'gen_ai.system': 'openai',
      ...tokens,
    },
  };
}

/** What version 2 writes on a run. */
const run = (agent: string, input: number): Record<string, string | number> => ({
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': agent,
  'gen_ai.aggregated_usage.input_tokens': input,
  'gen_ai.aggregated_usage.output_tokens': 10,
});

describe('pydantic-ai 2 (instrumentation versions 5 and 6)', () => {
  it('counts chats with reasoning from the details, and what a run sums up not at all', () => {
    const { totals, entries } = account({
      spans: [
        span('run', '', {
          scope: SCOPE,
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'Writer',
            'gen_ai.conversation.id': 'chat-1',
            'gen_ai.aggregated_usage.input_tokens': 1000,
            'gen_ai.aggregated_usage.output_tokens': 200,
          },
        }),
        span(
          'a',
          'run',
          chat({
            'gen_ai.usage.input_tokens': 1000,
            'gen_ai.usage.output_tokens': 200,
            'gen_ai.usage.cache_read.input_tokens': 384,
            'gen_ai.usage.details.cache_read_tokens': 384,
            'gen_ai.usage.details.reasoning_tokens': 63,
            // What a cache holds by now is not what this call read.
            'pydantic_ai.cache.established_tokens': 512,
            'operation.cost': 0.0007,
          }),
        ),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 1000, output: 200, cacheRead: 384, reasoning: 63 });
    expect(totals).toMatchObject({ excludedInput: 1000, excludedOutput: 200 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 'chat-1',
      claim: { nanoUsd: 700_000, by: 'client_table' },
    });
  });

  it('takes no cached part from what a cache holds, where the call read none', () => {
    const { totals } = account({
      spans: [
        span(
          'a',
          '',
          chat({
            'gen_ai.usage.input_tokens': 776,
            'gen_ai.usage.output_tokens': 184,
            'pydantic_ai.cache.established_tokens': 384,
          }),
        ),
      ],
    });
    expect(totals).toMatchObject({ input: 776, cacheRead: 0 });
  });

  it("books an agent's own sum where its chats were sampled away, beside those of an agent nested in it", () => {
    const { totals } = account({
      spans: [
        span('supervisor', '', { scope: SCOPE, attributes: run('Supervisor', 700) }),
        span('tool', 'supervisor', {
          scope: SCOPE,
          attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'ask_writer' },
        }),
        span('writer', 'tool', { scope: SCOPE, attributes: run('Writer', 300) }),
      ],
    });
    // Own calls only: 700 of the supervisor's and 300 of the writer's.
    expect(totals).toMatchObject({ input: 1000, output: 20 });
  });

  it('takes the outermost conversation for the session: nested runs have their own', () => {
    const { entries } = account({
      spans: [
        span('run', '', {
          scope: SCOPE,
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'A',
            'gen_ai.conversation.id': 'outer',
          },
        }),
        span('nested', 'run', {
          scope: SCOPE,
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'B',
            'gen_ai.conversation.id': 'inner',
          },
        }),
        span('a', 'nested', chat({ 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 1 })),
      ],
    });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ agent: 'B', session: 'outer' });
  });

  it('counts a failed chat as an error without tokens', () => {
    const { entries } = account({
      spans: [span('a', '', { ...chat({}), status: 2, exceptionType: 'ModelHTTPError' })],
    });
    expect(entries[0]).toMatchObject({ inferences: 1, errors: 1, error: 'ModelHTTPError', usageSource: 'none' });
  });
});

describe('pydantic-ai 1 (instrumentation version 1)', () => {
  const RUN = {
    agent_name: 'Writer',
    'gen_ai.usage.input_tokens': 900,
    'gen_ai.usage.output_tokens': 90,
    all_messages_events: '[]',
  };

  it('does not add what `agent run` repeats under the plain names', () => {
    const { totals, entries } = account({
      spans: [
        span('run', '', { name: 'agent run', scope: SCOPE, attributes: RUN }),
        span('a', 'run', {
          ...chat({
            'gen_ai.usage.input_tokens': 900,
            'gen_ai.usage.output_tokens': 90,
            'gen_ai.usage.details.cached_tokens': 128,
          }),
          kind: 1,
        }),
        span('tools', 'run', { name: 'running 1 tool', scope: SCOPE, attributes: { tools: 'word_count' } }),
        span('tool', 'tools', { name: 'running tool', scope: SCOPE, attributes: { 'gen_ai.tool.name': 'word_count' } }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, toolCalls: 1, input: 900, output: 90, cacheRead: 128 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ agent: 'Writer' });
  });

  it('books `agent run` where no chat is below it', () => {
    const { totals, entries } = account({
      spans: [span('run', '', { name: 'agent run', scope: SCOPE, attributes: RUN })],
    });
    expect(totals).toMatchObject({ input: 900, output: 90 });
    expect(entries[0]?.reason).toBe('sum_fallback');
  });

  it("reads Anthropic's cached part from the details, inside the input", () => {
    const { totals } = account({
      spans: [
        span(
          'a',
          '',
          chat({
            'gen_ai.usage.input_tokens': 550,
            'gen_ai.usage.output_tokens': 30,
            // Anthropic's exclusive number, repeated.
            'gen_ai.usage.details.input_tokens': 100,
            'gen_ai.usage.details.cache_read_input_tokens': 400,
            'gen_ai.usage.details.cache_creation_input_tokens': 50,
          }),
        ),
      ],
    });
    expect(totals).toMatchObject({ input: 550, cacheRead: 400, cacheWrite: 50 });
  });
});

describe("pydantic-ai under OpenInference's processor", () => {
  it('reads the parts from the family that has them, and counts the span once', () => {
    const { totals } = account({
      spans: [
        span('a', '', {
          ...chat({
            'gen_ai.usage.input_tokens': 500,
            'gen_ai.usage.output_tokens': 50,
            'gen_ai.usage.cache_read.input_tokens': 128,
            'llm.token_count.prompt': 500,
            'llm.token_count.completion': 50,
          }),
        }),
      ].map((one) => ({ ...one, attributes: { ...one.attributes, 'openinference.span.kind': 'LLM' } })),
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50, cacheRead: 128 });
  });
});
