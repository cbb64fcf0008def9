// Apps that are instrumented by somebody else too, or by a framework that reports itself, started with the flag: each call is seen by both,
// and counted once.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { groupChatScript, startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TurnmeterProcess } from '../captured/turnmeter-process.ts';
import { installApp } from './install-app.ts';
import { runApp } from './run-app.ts';
import { acts, billed, counted, type Spending } from './spending.ts';

const REGISTER = ['--import', '@turnmeter/instrumentation/register'];
const TWO_TURNS = { 's-1': '2 turns, 1 tools', 's-2': '2 turns, 1 tools' };
const ONE_TURN = { 's-1': '1 turns, 3 tools', 's-2': '1 turns, 3 tools' };
const TEAM_TURNS = { 's-1': '2 turns, 1 tools', 's-2': '1 turns, 1 tools' };
const OWN_SCOPE = '@turnmeter/instrumentation';

let directory: string;
let turnmeter: TurnmeterProcess;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-stack-'));
  turnmeter = await TurnmeterProcess.start(path.join(directory, 'data'));
});
afterAll(async () => {
  await turnmeter.stop();
  await rm(directory, { recursive: true, force: true });
});

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer({ script: groupChatScript({ rounds: 1 }) });
});
afterEach(() => server.close());

interface Meeting {
  readonly folder: string;
  readonly tenant: string;
  /** What follows `node`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whose spans tell of the calls. */
  readonly scopes: readonly string[];
  /** What the other one hides. */
  readonly hidden?: 'agents' | 'inferences' | undefined;
}

/** Runs an app to its end; fails where the service does not get all spans, or counts anything else than what was billed. */
async function meet({ folder, tenant, args, env = {}, scopes, hidden }: Meeting): Promise<void> {
  const run = await runApp({
    folder,
    args,
    env: {
      OPENAI_URL: server.openaiUrl,
      GOOGLE_GEMINI_BASE_URL: server.googleUrl,
      GEMINI_API_KEY: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: turnmeter.otlpUrl,
      OTEL_EXPORTER_OTLP_HEADERS: `x-scope-orgid=${tenant}`,
      ...env,
    },
  });
  if (run.code !== 0 || !run.stdout.includes('asked')) throw new Error(`the app ended with ${run.code}: ${run.stderr}`);
  // First of all, since metrics may tell the figures before the spans come.
  await expect.poll(() => scopesOf(tenant), { timeout: 20_000 }).toEqual(expect.arrayContaining([...scopes]));
  await expect
    .poll(async () => without(hidden, counted(await turnmeter.sessions(tenant))), { timeout: 20_000 })
    .toEqual(without(hidden, billed(server.ledger)));
}

/** Whose spans had usage. */
async function scopesOf(tenant: string): Promise<readonly string[]> {
  const producers = await turnmeter.producers(tenant);
  const spans = producers.filter(({ signal, with_usage: reports }) => signal === 'span' && reports > 0);
  return [...new Set(spans.flatMap(({ scopes }) => scopes))].toSorted();
}

function without(part: Meeting['hidden'], spending: Spending): Spending {
  if (part === undefined) return spending;
  return Object.fromEntries(
    Object.entries(spending).map(([session, one]) => [session, { ...one, [part]: undefined }]),
  ) as Spending;
}

describe.each([
  {
    name: 'clients',
    others: {
      openinference: '@arizeai/openinference-instrumentation-openai',
      opentelemetry: '@opentelemetry/instrumentation-openai',
      openlit: '@openlit/instrumentation-openai',
    },
  },
  {
    name: 'langfuse-and-openllmetry',
    others: { langfuse: 'langfuse-sdk', openllmetry: '@traceloop/instrumentation-openai' },
  },
])('a group chat by hand, instrumented by others too ($name)', ({ name, others }) => {
  let folder: string;
  beforeAll(async () => {
    folder = await installApp(`coexistence/${name}`);
    await cp(path.join(import.meta.dirname, 'coexistence', 'chat.cjs'), path.join(folder, 'chat.cjs'));
  });

  it.each(Object.entries(others))('is counted once beside %s, whoever comes first', async (other, scope) => {
    const theirs = ['--require', `./${other}.cjs`];
    for (const [order, flags] of Object.entries({ first: [...REGISTER, ...theirs], last: [...theirs, ...REGISTER] })) {
      server.clearLedger();
      const scopes = [OWN_SCOPE, scope];
      await meet({ folder, tenant: `${other}-${order}`, args: [...flags, 'chat.cjs'], scopes });
      // Three sessions, each of a planner (1 call), a writer (1) and a critic (3).
      expect(server.totals().calls).toBe(15);
    }
  });
});

describe('frameworks that are attached to, instrumented by others too', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await installApp('coexistence/frameworks');
    for (const app of ['langgraph.mjs', 'openai-agents.mjs'])
      await cp(path.join(import.meta.dirname, 'old-versions', app), path.join(folder, app));
  });

  it.each([
    ['openai-agents', '@arizeai/openinference-instrumentation-openai-agents', TWO_TURNS],
    ['langgraph', '@arizeai/openinference-instrumentation-langchain', TEAM_TURNS],
  ])('are counted once: %s beside %s', async (app, scope, expected) => {
    const args = [...REGISTER, '--import', './openinference.mjs', `${app}.mjs`];
    await meet({ folder, tenant: app, args, env: { PROMPT_OPTION: 'prompt' }, scopes: [OWN_SCOPE, scope] });
    expect(acts(await turnmeter.sessions(app))).toEqual(expected);
  });

  it('are counted once: langgraph beside OpenLLMetry, which takes from LangChain what run is above which', async () => {
    const args = [...REGISTER, '--import', './openllmetry.mjs', 'langgraph.mjs'];
    const tenant = 'langgraph-openllmetry';
    const scopes = [OWN_SCOPE, '@traceloop/instrumentation-langchain'];
    await meet({ folder, tenant, args, env: { PROMPT_OPTION: 'prompt' }, scopes, hidden: 'agents' });
    expect(server.totals().calls).toBe(5);
  });
});

describe('frameworks that report themselves', () => {
  it.each([
    { name: 'strands', sdks: ['none', 'own'], scopes: [OWN_SCOPE, 'strands-agents'], expected: TWO_TURNS },
    { name: 'adk', sdks: ['none', 'own'], scopes: [OWN_SCOPE, 'gcp.vertex.agent'], expected: ONE_TURN },
    // The next two have an SDK inside, and let nobody else's spans out. VoltAgent tells the sum of an agent's calls, not how many there were.
    { name: 'mastra', sdks: ['none'], scopes: ['@mastra/otel-exporter'], expected: TWO_TURNS },
    {
      name: 'voltagent',
      sdks: ['none'],
      scopes: ['@voltagent/core'],
      expected: TWO_TURNS,
      hidden: 'inferences' as const,
    },
  ])('are counted once: $name', async ({ name, sdks, scopes, expected, hidden }) => {
    const folder = await installApp(`coexistence/${name}`);
    for (const sdk of sdks) {
      server.clearLedger();
      const tenant = `${name}-${sdk}`;
      const own = sdk === 'own' ? ['--import', './sdk.mjs'] : [];
      await meet({ folder, tenant, args: [...REGISTER, ...own, 'app.mjs'], scopes, hidden });
      expect(acts(await turnmeter.sessions(tenant))).toEqual(expected);
    }
  });
});
