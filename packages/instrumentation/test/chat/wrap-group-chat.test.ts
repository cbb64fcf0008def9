import { afterEach, describe, expect, it } from 'vitest';
import { currentSession, findSession, groupChat, instrumentAgent, recordCall, wrapGroupChat } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

const CALL = { usage: { input: 10, output: 1 }, model: 'gpt-5-mini' };

class Agent {
  readonly #greeting = 'I am';
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  async generateReply(messages: readonly string[], ...more: readonly number[]): Promise<string> {
    await Promise.resolve();
    recordCall(CALL);
    return `${this.#greeting} ${this.name}, ${messages.length} ${more.length}`;
  }
}

class Chat {
  readonly agents: readonly Agent[];
  readonly #said: string[] = [];
  constructor(...names: readonly string[]) {
    this.agents = names.map((name) => new Agent(name));
  }
  async runChat(request: { readonly id: string }): Promise<string> {
    for (let at = 0; at < this.agents.length; at++) {
      const agent = await this.selectNext(at);
      this.#said.push((await agent?.generateReply(this.#said)) ?? '');
    }
    return `${request.id}: ${this.#said.join('; ')}`;
  }
  async selectNext(at: number): Promise<Agent | undefined> {
    recordCall(CALL);
    return Promise.resolve(this.agents[at]);
  }
}

describe('an agent that exists', () => {
  it('makes each reply a turn, with its own arguments, this and answer, until it is restored', async () => {
    recording = record();
    const writer = new Agent('Writer');
    const before = Object.getOwnPropertyNames(writer);
    const restore = instrumentAgent(writer, { reply: 'generateReply', selection: 'manual' });
    const chat = groupChat({ workflow: 'blog', session: 's-1' });
    const replaced: unknown = Reflect.get(writer, 'generateReply');
    expect(replaced).toHaveLength(1);
    expect(replaced).toHaveProperty('name', 'generateReply');
    expect(await chat.run(() => writer.generateReply(['hi'], 1, 2))).toBe('I am Writer, 1 2');
    expect(chat.figures()).toMatchObject({ agents: { Writer: { turns: 1, messages: 1, inferences: 1 } } });
    expect(recording.span('invoke_agent Writer').attributes['turnmeter.selection.method']).toBe('manual');
    restore();
    restore();
    expect(Object.getOwnPropertyNames(writer)).toEqual(before);
    await chat.run(() => writer.generateReply([]));
    expect(chat.figures().turns).toBe(1);
  });

  it('speaks in two chats at once, each for itself', async () => {
    recording = record();
    const writer = new Agent('Writer');
    instrumentAgent(writer, { name: 'Author', reply: 'generateReply' });
    const chats = ['a', 'b'].map((session) => groupChat({ workflow: 'blog', session }));
    await Promise.all(chats.map((chat) => chat.run(() => writer.generateReply([]))));
    for (const chat of chats) expect(chat.figures()).toMatchObject({ turns: 1, agents: { Author: { inferences: 1 } } });
  });

  it('is one turn where it asks itself again, and is wrapped once', async () => {
    recording = record();
    const agent = {
      name: 'Retry',
      tries: 0,
      async reply(): Promise<string> {
        recordCall(CALL);
        return ++this.tries < 3 ? this.reply() : 'done';
      },
    };
    const restores = [instrumentAgent(agent, { reply: 'reply' }), instrumentAgent(agent, { reply: 'reply' })];
    const chat = groupChat({ workflow: 'blog', session: 's-2' });
    expect(await chat.run(() => agent.reply())).toBe('done');
    expect(chat.figures().agents).toMatchObject({ Retry: { turns: 1, inferences: 3 } });
    restores[0]?.();
    await chat.run(() => agent.reply());
    expect(chat.figures().turns).toBe(2);
    restores[1]?.();
    await chat.run(() => agent.reply());
    expect(chat.figures().turns).toBe(2);
  });

  it('tells its usage by the answer where no client is attached', async () => {
    recording = record();
    const agent = {
      name: 'Local',
      async reply(): Promise<object> {
        return { text: 'hi', tokens: { in: 12, out: 3 } };
      },
    };
    instrumentAgent(agent, {
      reply: 'reply',
      usage: (reply) => {
        const { tokens } = reply as { readonly tokens: { readonly in: number; readonly out: number } };
        return { usage: { input: tokens.in, output: tokens.out }, model: 'local' };
      },
    });
    const chat = groupChat({ workflow: 'blog', session: 's-3' });
    await chat.run(() => agent.reply());
    expect(chat.figures().agents).toMatchObject({ Local: { tokens: { input: 12, output: 3 } } });
  });

  it('is left alone where it has another shape, and never breaks by what the options do', async () => {
    recording = record();
    const frozen = Object.freeze({ reply: () => 'same' });
    expect(() => instrumentAgent(frozen, { reply: 'reply' })()).not.toThrow();
    expect(() => instrumentAgent({ a: 1 }, { reply: 'nothing' })()).not.toThrow();
    expect(frozen.reply()).toBe('same');
    const agent = { reply: () => 'answer' };
    const wrong = (): never => {
      throw new Error('option');
    };
    instrumentAgent(agent, { reply: 'reply', name: wrong, usage: wrong, from: wrong });
    expect(agent.reply()).toBe('answer');
  });
});

describe('a group-chat object that exists', () => {
  it('tells of runs, selections and turns by the names of its methods', async () => {
    recording = record();
    const chat = new Chat('Planner', 'Writer');
    const restore = wrapGroupChat(chat, {
      workflow: 'blog',
      tenant: 'acme',
      run: 'runChat',
      selectSpeaker: 'selectNext',
      agents: ({ agents }) => agents,
      conversationId: (request: { readonly id: string }) => request.id,
    });
    expect(await chat.runChat({ id: 'c-1' })).toBe('c-1: I am Planner, 0 0; I am Writer, 1 0');
    expect(findSession('c-1', 'acme')).toMatchObject({
      turns: 2,
      inferences: 4,
      speakerSelection: { inferences: 2 },
      agents: { Planner: { inferences: 1 }, Writer: { inferences: 1 } },
      handoffs: 1,
    });
    restore();
    expect(Object.getOwnPropertyNames(chat)).toEqual(['agents']);
    await chat.runChat({ id: 'c-2' });
    expect(findSession('c-2', 'acme')).toBeUndefined();
    expect(findSession('c-1', 'acme')?.inferences).toBe(4);
  });

  it('may be a class, whose chats are sessions of their own', async () => {
    recording = record();
    const sessions: (string | undefined)[] = [];
    const restore = wrapGroupChat(Chat.prototype, {
      workflow: 'blog',
      run: 'runChat',
      agents: (chat) => {
        queueMicrotask(() => sessions.push(currentSession()?.session));
        return chat.agents;
      },
    });
    const [one, two] = [new Chat('A'), new Chat('A')];
    await Promise.all([one.runChat({ id: '1' }), two.runChat({ id: '2' })]);
    await one.runChat({ id: '3' });
    restore();
    const seen = recording.spans().filter(({ name }) => name.startsWith('invoke_workflow'));
    const ids = seen.map(({ attributes }) => attributes['session.id']);
    expect(new Set(ids).size).toBe(2);
    expect(ids).toHaveLength(3);
    expect(recording.spans().filter(({ name }) => name === 'invoke_agent A')).toHaveLength(3);
  });

  it('is one run where it runs itself again', async () => {
    recording = record();
    const chat = {
      rounds: 0,
      async run(): Promise<number> {
        recordCall(CALL);
        return ++this.rounds < 3 ? this.run() : this.rounds;
      },
    };
    wrapGroupChat(chat, { workflow: 'blog', run: 'run', conversationId: 'c-3' });
    expect(await chat.run()).toBe(3);
    expect(recording.spans().filter(({ name }) => name.startsWith('invoke_workflow'))).toHaveLength(1);
    expect(findSession('c-3')?.inferences).toBe(3);
  });

  it('runs on where the options fail', async () => {
    recording = record();
    const wrong = (): never => {
      throw new Error('option');
    };
    const chat = new Chat('A');
    wrapGroupChat(chat, { workflow: 'blog', run: 'runChat', agents: wrong, conversationId: wrong });
    expect(await chat.runChat({ id: '1' })).toBe('1: I am A, 0 0');
  });
});
