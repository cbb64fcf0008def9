import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const SCOPE = 'strands.telemetry.tracer';
const BOTH_SPELLINGS = (input: number, output: number): Record<string, number> => ({
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.prompt_tokens': input,
  'gen_ai.usage.output_tokens': output,
  'gen_ai.usage.completion_tokens': output,
  'gen_ai.usage.total_tokens': input + output,
});
const START = { 'gen_ai.event.start_time': '2026-11-22T12:00:00Z' };

describe('strands', () => {
  it('counts chats in one spelling and nothing of what agents and swarms have spent in their lives', () => {
    const agent = (input: number, output: number): Record<string, string | number> => ({
      ...START,
      ...BOTH_SPELLINGS(input, output),
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'Writer',
      'session.id': 's1',
      'user.id': 'u1',
    });
    const chat = {
      ...START,
      ...BOTH_SPELLINGS(1000, 100),
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4.1',
      'gen_ai.usage.cache_read.input_tokens': 256,
      'gen_ai.usage.cache_read_input_tokens': 256,
    };
    const { totals, entries } = account({
      spans: [
        span('swarm', '', {
          scope: SCOPE,
          attributes: {
            ...START,
            ...BOTH_SPELLINGS(3000, 300),
            'gen_ai.operation.name': 'invoke_swarm',
            'gen_ai.agent.name': 'swarm',
          },
        }),
        span('first', 'swarm', { scope: SCOPE, attributes: agent(1000, 100) }),
        span('cycle1', 'first', {
          scope: SCOPE,
          attributes: { ...START, 'gen_ai.operation.name': 'execute_event_loop_cycle', 'event_loop.cycle_id': 'c1' },
        }),
        span('chat1', 'cycle1', { scope: SCOPE, attributes: chat }),
        // The second go of the same agent object repeats the first.
        span('second', 'swarm', { scope: SCOPE, attributes: agent(2000, 200) }),
        span('chat2', 'second', { scope: SCOPE, attributes: chat }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, turns: 2, input: 2000, output: 200, cacheRead: 512 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 's1',
      user: 'u1',
    });
  });

  it('never books a lifetime total, not even where no call was seen', () => {
    const { totals } = account({
      spans: [
        span('agent', '', {
          scope: SCOPE,
          attributes: {
            ...START,
            ...BOTH_SPELLINGS(5000, 500),
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'Writer',
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 0, output: 0, excludedInput: 5000, excludedOutput: 500 });
  });

  it("is known by its attributes where the scope is the application's own name (JavaScript)", () => {
    const { entries } = account({
      spans: [
        span('swarm', '', {
          scope: 'my-app',
          attributes: {
            ...START,
            ...BOTH_SPELLINGS(10, 1),
            'gen_ai.operation.name': 'invoke_swarm',
            'gen_ai.agent.name': 'swarm',
            'gen_ai.agent.id': 'group_chat',
          },
        }),
        span('chat', 'swarm', {
          scope: 'my-app',
          attributes: { ...START, ...BOTH_SPELLINGS(10, 1), 'gen_ai.operation.name': 'chat' },
        }),
      ],
    });
    // The swarm is a workflow of that name, and no agent.
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      profile: 'strands',
      workflow: 'group_chat',
      agent: '',
    });
  });
});
