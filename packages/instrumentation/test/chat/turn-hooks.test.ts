import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTurnHooks, findSession, recordCall } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

const CALL = { usage: { input: 10, output: 1 }, model: 'gpt-5-mini' };

function turns(): readonly unknown[] {
  return (recording?.spans() ?? [])
    .filter(({ name }) => name.startsWith('invoke_agent'))
    .map(({ name, attributes }) => [
      name.slice('invoke_agent '.length),
      attributes['turnmeter.turn.outcome'],
      attributes['turnmeter.turn.untimed'] ?? false,
      attributes['session.id'],
    ]);
}

describe('two callbacks', () => {
  it('make a turn, and what is done in between is the agent’s', async () => {
    recording = record();
    const hooks = createTurnHooks({ workflow: 'blog', conversationId: 'c-1' });
    const reply = async (): Promise<void> => {
      const token = hooks.beforeReply({ agent: 'Writer' });
      await Promise.resolve();
      recordCall(CALL);
      hooks.beforeSend({ agent: 'Writer', token, message: 'hi' });
      recordCall({ ...CALL });
    };
    await reply();
    expect(turns()).toEqual([['Writer', 'completed', false, 'c-1']]);
    const [first, second] = recording.spans().filter(({ name }) => name.startsWith('chat'));
    expect(first?.attributes).toMatchObject({ 'gen_ai.agent.name': 'Writer', 'gen_ai.conversation.id': 'c-1' });
    expect(first?.parentSpanContext?.spanId).toBe(recording.span('invoke_agent Writer').spanContext().spanId);
    expect(second?.attributes['gen_ai.agent.name']).toBeUndefined();
    expect(findSession('c-1')).toMatchObject({ messages: 1, agents: { Writer: { turns: 1, timedTurns: 1 } } });
  });

  it('keep two chats of one agent apart that take turns in one place', () => {
    recording = record();
    const one = createTurnHooks({ workflow: 'blog', conversationId: 'c-2' });
    const two = createTurnHooks({ workflow: 'blog', conversationId: 'c-3' });
    const tokenOne = one.beforeReply({ agent: 'Writer' });
    const tokenTwo = two.beforeReply({ agent: 'Writer' });
    one.beforeSend({ agent: 'Writer', token: tokenOne, usage: { input: 1, output: 1 }, model: 'gpt-5-mini' });
    two.beforeSend({ agent: 'Writer', token: tokenTwo, usage: { input: 2, output: 2 }, model: 'gpt-5-mini' });
    expect(turns()).toEqual([
      ['Writer', 'completed', false, 'c-2'],
      ['Writer', 'completed', false, 'c-3'],
    ]);
    expect(findSession('c-2')?.tokens.input).toBe(1);
    expect(findSession('c-3')?.tokens.input).toBe(2);
  });

  it('find the turn without a token by the chat and its speaker', () => {
    recording = record();
    const hooks = createTurnHooks({ workflow: 'blog', conversationId: 'c-4' });
    hooks.beforeReply({ agent: 'Writer' });
    hooks.beforeSend({ agent: 'Manager' });
    hooks.beforeSend({ agent: 'Writer' });
    expect(turns()).toEqual([
      ['Manager', 'completed', true, 'c-4'],
      ['Writer', 'completed', false, 'c-4'],
    ]);
  });

  it('record a turn of unknown duration where the first was missing, and not one of none', async () => {
    recording = record();
    const hooks = createTurnHooks({ workflow: 'blog', conversationId: 'c-5' });
    hooks.beforeSend({ agent: 'Writer', usage: { input: 5, output: 1 }, model: 'gpt-5-mini' });
    expect(turns()).toEqual([['Writer', 'completed', true, 'c-5']]);
    expect(findSession('c-5')).toMatchObject({
      turns: 1,
      agents: { Writer: { turns: 1, timedTurns: 0, inferences: 1 } },
    });
    expect(await recording.points('turnmeter.turn.duration.seconds')).toEqual([]);
    expect(await recording.metric('turnmeter.turns', { agent: 'Writer' })).toBe(1);
  });

  it('abandon a turn that another one follows, and do not let it take its time', async () => {
    recording = record();
    const hooks = createTurnHooks({ workflow: 'blog', conversationId: 'c-6' });
    const lost = hooks.beforeReply({ agent: 'Writer' });
    const token = hooks.beforeReply({ agent: 'Writer' });
    hooks.beforeSend({ agent: 'Writer', token: lost });
    hooks.beforeSend({ agent: 'Writer', token });
    expect(turns()).toEqual([
      ['Writer', 'abandoned', true, 'c-6'],
      ['Writer', 'completed', false, 'c-6'],
    ]);
    expect(findSession('c-6')?.agents['Writer']).toMatchObject({ turns: 2, timedTurns: 1 });
  });

  it('fail a turn by its error, and ignore errors of turns that are over', () => {
    recording = record();
    const hooks = createTurnHooks({ workflow: 'blog', conversationId: 'c-7' });
    const lost = hooks.beforeReply({ agent: 'A' });
    const token = hooks.beforeReply({ agent: 'A' });
    hooks.onError({ token: lost, error: new RangeError('late') });
    hooks.onError({ token, error: new RangeError('secret') });
    hooks.onError({ error: new RangeError('nobody') });
    expect(turns().map((turn) => (turn as string[])[1])).toEqual(['abandoned', 'failed']);
    expect(recording.spans().at(-1)?.attributes['error.type']).toBe('RangeError');
  });

  it('abandon a turn that nobody ends, by a timer and by dispose', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    recording = record();
    const hooks = createTurnHooks({ workflow: 'blog', conversationId: 'c-8', turnTimeoutMs: 1000 });
    hooks.beforeReply({ agent: 'A' });
    vi.advanceTimersByTime(999);
    expect(turns()).toEqual([]);
    vi.advanceTimersByTime(1);
    hooks.beforeReply({ agent: 'B' });
    hooks.dispose();
    hooks.dispose();
    expect(turns()).toEqual([
      ['A', 'abandoned', true, 'c-8'],
      ['B', 'abandoned', true, 'c-8'],
    ]);
  });
});
