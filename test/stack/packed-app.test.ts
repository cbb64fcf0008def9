// The packages as npm would publish them, in a fresh app: ES modules and CommonJS, on the Nodes that are supported, by the flag and in the
// app's own SDK. What the service counts is what the model server billed.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { groupChatScript, startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TurnmeterProcess } from '../captured/turnmeter-process.ts';
import { installApp } from './install-app.ts';
import { CACHE } from './pack-packages.ts';
import { type AppRun, runApp } from './run-app.ts';
import { billed, counted } from './spending.ts';

/** The oldest supported, the newest of its line (in which hooks of imports work otherwise), and the one after the repository's own. */
const NODES = ['22.15.0', '22.23.3', '26.10.0'];
const CHATTED = { code: 0, stdout: 'chatted\n' };
const REGISTER = ['--import', '@turnmeter/instrumentation/register'];

let directory: string;
let turnmeter: TurnmeterProcess;
let folder: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-stack-'));
  folder = await installApp('packed-app');
  turnmeter = await TurnmeterProcess.start(path.join(directory, 'data'));
});
afterAll(async () => {
  await turnmeter.stop();
  await rm(directory, { recursive: true, force: true });
});

let server: ModelServer;
beforeEach(async () => {
  const script = groupChatScript();
  let refusals = 0;
  server = await startModelServer({
    // The client tries again by itself, which must not be a second call.
    script: (request) =>
      request.agent === 'Critic' && refusals++ === 0 ? { status: 429, retryAfter: 0 } : script(request),
  });
});
afterEach(() => server.close());

/** Runs the app to its end; fails where the service counts anything else than what was billed. */
async function chat(tenant: string, args: readonly string[], node = process.execPath): Promise<AppRun> {
  const run = await runApp({
    folder,
    node,
    args,
    env: {
      MODEL_URL: server.openaiUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: turnmeter.otlpUrl,
      OTEL_EXPORTER_OTLP_HEADERS: `x-scope-orgid=${tenant}`,
    },
  });
  // Three sessions, each of a planner (2 calls), a writer (2) and a critic (2).
  expect(server.totals()).toMatchObject({ calls: 18 });
  await expect
    .poll(async () => counted(await turnmeter.sessions(tenant)), { timeout: 20_000 })
    .toEqual(billed(server.ledger));
  return run;
}

/** A Node from npm, whose package of that name only downloads in a script. */
async function installNode(version: string): Promise<string> {
  const home = path.join(CACHE, `node-${version}`);
  const name = `node-${process.platform}-${process.arch}`;
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'package.json'), '{"private":true}');
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`], {
    cwd: home,
  });
  return path.join(home, 'node_modules', name, 'bin', 'node');
}

describe.each(['app.mjs', 'app.cjs'])('the flag, with %s,', (app) => {
  it('counts what was billed, once', async () => {
    const run = await chat(`flag-${app}`, [...REGISTER, app]);
    expect(run).toMatchObject({ ...CHATTED, stderr: '' });
  });

  it.each([
    ['before', [...REGISTER, '--import', './auto-sdk.mjs']],
    ['after', ['--import', './auto-sdk.mjs', ...REGISTER]],
  ])('counts it in an app that has an SDK of its own, if it comes %s that', async (order, flags) => {
    const run = await chat(`flag-${order}-sdk-${app}`, [...flags, app]);
    expect(run).toMatchObject({ ...CHATTED, stderr: '' });
  });

  it('counts it once in an app whose own SDK has the plugin too', async () => {
    const run = await chat(`flag-and-plugin-${app}`, [...REGISTER, '--import', './own-sdk.mjs', app]);
    expect(run).toMatchObject({ ...CHATTED, stderr: '' });
  });
});

describe('an app that sets up the plugin in its own SDK', () => {
  it('as ES modules counts what was billed, beside all that OpenTelemetry instruments', async () => {
    const hooks = ['--experimental-loader', '@opentelemetry/instrumentation/hook.mjs'];
    const run = await chat('sdk-esm', [...hooks, '--import', './own-sdk.mjs', 'app.mjs']);
    expect(run).toMatchObject(CHATTED);
  });

  it('as CommonJS counts what was billed, beside all that OpenTelemetry instruments', async () => {
    const run = await chat('sdk-cjs', ['--require', './own-sdk.cjs', 'app.cjs']);
    expect(run).toMatchObject(CHATTED);
  });
});

describe.each(NODES)('on Node %s', (version) => {
  let node: string;
  beforeAll(async () => {
    node = await installNode(version);
  });

  it.each(['app.mjs', 'app.cjs'])('the flag counts what was billed, once (%s)', async (app) => {
    const run = await chat(`node-${version}-${app}`, [...REGISTER, app], node);
    expect(run).toMatchObject({ ...CHATTED, stderr: '' });
  });
});
