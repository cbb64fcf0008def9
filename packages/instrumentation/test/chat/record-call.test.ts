import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { startInference } from '../../src/emit/start-inference.ts';
import { groupChat, recordCall, type GroupChat } from '../../src/index.ts';
import { usageFrom } from '../../src/usage/usage-from.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  diag.disable();
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

function startChat(): GroupChat {
  recording = record();
  return groupChat({ workflow: 'blog', session: 's-1' });
}

function answer(id: string, input = 100, output = 10): Record<string, unknown> {
  return {
    id,
    object: 'chat.completion',
    model: 'gpt-5-mini-2025-08-07',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Yes.' } }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}

/** What an attached client does with an answer. */
function seeByClient(response: object): void {
  startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' }).end({ facts: usageFrom(response) });
}

describe('a call that is recorded', () => {
  it('has its tokens and price, and no duration unless it is told', async () => {
    const chat = startChat();
    chat.run(() => {
      chat.recordCall(answer('a-1'));
      chat.recordCall(answer('a-2'), { durationMs: 2000, provider: 'azure.ai.openai' });
    });
    expect(chat.figures()).toMatchObject({
      inferences: 2,
      tokens: { input: 200, output: 20 },
      cost: { status: 'exact' },
    });
    expect(await recording?.metric('gen_ai.client.operation.duration')).toBe(2);
    expect(await recording?.points('gen_ai.client.operation.duration')).toHaveLength(1);
  });

  it('is one call, however often its answer is told', () => {
    const chat = startChat();
    const response = answer('b-1');
    chat.run(() =>
      chat.turn({ agent: 'A' }, (turn) => {
        turn.recordCall(response);
        turn.recordCall(response);
        chat.recordCall(usageFrom(response));
        recordCall(structuredClone(response));
      }),
    );
    expect(chat.figures().inferences).toBe(1);
  });

  it('is not counted beside an attached client, told once or twice', () => {
    const chat = startChat();
    chat.run(() =>
      chat.turn({ agent: 'A' }, (turn) => {
        const response = answer('c-1');
        seeByClient(response);
        turn.recordCall(response);
        turn.recordCall(usageFrom(response));
      }),
    );
    expect(chat.figures().inferences).toBe(1);
  });

  it('is counted call by call where a server gives all answers one id', () => {
    const chat = startChat();
    chat.run(() => {
      chat.recordCall(answer('chatcmpl-123', 100, 10));
      chat.recordCall(answer('chatcmpl-123', 300, 30));
      for (const tokens of [7, 7]) {
        const response = answer('chatcmpl-456', tokens, 1);
        seeByClient(response);
        chat.recordCall(response);
      }
    });
    expect(chat.figures()).toMatchObject({ inferences: 4, tokens: { input: 414 } });
  });
});

describe('a report without an id', () => {
  it('excuses itself by a call that its turn counted, one for one', () => {
    const chat = startChat();
    chat.run(() =>
      chat.turn({ agent: 'A' }, (turn) => {
        seeByClient(answer('d-1', 50, 5));
        turn.recordCall({ usage: { input: 50, output: 5 }, model: 'gpt-5-mini' });
        // Another call of the same size, of a client that nobody watches.
        turn.recordCall({ usage: { input: 50, output: 5 }, model: 'gpt-5-mini' });
      }),
    );
    expect(chat.figures()).toMatchObject({ inferences: 2, tokens: { input: 100 } });
  });

  it('is a call of its own by equal tokens alone: in another turn, of another model, after another report', () => {
    const chat = startChat();
    const same = { usage: { input: 50, output: 5 }, model: 'gpt-5-mini' };
    chat.run(() => {
      chat.turn({ agent: 'A' }, () => seeByClient(answer('e-1', 50, 5)));
      chat.turn({ agent: 'B' }, (turn) => {
        turn.recordCall({ ...same });
        turn.recordCall({ ...same });
        seeByClient(answer('e-2', 50, 5));
        turn.recordCall({ ...same, model: 'claude-sonnet-4-5' });
      });
    });
    expect(chat.figures().inferences).toBe(5);
  });
});

describe('what cannot be recorded', () => {
  it('is no call, is counted as dropped, and is said once', async () => {
    const chat = startChat();
    const said: string[] = [];
    const say = (text: string): number => said.push(text);
    diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, DiagLogLevel.WARN);
    said.length = 0;
    chat.run(() => {
      for (const wrong of [
        undefined,
        null,
        'text',
        7,
        {},
        [answer('f-1'), answer('f-2')],
        Promise.resolve(answer('f-3')),
      ]) {
        chat.recordCall(wrong);
        chat.recordCall(wrong);
      }
      chat.recordCall(
        new Proxy(
          {},
          {
            get() {
              throw new Error('do not look');
            },
          },
        ),
      );
    });
    expect(chat.figures().inferences).toBe(0);
    expect(await recording?.metric('turnmeter.instrumentation.dropped')).toBe(15);
    expect(said.filter((text) => text.includes('promise_not_awaited'))).toHaveLength(1);
  });

  it('is a call whose usage is missing where the answer says nothing of it', async () => {
    const chat = startChat();
    const { usage: _, ...silent } = answer('g-1');
    chat.run(() => chat.recordCall(silent));
    expect(chat.figures()).toMatchObject({ inferences: 1, inferencesWithoutUsage: 1 });
    expect(await recording?.metric('turnmeter.inferences', { usage_source: 'missing' })).toBe(1);
  });

  it('is marked where the tokens are a guess', () => {
    const chat = startChat();
    chat.run(() => chat.recordCall({ usage: { input: 9, output: 1 }, model: 'gpt-5-mini' }, { isEstimated: true }));
    expect(recording?.span('chat gpt-5-mini').attributes['turnmeter.usage.source']).toBe('estimated');
  });
});
