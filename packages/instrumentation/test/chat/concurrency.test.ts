import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { groupChat, instrumentAgent, recordCall, type GroupChat } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

/** One step of a chat: who speaks, what it costs, how it goes. */
interface Step {
  readonly chat: number;
  readonly agent: 'A' | 'B' | 'C';
  readonly tokens: number;
  readonly pauses: number;
  readonly how: 'async' | 'sync' | 'generator' | 'fails' | 'nested' | 'wrapped' | 'left';
}

const step: fc.Arbitrary<Step> = fc.record({
  chat: fc.nat({ max: 3 }),
  agent: fc.constantFrom('A', 'B', 'C'),
  tokens: fc.integer({ min: 1, max: 1000 }),
  pauses: fc.nat({ max: 4 }),
  how: fc.constantFrom('async', 'sync', 'generator', 'fails', 'nested', 'wrapped', 'left'),
});

/** One agent object that speaks in all chats. */
const shared = {
  async reply(tokens: number, pauses: number): Promise<void> {
    await pause(pauses);
    spend(tokens);
  },
};

async function pause(times: number): Promise<void> {
  for (let at = 0; at < times; at++) await (at % 2 === 0 ? Promise.resolve() : new Promise(setImmediate));
}

function spend(tokens: number): void {
  recordCall({ usage: { input: tokens, output: 1 }, model: 'gpt-5-mini' });
}

async function speak(chat: GroupChat, { agent, tokens, pauses, how }: Step): Promise<void> {
  switch (how) {
    case 'sync':
      chat.turn({ agent }, () => spend(tokens));
      return;
    case 'async':
      await chat.turn({ agent }, async () => {
        await pause(pauses);
        spend(tokens);
      });
      return;
    case 'nested':
      await chat.turn({ agent: 'Lead' }, async () => {
        await pause(1);
        await chat.turn({ agent }, async () => {
          await pause(pauses);
          spend(tokens);
        });
      });
      return;
    case 'wrapped':
      // The shared agent is called D in its turn.
      await shared.reply(tokens, pauses);
      return;
    case 'fails':
      await chat
        .turn({ agent }, async () => {
          await pause(pauses);
          spend(tokens);
          throw new Error('fails');
        })
        .catch(() => undefined);
      return;
    case 'generator':
    case 'left': {
      const parts = chat.turn({ agent }, async function* () {
        await pause(pauses);
        spend(tokens);
        yield 1;
        yield 2;
      });
      for await (const part of parts) if (how === 'left' && part === 1) break;
    }
  }
}

describe('chats that run at the same time', () => {
  it('each get exactly their own, whatever their turns do', async () => {
    recording = record();
    const restore = instrumentAgent(shared, { name: 'D', reply: 'reply' });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        round++;
        const chats = [0, 1, 2, 3].map((at) => groupChat({ workflow: `w-${at}`, session: `${round}-${at}` }));
        await Promise.all(
          chats.map((chat, at) =>
            chat.run(async () =>
              Promise.all(steps.filter((each) => each.chat === at).map(async (each) => speak(chat, each))),
            ),
          ),
        );
        for (const [at, chat] of chats.entries()) {
          const own = steps.filter((each) => each.chat === at);
          const figures = chat.figures();
          expect(figures.inferences).toBe(own.length);
          for (const agent of ['A', 'B', 'C', 'D']) {
            const spoken = own.filter((each) => (each.how === 'wrapped' ? 'D' : each.agent) === agent);
            expect(figures.agents[agent]?.tokens.input ?? 0).toBe(spoken.reduce((sum, { tokens }) => sum + tokens, 0));
            expect(figures.agents[agent]?.turns ?? 0).toBe(spoken.length);
          }
          expect(figures.agents['Lead']?.turns ?? 0).toBe(own.filter(({ how }) => how === 'nested').length);
          expect(figures.isRunning).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
    restore();
  });
});
