import { describe, expect, it } from 'vitest';
import { figuresOf, runExample, startScriptedModel } from './run-example.ts';

const AGENTS = ['Planner', 'Writer', 'Critic'];

describe('the hand-written group chat', () => {
  it('shows to the token what the model server served, by agent and by model', async () => {
    await using server = await startScriptedModel();
    const env = { OPENAI_BASE_URL: server.openaiUrl, OPENAI_API_KEY: 'none' };
    const { code, documents, stderr } = await runExample('group-chat', { args: ['--json'], env });
    expect({ code, stderr: stderr.includes('Error') }).toEqual({ code: 0, stderr: false });
    expect(server.totals().calls).toBeGreaterThan(6);
    const [figures] = documents as [{ readonly agents: object; readonly models: object }];
    expect(figures).toMatchObject(figuresOf(server.totals()));
    expect(Object.keys(figures.agents).toSorted()).toEqual(AGENTS.toSorted());
    for (const agent of AGENTS) {
      expect(figures.agents).toHaveProperty(
        agent,
        expect.objectContaining(figuresOf(server.totals((call) => call.agent === agent))),
      );
    }
    for (const model of ['gpt-5-mini', 'gpt-5-nano']) {
      expect(figures.models).toHaveProperty(
        [model],
        expect.objectContaining(figuresOf(server.totals((call) => call.model === model))),
      );
    }
    expect(figures).toMatchObject({
      speakerSelection: figuresOf(server.totals((call) => call.agent === 'Manager')),
      cost: { status: 'exact', unpricedTokens: 0 },
    });
  });

  it('runs without a key and prints figures for people', async () => {
    const { code, stdout } = await runExample('group-chat');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Planner .*…\n +\d+ tokens, \$0\.\d{6}/);
    expect(stdout).toMatch(/choosing \d+ in, \d+ out, \$0\.\d{6}/);
  });
});

describe('the chat with a budget', () => {
  it('is warned, degraded, paused and stopped, and nothing is asked after', async () => {
    await using server = await startScriptedModel();
    const env = { OPENAI_BASE_URL: server.openaiUrl, OPENAI_API_KEY: 'none' };
    const { code, stdout } = await runExample('budget', { env });
    expect(code).toBe(0);
    const steps = [...stdout.matchAll(/^\[(\w+)\]/gm)].map(([, step]) => step);
    expect(steps.filter((step, at) => step !== steps[at - 1])).toEqual([
      'notify',
      'degrade',
      'notify',
      'pause',
      'resume',
      'stop',
    ]);
    expect(stdout).toContain('no model is asked: ');
    expect(stdout).toContain(`${server.totals().calls} model calls`);
    expect(new Set(server.ledger.map(({ model }) => model))).toEqual(new Set(['gpt-5-mini', 'gpt-5-nano']));
  });
});

describe('the web server', () => {
  it('has figures of its own for each of many chats at a time', async () => {
    await using server = await startScriptedModel();
    const env = { OPENAI_BASE_URL: server.openaiUrl, OPENAI_API_KEY: 'none' };
    const { code, documents } = await runExample('express', { args: ['--json'], env });
    expect(code).toBe(0);
    const chats = documents as readonly { readonly session: string; readonly agents: object }[];
    expect(chats).toHaveLength(12);
    for (const figures of chats) {
      const totals = server.totals((call) => call.session === figures.session);
      expect(totals.calls).toBeGreaterThan(2);
      expect(figures).toMatchObject(figuresOf(totals));
      for (const agent of AGENTS) {
        const own = server.totals((call) => call.session === figures.session && call.agent === agent);
        expect(figures.agents).toHaveProperty(agent, expect.objectContaining(figuresOf(own)));
      }
    }
  });
});

describe('the chat in the style of AG2', () => {
  it('reports what the model server served, with a time for each reply', async () => {
    await using server = await startScriptedModel();
    const env = { OPENAI_BASE_URL: server.openaiUrl, OPENAI_API_KEY: 'none' };
    const { code, documents } = await runExample('ag2-style', { args: ['--json'], env });
    expect(code).toBe(0);
    const { input, output } = server.totals();
    const counts = AGENTS.map((agent) => [agent, server.totals((call) => call.agent === agent).calls] as const);
    expect(documents).toMatchObject([
      {
        report: {
          source: 'local',
          reason: 'no_aggregator',
          session_summary: { total_tokens: input + output, agents_used: AGENTS },
          agent_performance: Object.fromEntries(counts.map(([agent, calls]) => [agent, { message_count: calls }])),
        },
        times: {
          agents: Object.fromEntries(counts.map(([agent, calls]) => [agent, { replies: { n: calls }, abandoned: 0 }])),
          unmatchedMessages: 0,
        },
      },
    ]);
  });
});
