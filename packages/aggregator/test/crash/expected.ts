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
    const moved = items[at];
    items[at] = items[other];
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
   * libraries in two traces, with one response id.
   */
  makeTrace(random: () => number): Observation[] {
    const number = ++this.#traces;
    const traceId = hex(number, 32);
    const session = `session-${Math.floor(random() * SESSIONS)}`;
    const startUs = 1_795_348_800_000_000 + number * 1_000_000;
    const span = (index: number, fields: Partial<Observation>): Observation => ({
      ...saysNothing,
      tenant: 'acme',
      id: hex(number * 100 + index, 16),
      traceId,
      parentId: index === 0 ? '' : hex(number * 100, 16),
      profile: 'gen_ai',
      scope: 'some-sdk',
      service: 'shop',
      process: 'shop/1',
      startUs: startUs + index * 1000,
      endUs: startUs + index * 1000 + 500,
      ...fields,
    });
    const made = [
      span(0, {
        role: 'agent',
        operation: 'invoke_agent',
        session,
        sessionRank: 1,
        agent: 'planner',
        endUs: startUs + 900_000,
      }),
    ];
    const callCount = 1 + Math.floor(random() * 4);
    for (let index = 1; index <= callCount; index++) {
      const input = 1 + Math.floor(random() * 1000);
      // Different for every call of a trace, so that none is another's copy by chance.
      const output = 1 + index * 1000 + Math.floor(random() * 900);
      const call = span(index, {
        role: 'inference',
        operation: 'chat',
        usage: { ...NO_USAGE, input, output },
        usageSource: 'provider',
        calls: 1,
        provider: 'openai',
        model: 'some-model',
        responseId: `resp-${number}-${index}`,
        wireDistance: 3,
      });
      made.push(call);
      if (random() < 0.33)
        made.push({
          ...call,
          traceId: hex(1_000_000 + number * 10 + index, 32),
          parentId: '',
          scope: 'some-client',
          wireDistance: 1,
        });
      this.calls.set(session, (this.calls.get(session) ?? 0) + 1);
      this.tokens.set(session, (this.tokens.get(session) ?? 0) + input + output);
    }
    made.push(span(50, { role: 'tool', operation: 'execute_tool', tool: 'search' }), span(51, {}));
    this.records += made.length;
    return made;
  }
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
