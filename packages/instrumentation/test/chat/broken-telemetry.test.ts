import type { Tracer, TracerProvider } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentResponseTimeTracker, createResponseTrackingHooks, TokenManager } from '../../src/ag2/index.ts';
import { recorder } from '../../src/emit/recorder.ts';
import { createTurnHooks, groupChat, instrumentAgent, recordCall, wrapGroupChat } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

/** Fails at every span that begins; or each span fails at all that is done to it. */
function brokenProvider(where: 'start' | 'span'): TracerProvider {
  const fail = (): never => {
    throw new Error('telemetry is broken');
  };
  const span = new Proxy(
    {},
    { get: (_, name) => (name === 'spanContext' ? () => ({ traceId: '0', spanId: '0', traceFlags: 0 }) : fail) },
  );
  const tracer = { startSpan: where === 'start' ? fail : () => span, startActiveSpan: fail } as unknown as Tracer;
  return { getTracer: () => tracer };
}

describe.each(['start', 'span'] as const)('telemetry that is broken at the %s', (where) => {
  it('does not break the app, whatever it calls', async () => {
    recording = record();
    recorder().useTracerProvider(brokenProvider(where));
    const failure = new RangeError('the app’s own');
    const chat = groupChat({ workflow: 'blog' });
    const text = await chat.run(async () => {
      chat.outcome('success');
      const next = await chat.selectSpeaker(async () => 'Writer');
      return chat.turn({ agent: next }, async (turn) => {
        turn.recordCall({ usage: { input: 1, output: 1 }, model: 'gpt-5-mini' });
        turn.handoff('Critic');
        turn.message();
        const found = await turn.tool('search', async () => 'rain');
        const wish = await turn.humanInput(async () => 'short');
        return `${found} ${wish}`;
      });
    });
    expect(text).toBe('rain short');
    await expect(chat.run(() => chat.turn({ agent: 'A' }, () => Promise.reject(failure)))).rejects.toBe(failure);
    const parts: number[] = [];
    for await (const part of chat.turn({ agent: 'A' }, async function* () {
      yield 1;
      yield 2;
    })) {
      parts.push(part);
    }
    expect(parts).toEqual([1, 2]);
    expect(chat.figures().session).toBe(chat.session);
  });

  it('does not break objects, callbacks and AG2’s names either', async () => {
    recording = record();
    recorder().useTracerProvider(brokenProvider(where));
    const agent = { name: 'Writer', reply: async () => 'text' };
    const group = { agents: [agent], run: async () => agent.reply() };
    const restores = [
      instrumentAgent(agent, { reply: 'reply' }),
      wrapGroupChat(group, { workflow: 'blog', run: 'run', agents: ({ agents }) => agents, reply: 'reply' }),
    ];
    expect(await group.run()).toBe('text');
    for (const restore of restores) restore();
    const hooks = createTurnHooks({ workflow: 'blog' });
    const token = hooks.beforeReply({ agent: 'Writer' });
    hooks.beforeSend({ agent: 'Writer', token, usage: { input: 1, output: 1 } });
    hooks.beforeReply({ agent: 'Writer' });
    hooks.onError({ error: new Error('no') });
    hooks.dispose();
    const tokens = new TokenManager({ workflow: 'blog' });
    await tokens.initialize();
    tokens.trackAgentResponseTime({ agent: 'Writer', durationMs: 5 });
    tokens.trackAgentMessage({ agent: 'Writer' });
    tokens.trackUsage({ agent: 'Writer', usage: { input: 1, output: 1 } });
    const tracker = new AgentResponseTimeTracker();
    const [beforeReply, beforeSend] = createResponseTrackingHooks({ tracker, workflow: 'blog', tokenTracker: tokens });
    expect(beforeReply(agent, ['hi'])).toEqual(['hi']);
    expect(beforeSend(agent, 'ho')).toBe('ho');
    recordCall({ usage: { input: 1, output: 1 } });
    expect(await tokens.finalizeSession({ outcome: 'success' })).toMatchObject({ source: 'local' });
  });
});
