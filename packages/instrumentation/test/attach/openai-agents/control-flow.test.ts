import {
  addTraceProcessor,
  getGlobalTraceProvider,
  RunState,
  setTraceProcessors,
  setTracingDisabled,
  tool,
  withTrace,
  type InputGuardrail,
  type TracingProcessor,
} from '@openai/agents';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findSession, OpenAIAgentsInstrumentation, withSession } from '../../../src/index.ts';
import { record, type Recording } from '../../recording.ts';
import { spanTree } from '../span-tree.ts';
import { expectSpendingOf } from '../spending.ts';
import { agentOf, runnerFor, supportScript, supportTeam } from './support-team.ts';

let server: ModelServer;
let recording: Recording;
let instrumentation: OpenAIAgentsInstrumentation;
beforeAll(async () => {
  server = await startModelServer();
  setTracingDisabled(false);
});
beforeEach(() => {
  server.script(supportScript);
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

const lookup = tool({
  name: 'lookup',
  description: 'Finds an order',
  parameters: z.object({}),
  execute: () => 'an order',
});

describe('a guardrail that trips', () => {
  it('stops the turn and is no error; what its own agent asked is counted as that agent’s', async () => {
    const judge = agentOf('Judge', 's-1');
    const guardrail: InputGuardrail = {
      name: 'judge',
      runInParallel: false,
      execute: async ({ input }) => {
        await runnerFor(server).run(judge, input);
        return { tripwireTriggered: true, outputInfo: {} };
      },
    };
    const agent = agentOf('Auditor', 's-1', { inputGuardrails: [guardrail] });
    await expect(runnerFor(server, { groupId: 's-1' }).run(agent, 'Hack it')).rejects.toThrow('Input guardrail');
    await setImmediate();
    await expectSpendingOf(server, recording);
    expect(recording.span('invoke_agent Auditor').attributes).toMatchObject({ 'turnmeter.turn.outcome': 'stopped' });
    expect(recording.span('invoke_agent Judge').attributes).toMatchObject({ 'turnmeter.turn.outcome': 'completed' });
    for (const { attributes } of recording.spans()) expect(attributes['error.type']).toBeUndefined();
    expect(findSession('s-1')).toMatchObject({ turns: 2, errors: 0, isRunning: false });
  });
});

describe('a run of too many turns', () => {
  it('has failed, and what it used until then is counted', async () => {
    server.script(() => ({ toolCalls: [{ name: 'lookup' }] }));
    const runner = runnerFor(server, { groupId: 's-1' });
    const agent = agentOf('Auditor', 's-1', { tools: [lookup] });
    await expect(runner.run(agent, 'Look', { maxTurns: 3 })).rejects.toThrow('Max turns');
    await setImmediate();
    expect(server.totals().calls).toBe(3);
    await expectSpendingOf(server, recording);
    for (const name of ['invoke_agent Auditor', 'invoke_workflow']) {
      expect(recording.span(name).attributes['error.type']).toBe('MaxTurnsExceededError');
    }
    expect(findSession('s-1')).toMatchObject({ turns: 1, toolCalls: 3, inferences: 3, isRunning: false });
  });
});

describe('a streamed run', () => {
  it('that is aborted has stopped', async () => {
    server.script(() => ({ text: 'one two three four five six seven eight', chunkDelayMs: 20 }));
    const controller = new AbortController();
    const agent = agentOf('Auditor', 's-1');
    const runner = runnerFor(server, { groupId: 's-1' });
    const result = await runner.run(agent, 'Look', { stream: true, signal: controller.signal });
    for await (const event of result) if (event.type === 'raw_model_stream_event') controller.abort();
    await result.completed.catch(() => undefined);
    await setImmediate();
    expect(recording.span('invoke_agent Auditor').attributes['turnmeter.turn.outcome']).toBe('stopped');
    expect(findSession('s-1')).toMatchObject({ inferences: 1, turns: 1, isRunning: false });
  });
});

describe('a run that waits for a person', () => {
  it.each(['in the same process', 'from its state as text'])('goes on in the same session (%s)', async (where) => {
    const refund = tool({
      name: 'refund',
      description: 'Pays back',
      parameters: z.object({}),
      needsApproval: true,
      execute: () => 'paid',
    });
    const agent = agentOf('Refunds', 's-1', { tools: [refund] });
    server.script(({ messages }) =>
      messages.some(({ role }) => role === 'tool') ? { text: 'Done.' } : { toolCalls: [{ name: 'refund' }] },
    );
    const runner = runnerFor(server, { groupId: 's-1' });
    const first = await runner.run(agent, 'My money back');
    expect(first.interruptions).toHaveLength(1);
    const state =
      where === 'in the same process'
        ? (first.state as RunState<unknown, typeof agent>)
        : await RunState.fromString(agent, first.state.toString());
    for (const interruption of state.getInterruptions()) state.approve(interruption);
    expect((await runner.run(agent, state)).finalOutput).toBe('Done.');
    expect(server.totals().calls).toBe(2);
    await expectSpendingOf(server, recording);
    // The agent speaks before the approval and after it; the tool is called, and done, once.
    expect(findSession('s-1')).toMatchObject({ turns: 2, toolCalls: 1, handoffs: 0, inferences: 2, isRunning: false });
    expect(recording.spans().filter(({ name }) => name === 'invoke_workflow')).toHaveLength(2);
    for (const { attributes } of recording.spans()) expect(attributes['error.type']).toBeUndefined();
  });
});

describe('a trace of the app’s own', () => {
  it('is one run of all that is in it', async () => {
    const runner = runnerFor(server);
    await withTrace(
      'support',
      async () => {
        await runner.run(agentOf('Auditor', 's-1'), 'One');
        await runner.run(agentOf('Auditor', 's-1'), 'Two');
      },
      { groupId: 's-1' },
    );
    await expectSpendingOf(server, recording);
    expect(spanTree(recording)).toEqual(
      [
        'invoke_workflow support',
        'invoke_workflow support > invoke_agent Auditor',
        'invoke_workflow support > invoke_agent Auditor',
        'invoke_workflow support > invoke_agent Auditor > chat',
        'invoke_workflow support > invoke_agent Auditor > chat',
      ].sort(),
    );
    expect(findSession('s-1')).toMatchObject({ turns: 2, handoffs: 0 });
  });

  it('goes on after an error that the app handles', async () => {
    server.script(({ agent }) => (agent === 'Refunds' ? { status: 400 } : {}));
    const runner = runnerFor(server);
    await withTrace(
      'support',
      async () => {
        await runner.run(agentOf('Refunds', 's-1'), 'One').catch(() => undefined);
        await setImmediate();
        await runner.run(agentOf('Auditor', 's-1'), 'Two');
      },
      { groupId: 's-1' },
    );
    const runs = recording.spans().filter(({ name }) => name === 'invoke_workflow support');
    expect(runs).toHaveLength(1);
    expect(runs[0]?.attributes['error.type']).toBeUndefined();
    await expectSpendingOf(server, recording);
  });

  it('that fails outside of any agent is over when nobody holds it', async () => {
    const failing = withTrace('support', () => Promise.reject(new Error('no')), { groupId: 's-1' });
    await expect(failing).rejects.toThrow('no');
    expect(findSession('s-1')?.turns).toBe(0);
  });
});

describe('processors of the SDK and of others', () => {
  class Heard implements TracingProcessor {
    readonly spans: string[] = [];
    isShutDown = false;
    onTraceStart = (): Promise<void> => Promise.resolve();
    onTraceEnd = (): Promise<void> => Promise.resolve();
    onSpanStart = (): Promise<void> => Promise.resolve();
    forceFlush = (): Promise<void> => Promise.resolve();
    onSpanEnd: TracingProcessor['onSpanEnd'] = (span) => {
      this.spans.push(span.spanData.type);
      return Promise.resolve();
    };
    shutdown = (): Promise<void> => {
      this.isShutDown = true;
      return Promise.resolve();
    };
  }

  it('hear what they would without us, and may replace each other', async () => {
    const replaced = new Heard();
    const [set, added] = [new Heard(), new Heard()];
    setTraceProcessors([replaced]);
    setTraceProcessors([set]);
    addTraceProcessor(added);
    await runnerFor(server, { groupId: 's-1' }).run(supportTeam('s-1'), 'My money back');
    expect([replaced.isShutDown, set.isShutDown]).toEqual([true, false]);
    expect(set.spans).toEqual(added.spans);
    expect(set.spans.filter((type) => type === 'response')).toHaveLength(4);
    await expectSpendingOf(server, recording);
    setTraceProcessors([]);
  });
});

describe('OpenAIAgentsInstrumentation', () => {
  it('counts once where there are two of it', async () => {
    const second = new OpenAIAgentsInstrumentation();
    await runnerFor(server, { groupId: 's-1' }).run(agentOf('Auditor', 's-1'), 'Look');
    await expectSpendingOf(server, recording);
    expect(findSession('s-1')).toMatchObject({ turns: 1, inferences: 1 });
    second.disable();
  });

  it('puts the SDK’s provider back when it is disabled, and is there again when it is enabled', async () => {
    const slot = Symbol.for('openai.agents.core.traceProvider');
    const provider = getGlobalTraceProvider();
    instrumentation.disable();
    expect(Object.getOwnPropertyDescriptor(globalThis, slot)?.value).toBe(provider);
    expect(Object.hasOwn(provider, 'createSpan')).toBe(false);
    await runnerFor(server, { groupId: 's-1' }).run(agentOf('Auditor', 's-1'), 'Look');
    expect(recording.spans()).toEqual([]);
    server.clearLedger();
    instrumentation.enable();
    await runnerFor(server, { groupId: 's-1' }).run(agentOf('Auditor', 's-1'), 'Look');
    await expectSpendingOf(server, recording);
    expect(getGlobalTraceProvider()).toBe(provider);
  });

  it('shows no content unless it is asked to', async () => {
    await runnerFor(server, { groupId: 's-1' }).run(supportTeam('s-1'), 'My secret');
    expect(JSON.stringify(recording.spans().map(({ attributes, events }) => [attributes, events]))).not.toMatch(
      /My secret|All is in order|Refunded/,
    );
  });

  it('leaves a run in the app’s own session that it has no name for', async () => {
    await withSession({ session: 's-1', workflow: 'shop' }, () =>
      runnerFor(server).run(agentOf('Auditor', 's-1'), 'Look'),
    );
    expect(findSession('s-1')).toMatchObject({ workflow: 'shop', turns: 1 });
  });
});
