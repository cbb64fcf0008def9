// Chats without any client that is attached: what they ask is told by the code itself.

import * as fc from 'fast-check';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BudgetConfigError,
  BudgetExceededError,
  configure,
  currentBudget,
  findBudget,
  groupChat,
  instrumentAgent,
  onBudget,
  resumeSession,
  stopSession,
  withSession,
  type AdmittedRequest,
  type BudgetEvent,
  type GroupChat,
  type GuardOptions,
  type PauseDecision,
} from '../../src/index.ts';
import { liveSessions } from '../../src/session/live-sessions.ts';
import { processState } from '../../src/session/process-state.ts';
import { until } from '../attach/attached.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording;
let events: BudgetEvent[];
let leave: () => void;
beforeEach(() => {
  recording = record();
  events = [];
  leave = onBudget((event) => events.push(event));
});
afterEach(async () => {
  leave();
  configure({});
  await recording[Symbol.asyncDispose]();
});

/** 1000 and 500 tokens of gpt-5-mini: 0.00125 USD. */
const ANSWER = { usage: { input: 1000, output: 500 }, model: 'gpt-5-mini' };
/** As large at the most. */
const REQUEST = { model: 'gpt-5-mini', prompt: 'x'.repeat(1900), outputTokensMax: 500 };

function guardWith(budget: GuardOptions): void {
  configure({ budget });
}

/** What the process says loudly while something is done. */
async function warningsOf(
  run: () => Promise<void>,
): Promise<readonly { readonly code?: string; readonly message: string }[]> {
  const warnings: Error[] = [];
  const hear = (warning: Error): void => void warnings.push(warning);
  process.on('warning', hear);
  await run();
  // They are told in the next turn of the event loop.
  await wait(1);
  process.off('warning', hear);
  return warnings.filter(({ name }) => name === 'TurnmeterBudget');
}

describe('what is said loudly', () => {
  it('has a code that is the same for every workflow and model, and says which it is in its message', async () => {
    const ask = (workflow: string, model: string): Promise<unknown> => {
      const chat = groupChat({ workflow, session: workflow });
      return chat.run(() => chat.call({ ...REQUEST, model }, () => ({ ...ANSWER, model })));
    };
    const warnings = await warningsOf(async () => {
      guardWith({});
      for (const workflow of ['first flow', 'second flow', 'first flow']) await ask(workflow, 'gpt-5-mini');
      guardWith({ usd: 1, onUnpriced: 'warn' });
      await ask('third flow', 'our own model');
    });
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['TURNMETER_NO_LIMIT', expect.stringContaining('workflow first flow')],
      ['TURNMETER_NO_LIMIT', expect.stringContaining('workflow second flow')],
      ['TURNMETER_UNPRICED', expect.stringContaining('our own model')],
    ]);
  });
});

describe('a chat that tells of its calls', () => {
  it('is refused its next turn once its limit is passed, and its run ends as stopped', async () => {
    guardWith({ usd: 0.003 });
    const chat = groupChat({ workflow: 'blog', session: 's-1' });
    const spoken: number[] = [];
    const run = chat.run(async () => {
      for (let turn = 0; turn < 9; turn++) {
        await chat.turn({ agent: 'Writer' }, async (open) => {
          await wait(1);
          open.recordCall({ ...ANSWER, usage: { ...ANSWER.usage } });
          spoken.push(turn);
        });
      }
    });
    await expect(run).rejects.toBeInstanceOf(BudgetExceededError);
    expect(spoken).toEqual([0, 1, 2]);
    expect(chat.figures()).toMatchObject({ turns: 3, inferences: 3, errors: 0, isRunning: false });
    expect(recording.span('invoke_workflow blog').attributes['turnmeter.outcome.status']).toBe('stopped');
  });

  it('is stopped where the app swallowed the refusal, as its outcome says', async () => {
    guardWith({ usd: 0.001 });
    const chat = groupChat({ workflow: 'blog' });
    await chat.run(async () => {
      await chat.call(REQUEST, () => ANSWER).catch(() => undefined);
    });
    expect(recording.span('invoke_workflow blog').attributes['turnmeter.outcome.status']).toBe('stopped');
  });

  it('is refused the replies of agents that were instrumented as they are', async () => {
    guardWith({ usd: 0.002 });
    const writer = { name: 'Writer', reply: async () => Promise.resolve(ANSWER) };
    instrumentAgent(writer, {
      reply: 'reply',
      usage: () => ({ usage: { input: 1000, output: 500 }, model: 'gpt-5-mini' }),
    });
    const chat = groupChat({ workflow: 'blog' });
    await chat.run(async () => {
      await writer.reply();
      await writer.reply();
      expect(() => writer.reply()).toThrow(BudgetExceededError);
    });
  });

  it('spends what others’ spans tell of', async () => {
    guardWith({ usd: 1 });
    const chat = groupChat({ workflow: 'blog', session: 's-1' });
    await chat.run(() => chat.call(REQUEST, () => ANSWER));
    const live = liveSessions().of({ session: 's-1' });
    if (live !== undefined) processState().guard?.witnessed(live, undefined, { nanoUsd: 5_000_000, tokens: 7 });
    expect(findBudget('s-1')).toMatchObject({ spentNanoUsd: 6_250_000, spentTokens: 1507 });
  });

  it('makes its calls as its budget allows, and only then', async () => {
    guardWith({
      usd: { critical: 0.002, stop: 0.01 },
      degrade: { models: { 'gpt-5-mini': 'gpt-5-nano' }, outputTokensMax: 200 },
    });
    const chat = groupChat({ workflow: 'blog' });
    const asked: AdmittedRequest[] = [];
    await chat.run(async () => {
      for (let call = 0; call < 3; call++) {
        await chat.call(REQUEST, (admitted) => {
          asked.push(admitted);
          return { ...ANSWER, model: admitted.model };
        });
      }
    });
    expect(asked).toEqual([
      { model: 'gpt-5-mini', outputTokensMax: 500 },
      { model: 'gpt-5-mini', outputTokensMax: 500 },
      { model: 'gpt-5-nano', outputTokensMax: 200 },
    ]);
    expect(events.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'notify usd.critical',
      'degrade usd.critical',
    ]);
  });

  it('asks the app how to make a call cheaper, and how many agents may speak', async () => {
    guardWith({
      usd: { warning: 0.001, stop: 0.01 },
      degrade: { at: 'warning', agentsMax: 2 },
      onDegrade: ({ model, figures }) => ({
        model: figures.spentUsd > 0.001 ? model?.replace('mini', 'nano') : undefined,
      }),
    });
    const chat = groupChat({ workflow: 'blog' });
    await chat.run(async () => {
      expect(currentBudget()).toMatchObject({ isDegraded: false, agentsMax: undefined });
      await chat.call(REQUEST, () => ANSWER);
      expect(currentBudget()).toMatchObject({ isDegraded: true, agentsMax: 2, level: 'warning' });
      await chat.call(REQUEST, ({ model }) => {
        expect(model).toBe('gpt-5-nano');
        return ANSWER;
      });
    });
  });

  it('bounds one agent’s part and one model’s part of a session by themselves', async () => {
    guardWith({
      usd: 1,
      rules: [
        { scope: { agent: 'Critic' }, policy: { usd: { stop: 0.002 } } },
        { scope: { model: 'gpt-5-nano' }, policy: { tokens: { stop: 2000 } } },
      ],
    });
    const chat = groupChat({ workflow: 'blog' });
    await chat.run(async () => {
      const critic = chat.turn({ agent: 'Critic' }, async () => {
        await chat.call(REQUEST, () => ANSWER);
        await chat.call(REQUEST, () => ANSWER);
      });
      await expect(critic).rejects.toMatchObject({ figures: { agent: 'Critic', limitUsd: 0.002 } });
      await chat.turn({ agent: 'Writer' }, async () => {
        await chat.call(REQUEST, () => ANSWER);
        const nano = { ...REQUEST, model: 'gpt-5-nano' };
        await chat.call(nano, () => ({ ...ANSWER, model: 'gpt-5-nano' }));
        await expect(chat.call(nano, () => ANSWER)).rejects.toMatchObject({ figures: { model: 'gpt-5-nano' } });
      });
    });
  });

  it('is refused a budget that nobody can hold, by the field’s name', () => {
    const chat = (budget: GuardOptions) => () => groupChat({ workflow: 'blog', budget });
    expect(chat({ usd: -1 })).toThrow(BudgetConfigError);
    expect(chat({ usd: { warning: 2, stop: 1 } })).toThrow('usd.warning');
    expect(chat({ shares: { stop: Number.NaN } })).toThrow('shares.stop');
    expect(chat({ tokes: 5 } as never)).toThrow('did you mean "tokens"');
    expect(() => configure({ budget: { usd: 0, throwOnInvalid: true } })).toThrow('usd');
  });

  it('asks nothing where the configured budget is an impossible one', async () => {
    configure({ budget: { usd: { warning: 2, stop: 1 } } });
    const chat = groupChat({ workflow: 'blog' });
    await expect(chat.call(REQUEST, () => ANSWER)).rejects.toMatchObject({
      bindingLimit: 'invalid_budget',
      message: expect.stringContaining('usd.warning') as unknown,
    });
  });

  it('hears of listeners that fail in nothing but the diagnostics', async () => {
    guardWith({
      usd: 0.001,
      notify: () => {
        throw new Error('mine');
      },
    });
    const chat = groupChat({ workflow: 'blog' });
    chat.recordCall(ANSWER);
    await expect(chat.call(REQUEST, () => ANSWER)).rejects.toBeInstanceOf(BudgetExceededError);
  });
});

describe('a pause', () => {
  const pauseAt = (onPause?: () => PauseDecision | Promise<PauseDecision>): GuardOptions => ({
    expectedUsd: 0.0025,
    pauseShare: 1,
    onPause,
  });

  async function callsUntilRefused(session: string, calls = 9): Promise<number> {
    const chat = groupChat({ workflow: 'blog', session });
    let made = 0;
    await chat
      .run(async () => {
        for (let call = 0; call < calls; call++) {
          await chat.call(REQUEST, () => ANSWER);
          made++;
        }
      })
      .catch(() => undefined);
    return made;
  }

  it('goes on to the stop when somebody says so', async () => {
    let asked = 0;
    guardWith(pauseAt(() => (asked++, 'continue')));
    // 150 % of 0.0025 are three calls.
    expect(await callsUntilRefused('s-1')).toBe(3);
    expect(asked).toBe(1);
    // 75 % and 90 % are passed by the second call, which is told as the higher of them.
    expect(events.map(({ action }) => action)).toEqual(['notify', 'pause', 'resume', 'notify', 'stop']);
  });

  it('stops when somebody says so, does not decide, or fails', async () => {
    guardWith(pauseAt(() => 'stop'));
    expect(await callsUntilRefused('s-1')).toBe(2);
    guardWith(pauseAt(() => Promise.reject(new Error('mine'))));
    expect(await callsUntilRefused('s-2')).toBe(2);
    guardWith(pauseAt(() => 'maybe' as never));
    expect(await callsUntilRefused('s-3')).toBe(2);
    guardWith({ ...pauseAt(), pauseTimeoutMs: 20 });
    expect(await callsUntilRefused('s-4')).toBe(2);
    expect(findBudget('s-4')).toMatchObject({ bindingLimit: 'pause', level: 'stop' });
  });

  it('lets a session cost more, and asks again when that is spent', async () => {
    let asked = 0;
    guardWith(pauseAt(() => (++asked < 3 ? { raiseUsd: 0.0025 } : 'stop')));
    expect(await callsUntilRefused('s-1')).toBe(6);
    expect(asked).toBe(3);
  });

  it('is one for all calls of a session, resumed by its id, and is nobody’s response time', async () => {
    guardWith(pauseAt());
    const chat = groupChat({ workflow: 'blog', session: 's-1', tenant: 'acme' });
    const run = chat.run(() =>
      chat.turn({ agent: 'Writer' }, async () => {
        await chat.call(REQUEST, () => ANSWER);
        await chat.call(REQUEST, () => ANSWER);
        await Promise.all(
          [chat.call(REQUEST, () => 'one'), chat.call(REQUEST, () => 'two')].map(async (call) =>
            call.catch(() => 'refused'),
          ),
        );
      }),
    );
    await until('the pause', () => findBudget('s-1', 'acme')?.isPaused === true);
    await wait(30);
    expect(resumeSession({ session: 's-1' })).toBe(false);
    expect(resumeSession({ session: 's-1', tenant: 'acme' }, { raiseUsd: 0.1 })).toBe(true);
    await run;
    expect(events.filter(({ action }) => action === 'pause')).toHaveLength(1);
    const figures = chat.figures();
    expect(figures.humanWaitMs).toBeGreaterThan(25);
    expect(figures.responseMs).toBeLessThan(figures.durationMs - 25);
  });

  it('does not hold a call that is given up', async () => {
    guardWith(pauseAt());
    const chat = groupChat({ workflow: 'blog', session: 's-1' });
    const controller = new AbortController();
    await chat.run(async () => {
      await chat.call(REQUEST, () => ANSWER);
      await chat.call(REQUEST, () => ANSWER);
      const waiting = chat.call({ ...REQUEST, signal: controller.signal }, () => {
        throw controller.signal.reason;
      });
      await until('the pause', () => findBudget('s-1')?.isPaused === true);
      controller.abort(new Error('given up'));
      await expect(waiting).rejects.toThrow('given up');
    });
  });

  it('ends where the session is stopped meanwhile', async () => {
    guardWith(pauseAt());
    const chat = groupChat({ workflow: 'blog', session: 's-1' });
    await chat.run(async () => {
      await chat.call(REQUEST, () => ANSWER);
      await chat.call(REQUEST, () => ANSWER);
      const waiting = chat.call(REQUEST, () => ANSWER);
      await until('the pause', () => findBudget('s-1')?.isPaused === true);
      stopSession({ session: 's-1' }, 'enough');
      await expect(waiting).rejects.toMatchObject({ bindingLimit: 'kill_switch' });
    });
  });
});

describe('calls in parallel', () => {
  it('never pass a limit together, whatever they cost and however they end', async () => {
    const call = fc.record({
      prompt: fc.integer({ min: 0, max: 4000 }),
      output: fc.integer({ min: 1, max: 2000 }),
      used: fc.double({ min: 0, max: 1, noNaN: true }),
      steps: fc.integer({ min: 0, max: 4 }),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(call, { maxLength: 20 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (sessions, limit) => {
          guardWith({ usd: limit / 1000, waitTimeoutMs: 1 });
          const run = crypto.randomUUID();
          await Promise.all(
            sessions.map(async (calls, index) => {
              const chat = groupChat({ workflow: 'blog', session: `${run}-${index}` });
              await Promise.allSettled(
                calls.map(async ({ prompt, output, used, steps, fails }) =>
                  chat.call(
                    { model: 'gpt-5-mini', prompt: 'x'.repeat(prompt), outputTokensMax: output },
                    async ({ outputTokensMax = output }) => {
                      for (let step = 0; step < steps; step++) await Promise.resolve();
                      if (fails) throw new Error('mine');
                      const usage = { input: Math.floor(prompt / 2), output: Math.floor(outputTokensMax * used) };
                      return { model: 'gpt-5-mini', usage };
                    },
                  ),
                ),
              );
              expect(chat.figures().cost.usd).toBeLessThanOrEqual(limit / 1000);
              expect(findBudget(`${run}-${index}`)?.reservedNanoUsd ?? 0).toBe(0);
            }),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a session', () => {
  it('has the budget of its workflow, whoever named that first', async () => {
    guardWith({ usd: 1, rules: [{ scope: { workflow: 'blog' }, policy: { usd: { stop: 0.002 } } }] });
    const chat = groupChat({ workflow: 'blog' });
    await withSession({ session: crypto.randomUUID() }, async () => {
      expect(currentBudget()).toMatchObject({ limitUsd: 1 });
      await chat.run(() => chat.call(REQUEST, () => ANSWER));
      await expect(chat.run(() => chat.call(REQUEST, () => ANSWER))).rejects.toMatchObject({ limit: 0.002 });
    });
  });

  it('that has no name is its run', async () => {
    guardWith({ usd: 0.002 });
    const chat = (): GroupChat => groupChat({ workflow: 'blog' });
    await chat().run(() => chat().call(REQUEST, () => ANSWER));
    await chat().run(() => chat().call(REQUEST, () => ANSWER));
    expect(events).toEqual([]);
  });
});

describe('calls of somebody else’s session', () => {
  it('spend from the session that the code around names', async () => {
    guardWith({ usd: 0.002 });
    const chat = groupChat({ workflow: 'blog' });
    await withSession({ session: 'outer', workflow: 'web' }, async () => {
      await chat.run(() => chat.call(REQUEST, () => ANSWER));
      await expect(chat.run(() => chat.call(REQUEST, () => ANSWER))).rejects.toMatchObject({ session: 'outer' });
    });
  });
});
