// A group chat that is built like AG2's: agents with hooks, a manager that repeats each message to the others, and the names that AG2's
// analytics had. docs/from-ag2.md of @turnmeter/instrumentation says what became of each of them.
//
// npm run -s example -- ag2-style
//
// With `turnmeter up` beside it the session is compared with the ones before:
// TURNMETER_URL=http://127.0.0.1:8318 npm run -s example -- ag2-style

import {
  AgentResponseTimeTracker,
  createResponseTrackingHooks,
  TokenManager,
  type ResponseTimes,
  type SessionReport,
} from '@turnmeter/instrumentation/ag2';
import OpenAI from 'openai';
import { startModel } from '../start-model.ts';
import { ConversableAgent, type Message } from './conversable-agent.ts';

const WORKFLOW = 'ag2-writers-room';
const ROUNDS_MAX = 4;

const model = await startModel();
const client = new OpenAI({ apiKey: model.apiKey, baseURL: model.baseURL });
const agents = [
  new ConversableAgent('Planner', { systemMessage: 'You split the task into steps.', client }),
  new ConversableAgent('Writer', { systemMessage: 'You write the text.', client }),
  new ConversableAgent('Critic', { systemMessage: 'You find faults. When there are none, say APPROVED.', client }),
];
const manager = new ConversableAgent('chat_manager', { systemMessage: 'You lead the chat.', client });

const tokenTracker = new TokenManager({ workflow: WORKFLOW, user: 'ada' });
await tokenTracker.initialize();
const tracker = new AgentResponseTimeTracker();
const [beforeReply, beforeSend] = createResponseTrackingHooks({ tracker, workflow: WORKFLOW, tokenTracker });
for (const agent of [...agents, manager]) {
  agent.registerHook('process_all_messages_before_reply', (messages) => beforeReply(agent, messages));
  agent.registerHook('process_message_before_send', beforeSend);
}

await runChat('Write about tides.');
const report = await tokenTracker.finalizeSession({ outcome: 'success' });
if (process.argv.includes('--json')) console.log(JSON.stringify({ report, times: tracker.responseTimes() }));
else show(report, tracker.responseTimes());
await model.close();

/** In turns, until the Critic is content. */
async function runChat(task: string): Promise<void> {
  const messages: Message[] = [{ name: 'User', content: task }];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    for (const speaker of agents) {
      if (speaker.name === 'Planner' && round > 0) continue;
      const reply = speaker.send(await speaker.generateReply(messages, tokenTracker.sessionId), manager);
      messages.push(reply);
      // As in AG2, the manager passes each message on: those are no turns of the manager.
      for (const other of agents) if (other !== speaker) manager.send(reply, other, true);
      if (speaker.name === 'Critic' && reply.content.includes('APPROVED')) return;
    }
  }
}

function show({ source, reason, session_summary: summary, ...rest }: SessionReport, times: ResponseTimes): void {
  console.log(`session ${rest.session_id}: ${summary.total_tokens} tokens, $${summary.total_cost.toFixed(6)}`);
  for (const [name, { message_count: count }] of Object.entries(rest.agent_performance)) {
    const mean = times.agents[name]?.replies.mean;
    console.log(`${name.padEnd(8)} ${count} turns, ${mean?.toFixed(0) ?? '-'} ms a reply`);
  }
  const { performance_comparison: comparison } = rest;
  if (source === 'local') console.log(`figures of this process alone (${reason ?? ''})`);
  else console.log(comparison?.explanation ?? 'no other session to compare with');
}
