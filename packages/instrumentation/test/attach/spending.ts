import type { LedgerEntry, ModelServer } from '@turnmeter/model-server';
import { expect } from 'vitest';
import { findSession } from '../../src/index.ts';
import type { Recording } from '../recording.ts';

/** What one agent spent on one model in one session. */
interface Spending {
  calls: number;
  input: number;
  output: number;
  cacheRead: number;
  reasoning: number;
}

/**
 * The tokens of spans, metrics and running sums are those that the server billed: in all, and per session, agent and model. The server
 * knows agent and session from tags in the prompts (`[agent:Writer][session:s-1]`).
 */
export async function expectSpendingOf(server: ModelServer, recording: Recording): Promise<void> {
  const billed = server.ledger.filter((entry) => entry.billed);
  const truth = spendingBy(billed.map((entry) => [[entry.session, entry.agent, modelOf(entry)], entry.usage]));
  expect(spendingOfSpans(recording)).toEqual(truth);
  for (const [key, spent] of spendingBy(billed.map((entry) => [[entry.agent, modelOf(entry)], entry.usage]))) {
    const [agent = '', model = ''] = key.split(' ');
    const labels = { ...(agent === '-' ? {} : { agent }), model };
    expect(await recording.metric('turnmeter.tokens', { direction: 'input', ...labels })).toBe(spent.input);
    expect(await recording.metric('turnmeter.tokens', { direction: 'output', ...labels })).toBe(spent.output);
  }
  for (const [key, spent] of spendingBy(billed.map((entry) => [[entry.session, entry.agent], entry.usage]))) {
    const [session = '', agent = ''] = key.split(' ');
    if (session === '-') continue;
    const live = findSession(session);
    const figures = agent === '-' ? live : live?.agents[agent];
    expect(figures, `figures of ${key}`).toMatchObject({
      inferences: spent.calls,
      tokens: { input: spent.input, output: spent.output, cacheRead: spent.cacheRead, reasoning: spent.reasoning },
    });
  }
}

function spendingOfSpans(recording: Recording): Map<string, Spending> {
  return spendingBy(
    recording
      .spans()
      .filter(({ attributes }) => attributes['gen_ai.usage.input_tokens'] !== undefined)
      .map(({ attributes }) => [
        [attributes['gen_ai.conversation.id'], attributes['gen_ai.agent.name'], attributes['gen_ai.response.model']],
        {
          input: Number(attributes['gen_ai.usage.input_tokens']),
          output: Number(attributes['gen_ai.usage.output_tokens'] ?? 0),
          cacheRead: Number(attributes['gen_ai.usage.cache_read.input_tokens'] ?? 0),
          reasoning: Number(attributes['gen_ai.usage.reasoning.output_tokens'] ?? 0),
        },
      ]),
  );
}

function spendingBy(calls: readonly (readonly [readonly unknown[], Omit<Spending, 'calls'>])[]): Map<string, Spending> {
  const sums = new Map<string, Spending>();
  for (const [names, usage] of calls) {
    const key = names.map((name) => (typeof name === 'string' ? name : '-')).join(' ');
    const sum = sums.get(key) ?? { calls: 0, input: 0, output: 0, cacheRead: 0, reasoning: 0 };
    sum.calls++;
    sum.input += usage.input;
    sum.output += usage.output;
    sum.cacheRead += usage.cacheRead;
    sum.reasoning += usage.reasoning;
    sums.set(key, sum);
  }
  return sums;
}

function modelOf({ responseModel, model }: LedgerEntry): string | undefined {
  return responseModel ?? model;
}
