import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const TEAM = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const RUNTIME = 'autogen SingleThreadedAgentRuntime';
const CLIENT = 'opentelemetry.instrumentation.genai.openai';
const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4.1',
  'gen_ai.usage.input_tokens': 500,
  'gen_ai.usage.output_tokens': 50,
};
const process = (recipient: string): Record<string, string> => ({
  recipient_agent_type: `${recipient}_${TEAM}`,
  recipient_agent_class: 'ChatAgentContainer',
  'messaging.operation': 'process',
  message: '{"content":"secret"}',
});

describe('microsoft autogen', () => {
  it('knows one session in the many traces of a chat by its team', () => {
    const { totals, entries } = account({
      spans: [
        span('p1', '', {
          traceId: 't1',
          scope: RUNTIME,
          kind: 5,
          name: `autogen process Planner_${TEAM}`,
          attributes: process('Planner'),
        }),
        span('a1', 'p1', {
          traceId: 't1',
          scope: 'autogen-core',
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.system': 'autogen',
            'gen_ai.agent.name': 'Planner',
            'gen_ai.agent.id': `Planner_${TEAM}/${TEAM}`,
          },
        }),
        span('c1', 'a1', { traceId: 't1', scope: CLIENT, kind: 3, attributes: CHAT }),
        span('p2', '', { traceId: 't2', scope: RUNTIME, kind: 5, attributes: process('Writer') }),
        span('a2', 'p2', {
          traceId: 't2',
          scope: 'autogen-core',
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.system': 'autogen',
            'gen_ai.agent.name': 'Writer',
            'gen_ai.agent.id': `Writer_${TEAM}/${TEAM}`,
          },
        }),
        span('c2', 'a2', { traceId: 't2', scope: CLIENT, kind: 3, attributes: CHAT }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, turns: 2, input: 1000, output: 100 });
    const calls = entries.filter(({ kind }) => kind === 'inference');
    expect(calls.map(({ agent, session }) => [agent, session])).toEqual([
      ['Planner', TEAM],
      ['Writer', TEAM],
    ]);
    expect(JSON.stringify(entries)).not.toContain('secret');
  });

  it('shows a call right below the manager as a selection, and those of agents below it as their own', () => {
    const { entries } = account({
      spans: [
        span('manager', '', { scope: RUNTIME, kind: 5, attributes: process('SelectorGroupChatManager') }),
        span('pick', 'manager', { scope: CLIENT, kind: 3, attributes: CHAT }),
        span('publish', 'manager', {
          scope: RUNTIME,
          kind: 4,
          attributes: { sender_agent_type: `SelectorGroupChatManager_${TEAM}` },
        }),
        span('process', 'publish', { scope: RUNTIME, kind: 5, attributes: process('Writer') }),
        span('agent', 'process', {
          scope: 'autogen-core',
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.system': 'autogen',
            'gen_ai.agent.name': 'Writer',
          },
        }),
        span('call', 'agent', { scope: CLIENT, kind: 3, attributes: CHAT }),
      ],
    });
    expect(
      entries
        .filter(({ kind }) => kind === 'inference')
        .map(({ recordId, agent, purpose }) => [recordId, agent, purpose]),
    ).toEqual([
      ['pick', '', 'speaker_selection'],
      ['call', 'Writer', ''],
    ]);
  });

  it('counts one failed call as one error, whatever the messages around it say', () => {
    const failed = { status: 2 };
    const { totals } = account({
      spans: [
        span('process', '', { ...failed, scope: RUNTIME, kind: 5, attributes: process('Writer') }),
        span('agent', 'process', {
          ...failed,
          scope: 'autogen-core',
          attributes: {
            'gen_ai.operation.name': 'invoke_agent',
            'gen_ai.system': 'autogen',
            'gen_ai.agent.name': 'Writer',
          },
        }),
        span('call', 'agent', {
          ...failed,
          scope: CLIENT,
          kind: 3,
          attributes: { 'gen_ai.operation.name': 'chat', 'error.type': '400' },
        }),
        span('refused', 'process', { ...failed, scope: RUNTIME, kind: 5, attributes: process('Critic') }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1 });
  });

  it('takes no tokens at all for missing ones: no prompt is empty', () => {
    const { entries } = account({
      spans: [
        span('call', '', {
          scope: 'openinference.instrumentation.autogen_agentchat',
          attributes: {
            'openinference.span.kind': 'LLM',
            'llm.token_count.prompt': 0,
            'llm.token_count.completion': 0,
          },
        }),
      ],
    });
    expect(entries[0]).toMatchObject({ inferences: 1, usageSource: 'missing' });
  });
});
