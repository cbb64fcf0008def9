import { setTracingDisabled, type Runner } from '@openai/agents';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findSession, OpenAIAgentsInstrumentation, withSession } from '../../../src/index.ts';
import { record, type Recording } from '../../recording.ts';
import { spanTree } from '../span-tree.ts';
import { expectSpendingOf } from '../spending.ts';
import { runnerFor, supportScript, supportTeam } from './support-team.ts';

let server: ModelServer;
let recording: Recording;
let instrumentation: OpenAIAgentsInstrumentation;
beforeAll(async () => {
  server = await startModelServer({ script: supportScript });
});
beforeEach(() => {
  recording = record();
  instrumentation = new OpenAIAgentsInstrumentation();
});
afterEach(async () => {
  instrumentation.disable();
  await recording[Symbol.asyncDispose]();
  server.clearLedger();
});
afterAll(async () => {
  await server.close();
});

// With NODE_ENV=test, as here, the SDK's tracing is disabled unless the app says otherwise.
describe.each([
  { isDisabled: false, api: 'responses', stream: false },
  { isDisabled: false, api: 'responses', stream: true },
  { isDisabled: false, api: 'chat', stream: false },
  { isDisabled: true, api: 'responses', stream: false },
  { isDisabled: true, api: 'responses', stream: true },
  { isDisabled: true, api: 'chat', stream: false },
] as const)('a run (tracing disabled: $isDisabled, API: $api, streamed: $stream)', ({ isDisabled, api, stream }) => {
  beforeEach(() => setTracingDisabled(isDisabled));

  it('has the tokens, turns, handoffs and tools that there were', async () => {
    const runner = runnerFor(server, { api, groupId: 's-1', workflowName: 'support' });
    expect(await answerOf(runner, { stream })).toBe('Refunded.');
    // Triage hands over; Refunds calls two tools, one of which is the Auditor; Refunds answers.
    expect(server.totals().calls).toBe(4);
    await expectSpendingOf(server, recording);
    expect(findSession('s-1')).toMatchObject({
      workflow: 'support',
      turns: 3,
      handoffs: 1,
      toolCalls: 2,
      isRunning: false,
      agents: { Triage: { turns: 1 }, Refunds: { turns: 1, toolCalls: 2 }, Auditor: { turns: 1 } },
    });
    expect(spanTree(recording)).toEqual(
      [
        'invoke_workflow support',
        'invoke_workflow support > invoke_agent Triage',
        'invoke_workflow support > invoke_agent Triage > chat',
        'invoke_workflow support > invoke_agent Refunds',
        'invoke_workflow support > invoke_agent Refunds > chat',
        'invoke_workflow support > invoke_agent Refunds > chat',
        'invoke_workflow support > invoke_agent Refunds > execute_tool audit',
        'invoke_workflow support > invoke_agent Refunds > execute_tool audit > invoke_agent Auditor',
        'invoke_workflow support > invoke_agent Refunds > execute_tool audit > invoke_agent Auditor > chat',
        'invoke_workflow support > invoke_agent Refunds > execute_tool lookup',
      ].sort(),
    );
    expect(await recording.metric('turnmeter.handoffs', { from: 'Triage', to: 'Refunds' })).toBe(1);
  });

  it('is one of many at once, each with its own', async () => {
    const sessions = ['p-1', 'p-2', 'p-3', 'p-4'];
    await Promise.all(
      sessions.map((session) =>
        runnerFor(server, { api, groupId: session }).run(supportTeam(session), 'My money back'),
      ),
    );
    expect(server.totals().calls).toBe(16);
    await expectSpendingOf(server, recording);
    for (const session of sessions) expect(findSession(session)).toMatchObject({ turns: 3, handoffs: 1, toolCalls: 2 });
  });

  it('belongs to the session around it', async () => {
    const runner = runnerFor(server, { api, groupId: 'inner' });
    await withSession({ session: 'outer', workflow: 'shop' }, () => runner.run(supportTeam('outer'), 'My money back'));
    await expectSpendingOf(server, recording);
    expect(findSession('outer')).toMatchObject({ workflow: 'shop', turns: 3 });
    expect(findSession('inner')).toBeUndefined();
  });
});

async function answerOf(runner: Runner, { stream }: { readonly stream: boolean }): Promise<unknown> {
  const agent = supportTeam('s-1');
  if (!stream) return (await runner.run(agent, 'My money back, please')).finalOutput;
  const result = await runner.run(agent, 'My money back, please', { stream });
  for await (const _ of result);
  await result.completed;
  return result.finalOutput;
}
