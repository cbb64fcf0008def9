import { describe, expect, it } from 'vitest';
import { account, span, T0 } from '../account.ts';

const OPENAI = 'logfire.openai';
const AGENTS = 'logfire.openai_agents';
const REQUEST = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4.1',
};
const USAGE = {
  'gen_ai.usage.input_tokens': 500,
  'gen_ai.usage.output_tokens': 50,
  'gen_ai.usage.raw': JSON.stringify({
    prompt_tokens: 500,
    completion_tokens: 50,
    prompt_tokens_details: { cached_tokens: 128 },
    completion_tokens_details: { reasoning_tokens: 16 },
  }),
};
/** The record that ends a stream: of no length, written when it was read to its end. */
const ended = (
  atMs: number,
  seconds: number,
): { startMs: number; endMs: number; attributes: Record<string, string | number> } => ({
  startMs: atMs,
  endMs: atMs,
  attributes: { ...REQUEST, ...USAGE, 'logfire.span_type': 'log', duration: seconds },
});

describe('logfire, model clients', () => {
  it('reads the parts from the raw usage object and the cost as a claim', () => {
    const { totals, entries } = account({
      spans: [
        span('a', '', {
          kind: 3,
          scope: OPENAI,
          attributes: { ...REQUEST, ...USAGE, 'gen_ai.response.id': 'chatcmpl-1', 'operation.cost': 0.001 },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50, cacheRead: 128, reasoning: 16 });
    expect(entries[0]?.claim).toEqual({ nanoUsd: 1_000_000, by: 'client_table' });
  });

  it('is inclusive for Anthropic too, whose raw object is not', () => {
    const { totals } = account({
      spans: [
        span('a', '', {
          kind: 3,
          scope: 'logfire.anthropic',
          attributes: {
            ...REQUEST,
            'gen_ai.request.model': 'claude-sonnet-4-5',
            'gen_ai.usage.input_tokens': 550,
            'gen_ai.usage.output_tokens': 30,
            'gen_ai.usage.raw': JSON.stringify({
              input_tokens: 100,
              output_tokens: 30,
              cache_read_input_tokens: 400,
              cache_creation_input_tokens: 50,
            }),
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 550, cacheRead: 400, cacheWrite: 50 });
  });

  it('puts the two parts of a stream together', () => {
    const { totals, entries } = account({
      spans: [
        span('agent', '', { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Writer' } }),
        // Until the first byte; the stream goes on for two seconds.
        span('begin', 'agent', { kind: 3, scope: OPENAI, startMs: T0, endMs: T0 + 300, attributes: REQUEST }),
        span('end', 'agent', { scope: OPENAI, ...ended(T0 + 2300, 2) }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50, cacheRead: 128 });
    expect(entries.filter(({ usageSource }) => usageSource === 'missing')).toEqual([]);
  });

  it('puts parallel streams with equal numbers together one to one', () => {
    const { totals } = account({
      spans: [0, 1, 2].flatMap((n) => [
        span(`begin${n}`, 'agent', {
          kind: 3,
          scope: OPENAI,
          startMs: T0 + n * 10,
          endMs: T0 + 300 + n * 10,
          attributes: REQUEST,
        }),
        span(`end${n}`, 'agent', { scope: OPENAI, ...ended(T0 + 2300 + n * 10, 2) }),
      ]),
    });
    expect(totals).toMatchObject({ inferences: 3, input: 1500, output: 150 });
  });

  it('says that usage is missing where nobody read the stream, and keeps the other call', () => {
    const { totals, entries } = account({
      spans: [
        span('begin1', 'agent', { kind: 3, scope: OPENAI, startMs: T0, endMs: T0 + 300, attributes: REQUEST }),
        span('begin2', 'agent', { kind: 3, scope: OPENAI, startMs: T0 + 3000, endMs: T0 + 3300, attributes: REQUEST }),
        span('end2', 'agent', { scope: OPENAI, ...ended(T0 + 5300, 2) }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 500 });
    expect(entries.find(({ recordId }) => recordId === 'begin1')?.usageSource).toBe('missing');
  });

  it('is the same call as the pydantic-ai chat around both parts', () => {
    const { totals, entries } = account({
      spans: [
        span('chat', '', {
          kind: 3,
          scope: 'pydantic-ai',
          endMs: T0 + 2400,
          attributes: {
            ...REQUEST,
            'gen_ai.agent.name': 'Writer',
            'gen_ai.usage.input_tokens': 500,
            'gen_ai.usage.output_tokens': 50,
          },
        }),
        span('begin', 'chat', { kind: 3, scope: OPENAI, endMs: T0 + 300, attributes: REQUEST }),
        span('end', 'chat', { scope: OPENAI, ...ended(T0 + 2300, 2) }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50, cacheRead: 128, reasoning: 16 });
    expect(entries.find(({ kind }) => kind === 'inference')?.agent).toBe('Writer');
  });

  it('takes no session from a scrubber, and the true one from elsewhere in the trace', () => {
    const { entries } = account({
      spans: [
        span('app', '', { attributes: { 'session.id': 's1' } }),
        span('a', 'app', {
          kind: 3,
          scope: OPENAI,
          attributes: { ...REQUEST, ...USAGE, 'session.id': "[Scrubbed due to 'session']" },
        }),
      ],
    });
    expect(entries.find(({ kind }) => kind === 'inference')?.session).toBe('s1');
  });
});

describe('logfire, OpenAI Agents SDK', () => {
  it('counts responses and not the sums of turns and tasks', () => {
    const sum = { usage: JSON.stringify({ input_tokens: 500, output_tokens: 50, total_tokens: 550 }) };
    const { totals, entries } = account({
      spans: [
        span('trace', '', {
          scope: AGENTS,
          name: 'OpenAI Agents trace: {name}',
          attributes: { 'logfire.msg_template': 'OpenAI Agents trace: {name}', name: 'Article', group_id: 'chat-1' },
        }),
        span('agent', 'trace', {
          scope: AGENTS,
          attributes: { 'logfire.msg_template': 'Agent run: {name!r}', name: 'Writer' },
        }),
        span('turn', 'agent', {
          scope: AGENTS,
          attributes: { 'logfire.msg_template': 'Turn {turn} for agent Writer', agent_name: 'Writer', ...sum },
        }),
        span('response', 'turn', {
          scope: AGENTS,
          attributes: {
            'logfire.msg_template': 'Responses API with {gen_ai.request.model!r}',
            ...REQUEST,
            ...USAGE,
            response_id: 'resp_1',
          },
        }),
        span('handoff', 'agent', {
          scope: AGENTS,
          attributes: {
            'logfire.msg_template': 'Handoff: {from_agent} → {to_agent}',
            from_agent: 'Writer',
            to_agent: 'Critic',
          },
        }),
        span('tool', 'agent', {
          scope: AGENTS,
          attributes: { 'logfire.msg_template': 'Function: {name}', name: 'word_count', 'gen_ai.system': 'openai' },
        }),
      ],
    });
    expect(totals).toMatchObject({
      inferences: 1,
      turns: 1,
      handoffs: 1,
      toolCalls: 1,
      input: 500,
      output: 50,
      excludedInput: 500,
    });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 'chat-1',
      workflow: 'Article',
    });
    expect(entries.find(({ kind }) => kind === 'handoff')?.handoffTo).toBe('Critic');
  });
});
