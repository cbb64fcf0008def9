import { copyFile, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOtlpSink, type OtlpSink } from '../../otlp-sink.ts';
import { runApp } from '../../run-app.ts';

let server: ModelServer;
let sink: OtlpSink;
beforeEach(async () => {
  server = await startModelServer();
  sink = await startOtlpSink();
});
afterEach(async () => {
  await sink[Symbol.asyncDispose]();
  await server.close();
});

describe('an app of the AI SDK that is started with the register flag', () => {
  it('reports agents by their ids, and each call, also those that would not be told', async () => {
    server.script([{ agent: 'Writer', reply: [{ toolCalls: [{ name: 'lookUp' }] }, { text: 'Written.' }] }]);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, MODEL_URL: server.openaiUrl };
    // The app's own integration has heard of its call once.
    expect(await runApp({ app: 'ai-sdk.mjs', env })).toMatchObject({ code: 0, stdout: 'Written. 1\n', stderr: '' });
    expect(sink.spanNames().toSorted()).toEqual([
      'chat gpt-4.1',
      'chat gpt-4.1',
      'chat gpt-4.1',
      'chat gpt-4.1',
      'execute_tool lookUp',
      'invoke_agent Writer',
    ]);
    const { calls, input, output } = server.totals();
    expect(calls).toBe(4);
    const sumOf = (name: string): number =>
      sink.spans().reduce((sum, { attributes }) => sum + Number(attributes[name] ?? 0), 0);
    expect(sumOf('gen_ai.usage.input_tokens')).toBe(input);
    expect(sumOf('gen_ai.usage.output_tokens')).toBe(output);
  });

  it('shows nothing of what was said in a call that opted out, also where content is asked for', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      MODEL_URL: server.openaiUrl,
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
    };
    expect(await runApp({ app: 'ai-sdk.mjs', env })).toMatchObject({ code: 0, stderr: '' });
    const calls = sink.spans().filter(({ name }) => name.startsWith('chat'));
    const shown = calls.filter(({ attributes }) => attributes['gen_ai.input.messages'] !== undefined);
    // Of the agent's call, the one that opted out and the one with another integration, the second says nothing.
    expect([calls.length, shown.length]).toEqual([3, 2]);
  });
});

describe('an app of version 6 that is started with the register flag', () => {
  let folder: string;
  // Where `ai` is that version.
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'ai-sdk-six-')));
    await mkdir(path.join(folder, 'node_modules/@ai-sdk'), { recursive: true });
    const link = async (name: string, alias: string): Promise<void> =>
      symlink(await realpath(path.join(OUR_PACKAGES, alias)), path.join(folder, 'node_modules', name));
    await link('ai', 'ai-6');
    await link('@ai-sdk/openai', 'ai-sdk-openai-3');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each(['ai-sdk-six.mjs', 'ai-sdk-six.cjs'])('reports objects, embeddings and errors too (%s)', async (app) => {
    await copyFile(path.join(APPS, app), path.join(folder, app));
    server.script(({ model }) => (model === 'gpt-broken' ? { status: 400 } : {}));
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, MODEL_URL: server.openaiUrl };
    const run = await runApp({ app: path.relative(APPS, path.join(folder, app)), env });
    expect(run).toMatchObject({ code: 0, stdout: 'AI_APICallError\n' });
    expect(sink.spanNames().toSorted()).toEqual([
      'chat gpt-4.1',
      'chat gpt-4.1',
      'chat gpt-4.1',
      'chat gpt-broken',
      'embeddings text-embedding-3-small',
      'embeddings text-embedding-3-small',
      'invoke_agent Writer',
    ]);
    const failed = sink.spans().find(({ name }) => name === 'chat gpt-broken');
    expect(failed?.attributes['error.type']).toBe('APICallError');
    const sumOf = (name: string): number =>
      sink.spans().reduce((sum, { attributes }) => sum + Number(attributes[name] ?? 0), 0);
    const { calls, input, output } = server.totals();
    expect(calls).toBe(5);
    expect(sumOf('gen_ai.usage.input_tokens')).toBe(input);
    expect(sumOf('gen_ai.usage.output_tokens')).toBe(output);
  });
});

const APPS = path.join(import.meta.dirname, '../../apps');
const OUR_PACKAGES = path.join(import.meta.dirname, '../../../node_modules');
