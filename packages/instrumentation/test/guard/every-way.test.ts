// Every client and framework that is attached to, as it is, before a real model server: its ledger says what was asked.

import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TurnmeterInstrumentation } from '../../src/attach/turnmeter-instrumentation.ts';
import { budgetExceededIn, configure, findBudget, findSession, withSession } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';
import { WAYS, type WayToAsk } from './ways-to-ask.ts';

let server: ModelServer;
let recording: Recording;
let instrumentations: readonly TurnmeterInstrumentation[] = [];
beforeEach(async () => {
  recording = record();
  server = await startModelServer({ script: [{ reply: { text: 'It rains.', usage: { input: 1000, output: 500 } } }] });
});
afterEach(async () => {
  for (const instrumentation of instrumentations) instrumentation.disable();
  configure({});
  await server.close();
  await recording[Symbol.asyncDispose]();
});

/** Asks until it is refused; what it was told then. */
async function askUntilRefused(way: WayToAsk, session: string, timesMax = 12): Promise<unknown> {
  for (let time = 0; time < timesMax; time++) {
    try {
      await withSession({ session, workflow: 'blog' }, () => way.ask(server));
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

/** What one call costs, as the session's figures have it. */
async function costOfOne(way: WayToAsk): Promise<number> {
  await withSession({ session: 'one' }, () => way.ask(server));
  const cost = findSession('one')?.cost.nanoUsd ?? 0;
  expect(cost).toBeGreaterThan(0);
  server.clearLedger();
  return cost;
}

describe.each(WAYS)('$name', (way) => {
  it('is refused in time, and sends nothing after', async () => {
    instrumentations = way.instrumentations();
    const cost = await costOfOne(way);
    configure({ budget: { usd: (5 * cost) / 1e9 } });
    const error = await askUntilRefused(way, 's-1');
    expect(budgetExceededIn(error) ?? error).toMatchObject({
      session: 's-1',
      workflow: 'blog',
      bindingLimit: 'usd.stop',
    });
    expect(server.ledger).toHaveLength(5);
    expect(findSession('s-1')?.cost.nanoUsd).toBe(5 * cost);
    expect(findBudget('s-1')).toMatchObject({ spentNanoUsd: 5 * cost, reservedNanoUsd: 0, level: 'stop' });
    expect(budgetExceededIn(await askUntilRefused(way, 's-1', 2))).toBeDefined();
    expect(server.ledger).toHaveLength(5);
  });

  it.skipIf(way.isChangeable === false)('asks a cheaper model once its session is critical', async () => {
    instrumentations = way.instrumentations();
    const cost = await costOfOne(way);
    configure({
      budget: { usd: { critical: (2 * cost) / 1e9, stop: 1 }, degrade: { models: { [way.model]: way.cheaperModel } } },
    });
    expect(await askUntilRefused(way, 's-1', 4)).toBeUndefined();
    expect(server.ledger.map(({ model }) => model)).toEqual([way.model, way.model, way.cheaperModel, way.cheaperModel]);
    const cheaper = recording
      .spans()
      .filter(({ attributes }) => attributes['turnmeter.budget.requested_model'] === way.model);
    expect(cheaper.map(({ attributes }) => attributes['gen_ai.request.model'])).toEqual([
      way.cheaperModel,
      way.cheaperModel,
    ]);
    expect(findBudget('s-1')).toMatchObject({ reservedNanoUsd: 0, isDegraded: true });
    expect(findSession('s-1')?.cost.nanoUsd).toBe(findBudget('s-1')?.spentNanoUsd);
  });
});
