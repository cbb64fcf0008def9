// What a process says of its own sessions and what the service says of them are the same figures: one law, on both sides of the wire.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionFigures, SpendFigures } from '../packages/instrumentation/src/index.ts';
import { runApp } from '../packages/instrumentation/test/run-app.ts';
import { handoffsIn, type SpokenTurn } from './captured/handoffs-in.ts';
import { TurnmeterProcess } from './captured/turnmeter-process.ts';

const SETTLED_WITHIN = { timeout: 30_000, interval: 250 };

/** As far as it is compared. */
interface Spending {
  readonly inferences: number;
  readonly tokens: Readonly<Record<'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning', number>>;
  readonly cost: { readonly nano_usd: string };
}
interface AgentDocument extends Spending {
  readonly message_count: number;
  readonly tool_calls: number;
  readonly total_response_time_ms: number;
}
interface Document extends Spending {
  readonly workflow: string;
  readonly workflow_version: string | null;
  readonly turn_count: number;
  readonly tool_calls: number;
  readonly human_wait_seconds: number;
  readonly cost: Spending['cost'] & { readonly status: string; readonly unpriced_tokens: number };
  readonly agent_performance: Readonly<Record<string, AgentDocument>>;
  readonly models: Readonly<Record<string, Spending & { readonly errors: number }>>;
  readonly turns: readonly SpokenTurn[];
  readonly usage_sources: Readonly<Record<string, number>>;
}

let directory: string;
let turnmeter: TurnmeterProcess;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-process-'));
  turnmeter = await TurnmeterProcess.start(path.join(directory, 'data'));
});
afterAll(async () => {
  await turnmeter.stop();
  await rm(directory, { recursive: true, force: true });
});

async function runEveryKind(tenant: string, args: readonly string[] = []): Promise<readonly SessionFigures[]> {
  const { code, stdout, stderr } = await runApp({
    app: '../every-kind-app.ts',
    args,
    isRegistered: false,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: turnmeter.otlpUrl,
      OTEL_EXPORTER_OTLP_HEADERS: `x-scope-orgid=${tenant}`,
    },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as readonly SessionFigures[];
}

function spendOfProcess({ inferences, tokens, cost }: SpendFigures): object {
  const { input, output, cacheRead, cacheWrite, reasoning } = tokens;
  return { inferences, input, output, cacheRead, cacheWrite, reasoning, nanoUsd: cost.nanoUsd };
}

function spendOfService({ inferences, tokens, cost }: Spending): object {
  const { input, output, cache_read: cacheRead, cache_write: cacheWrite, reasoning } = tokens;
  return { inferences, input, output, cacheRead, cacheWrite, reasoning, nanoUsd: Number(cost.nano_usd) };
}

function mapped<In, Out>(record: Readonly<Record<string, In>>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => name !== '')
      .map(([name, value]) => [name, map(value)]),
  );
}

/** Times are measured twice, by the process's clock and by its spans' (µs): they agree to this many milliseconds. */
const TIME_APART_MS = 2;

function ofProcess(figures: SessionFigures): object {
  const { workflow, turns, toolCalls, handoffs, inferencesWithoutUsage, cost } = figures;
  return {
    ...spendOfProcess(figures),
    workflow,
    turns,
    toolCalls,
    handoffs,
    missing: inferencesWithoutUsage,
    costStatus: cost.status,
    unpricedTokens: cost.unpricedTokens,
    agents: mapped(figures.agents, (agent) => ({
      ...spendOfProcess(agent),
      turns: agent.turns,
      toolCalls: agent.toolCalls,
    })),
    models: mapped(figures.models, (model) => ({ ...spendOfProcess(model), errors: model.errors })),
  };
}

function ofService(document: Document): object {
  return {
    ...spendOfService(document),
    workflow: document.workflow,
    turns: document.turn_count,
    toolCalls: document.tool_calls,
    handoffs: handoffsIn(document.turns).length,
    missing: document.usage_sources['missing'] ?? 0,
    costStatus: document.cost.status,
    unpricedTokens: document.cost.unpriced_tokens,
    agents: mapped(document.agent_performance, (agent) => ({
      ...spendOfService(agent),
      turns: agent.message_count,
      toolCalls: agent.tool_calls,
    })),
    models: mapped(document.models, (model) => ({ ...spendOfService(model), errors: model.errors })),
  };
}

describe('a process and the service', () => {
  it('come to the same figures, to the token and to the billionth of a dollar', async () => {
    const sessions = await runEveryKind('acme');
    expect(sessions).toHaveLength(6);
    for (const figures of sessions) {
      const document = async (): Promise<Document> =>
        (await turnmeter.get('acme', `/api/v1/sessions/${figures.session}`)) as Document;
      await expect.poll(async () => ofService(await document()), SETTLED_WITHIN).toEqual(ofProcess(figures));
      const { human_wait_seconds, agent_performance, workflow_version } = await document();
      // As the app says it.
      expect(workflow_version).toBe('3.1');
      expect(Math.abs(human_wait_seconds * 1000 - figures.humanWaitMs)).toBeLessThan(TIME_APART_MS);
      for (const [name, agent] of Object.entries(figures.agents)) {
        const served = agent_performance[name]?.total_response_time_ms ?? 0;
        expect(Math.abs(served - agent.responseMs)).toBeLessThan(TIME_APART_MS * agent.turns);
      }
    }
  });

  it('count the same tokens where the traces were sampled away, by the metrics', async () => {
    const sessions = await runEveryKind('sampled', ['unsampled']);
    const expected = sessions.reduce(
      (sum, { tokens }) => ({
        input: sum.input + tokens.input,
        output: sum.output + tokens.output,
        cache_read: sum.cache_read + tokens.cacheRead,
        cache_write: sum.cache_write + tokens.cacheWrite,
        reasoning: sum.reasoning + tokens.reasoning,
      }),
      { input: 0, output: 0, cache_read: 0, cache_write: 0, reasoning: 0 },
    );
    const counted = async (): Promise<object> => {
      const found = await turnmeter.sessions('sampled');
      expect(found.map(({ session_id }) => session_id)).toEqual([null]);
      return { ...found[0]?.tokens };
    };
    await expect.poll(counted, SETTLED_WITHIN).toMatchObject(expected);
  });
});
