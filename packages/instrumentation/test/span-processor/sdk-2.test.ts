// SDK 2 has other packages, other names on its spans, and a provider that says less; the processor is the same.

import { metrics, trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type SpanProcessor } from 'sdk-trace-base-2';
import { afterEach, expect, it } from 'vitest';
import { configure, findSession, groupChat } from '../../src/index.ts';
import { processState } from '../../src/session/process-state.ts';
import { TurnmeterSpanProcessor } from '../../src/span-processor/turnmeter-span-processor.ts';

afterEach(() => {
  trace.disable();
  metrics.disable();
});

it('stamps and counts the spans of SDK 2', async () => {
  processState().sessions = undefined;
  configure({});
  const exporter = new InMemorySpanExporter();
  const processor = new TurnmeterSpanProcessor();
  const asSdkHasIt: SpanProcessor = processor;
  const provider = new BasicTracerProvider({ spanProcessors: [asSdkHasIt, new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('their-instrumentation');
  await provider.forceFlush();
  groupChat({ session: 's-1', workflow: 'support' }).turn({ agent: 'Writer' }, () => {
    tracer
      .startSpan('ChatCompletion', {
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.model_name': 'gpt-5-mini',
          'llm.token_count.prompt': 1000,
          'llm.token_count.completion': 100,
        },
      })
      .end();
  });
  expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({
    'session.id': 's-1',
    'gen_ai.workflow.name': 'support',
    'gen_ai.agent.name': 'Writer',
  });
  expect(findSession('s-1')).toMatchObject({
    inferences: 1,
    tokens: { input: 1000, output: 100 },
    agents: { Writer: { tokens: { input: 1000 } } },
  });
  await provider.shutdown();
});
