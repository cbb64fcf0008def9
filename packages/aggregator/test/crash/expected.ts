// What senders send, and what has to come out of it.

import type { Observation } from '@turnmeter/accounting';
import { draftObservation, finishObservation } from '../../src/save/rows/observation-columns.ts';

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffle<Item>(items: Item[], random: () => number): Item[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const [moved, taken] = [items[at], items[other]];
    if (moved === undefined || taken === undefined) continue;
    items[at] = taken;
    items[other] = moved;
  }
  return items;
}

const saysNothing = finishObservation(draftObservation()).observation;
const SESSIONS = 40;

/** Sums of what was made; every record of it is delivered in the end. */
export class Expected {
  readonly calls: Map<string, number> = new Map();
  readonly tokens: Map<string, number> = new Map();
  records = 0;
  #traces = 0;

  /**
   * A run of an agent: calls and tool calls below a span that alone knows the session. A third of the calls is reported twice, by two
   * libraries in two traces, with one response id. Every fifth run has no calls but says what it used in all, which counts once its
   * trace is quiet; some others say so too, which never counts.
   */
  makeTrace(random: () => number): Observation[] {
    const number = ++this.#traces;
    const session = `session-${Math.floor(random() * SESSIONS)}`;
    const callCount = random() < 0.2 ? 0 : 1 + Math.floor(random() * 4);
    const calls = Array.from({ length: callCount }, (_, index) => callOf(number, index + 1, random));
    const copies = calls.filter(() => random() < 0.33).map((call, index) => copyOf(call, number, index));
    const sum = {
      input: calls.length === 0 ? 1 + Math.floor(random() * 5000) : sumOf(calls, 'input'),
      output: calls.length === 0 ? 1 + Math.floor(random() * 5000) : sumOf(calls, 'output'),
    };
    const isSummed = calls.length === 0 || random() < 0.2;
    const run = spanOf(number, 0, {
      role: 'agent',
      operation: 'invoke_agent',
      session,
      sessionRank: 1,
      agent: 'planner',
      ...(isSummed ? { usage: { ...NO_USAGE, ...sum }, grain: 'sum', usageSource: 'provider' } : {}),
    });
    const tool = spanOf(number, 50, { role: 'tool', operation: 'execute_tool', tool: 'search' });
    const made = [run, ...calls, ...copies, tool, spanOf(number, 51, {})];
    this.records += made.length;
    this.calls.set(session, (this.calls.get(session) ?? 0) + calls.length);
    this.tokens.set(session, (this.tokens.get(session) ?? 0) + sum.input + sum.output);
    return made;
  }
}

/** A span of a run, the index-th; the first is above the others. */
function spanOf(run: number, index: number, fields: Partial<Observation>): Observation {
  const startUs = 1_795_348_800_000_000 + run * 1_000_000;
  return {
    ...saysNothing,
    tenant: 'acme',
    id: hex(run * 100 + index, 16),
    traceId: hex(run, 32),
    parentId: index === 0 ? '' : hex(run * 100, 16),
    profile: 'gen_ai',
    scope: 'some-sdk',
    service: 'shop',
    process: 'shop/1',
    startUs: startUs + index * 1000,
    endUs: index === 0 ? startUs + 900_000 : startUs + index * 1000 + 500,
    ...fields,
  };
}

function callOf(run: number, index: number, random: () => number): Observation {
  const input = 1 + Math.floor(random() * 1000);
  // Different for every call of a trace, so that none is another's copy by chance.
  const output = 1 + index * 1000 + Math.floor(random() * 900);
  return spanOf(run, index, {
    role: 'inference',
    operation: 'chat',
    usage: { ...NO_USAGE, input, output },
    usageSource: 'provider',
    calls: 1,
    provider: 'openai',
    model: 'some-model',
    responseId: `resp-${run}-${index}`,
    wireDistance: 3,
  });
}

/** The same call as a client library saw it, in a trace of its own. */
function copyOf(call: Observation, run: number, index: number): Observation {
  const traceId = hex(1_000_000_000 + run * 10 + index, 32);
  return { ...call, traceId, parentId: '', scope: 'some-client', wireDistance: 1 };
}

function sumOf(calls: readonly Observation[], bucket: 'input' | 'output'): number {
  return calls.reduce((sum, { usage }) => sum + (usage?.[bucket] ?? 0), 0);
}

const NO_USAGE = {
  input: undefined,
  output: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  cacheWrite1h: undefined,
  reasoning: undefined,
  inputAudio: undefined,
  outputAudio: undefined,
  inputImage: undefined,
  outputImage: undefined,
} as const;

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
