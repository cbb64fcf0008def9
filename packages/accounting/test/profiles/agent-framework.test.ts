import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const SCOPE = 'agent_framework';
const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4.1',
  'gen_ai.response.id': 'resp_1',
  // What the Responses client writes here is the previous answer's id.
  'gen_ai.conversation.id': 'resp_0',
  'gen_ai.usage.input_tokens': 500,
  'gen_ai.usage.output_tokens': 50,
  'gen_ai.usage.cache_read.input_tokens': 128,
  'gen_ai.usage.reasoning.output_tokens': 16,
};
const AGENT = {
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': 'Writer',
  'gen_ai.usage.input_tokens': 500,
  'gen_ai.usage.output_tokens': 50,
};

describe('microsoft agent framework', () => {
  it('counts chats, names the workflow and takes no response id for a session', () => {
    const { totals, entries } = account({
      spans: [
        span('run', '', {
          name: 'workflow.run',
          scope: SCOPE,
          attributes: { 'workflow.name': 'article_chat', 'workflow.id': '5fe2079e' },
        }),
        span('executor', 'run', {
          name: 'executor.process Writer',
          scope: SCOPE,
          attributes: { 'executor.id': 'Writer', 'executor.type': 'AgentExecutor' },
        }),
        span('agent', 'executor', { scope: SCOPE, attributes: AGENT }),
        span('chat', 'agent', { scope: SCOPE, attributes: CHAT }),
        span('send', 'executor', {
          name: 'message.send',
          kind: 4,
          scope: SCOPE,
          attributes: { 'message.destination_executor_id': 'Critic' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500, output: 50, cacheRead: 128, reasoning: 16 });
    // No session is named anywhere: the quiet run is one of its own.
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      workflow: 'article_chat',
      session: 'trace:t',
    });
  });

  it('books the sum of an agent whose chats are not here', () => {
    const { entries, totals } = account({ spans: [span('agent', '', { scope: SCOPE, attributes: AGENT })] });
    expect(totals).toMatchObject({ input: 500, output: 50 });
    expect(entries[0]?.reason).toBe('sum_fallback');
  });

  it('counts an error on the chat, not on the agent and the executors around it', () => {
    const failed = { status: 2, scope: SCOPE };
    const { totals } = account({
      spans: [
        span('run', '', { ...failed, name: 'workflow.run', attributes: { 'workflow.name': 'w' } }),
        span('executor', 'run', {
          ...failed,
          name: 'executor.process Writer',
          attributes: { 'executor.id': 'Writer' },
        }),
        span('agent', 'executor', {
          ...failed,
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.agent.name': 'Writer',
            'error.type': 'BadRequestError',
          },
        }),
        span('chat', 'agent', {
          ...failed,
          attributes: { 'gen_ai.operation.name': 'chat', 'error.type': 'BadRequestError' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1, input: 0 });
  });
});
