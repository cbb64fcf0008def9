// Two agents of Mastra in each of two sessions, one with a tool and one that streams; Mastra reports them itself, and has an AI SDK of its own.
import { createOpenAI } from '@ai-sdk/openai';
import { Mastra } from '@mastra/core';
import { Agent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { Observability } from '@mastra/observability';
import { OtelExporter } from '@mastra/otel-exporter';
import { z } from 'zod';

const [name, value] = process.env.OTEL_EXPORTER_OTLP_HEADERS.split('=');
const exporter = new OtelExporter({
  provider: {
    custom: {
      endpoint: `${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
      protocol: 'http/protobuf',
      headers: { [name]: value },
    },
  },
  signals: { logs: false },
});
const lookUp = createTool({
  id: 'lookUp',
  description: 'Finds an order.',
  inputSchema: z.object({}),
  execute: async () => ({ found: 'an order' }),
});
const model = createOpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_URL }).chat('gpt-4.1');
const planner = new Agent({ id: 'Planner', name: 'Planner', instructions: 'Plan.', model, tools: { lookUp } });
const writer = new Agent({ id: 'Writer', name: 'Writer', instructions: 'Write.', model });
const mastra = new Mastra({
  agents: { planner, writer },
  observability: new Observability({ configs: { otel: { serviceName: 'report', exporters: [exporter] } } }),
});
for (const session of ['s-1', 's-2']) {
  const options = (agent) => ({
    instructions: `[agent:${agent}] [session:${session}]`,
    tracingOptions: { metadata: { sessionId: session } },
  });
  await mastra.getAgent('planner').generate('Hello', options('Planner'));
  const { textStream } = await mastra.getAgent('writer').stream('Hello', options('Writer'));
  for await (const text of textStream) text.at(0);
}
await mastra.observability.shutdown();
console.log('asked');
