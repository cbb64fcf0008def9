// An app whose chats do everything that is counted, through the recorder, with OpenTelemetry's own SDK and exporters. Writes the
// figures of its sessions, as the process has them, to standard output. `unsampled` exports metrics alone.

import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOffSampler, AlwaysOnSampler, BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { startInference } from '../src/emit/start-inference.ts';
import { configure, findSession, groupChat, type AnswerFacts, type GroupChat } from '../src/index.ts';

const isSampled = !process.argv.includes('unsampled');
const sdk = new NodeSDK({
  serviceName: 'every-kind',
  instrumentations: [],
  sampler: isSampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  metricReaders: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
});
sdk.start();
configure({ workflow: 'every-kind' });

class RateLimitError extends Error {}

interface ModelAnswer {
  readonly provider: string;
  readonly model: string;
  readonly facts: AnswerFacts;
}

/** Answers of several providers with all parts of usage that they tell; each of them once in each chat. */
const ANSWERS = [
  {
    provider: 'openai',
    model: 'gpt-5-mini',
    facts: { model: 'gpt-5-mini-2025-08-07', usage: { input: 1200, output: 310, cacheRead: 1024, reasoning: 128 } },
  },
  {
    provider: 'openai',
    model: 'gpt-5',
    facts: { usage: { input: 901, output: 77 }, serviceTier: 'flex', charges: [{ kind: 'web_search', quantity: 3 }] },
  },
  {
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    facts: {
      model: 'claude-sonnet-4-5-20250929',
      usage: { input: 5000, output: 421, cacheRead: 3000, cacheWrite: 1500, cacheWrite5m: 500, cacheWrite1h: 1000 },
    },
  },
  {
    provider: 'gcp.gemini',
    model: 'gemini-2.5-pro',
    facts: { usage: { input: 210_000, output: 999, reasoning: 700 } },
  },
  {
    provider: 'openai',
    model: 'gpt-4o-audio-preview',
    facts: { usage: { input: 300, output: 90, inputAudio: 120, outputAudio: 60 } },
  },
  {
    provider: 'openrouter',
    model: 'some/model',
    facts: { usage: { input: 333, output: 44 }, reportedCost: { nanoUsd: 1_234_567, source: 'gateway' } },
  },
  { provider: 'acme', model: 'house-model', facts: { usage: { input: 100, output: 10 } } },
] as const satisfies readonly ModelAnswer[];

let answers = 0;

function ask({ provider, model, facts }: ModelAnswer): void {
  const responseId = `answer-${process.pid}-${answers++}`;
  startInference({ operation: 'chat', provider, model }).end({ facts: { ...facts, responseId } });
}

/** One request to the chat; `seed` makes chats differ. */
async function request(chat: GroupChat, seed: number): Promise<void> {
  await chat.run(async () => {
    chat.selectSpeaker(() => ask(ANSWERS[0]));
    await chat.turn({ agent: 'Planner' }, async (turn) => {
      for (const answer of ANSWERS.slice(0, 2 + (seed % 5))) ask(answer);
      chat.tool('research', () => chat.tool('search', () => ask(ANSWERS[3])));
      await chat.humanInput(() => pause(20));
      turn.handoff('Writer');
    });
    await chat.turn({ agent: 'Writer' }, async () => {
      await Promise.all(ANSWERS.map(async (answer) => pause(seed).then(() => ask(answer))));
      // An agent that is asked as a tool.
      await chat.tool('ask Researcher', async () => {
        await chat.turn({ agent: 'Researcher' }, async () => {
          await pause(5);
          ask(ANSWERS[2]);
        });
      });
      startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5' }).end({ error: new RateLimitError() });
      startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5' }).end();
      const estimated = { facts: { usage: { input: 70, output: 7 } }, usageSource: 'estimated' } as const;
      startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5' }).end(estimated);
      startInference({ operation: 'embeddings', provider: 'openai', model: 'text-embedding-3-small' }).end({
        facts: { usage: { input: 512 } },
      });
    });
    // Says nothing to a model.
    await chat.turn({ agent: 'Critic' }, () => pause(3));
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

const ids = Array.from({ length: 6 }, (_, at) => `chat-${at}`);
await Promise.all(
  ids.map(async (session, seed) => {
    const chat = groupChat({ session, workflow: 'every-kind', version: '3.1' });
    // A chat of several requests is several traces.
    for (let at = 0; at <= seed % 3; at++) await request(chat, seed);
  }),
);
await sdk.shutdown();
process.stdout.write(JSON.stringify(ids.map((id) => findSession(id))));
