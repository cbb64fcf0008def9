import { createOpenAI } from '@ai-sdk/openai';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import {
  embed,
  generateText,
  registerTelemetry,
  stepCountIs,
  streamText,
  tool,
  type LanguageModel,
  type Telemetry,
} from 'ai';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { AiSdkInstrumentation, findSession, withSession } from '../../../src/index.ts';
import { record, type Recording } from '../../recording.ts';
import { expectSpendingOf } from '../spending.ts';
import { tags } from './newsroom.ts';

let server: ModelServer;
let recording: Recording;
let instrumentation: AiSdkInstrumentation;
beforeAll(async () => {
  server = await startModelServer();
});
beforeEach(() => {
  server.script([]);
  recording = record();
  instrumentation = new AiSdkInstrumentation();
});
afterEach(async () => {
  instrumentation.disable();
  await recording[Symbol.asyncDispose]();
  server.clearLedger();
});
afterAll(async () => {
  await server.close();
});

const model = (): LanguageModel => createOpenAI({ baseURL: server.openaiUrl, apiKey: 'none' }).chat('gpt-5-mini');
const call = { prompt: 'Write', instructions: tags('Writer', 's-1'), telemetry: { functionId: 'Writer' } };
const inSession = <T>(work: () => T): T => withSession({ session: 's-1' }, work);
/** What is not there when its memory is collected. */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a call of a model that fails', () => {
  it('is one call with its retries when it is answered in the end', async () => {
    let requests = 0;
    server.script(() => (++requests < 3 ? { status: 429 } : {}));
    await inSession(() => generateText({ model: model(), ...call }));
    expect(requests).toBe(3);
    await expectSpendingOf(server, recording);
    expect(findSession('s-1')).toMatchObject({ inferences: 1, retries: 2, errors: 0, turns: 1 });
  });

  it.each(['generateText', 'streamText'] as const)('has failed, as its turn has (%s)', async (method) => {
    server.script(() => ({ status: 400 }));
    if (method === 'generateText')
      await inSession(() => generateText({ model: model(), ...call })).catch(() => undefined);
    else await inSession(() => streamText({ model: model(), ...call, onError: () => undefined }).consumeStream());
    for (const name of ['chat gpt-5-mini', 'invoke_agent Writer']) {
      expect(recording.span(name).attributes['error.type']).toBe('APICallError');
    }
    expect(findSession('s-1')).toMatchObject({ inferences: 1, errors: 1, inferencesWithoutUsage: 0, turns: 1 });
  });

  it('has failed in the middle of a stream: what it used is missing, not nothing', async () => {
    server.script(() => ({ text: 'one two three four five six seven eight', errorAfterChunks: 2 }));
    await inSession(() => streamText({ model: model(), ...call, onError: () => undefined }).consumeStream());
    expect(findSession('s-1')).toMatchObject({ inferences: 1, errors: 1, inferencesWithoutUsage: 1 });
  });

  it('is counted for embeddings too, with the attempts before it', async () => {
    let requests = 0;
    server.script(() => (++requests < 2 ? { status: 429 } : {}));
    const embedding = createOpenAI({ baseURL: server.openaiUrl, apiKey: 'none' }).embedding('text-embedding-3-small');
    await inSession(() => embed({ model: embedding, value: 'sea' }));
    expect(findSession('s-1')).toMatchObject({ inferences: 1, retries: 1, tokens: { input: server.totals().input } });
  });
});

describe('a stream', () => {
  beforeEach(() => server.script(() => ({ text: 'one two three four five six seven eight', chunkDelayMs: 20 })));

  it('has a time to its first part', async () => {
    await inSession(() => streamText({ model: model(), ...call }).consumeStream());
    expect(recording.span('chat gpt-5-mini').attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
    });
    await expectSpendingOf(server, recording);
  });

  it('that its caller aborts has stopped: no error of the turn’s, and its usage is missing', async () => {
    const controller = new AbortController();
    const { textStream } = inSession(() => streamText({ model: model(), ...call, abortSignal: controller.signal }));
    for await (const _ of textStream) controller.abort();
    expect(recording.span('invoke_agent Writer').attributes['turnmeter.turn.outcome']).toBe('stopped');
    expect(findSession('s-1')).toMatchObject({ inferences: 1, inferencesWithoutUsage: 1, turns: 1 });
  });

  it.each([
    ['nobody reads', 0],
    ['is read in part and then left', 1],
  ])('that %s is told of when nobody can read it any more', async (_, parts) => {
    server.script(() => ({ text: 'word '.repeat(400), chunks: 400 }));
    await (async () => {
      let read = 0;
      const { textStream } = inSession(() => streamText({ model: model(), ...call }));
      if (parts > 0) for await (const part of textStream) if (part !== '' && ++read === parts) break;
    })();
    await vi.waitFor(() => expect(server.ledger).toHaveLength(1));
    await vi.waitFor(
      () => {
        collectGarbage();
        expect(recording.span('invoke_agent Writer').attributes['turnmeter.turn.outcome']).toBe('abandoned');
      },
      { timeout: 5000 },
    );
    // More parts than the SDK's streams hold in advance.
    expect(findSession('s-1')).toMatchObject({ inferences: 1, inferencesWithoutUsage: 1, turns: 1 });
  });

  it('without usage is counted as one', async () => {
    server.script(() => ({ text: 'Written.', usage: null }));
    await inSession(() => streamText({ model: model(), ...call }).consumeStream());
    expect(findSession('s-1')).toMatchObject({ inferences: 1, inferencesWithoutUsage: 1, turns: 1 });
  });
});

describe('a tool that fails', () => {
  it('is an error of the tool, with which the model goes on', async () => {
    server.script([{ agent: 'Writer', reply: [{ toolCalls: [{ name: 'lookUp' }] }, { text: 'Not found.' }] }]);
    const lookUp = tool({
      inputSchema: z.object({}),
      execute: (): string => {
        throw new RangeError('sk-secret');
      },
    });
    await inSession(() => generateText({ model: model(), ...call, tools: { lookUp }, stopWhen: stepCountIs(3) }));
    expect(recording.span('execute_tool lookUp').attributes['error.type']).toBe('RangeError');
    expect(recording.span('invoke_agent Writer').attributes['turnmeter.turn.outcome']).toBe('completed');
    expect(JSON.stringify(recording.spans().map(({ attributes, events }) => [attributes, events]))).not.toContain(
      'sk-secret',
    );
    await expectSpendingOf(server, recording);
  });
});

describe('who a call belongs to', () => {
  it('is what its runtime context says, where the app lets telemetry see it', async () => {
    const runtimeContext = { sessionId: 's-1', userId: 'ada', secret: 'sk-secret' };
    const telemetry = { functionId: 'Writer', includeRuntimeContext: { sessionId: true, userId: true } };
    await generateText({ model: model(), ...call, runtimeContext, telemetry });
    await expectSpendingOf(server, recording);
    expect(findSession('s-1')).toMatchObject({ user: 'ada', turns: 1 });
  });

  it('is the session around it and no agent, where it has no name', async () => {
    await inSession(() => generateText({ model: model(), prompt: '[session:s-1]' }));
    await expectSpendingOf(server, recording);
    expect(findSession('s-1')).toMatchObject({ turns: 0, inferences: 1, agents: {} });
  });

  it('hands over from speaker to speaker of a chat that the app leads', async () => {
    await inSession(async () => {
      for (const functionId of ['Planner', 'Writer', 'Writer', 'Critic']) {
        await generateText({ model: model(), prompt: tags(functionId, 's-1'), telemetry: { functionId } });
      }
    });
    await expectSpendingOf(server, recording);
    // Planner to Writer and Writer to Critic; Writer goes on by itself in between.
    expect(findSession('s-1')).toMatchObject({ turns: 4, handoffs: 2, agents: { Writer: { turns: 2 } } });
  });
});

describe('integrations of others', () => {
  const heard: string[] = [];
  const theirs: Telemetry = { onStart: () => void heard.push('start'), onEnd: () => void heard.push('end') };
  beforeEach(() => heard.splice(0));
  afterEach(() => (globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = undefined));

  it('hear what they heard before', async () => {
    registerTelemetry(theirs);
    await inSession(() => generateText({ model: model(), ...call }));
    expect(heard).toEqual(['start', 'end']);
    await expectSpendingOf(server, recording);
  });

  it('may be set anew: ours stays among them', async () => {
    globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [theirs];
    await inSession(() => generateText({ model: model(), ...call }));
    expect(heard).toEqual(['start', 'end']);
    expect(findSession('s-1')?.inferences).toBe(1);
  });
});

describe('AiSdkInstrumentation', () => {
  it('counts once where there are two of it', async () => {
    const second = new AiSdkInstrumentation();
    await inSession(() => generateText({ model: model(), ...call }));
    await expectSpendingOf(server, recording);
    expect(findSession('s-1')).toMatchObject({ turns: 1, inferences: 1 });
    second.disable();
    await inSession(() => generateText({ model: model(), ...call }));
    expect(findSession('s-1')).toMatchObject({ turns: 2, inferences: 2 });
  });

  it('leaves the list as it was when it is disabled, and is there again when it is enabled', async () => {
    instrumentation.disable();
    expect(globalThis.AI_SDK_TELEMETRY_INTEGRATIONS ?? []).toEqual([]);
    await inSession(() => generateText({ model: model(), ...call }));
    expect(recording.spans()).toEqual([]);
    instrumentation.enable();
    server.clearLedger();
    await inSession(() => generateText({ model: model(), ...call }));
    await expectSpendingOf(server, recording);
  });
});
