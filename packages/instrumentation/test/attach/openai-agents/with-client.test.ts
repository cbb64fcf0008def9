import * as agents from '@openai/agents';
import { setTracingDisabled } from '@openai/agents';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import OpenAI from 'openai';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findSession, OpenAIAgentsInstrumentation, OpenAIInstrumentation } from '../../../src/index.ts';
import { record, type Recording } from '../../recording.ts';
import { spanTree } from '../span-tree.ts';
import { expectSpendingOf } from '../spending.ts';
import { agentOf, runnerFor, supportScript, supportTeam } from './support-team.ts';

let server: ModelServer;
let recording: Recording;
let instrumentations: readonly (OpenAIAgentsInstrumentation | OpenAIInstrumentation)[];
beforeAll(async () => {
  server = await startModelServer();
});
beforeEach(() => {
  server.script(supportScript);
  recording = record();
  const client = new OpenAIInstrumentation();
  client.attach(OpenAI);
  const framework = new OpenAIAgentsInstrumentation();
  framework.attach(agents);
  instrumentations = [client, framework];
});
afterEach(async () => {
  for (const instrumentation of instrumentations) instrumentation.disable();
  await recording[Symbol.asyncDispose]();
  server.clearLedger();
});
afterAll(async () => {
  await server.close();
});

// `tracingDisabled` is the runner's own switch: it has no spans of tools then (its hooks tell of them), so what a tool does is not below it.
describe.each([
  { tracing: {}, api: 'responses', stream: false, isTraced: true },
  { tracing: {}, api: 'responses', stream: true, isTraced: true },
  { tracing: {}, api: 'chat', stream: false, isTraced: true },
  { tracing: { traceIncludeSensitiveData: false }, api: 'responses', stream: true, isTraced: true },
  { tracing: { traceIncludeSensitiveData: false }, api: 'chat', stream: false, isTraced: true },
  { tracing: { tracingDisabled: true }, api: 'responses', stream: false, isTraced: false },
  { tracing: { tracingDisabled: true }, api: 'responses', stream: true, isTraced: false },
  { tracing: { tracingDisabled: true }, api: 'chat', stream: false, isTraced: false },
] as const)(
  'a run with the client attached too ($tracing, API: $api, streamed: $stream)',
  ({ tracing, api, stream, isTraced }) => {
    it('has each call once, with what the client knows of it', async () => {
      setTracingDisabled(false);
      const runner = runnerFor(server, { api, groupId: 's-1', ...tracing });
      if (stream) await (await runner.run(supportTeam('s-1'), 'My money back', { stream })).completed;
      else await runner.run(supportTeam('s-1'), 'My money back');
      expect(server.totals().calls).toBe(4);
      await expectSpendingOf(server, recording);
      expect(findSession('s-1')).toMatchObject({
        turns: 3,
        handoffs: 1,
        inferences: 4,
        ...(isTraced ? { toolCalls: 2 } : {}),
      });
      const refunds = 'invoke_workflow > invoke_agent Refunds';
      expect(spanTree(recording)).toEqual(
        [
          'invoke_workflow',
          'invoke_workflow > invoke_agent Triage',
          'invoke_workflow > invoke_agent Triage > chat gpt-5-nano',
          refunds,
          `${refunds} > chat gpt-5-mini`,
          `${refunds} > chat gpt-5-mini`,
          `${refunds} > execute_tool audit`,
          `${refunds} > execute_tool lookup`,
          `${refunds}${isTraced ? ' > execute_tool audit' : ''} > invoke_agent Auditor`,
          `${refunds}${isTraced ? ' > execute_tool audit' : ''} > invoke_agent Auditor > chat gpt-5-nano`,
        ].sort(),
      );
      for (const { attributes } of recording.spans().filter((span) => span.name.startsWith('chat'))) {
        expect(attributes).toMatchObject({ 'server.port': server.port, 'gen_ai.agent.name': expect.any(String) });
      }
    });
  },
);

describe('a call that fails', () => {
  beforeEach(() => setTracingDisabled(false));

  it('is asked again by the client, and is one call', async () => {
    let calls = 0;
    server.script((request) => (++calls === 1 ? { status: 429 } : supportScript(request)));
    await runnerFor(server, { groupId: 's-1' }).run(agentOf('Auditor', 's-1'), 'Is it paid?');
    await expectSpendingOf(server, recording);
    expect(findSession('s-1')).toMatchObject({ inferences: 1, retries: 1, errors: 0 });
  });

  it('is an error of the call, the turn and the run', async () => {
    server.script(() => ({ status: 400 }));
    const run = runnerFor(server, { groupId: 's-1' }).run(agentOf('Auditor', 's-1'), 'Is it paid?');
    await expect(run).rejects.toThrow('400');
    // The SDK does not tell when an error leaves a trace; it is noticed after the app has heard of the error.
    await setImmediate();
    for (const name of ['chat gpt-5-mini', 'invoke_agent Auditor', 'invoke_workflow']) {
      expect(recording.span(name).attributes['error.type']).toBe('BadRequestError');
    }
    expect(findSession('s-1')).toMatchObject({ errors: 1, turns: 1, isRunning: false });
  });
});
