// An agent of ADK with a tool hands over to another one, in each of two sessions; ADK reports them itself, the client below it is attached to.
import { FunctionTool, InMemoryRunner, LlmAgent } from '@google/adk';
import { z } from 'zod';

const lookUp = new FunctionTool({
  name: 'lookUp',
  description: 'Finds an order.',
  parameters: z.object({}),
  execute: () => ({ found: 'an order' }),
});
for (const sessionId of ['s-1', 's-2']) {
  const agent = (name, options) =>
    new LlmAgent({
      name,
      model: 'gemini-2.5-flash',
      instruction: `[agent:${name}] [session:${sessionId}]`,
      ...options,
    });
  const writer = agent('Writer', { description: 'Writes.' });
  const planner = agent('Planner', { description: 'Plans.', tools: [lookUp], subAgents: [writer] });
  const runner = new InMemoryRunner({ agent: planner, appName: 'report' });
  await runner.sessionService.createSession({ appName: 'report', userId: 'u-1', sessionId });
  const newMessage = { role: 'user', parts: [{ text: 'Hello' }] };
  for await (const event of runner.runAsync({ userId: 'u-1', sessionId, newMessage })) event.id.at(0);
}
console.log('asked');
