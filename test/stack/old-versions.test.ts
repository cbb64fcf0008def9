// The oldest versions that are said to be supported, each in an app that is started with the flag: what the service counts is what the
// model server billed.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { groupChatScript, startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TurnmeterProcess } from '../captured/turnmeter-process.ts';
import { installApp, type SubApp } from './install-app.ts';
import { type AppRun, runApp } from './run-app.ts';
import { billed, counted } from './spending.ts';

interface Old extends SubApp {
  /** How many calls the app makes with this version. */
  readonly calls: number;
  readonly env?: Readonly<Record<string, string>>;
}

const REGISTER = ['--import', '@turnmeter/instrumentation/register'];
const ZOD_3 = { zod: '3.25.76' };

const APPS: Readonly<Record<string, Old>> = {
  'openai 4': { app: 'openai.mjs', calls: 3, dependencies: { openai: '4.0.0' } },
  'openai 5': { app: 'openai.mjs', calls: 5, dependencies: { openai: '5.0.1' } },
  'openai 6': { app: 'openai.mjs', calls: 5, dependencies: { openai: '6.0.0' } },
  '@anthropic-ai/sdk 0.20': { app: 'anthropic.mjs', calls: 3, dependencies: { '@anthropic-ai/sdk': '0.20.0' } },
  '@google/genai 1': { app: 'google-genai.mjs', calls: 3, dependencies: { '@google/genai': '1.0.0' } },
  '@openai/agents 0.1': {
    app: 'openai-agents.mjs',
    calls: 6,
    dependencies: { '@openai/agents': '0.1.0', openai: '5.0.1', ...ZOD_3 },
  },
  'LangGraph 0.1 with @langchain/core 0.2': {
    app: 'langgraph.mjs',
    calls: 5,
    env: { PROMPT_OPTION: 'messageModifier' },
    dependencies: {
      '@langchain/core': '0.2.36',
      '@langchain/langgraph': '0.1.9',
      '@langchain/openai': '0.2.11',
      ...ZOD_3,
    },
  },
  'LangGraph 0.4 with @langchain/core 0.3': {
    app: 'langgraph.mjs',
    calls: 5,
    env: { PROMPT_OPTION: 'prompt' },
    dependencies: {
      '@langchain/core': '0.3.80',
      '@langchain/langgraph': '0.4.9',
      '@langchain/openai': '0.6.17',
      ...ZOD_3,
    },
  },
  // Not attached to: it reports itself, where an app asks for that.
  'ai 5': { app: 'ai-sdk.mjs', calls: 3, dependencies: { ai: '5.0.0', '@ai-sdk/openai': '2.0.0', ...ZOD_3 } },
  'ai 6': { app: 'ai-sdk.mjs', calls: 3, dependencies: { ai: '6.0.111', '@ai-sdk/openai': '3.0.35', ...ZOD_3 } },
};

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

/** Runs an app to its end; fails where the service counts anything else than what was billed. */
async function ask(
  tenant: string,
  options: {
    readonly folder: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly flags?: readonly string[];
  },
): Promise<AppRun> {
  const { folder, env = {}, flags = REGISTER } = options;
  const run = await runApp({
    folder,
    args: [...flags, 'app.mjs'],
    env: {
      OPENAI_URL: server.openaiUrl,
      ANTHROPIC_URL: server.anthropicUrl,
      GOOGLE_URL: server.googleUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: turnmeter.otlpUrl,
      OTEL_EXPORTER_OTLP_HEADERS: `x-scope-orgid=${tenant}`,
      ...env,
    },
  });
  await expect
    .poll(async () => counted(await turnmeter.sessions(tenant)), { timeout: 20_000 })
    .toEqual(billed(server.ledger));
  return run;
}

describe('an app with the oldest supported version of', () => {
  let folder: string;
  beforeAll(async () => {
    const subApps = Object.entries(APPS).map(([name, { app, dependencies }]) => [idOf(name), { app, dependencies }]);
    folder = await installApp('old-versions', Object.fromEntries(subApps) as Record<string, SubApp>);
  });

  it.each(Object.entries(APPS))('%s is counted', async (name, { calls, env }) => {
    const run = await ask(idOf(name), {
      folder: path.join(folder, 'apps', idOf(name)),
      ...(env === undefined ? {} : { env }),
    });
    expect(run).toMatchObject({ code: 0, stdout: 'asked\n' });
    expect(run.stderr).not.toContain('turnmeter:');
    expect(server.totals().calls).toBe(calls);
  });
});

describe('an app with an SDK of OpenTelemetry’s generation 2', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await installApp('sdk-2');
    await cp(path.join(import.meta.dirname, 'old-versions', 'openai.mjs'), path.join(folder, 'app.mjs'));
  });

  it.each([
    ['before', [...REGISTER, '--import', './sdk.mjs']],
    ['after', ['--import', './sdk.mjs', ...REGISTER]],
  ])('is joined, if the flag comes %s it', async (order, flags) => {
    const run = await ask(`sdk-2-${order}`, { folder, flags });
    expect(run).toMatchObject({ code: 0, stdout: 'asked\n', stderr: '' });
    expect(server.totals().calls).toBe(5);
  });
});

/** A name that folders, packages and tenants may have. */
function idOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z\d.]+/g, '-')
    .replace(/^-/, '');
}
