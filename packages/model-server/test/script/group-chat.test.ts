import OpenAI from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import { groupChatScript, startModelServer, type GroupChatOptions, type ModelServer } from '../../src/index.ts';

let server: ModelServer | undefined;

afterEach(() => server?.close());

async function start(options?: GroupChatOptions): Promise<OpenAI> {
  server = await startModelServer({ script: groupChatScript(options) });
  return new OpenAI({ apiKey: 'test', baseURL: server.openaiUrl });
}

/** A hand-written chat: each speaker gets all that was said so far. */
async function chat(client: OpenAI, session: string, speakers: readonly string[]): Promise<string[]> {
  const said: string[] = [];
  for (const agent of speakers) {
    const { choices } = await client.chat.completions.create({
      model: 'gpt-4.1',
      messages: [
        { role: 'system', content: `You are part of a team. [agent:${agent}] [session:${session}]` },
        { role: 'user', content: 'Write about spring floods.' },
        ...said.map((content) => ({ role: 'user' as const, content })),
      ],
    });
    said.push(choices[0]?.message.content ?? '');
  }
  return said;
}

function tool(name: string): OpenAI.ChatCompletionFunctionTool {
  return { type: 'function', function: { name, parameters: { type: 'object', properties: {} } } };
}

const SPEAKERS = ['Planner', 'Writer', 'Critic', 'Writer', 'Critic'];

describe('the scripted group chat', () => {
  test('ends with the approval of the critic, and not before', async () => {
    const said = await chat(await start(), 's-1', SPEAKERS);

    expect(said.map((text) => text.includes('APPROVED'))).toEqual([false, false, false, false, true]);
    expect(new Set(said).size).toBe(5);
  });

  test('says the same for the same seed and session, whatever other sessions do in between', async () => {
    const client = await start({ seed: 7 });
    const [first] = await Promise.all([chat(client, 's-1', SPEAKERS), chat(client, 's-2', SPEAKERS)]);
    await server?.close();
    const alone = await chat(await start({ seed: 7 }), 's-1', SPEAKERS);
    await server?.close();
    const other = await chat(await start({ seed: 8 }), 's-1', SPEAKERS);

    expect(alone).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('a runaway session never ends and costs more', async () => {
    const client = await start({ runaway: (session) => session === 'mad' });
    const said = await chat(client, 'mad', SPEAKERS);
    await chat(client, 'sane', SPEAKERS);

    expect(said.join(' ')).not.toContain('APPROVED');
    const output = (session: string) => server?.totals((entry) => entry.session === session).output ?? 0;
    expect(output('mad')).toBeGreaterThan(2 * output('sane'));
  });

  test('calls each tool once, hands over while rounds are left, and then speaks', async () => {
    const client = await start({ rounds: 1 });
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Go. [agent:Critic]' }];
    const tools = ['look_up', 'transfer_to_writer', 'transfer_to_editor'].map(tool);
    const steps: unknown[] = [];
    for (let step = 0; step < 4; step += 1) {
      const message = (await client.chat.completions.create({ model: 'gpt-4.1', messages, tools })).choices[0]?.message;
      if (message === undefined) break;
      messages.push(message);
      for (const { id } of message.tool_calls ?? []) messages.push({ role: 'tool', tool_call_id: id, content: 'done' });
      steps.push(message.tool_calls?.map((call) => call.type === 'function' && call.function.name) ?? message.content);
    }

    expect(steps).toEqual([
      ['look_up'],
      ['transfer_to_writer'],
      ['transfer_to_editor'],
      expect.stringContaining('APPROVED'),
    ]);
  });

  test('selects speakers in turn when it is asked to', async () => {
    const client = await start();
    const names: unknown[] = [];
    for (let step = 0; step < 4; step += 1) {
      const content = 'Who speaks next? Answer with one of: Planner, Writer, Critic.';
      const { choices } = await client.chat.completions.create({
        model: 'gpt-4.1',
        messages: [{ role: 'user', content }],
      });
      names.push(choices[0]?.message.content);
    }

    expect(names).toEqual(['Planner', 'Writer', 'Critic', 'Writer']);
  });

  test('does not take a prompt that names its agent for a choice of speakers', async () => {
    const client = await start();
    const { choices } = await client.chat.completions.create({
      model: 'gpt-4.1',
      messages: [{ role: 'user', content: 'Ask one of your agents for a draft, or write it. [agent:Planner]' }],
    });
    expect(choices[0]?.message.content).not.toBe('Planner]');
    expect(choices[0]?.message.content?.split(' ').length).toBeGreaterThan(3);
  });
});
