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

describe('an app of OpenAI’s agents that is started with the register flag', () => {
  it.each([
    { app: 'openai-agents.mjs', isTraced: true },
    { app: 'openai-agents.cjs', isTraced: true },
    { app: 'openai-agents.mjs', isTraced: false },
  ])('reports its agents and each call once ($app, traced by the SDK: $isTraced)', async ({ app, isTraced }) => {
    server.script([
      { agent: 'Triage', reply: { handoffTo: 'Refunds' } },
      { agent: 'Refunds', reply: [{ toolCalls: [{ name: 'lookUp' }] }, { text: 'Refunded.' }] },
    ]);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      MODEL_URL: server.openaiUrl,
      ...(isTraced ? {} : { OPENAI_AGENTS_DISABLE_TRACING: '1' }),
    };
    expect(await runApp({ app, env })).toMatchObject({ code: 0, stdout: 'answered\n' });
    expect(sink.spanNames().toSorted()).toEqual([
      'chat gpt-4.1',
      'chat gpt-4.1',
      'chat gpt-4.1',
      'execute_tool lookUp',
      'invoke_agent Refunds',
      'invoke_agent Triage',
      'invoke_workflow support',
    ]);
    for (const { attributes } of sink.spans()) expect(attributes['session.id']).toBe('s-1');
    const { input, output } = server.totals();
    const sumOf = (name: string): number =>
      sink.spans().reduce((sum, { attributes }) => sum + Number(attributes[name] ?? 0), 0);
    expect(sumOf('gen_ai.usage.input_tokens')).toBe(input);
    expect(sumOf('gen_ai.usage.output_tokens')).toBe(output);
  });
});
