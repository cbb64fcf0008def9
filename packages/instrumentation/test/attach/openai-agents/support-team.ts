import { Agent, OpenAIProvider, Runner, tool, type AgentOptions } from '@openai/agents';
import type { ModelRequest, ModelServer, Reply } from '@turnmeter/model-server';
import OpenAI from 'openai';
import { z } from 'zod';

type RunnerOptions = NonNullable<ConstructorParameters<typeof Runner>[0]>;

/** A runner that asks the model server. */
export function runnerFor(
  server: ModelServer,
  { api = 'responses', ...options }: RunnerOptions & { readonly api?: 'responses' | 'chat' } = {},
): Runner {
  // The tests' client and the SDK's may be of different copies.
  const openAIClient = new OpenAI({ baseURL: server.openaiUrl, apiKey: 'none' }) as never;
  return new Runner({
    modelProvider: new OpenAIProvider({ openAIClient, useResponses: api === 'responses' }),
    ...options,
  });
}

/** An agent that the server knows by its tags. */
export function agentOf(name: string, session: string, options: Partial<AgentOptions> = {}): Agent {
  return new Agent({
    name,
    instructions: `[agent:${name}][session:${session}]`,
    model: 'gpt-5-mini',
    ...options,
  });
}

/** Triage hands over to Refunds, which looks an order up and asks the Auditor (an agent as a tool) before it answers. */
export function supportTeam(session: string): Agent {
  const lookup = tool({
    name: 'lookup',
    description: 'Finds an order',
    parameters: z.object({ id: z.string() }),
    execute: ({ id }) => `order ${id}`,
  });
  const auditor = agentOf('Auditor', session, { model: 'gpt-5-nano' });
  const audit = auditor.asTool({ toolName: 'audit', toolDescription: 'Asks the auditor' });
  const refunds = agentOf('Refunds', session, { tools: [lookup, audit] });
  return agentOf('Triage', session, { handoffs: [refunds], model: 'gpt-5-nano' });
}

/** What the team says: four calls of a run, with parts of the prompt cached and thoughts in the answer. */
export function supportScript(request: ModelRequest): Reply {
  const usage = { cacheRead: 300, reasoning: 5 };
  if (request.agent === 'Triage') return { handoffTo: 'Refunds', usage };
  if (request.agent === 'Auditor') return { text: 'All is in order.', usage };
  const isAnswered = request.messages.some(({ role }) => role === 'tool');
  if (request.agent === 'Refunds' && !request.messages.some(({ text }) => text.includes('All is in order'))) {
    return {
      toolCalls: [
        { name: 'lookup', arguments: { id: '7' } },
        { name: 'audit', arguments: { input: 'Is order 7 paid?' } },
      ],
      usage,
    };
  }
  return { text: isAnswered ? 'Refunded.' : 'Nothing to do.', usage };
}
