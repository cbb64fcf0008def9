// Two agents of VoltAgent in each of two sessions, one with a tool and one that streams; VoltAgent reports them itself, on top of the AI SDK.
import { createOpenAI } from '@ai-sdk/openai';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { Agent, createTool, VoltAgentObservability } from '@voltagent/core';
import { z } from 'zod';

const observability = new VoltAgentObservability({
  serviceName: 'report',
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
const lookUp = createTool({
  name: 'lookUp',
  description: 'Finds an order.',
  parameters: z.object({}),
  execute: async () => 'an order',
});
const model = createOpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_URL }).chat('gpt-4.1');
for (const session of ['s-1', 's-2']) {
  const agent = (name, tools) =>
    new Agent({ name, instructions: `[agent:${name}] [session:${session}]`, model, tools, observability });
  const options = { conversationId: session, userId: 'u-1' };
  await agent('Planner', [lookUp]).generateText('Hello', options);
  const { textStream } = await agent('Writer', []).streamText('Hello', options);
  for await (const text of textStream) text.at(0);
}
await observability.shutdown();
console.log('asked');
process.exit(0);
