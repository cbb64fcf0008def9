// What real producers sent, as if they ran in this process: the processor's figures beside what the models really served.

import { afterEach, describe, expect, it } from 'vitest';
import { type Capture, readCaptures } from '../../../../test/captured/captures.ts';
import { countedOf, expectedOf } from '../../../../test/captured/compare.ts';
import { shuffle } from '../../../../test/captured/shuffle.ts';
import type { SessionDocument } from '../../../../test/captured/turnmeter-process.ts';
import type { SessionFigures } from '../../src/session/figures.ts';
import { liveSessions } from '../../src/session/live-sessions.ts';
import type { SdkSpan } from '../../src/span-processor/sdk-span.ts';
import { TurnmeterSpanProcessor } from '../../src/span-processor/turnmeter-span-processor.ts';
import { record, type Recording } from '../recording.ts';
import { replayedSpans } from './replayed-spans.ts';

/** Producers that tell their tokens in logs or metrics, which no span processor sees. */
const NEED_OTHER_SIGNALS = new Set(['claude-agent-sdk-native', 'claude-code-cli', 'codex-cli', 'gemini-cli']);
const captures = readCaptures().filter(
  ({ name, json }) => !NEED_OTHER_SIGNALS.has(name) && json.some(({ signal }) => signal === 'span'),
);

let recording: Recording | undefined;
afterEach(async () => {
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

function spansOf({ json }: Capture, generation: 1 | 2 = 2): readonly SdkSpan[] {
  return json.flatMap(({ signal, body }) => (signal === 'span' ? replayedSpans(body, generation) : []));
}

/** Ends the spans in the processor, some flushed in between, and gives the figures as the service shows them. */
async function figuresAfter(spans: readonly SdkSpan[]): Promise<readonly SessionDocument[]> {
  recording = record();
  const processor = new TurnmeterSpanProcessor();
  await processor.forceFlush();
  for (const [at, span] of spans.entries()) {
    processor.onEnd(span);
    if (at % 50 === 49) for (const live of liveSessions().all()) live.figures();
  }
  await processor.forceFlush();
  const sessions = [...liveSessions().all()].map((live) => live.figures());
  await processor.shutdown();
  return [...sessions.map(documentOf), await unattributed(recording, sessions.map(documentOf))];
}

function documentOf(figures: SessionFigures): SessionDocument {
  const { input, output, cacheRead, cacheWrite, reasoning } = figures.tokens;
  return {
    session_id: figures.session ?? null,
    tokens: { input, output, cache_read: cacheRead, cache_write: cacheWrite, reasoning },
    agent_performance: figures.agents,
    models: figures.models,
    inferences: figures.inferences,
    turn_count: figures.turns,
    tool_calls: figures.toolCalls,
    usage_sources: { missing: figures.inferencesWithoutUsage },
    usage_note: null,
  };
}

/** What the metrics know beside the sessions: calls of no session. */
async function unattributed(from: Recording, sessions: readonly SessionDocument[]): Promise<SessionDocument> {
  const rest = async (direction: keyof SessionDocument['tokens']): Promise<number> =>
    (await from.metric('turnmeter.tokens', { direction })) -
    sessions.reduce((sum, { tokens }) => sum + tokens[direction], 0);
  return {
    session_id: null,
    tokens: {
      input: await rest('input'),
      output: await rest('output'),
      cache_read: await rest('cache_read'),
      cache_write: await rest('cache_write'),
      reasoning: await rest('reasoning'),
    },
    agent_performance: {},
    models: {},
    inferences: 0,
    turn_count: 0,
    tool_calls: 0,
    usage_sources: {},
    usage_note: null,
  };
}

describe('spans of real producers, in the process', () => {
  it('are there', () => {
    expect(captures.length).toBeGreaterThan(20);
  });

  it.for(captures)('count each token once: $name', async (capture) => {
    expect(countedOf(capture, await figuresAfter(spansOf(capture)))).toEqual(expectedOf(capture));
  });

  it.for(captures)('count each token once in any order, twice, as SDK 1 shows them: $name', async (capture) => {
    const twice = shuffle([...spansOf(capture, 1), ...spansOf(capture, 1)], 5);
    expect(countedOf(capture, await figuresAfter(twice))).toEqual(expectedOf(capture));
  });
});
