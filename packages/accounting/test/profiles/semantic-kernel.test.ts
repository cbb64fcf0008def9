import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const SCOPE = 'semantic_kernel.utils.telemetry.model_diagnostics.decorators';
const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.system': 'openai',
  'gen_ai.request.model': 'gpt-4.1',
  'gen_ai.usage.input_tokens': 300,
  'gen_ai.usage.output_tokens': 30,
};
const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Writer' };

describe('semantic kernel', () => {
  it('counts chats below its loops, and joins the traces of a chat by their links', () => {
    const { totals, entries } = account({
      spans: [
        span('app', '', { traceId: 't1', attributes: { 'session.id': 's1' } }),
        span('agent1', 'app', { traceId: 't1', scope: SCOPE, attributes: AGENT }),
        span('chat1', 'agent1', { traceId: 't1', scope: SCOPE, attributes: CHAT }),
        // The next message is a trace of its own.
        span('process', '', {
          traceId: 't2',
          name: 'agent_runtime process Writer_4f2a',
          links: [{ traceId: 't1', spanId: 'agent1' }],
        }),
        span('agent2', 'process', { traceId: 't2', scope: SCOPE, attributes: AGENT }),
        span('loop', 'agent2', {
          traceId: 't2',
          scope: SCOPE,
          name: 'AutoFunctionInvocationLoop',
          attributes: { 'sk.available_functions': 'word_count' },
        }),
        span('chat2', 'loop', { traceId: 't2', scope: SCOPE, attributes: CHAT }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, turns: 2, input: 600, output: 60 });
    expect(entries.filter(({ kind }) => kind === 'inference').map(({ session, agent }) => [session, agent])).toEqual([
      ['s1', 'Writer'],
      ['s1', 'Writer'],
    ]);
  });
});
