// Rows as producers send them, in any number.

import type { Observation } from '@turnmeter/accounting';
import type { EntryCost, PricedPosting } from '../../src/price/price-postings.ts';
import { draftPosting, finishPosting } from '../../src/save/rows/entry-columns.ts';
import { draftObservation, finishObservation } from '../../src/save/rows/observation-columns.ts';

/** 2026-11-22 12:00 UTC in µs. */
export const NOON_US = 1_795_348_800_000_000;
/** Days since 1970 then. */
export const NOON_DAY = 20_779;

const saysNothing = finishObservation(draftObservation()).observation;
const addsNothing = finishPosting(draftPosting()).entry;

/** A model call: the n-th of 16 of its trace, the n-th of 64 of its session. */
export function call(index: number, fields: Partial<Observation> = {}): Observation {
  return {
    ...saysNothing,
    tenant: 'acme',
    signal: 'span',
    id: hex(index, 16),
    traceId: hex(index >> 4, 32),
    profile: 'gen_ai',
    role: 'inference',
    operation: 'chat',
    scope: 'some-sdk',
    service: 'shop',
    process: 'shop/1',
    startUs: NOON_US + index * 1000,
    endUs: NOON_US + index * 1000 + 900,
    usage: { ...NO_USAGE, input: 100 + (index % 10), output: index % 7 },
    calls: 1,
    usageSource: 'provider',
    provider: 'openai',
    model: `model-${index % 3}`,
    responseId: `resp-${index}`,
    session: `session-${index >> 6}`,
    agent: `agent-${index % 4}`,
    workflow: 'support',
    workflowVersion: '7',
    ...fields,
  };
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

export function calls(count: number, from = 0): readonly Observation[] {
  return Array.from({ length: count }, (_, at) => call(from + at));
}

/** What is booked for a call, at a nano-dollar a token. */
export function bookingOf(said: Observation, fields: Partial<PricedPosting['entry']> = {}): PricedPosting {
  const input = said.usage?.input ?? 0;
  const output = said.usage?.output ?? 0;
  return {
    sign: 1,
    because: '',
    cost: cost(input, output),
    entry: {
      ...addsNothing,
      tenant: said.tenant,
      session: said.session,
      workflow: said.workflow,
      workflowVersion: said.workflowVersion,
      agent: said.agent,
      provider: said.provider,
      model: said.model,
      operation: said.operation,
      service: said.service,
      profile: said.profile,
      signal: said.signal,
      traceId: said.traceId,
      recordId: said.id,
      kind: 'inference',
      reason: 'call',
      startUs: said.startUs,
      endUs: said.endUs,
      usageSource: 'provider',
      isInputKnown: true,
      isOutputKnown: true,
      inferences: 1,
      input,
      output,
      ...fields,
    },
  };
}

/** The same taken back. */
export function reversalOf(posting: PricedPosting): PricedPosting {
  return { ...posting, sign: -1, because: 'copy' };
}

function cost(input: number, output: number): EntryCost {
  return {
    status: 'exact',
    source: 'price_book',
    tokenNanoUsd: input + output,
    otherNanoUsd: 0,
    totalNanoUsd: input + output,
    parts: { input, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output, reasoning: 0 },
    charges: [],
    priceId: 'openai/some-model@2026-01-01',
    bookVersion: '2026.11',
    unpricedTokens: 0,
    reasons: [],
  };
}

function hex(value: number, digits: number): string {
  return (value + 1).toString(16).padStart(digits, '0');
}
