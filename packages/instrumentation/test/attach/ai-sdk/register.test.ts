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
