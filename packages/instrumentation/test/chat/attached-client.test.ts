// The report of a call beside a client that is watched: the real client of OpenAI, on a real model server.

import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import * as openai from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenAIInstrumentation, groupChat, type GroupChat, type Turn } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording;
let server: ModelServer;
let instrumentation: OpenAIInstrumentation;
let client: openai.OpenAI;
beforeEach(async () => {
  recording = record();
  server = await startModelServer();
  instrumentation = new OpenAIInstrumentation();
  instrumentation.attach(openai);
  client = new openai.OpenAI({ apiKey: 'none', baseURL: server.openaiUrl });
});
afterEach(async () => {
  instrumentation.disable();
  await server.close();
  await recording[Symbol.asyncDispose]();
});

const ASK = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user' as const, content: 'Write about rain.' }],
};

async function speak(work: (turn: Turn) => Promise<unknown>): Promise<GroupChat> {
  const chat = groupChat({ workflow: 'blog' });
  await chat.run(() => chat.turn({ agent: 'Writer' }, work));
  return chat;
}

function expectLedger(chat: GroupChat): void {
  const { calls, input, output } = server.totals();
  expect(chat.figures()).toMatchObject({
    inferences: calls,
    tokens: { input, output },
    agents: { Writer: { turns: 1, inferences: calls } },
  });
}

describe('a turn that records what its client was asked', () => {
  it('counts answers once, one after another and in parallel', async () => {
    const chat = await speak(async (turn) => {
      turn.recordCall(await client.chat.completions.create(ASK));
      await Promise.all(
        [1, 2, 3].map(async () => {
          const answer = await client.chat.completions.create(ASK);
          turn.recordCall(answer);
          turn.recordCall({ usage: { input: answer.usage?.prompt_tokens, output: answer.usage?.completion_tokens } });
        }),
      );
    });
    expect(server.totals().calls).toBe(4);
    expectLedger(chat);
  });

  it('counts a stream once, also where its last part is told in the middle of reading it', async () => {
    const chat = await speak(async (turn) => {
      const stream = await client.chat.completions.create({
        ...ASK,
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const chunk of stream) {
        if (chunk.usage !== null && chunk.usage !== undefined) turn.recordCall(chunk);
      }
    });
    expect(server.totals().calls).toBe(1);
    expectLedger(chat);
  });

  it('counts a stream that it leaves after its last part', async () => {
    const chat = await speak(async (turn) => {
      const stream = await client.chat.completions.create({
        ...ASK,
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const chunk of stream) {
        if (chunk.usage === null || chunk.usage === undefined) continue;
        turn.recordCall(chunk);
        break;
      }
    });
    expect(server.totals().calls).toBe(1);
    expectLedger(chat);
  });

  it('counts an answer that it gives back without waiting for it', async () => {
    const chat = groupChat({ workflow: 'blog' });
    const promise = chat.turn({ agent: 'Writer' }, () => client.chat.completions.create(ASK));
    const { data } = await promise.withResponse();
    chat.recordCall(data);
    expectLedger(chat);
    expect(recording.span('invoke_agent Writer').attributes['turnmeter.turn.outcome']).toBe('completed');
  });

  it('counts both of two equal calls where one client is watched and the other is not', async () => {
    const chat = await speak(async (turn) => {
      await client.chat.completions.create(ASK);
      const response = await fetch(`${server.openaiUrl}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ASK),
      });
      turn.recordCall(await response.json());
    });
    expect(server.totals().calls).toBe(2);
    expectLedger(chat);
  });
});
