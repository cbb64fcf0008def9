import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AgentResponseTimeTracker,
  createResponseTrackingHooks,
  humanInput,
  TokenManager,
  type BeforeReply,
  type BeforeSend,
} from '../../src/ag2/index.ts';
import { currentSession, findSession, recordCall, withSession } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

const CALL = { usage: { input: 10, output: 1 }, model: 'gpt-5-mini' };
const WRITER = { name: 'Writer' };
const CRITIC = { name: 'Critic' };
const EXECUTOR = { name: 'Executor' };
const MANAGER = { name: 'chat_manager' };
const TOOL_CALL = { content: null, tool_calls: [{ id: 't-1' }] };

interface Hooks {
  readonly tracker: AgentResponseTimeTracker;
  readonly beforeReply: BeforeReply;
  readonly beforeSend: BeforeSend;
}

function startHooks(sessionId?: string): Hooks {
  const tracker = new AgentResponseTimeTracker();
  const [beforeReply, beforeSend] = createResponseTrackingHooks({ tracker, workflow: 'blog', sessionId });
  return { tracker, beforeReply, beforeSend };
}

function turns(): readonly unknown[] {
  return (recording?.spans() ?? [])
    .filter(({ name }) => name.startsWith('invoke_agent'))
    .map(({ name, attributes }) => [name.slice('invoke_agent '.length), attributes['turnmeter.turn.outcome']]);
}

describe('the pair of hooks', () => {
  it('gives back what it is given, and makes a turn of each pair', () => {
    recording = record();
    const { tracker, beforeReply, beforeSend } = startHooks('s-1');
    const messages = [{ content: 'hi' }];
    const message = { content: 'ho' };
    expect(beforeReply(WRITER, messages)).toBe(messages);
    recordCall({ ...CALL });
    expect(beforeSend(WRITER, message, MANAGER, false)).toBe(message);
    expect(beforeSend('nobody', 'text')).toBe('text');
    expect(turns()).toEqual([['Writer', 'completed']]);
    expect(findSession('s-1')).toMatchObject({ messages: 1, agents: { Writer: { turns: 1, inferences: 1 } } });
    expect(tracker.responseTimes()).toMatchObject({
      agents: { Writer: { replies: { n: 1 }, turns: { n: 1 }, abandoned: 0 } },
      unmatchedMessages: 1,
    });
  });

  it('ignores a manager and its copies, and a first message', () => {
    recording = record();
    const { tracker, beforeReply, beforeSend } = startHooks('s-2');
    beforeSend({ name: 'User' }, 'write me a post', MANAGER);
    beforeReply(MANAGER, ['write me a post']);
    beforeReply(WRITER, ['write me a post']);
    for (const other of [CRITIC, EXECUTOR]) beforeSend(MANAGER, 'write me a post', other, true);
    beforeSend(WRITER, 'copy', CRITIC, true);
    beforeSend(WRITER, 'a post', MANAGER);
    expect(turns()).toEqual([['Writer', 'completed']]);
    expect(Object.keys(tracker.responseTimes().agents)).toEqual(['Writer']);
    expect(tracker.responseTimes().unmatchedMessages).toBe(1);
  });

  it('measures pairs and turns: a turn goes on while tools are run, and running them is none', () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    recording = record();
    const { tracker, beforeReply, beforeSend } = startHooks('s-3');
    const wait = (ms: number): void => void vi.advanceTimersByTime(ms);
    beforeReply(WRITER, []);
    wait(100);
    beforeSend(WRITER, TOOL_CALL, MANAGER);
    wait(10);
    beforeReply(EXECUTOR, [TOOL_CALL]);
    wait(200);
    beforeSend(EXECUTOR, { content: '7 words', tool_responses: [{}] }, MANAGER);
    wait(10);
    beforeReply(WRITER, [TOOL_CALL, { role: 'tool', content: '7 words' }]);
    wait(300);
    beforeSend(WRITER, 'Seven words.', MANAGER);
    wait(50);
    beforeReply(CRITIC, []);
    wait(80);
    beforeSend(CRITIC, 'Fine.', MANAGER);
    expect(turns()).toEqual([
      ['Writer', 'completed'],
      ['Critic', 'completed'],
    ]);
    expect(tracker.responseTimes()).toMatchObject({
      agents: {
        // Pairs of 100 and 300; one turn from the first begin to the last message.
        Writer: { replies: { n: 2, min: 100, max: 300, mean: 200 }, turns: { n: 1, mean: 620 } },
        Critic: { replies: { n: 1, mean: 80 }, turns: { n: 1, mean: 80 } },
      },
      selection: { n: 1, mean: 50 },
    });
    // Sums of squares: (100-200)² + (300-200)² over n - 1.
    expect(tracker.responseTimes().agents['Writer']?.replies.standardDeviation).toBeCloseTo(Math.sqrt(20_000), 9);
  });

  it('abandons a reply that failed when the agent begins again, by a timer, or at the end of the session', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    recording = record({ config: { turnTimeoutMs: 1000 } });
    const tokenTracker = new TokenManager({ workflow: 'blog', sessionId: 's-4' });
    await tokenTracker.initialize();
    const tracker = new AgentResponseTimeTracker();
    const [beforeReply, beforeSend] = createResponseTrackingHooks({ tracker, workflow: 'blog', tokenTracker });
    beforeReply(WRITER, []);
    beforeReply(WRITER, []);
    beforeSend(WRITER, 'second try');
    beforeReply(CRITIC, []);
    vi.advanceTimersByTime(1000);
    beforeReply(WRITER, []);
    beforeSend(WRITER, TOOL_CALL);
    beforeReply(EXECUTOR, [TOOL_CALL]);
    beforeReply({ name: 'Planner' }, []);
    await tokenTracker.finalizeSession();
    expect(turns()).toEqual([
      ['Writer', 'abandoned'],
      ['Writer', 'completed'],
      ['Critic', 'abandoned'],
      // It asked for tools and never came back: another speaker began.
      ['Writer', 'completed'],
      ['Planner', 'abandoned'],
    ]);
    expect(tracker.responseTimes().agents).toMatchObject({
      Writer: { turns: { n: 2 }, abandoned: 1 },
      Critic: { turns: { n: 0 }, abandoned: 1 },
    });
    expect(tokenTracker.figures().agents['Critic']).toMatchObject({ turns: 1, timedTurns: 0, responseMs: 0 });
  });

  it('keeps two agents of one name apart, and one agent in two chats', async () => {
    recording = record();
    const one = startHooks('s-5');
    const two = startHooks('s-6');
    const twin = { name: 'Writer' };
    one.beforeReply(WRITER, []);
    one.beforeReply(twin, []);
    two.beforeReply(WRITER, []);
    one.beforeSend(twin, 'twin');
    one.beforeSend(WRITER, 'one');
    two.beforeSend(WRITER, 'two');
    expect(turns().filter((turn) => (turn as string[])[1] === 'abandoned')).toEqual([]);
    expect(findSession('s-5')?.agents['Writer']?.turns).toBe(2);
    expect(findSession('s-6')?.agents['Writer']?.turns).toBe(1);
  });

  it('shared by chats that run in sessions of their own tells them apart', async () => {
    recording = record();
    const { tracker, beforeReply, beforeSend } = startHooks();
    const speak = async (session: string, calls: number): Promise<void> =>
      withSession({ session }, async () => {
        for (let at = 0; at < calls; at++) {
          beforeReply(WRITER, []);
          await new Promise(setImmediate);
          recordCall({ ...CALL });
          expect(currentSession()?.session).toBe(session);
          beforeSend(WRITER, 'text');
        }
      });
    await Promise.all([speak('s-7', 3), speak('s-8', 5)]);
    expect(findSession('s-7')?.agents['Writer']).toMatchObject({ turns: 3, inferences: 3 });
    expect(findSession('s-8')?.agents['Writer']).toMatchObject({ turns: 5, inferences: 5 });
    expect(tracker.responseTimes().agents['Writer']).toMatchObject({ turns: { n: 8 }, abandoned: 0 });
  });

  it('does not count the time of people', async () => {
    recording = record();
    const { tracker, beforeReply, beforeSend } = startHooks('s-9');
    beforeReply(WRITER, []);
    await humanInput(() => new Promise((resolve) => setTimeout(resolve, 120)));
    beforeSend(WRITER, 'as you wish');
    expect(tracker.responseTimes().agents['Writer']?.replies.mean).toBeLessThan(100);
    expect(tracker.responseTimes().agents['Writer']?.turns.mean).toBeLessThan(100);
    expect(findSession('s-9')?.humanWaitMs).toBeGreaterThan(110);
  });

  it('never throws, whatever it is given', () => {
    recording = record();
    const tracker = new AgentResponseTimeTracker();
    const wrong = (): never => {
      throw new Error('option');
    };
    const [beforeReply, beforeSend] = createResponseTrackingHooks({ tracker, workflow: 'blog', usage: wrong });
    for (const odd of [undefined, null, 7, {}] as unknown as (typeof WRITER)[]) {
      expect(beforeReply(odd, odd)).toBe(odd);
      expect(beforeSend(odd, odd)).toBe(odd);
    }
    expect(beforeReply(WRITER, [])).toEqual([]);
    expect(beforeSend(WRITER, 'text')).toBe('text');
  });
});

describe('a tracker that is fed by hand', () => {
  it('keeps replies of one agent apart by their tokens', () => {
    let now = 0;
    const tracker = new AgentResponseTimeTracker(() => now);
    const first = tracker.startResponse('Writer');
    now = 10;
    const second = tracker.startResponse('Writer');
    const lost = tracker.startResponse('Writer');
    now = 100;
    expect(tracker.endResponse(first, { humanWaitMs: 40 })).toBe(60);
    expect(tracker.endResponse(second)).toBe(90);
    expect(tracker.endResponse(second)).toBeUndefined();
    tracker.abandonResponse(lost);
    expect(tracker.responseTimes().agents['Writer']).toMatchObject({
      replies: { n: 2, min: 60, max: 90, p50: 75 },
      abandoned: 1,
    });
  });

  it('leaves out what is no time, and knows percentiles', () => {
    const tracker = new AgentResponseTimeTracker();
    for (const wrong of [-1, Number.NaN, Infinity]) tracker.trackReply('A', wrong);
    for (let ms = 1; ms <= 101; ms++) tracker.trackReply('A', ms);
    expect(tracker.responseTimes().agents['A']?.replies).toMatchObject({
      n: 101,
      mean: 51,
      p50: 51,
      p95: 96,
      p99: 100,
      max: 101,
    });
  });
});
