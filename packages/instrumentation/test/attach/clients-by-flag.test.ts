import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOtlpSink, type OtlpSink } from '../otlp-sink.ts';
import { runApp, type AppRun } from '../run-app.ts';

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

describe.each(['clients.mjs', 'clients.cjs'])('an app that uses three clients, run with the flag (%s)', (app) => {
  const run = (isRegistered = true): Promise<AppRun> =>
    runApp({
      app,
      isRegistered,
      env: {
        OPENAI_URL: server.openaiUrl,
        ANTHROPIC_URL: server.anthropicUrl,
        GOOGLE_URL: server.googleUrl,
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        TURNMETER_SESSION: 's-1',
        TURNMETER_WORKFLOW: 'sea',
      },
    });

  it('has every call counted, with the ledger’s tokens, and runs as it does without', async () => {
    const plain = await run(false);
    server.clearLedger();
    const { code, stdout, stderr } = await run();
    expect({ code, stdout, stderr }).toEqual({ code: plain.code, stdout: plain.stdout, stderr: plain.stderr });
    const calls = sink.spans().filter(({ attributes }) => attributes['turnmeter.usage.source'] !== undefined);
    expect(calls.map(({ name }) => name)).toEqual([
      'chat gpt-5-mini',
      'chat gpt-5-mini',
      'chat claude-opus-4-8',
      'chat claude-opus-4-8',
      'generate_content gemini-2.5-flash',
      'generate_content gemini-2.5-flash',
      'chat gpt-5-nano',
    ]);
    const unread = calls.at(-1);
    expect(unread?.attributes).toMatchObject({ 'turnmeter.usage.source': 'missing' });
    const sum = (name: string): number =>
      calls.reduce((total, { attributes }) => total + Number(attributes[name] ?? 0), 0);
    const { input, output, calls: served } = server.totals(({ model }) => model !== 'gpt-5-nano');
    expect(served).toBe(6);
    expect(sum('gen_ai.usage.input_tokens')).toBe(input);
    expect(sum('gen_ai.usage.output_tokens')).toBe(output);
    for (const { attributes } of calls) {
      expect(attributes).toMatchObject({ 'gen_ai.conversation.id': 's-1', 'gen_ai.workflow.name': 'sea' });
    }
  });
});
