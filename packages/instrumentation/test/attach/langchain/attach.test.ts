import { CallbackManager } from '@langchain/core/callbacks/manager';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AsyncCaller } from '@langchain/core/utils/async_caller';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LangChainInstrumentation } from '../../../src/index.ts';
import { startOtlpSink, type OtlpSink } from '../../otlp-sink.ts';
import { record } from '../../recording.ts';
import { runApp } from '../../run-app.ts';
import { CORE_MODULES } from './attached.ts';
import { ADD_CALL, chatModel } from './teams.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

describe('an app that is started with the register flag', () => {
  let sink: OtlpSink;
  beforeEach(async () => {
    sink = await startOtlpSink();
  });
  afterEach(() => sink[Symbol.asyncDispose]());

  it.each(['langgraph.mjs', 'langgraph.cjs'])('reports its agents and each model call once (%s)', async (app) => {
    server.script([{ agent: 'Writer', reply: [ADD_CALL, { text: 'Three.' }] }]);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, MODEL_URL: server.openaiUrl };
    expect(await runApp({ app, env })).toMatchObject({ code: 0, stdout: 'answered\n', stderr: '' });
    expect(sink.spanNames().toSorted()).toEqual([
      'chat gpt-4.1',
      'chat gpt-4.1',
      'chat gpt-4.1',
      'execute_tool add',
      'invoke_agent Writer',
      'invoke_workflow Writer',
    ]);
    const { calls, input, output } = server.totals();
    expect(calls).toBe(3);
    expect(sumOf(sink, 'gen_ai.usage.input_tokens')).toBe(input);
    expect(sumOf(sink, 'gen_ai.usage.output_tokens')).toBe(output);
    const ofWriter = sink.spans().filter(({ attributes }) => attributes['gen_ai.agent.name'] === 'Writer');
    expect(ofWriter.map(({ attributes }) => attributes['gen_ai.conversation.id'])).toEqual(Array(4).fill('s-1'));
  });

  it('reports models that no graph asks', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, MODEL_URL: server.openaiUrl };
    expect(await runApp({ app: 'langchain-core.mjs', env })).toMatchObject({
      code: 0,
      stdout: 'answered\n',
      stderr: '',
    });
    expect(sink.spanNames()).toEqual(['chat gpt-4.1', 'chat gpt-4.1']);
    expect(sink.spans().map(({ attributes }) => attributes['session.id'])).toEqual(['s-1', 's-1']);
    expect(sumOf(sink, 'gen_ai.usage.input_tokens')).toBe(server.totals().input);
  });
});

describe('LangChainInstrumentation', () => {
  it('puts everything back when it is disabled, and attaches again when it is enabled', async () => {
    await using recording = record();
    const before = methods();
    const langchain = new LangChainInstrumentation();
    for (const module of CORE_MODULES) langchain.attach(module);
    for (const module of CORE_MODULES) langchain.attach(module);
    expect(methods().map((method, index) => method === before[index])).toEqual(before.map(() => false));
    await chatModel(server).invoke('Hello');
    expect(recording.spans()).toHaveLength(1);

    langchain.disable();
    expect(methods()).toEqual(before);
    await chatModel(server).invoke('Hello');
    expect(recording.spans()).toHaveLength(1);

    langchain.enable();
    await chatModel(server).invoke('Hello');
    expect(recording.spans()).toHaveLength(2);
    langchain.disable();
    expect(methods()).toEqual(before);
  });

  it('leaves the app’s own list of callbacks as it is', async () => {
    await using recording = record();
    const langchain = new LangChainInstrumentation();
    for (const module of CORE_MODULES) langchain.attach(module);
    const tokens: string[] = [];
    const callbacks = [{ handleLLMNewToken: (token: string) => void tokens.push(token) }];
    for await (const _ of await chatModel(server).stream('Hello', { callbacks }));
    langchain.disable();
    expect(callbacks).toHaveLength(1);
    expect(tokens.length).toBeGreaterThan(0);
    expect(recording.spans()).toHaveLength(1);
  });

  it.each([true, false])('shows what was said only where it is asked to (%s)', async (captureContent) => {
    await using recording = record({ config: { captureContent } });
    const langchain = new LangChainInstrumentation();
    for (const module of CORE_MODULES) langchain.attach(module);
    server.script([{ reply: { text: 'Hello yourself.' } }]);
    await chatModel(server).invoke('Hello');
    langchain.disable();
    const shown = recording.span('chat gpt-4.1').attributes;
    expect([shown['gen_ai.input.messages'], shown['gen_ai.output.messages']]).toEqual(
      captureContent
        ? ['[{"role":"user","content":"Hello"}]', '[{"role":"assistant","content":"Hello yourself."}]']
        : [undefined, undefined],
    );
  });

  it('does nothing to what is not LangChain', () => {
    const langchain = new LangChainInstrumentation();
    expect(() => {
      langchain.attach(undefined);
      langchain.attach({ CallbackManager: 1, BaseChatModel: () => undefined });
    }).not.toThrow();
    langchain.disable();
  });
});

function methods(): readonly unknown[] {
  return [
    Reflect.get(CallbackManager, '_configureSync'),
    Reflect.get(BaseChatModel.prototype, '_generateUncached'),
    Reflect.get(BaseChatModel.prototype, '_generateCached'),
    Reflect.get(BaseChatModel.prototype, '_streamIterator'),
    Reflect.get(AsyncCaller.prototype, 'call'),
  ];
}

function sumOf(sink: OtlpSink, attribute: string): number {
  return sink.spans().reduce((sum, { attributes }) => sum + Number(attributes[attribute] ?? 0), 0);
}
