import { afterEach, describe, expect, it } from 'vitest';
import { currentSession, findSession, groupChat } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

/** What OpenAI's chat answers look like. */
function answer(id: string, input: number, output: number): object {
  return {
    id,
    object: 'chat.completion',
    model: 'gpt-5-mini',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Yes.' } }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}

describe('a chat', () => {
  it('is a run with turns in it, whose calls, tools and handoffs are the speakers’', async () => {
    recording = record();
    const chat = groupChat({ workflow: 'blog', session: 's-1', tenant: 'acme', user: 'ada', version: '7' });
    const text = await chat.run(async () => {
      await chat.turn({ agent: 'Planner', selection: 'auto' }, async (turn) => {
        turn.recordCall(answer('r-1', 100, 10));
        turn.handoff('Writer');
        turn.message();
      });
      return chat.turn({ agent: 'Writer' }, async (turn) => {
        expect(turn).toMatchObject({ agent: 'Writer', index: 2 });
        const found = await chat.tool('search', async () => 'rain', { callId: 't-1' });
        chat.recordCall(answer('r-2', 200, 20));
        return `About ${found}.`;
      });
    });
    expect(text).toBe('About rain.');
    expect(recording.spans().map(({ name }) => name)).toEqual([
      'chat gpt-5-mini',
      'invoke_agent Planner',
      'execute_tool search',
      'chat gpt-5-mini',
      'invoke_agent Writer',
      'invoke_workflow blog',
    ]);
    for (const span of recording.spans()) {
      expect(span.attributes).toMatchObject({
        'gen_ai.conversation.id': 's-1',
        'gen_ai.workflow.name': 'blog',
        'turnmeter.workflow.version': '7',
        'turnmeter.tenant.id': 'acme',
        'user.id': 'ada',
      });
    }
    expect(recording.span('invoke_agent Planner').events).toMatchObject([
      { name: 'turnmeter.handoff', attributes: { 'turnmeter.handoff.to.agent.name': 'Writer' } },
    ]);
    expect(recording.span('invoke_agent Writer').attributes).toMatchObject({
      'turnmeter.turn.index': 2,
      'turnmeter.handoff.from.agent.name': 'Planner',
    });
    expect(chat.figures()).toMatchObject({
      session: 's-1',
      turns: 2,
      handoffs: 1,
      toolCalls: 1,
      messages: 1,
      inferences: 2,
      tokens: { input: 300, output: 30 },
      agents: {
        Planner: { turns: 1, timedTurns: 1, messages: 1, tokens: { input: 100 } },
        Writer: { turns: 1, toolCalls: 1, tokens: { output: 20 } },
      },
      isRunning: false,
    });
    expect(findSession('s-1', 'acme')).toEqual(chat.figures());
  });

  it('has an id of its own where none is given, and takes conversationId and numbers for one', () => {
    recording = record();
    expect(groupChat({ workflow: 'blog' }).session).toMatch(/^[0-9a-f-]{36}$/);
    expect(groupChat({ workflow: 'blog' }).session).not.toBe(groupChat({ workflow: 'blog' }).session);
    expect(groupChat({ workflow: 'blog', conversationId: 'c-1' }).session).toBe('c-1');
    expect(groupChat({ workflow: 'blog', session: 4711 as unknown as string }).session).toBe('4711');
  });

  it('inside another chat belongs to that one’s session, and keeps its workflow', () => {
    recording = record();
    const outer = groupChat({ workflow: 'support', session: 'outer' });
    const inner = groupChat({ workflow: 'research', session: 'inner' });
    outer.run(() =>
      outer.turn({ agent: 'Lead' }, () =>
        inner.run(() => inner.turn({ agent: 'Scout' }, (turn) => turn.recordCall(answer('r-3', 5, 1)))),
      ),
    );
    expect(recording.span('chat gpt-5-mini').attributes).toMatchObject({
      'gen_ai.conversation.id': 'outer',
      'gen_ai.workflow.name': 'research',
      'gen_ai.agent.name': 'Scout',
    });
    expect(outer.figures()).toMatchObject({ inferences: 1, agents: { Scout: { turns: 1 }, Lead: { turns: 1 } } });
    expect(inner.figures().session).toBe('outer');
  });

  it('finds its run again from a callback that lost its context', async () => {
    recording = record();
    const chat = groupChat({ workflow: 'blog', session: 's-2' });
    const other = groupChat({ workflow: 'other', session: 's-3' });
    let speak = (): void => undefined;
    other.run(() => {
      // A worker of a queue keeps the context of whoever started it.
      speak = () => chat.turn({ agent: 'Writer' }, (turn) => turn.recordCall(answer('r-4', 7, 1)));
      chat.run(() => undefined);
    });
    const third = groupChat({ workflow: 'third', session: 's-4' });
    let finish = (): void => undefined;
    const running = chat.run(() => new Promise<void>((resolve) => (finish = resolve)));
    third.run(() => speak());
    finish();
    await running;
    expect(chat.figures()).toMatchObject({ inferences: 1, agents: { Writer: { turns: 1 } } });
    expect(third.figures().inferences).toBe(0);
  });

  it('tells how it ended: by what the app says, by its error, or not at all', async () => {
    recording = record();
    const chat = groupChat({ workflow: 'blog' });
    chat.run(() => chat.outcome('success'));
    const failure = new RangeError('secret');
    expect(() =>
      chat.run(() => {
        throw failure;
      }),
    ).toThrow(failure);
    const abort = new DOMException('no more', 'AbortError');
    await expect(chat.run(() => Promise.reject(abort))).rejects.toBe(abort);
    chat.run(() => undefined);
    expect(recording.spans().map(({ attributes }) => attributes['turnmeter.outcome.status'])).toEqual([
      'success',
      'failure',
      'stopped',
      undefined,
    ]);
    expect(recording.spans().map(({ attributes }) => attributes['error.type'])).toEqual([
      undefined,
      'RangeError',
      undefined,
      undefined,
    ]);
    expect(
      JSON.stringify(recording.spans().map(({ attributes, status, events }) => [attributes, status, events])),
    ).not.toContain('secret');
  });
});

describe('choosing the speaker', () => {
  it('is the chat’s own work and no turn', async () => {
    recording = record();
    const chat = groupChat({ workflow: 'blog', session: 's-5' });
    await chat.run(async () => {
      const next = await chat.selectSpeaker(async () => {
        chat.recordCall(answer('r-5', 40, 2));
        return 'Writer';
      });
      chat.turn({ agent: next }, (turn) => turn.recordCall(answer('r-6', 100, 10)));
    });
    const [selecting, speaking] = recording.spans().filter(({ name }) => name === 'chat gpt-5-mini');
    expect(selecting?.attributes['turnmeter.purpose']).toBe('speaker_selection');
    expect(selecting?.attributes['gen_ai.agent.name']).toBeUndefined();
    expect(speaking?.attributes['turnmeter.purpose']).toBeUndefined();
    expect(selecting?.parentSpanContext?.spanId).toBe(recording.span('speaker_selection').spanContext().spanId);
    expect(chat.figures()).toMatchObject({
      turns: 1,
      tokens: { input: 140 },
      agents: { Writer: { tokens: { input: 100 } } },
      speakerSelection: { inferences: 1, tokens: { input: 40, output: 2 } },
    });
  });

  it('may be an agent’s', () => {
    recording = record();
    const chat = groupChat({ workflow: 'blog', session: 's-6' });
    chat.run(() => chat.selectSpeaker(() => chat.recordCall(answer('r-7', 40, 2)), { agent: 'Manager' }));
    expect(chat.figures()).toMatchObject({ turns: 0, agents: { Manager: { turns: 0, tokens: { input: 40 } } } });
  });
});

describe('waiting for a person', () => {
  it('is not the speaker’s time, however many are asked at once', async () => {
    recording = record();
    const chat = groupChat({ workflow: 'blog', session: 's-7' });
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    await chat.run(() =>
      chat.turn({ agent: 'Writer' }, async (turn) => {
        await Promise.all([turn.humanInput(() => pause(80)), chat.humanInput(() => pause(80))]);
      }),
    );
    const { humanWaitMs, responseMs } = chat.figures();
    // Timers may fire a millisecond early.
    expect(humanWaitMs).toBeGreaterThan(155);
    const turn = recording.span('invoke_agent Writer');
    const durationMs = (turn.endTime[0] - turn.startTime[0]) * 1e3 + (turn.endTime[1] - turn.startTime[1]) / 1e6;
    // Both waits began together: 80 ms of the turn are theirs, not 160.
    expect(durationMs - responseMs).toBeGreaterThan(75);
    expect(responseMs).toBeLessThan(durationMs - 75);
    expect(responseMs).toBeGreaterThanOrEqual(0);
    expect(recording.spans().filter(({ name }) => name === 'await_human_input')).toHaveLength(2);
    expect(await recording.metric('turnmeter.human_wait.seconds', { workflow: 'blog' })).toBeGreaterThan(0.155);
  });
});

describe('an agent asked within another one’s turn', () => {
  it('has its own time, tokens and place in the trace', async () => {
    recording = record();
    const chat = groupChat({ workflow: 'blog', session: 's-8' });
    await chat.run(() =>
      chat.turn({ agent: 'Lead' }, async (lead) => {
        lead.recordCall(answer('r-8', 10, 1));
        await Promise.all(
          ['A', 'B'].map((agent) =>
            chat.turn({ agent }, async (turn) => {
              await new Promise((resolve) => setTimeout(resolve, 50));
              turn.recordCall(answer(`r-9-${agent}`, 20, 2));
            }),
          ),
        );
        expect(currentSession()?.inferences).toBe(3);
      }),
    );
    const { agents } = chat.figures();
    expect(agents).toMatchObject({
      Lead: { tokens: { input: 10 } },
      A: { tokens: { input: 20 } },
      B: { tokens: { input: 20 } },
    });
    // Its helpers worked side by side: what is left of its turn is its own, not less than nothing.
    expect(agents['Lead']?.responseMs).toBeLessThan(45);
    expect(agents['Lead']?.responseMs).toBeGreaterThanOrEqual(0);
    expect(recording.span('invoke_agent A').parentSpanContext?.spanId).toBe(
      recording.span('invoke_agent Lead').spanContext().spanId,
    );
  });
});
