// The examples of frameworks as anybody runs them, with nothing but the flag: what the service says of them is what the model server served.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LedgerTotals, ModelServer } from '@turnmeter/model-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffsIn, type SpokenTurn } from '../captured/handoffs-in.ts';
import { TurnmeterProcess } from '../captured/turnmeter-process.ts';
import { figuresOf, runExample, startScriptedModel } from './run-example.ts';

const TENANT = 'acme';
const SETTLED_WITHIN = { timeout: 30_000, interval: 250 };

let directory: string;
let turnmeter: TurnmeterProcess;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-examples-'));
  turnmeter = await TurnmeterProcess.start(path.join(directory, 'data'));
});
afterAll(async () => {
  await turnmeter.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('an example of a framework', () => {
  it('OpenAI Agents: handoffs, a tool, and an agent as a tool', async () => {
    await using server = await startScriptedModel();
    const session = await run('openai-agents', server);
    // Planner, Writer, Critic, Writer, Critic: 5 turns and 4 handoffs. The Critic asks the Proofreader once: a turn within its own, no
    // handoff. A call each to hand over or to end (5), one to look up, one to ask the Proofreader, and the Proofreader's own: 8.
    expect(callsByAgent(server)).toEqual({ Planner: 1, Writer: 3, Critic: 3, Proofreader: 1 });
    const served = servedBy(server, {
      turns: { Planner: 1, Writer: 2, Critic: 2, Proofreader: 1 },
      toolCalls: { Writer: 1, Critic: 1 },
    });
    await expect
      .poll(() => read(session), SETTLED_WITHIN)
      .toMatchObject({
        ...served,
        workflow: 'agents-writers-room',
        handoffs: ['Planner > Writer', 'Writer > Critic', 'Critic > Writer', 'Writer > Critic'],
      });
  });

  it('LangGraph: a supervisor with three agents', async () => {
    await using server = await startScriptedModel();
    const session = await run('langgraph', server);
    // The Supervisor gives work to the Researcher, the Writer, the Critic and the Researcher again, and ends: 5 + 4 turns, 8 handoffs. A call
    // a turn, and the Researcher another one in each of its turns, to look up: 11. To LangGraph giving work away is a tool too: 4 of it.
    expect(callsByAgent(server)).toEqual({ Supervisor: 5, Researcher: 4, Writer: 1, Critic: 1 });
    const served = servedBy(server, {
      turns: { Supervisor: 5, Researcher: 2, Writer: 1, Critic: 1 },
      toolCalls: { Supervisor: 4, Researcher: 2 },
    });
    await expect
      .poll(() => read(session), SETTLED_WITHIN)
      .toMatchObject({
        ...served,
        workflow: 'graph-writers-room',
        handoffs: ['Researcher', 'Writer', 'Critic', 'Researcher'].flatMap((agent) => [
          `Supervisor > ${agent}`,
          `${agent} > Supervisor`,
        ]),
      });
  });

  it('AI SDK: agents as tools of another agent', async () => {
    await using server = await startScriptedModel();
    const session = await run('ai-sdk', server);
    // The Editor asks the Writer, then the Critic, each within its own turn: 3 turns, no handoff. The Editor's calls are to ask twice and to
    // end, the Writer's to look up and to write: 3 + 2 + 1.
    expect(callsByAgent(server)).toEqual({ Editor: 3, Writer: 2, Critic: 1 });
    const served = servedBy(server, {
      turns: { Editor: 1, Writer: 1, Critic: 1 },
      toolCalls: { Editor: 2, Writer: 1 },
    });
    await expect
      .poll(() => read(session), SETTLED_WITHIN)
      .toMatchObject({ ...served, workflow: 'sdk-writers-room', handoffs: [] });
  });

  it.each(['openai-agents', 'langgraph', 'ai-sdk'])(
    '%s runs without a key and prints figures for people',
    async (name) => {
      const { code, stdout } = await runExample(name);
      expect(code).toBe(0);
      expect(stdout).toMatch(/session [\da-f-]{36}: [1-9] turns, \d handoffs, [1-9] tool calls/);
      expect(stdout).toMatch(/all +\d+ in, \d+ out, \$0\.\d{6} \(exact\)/);
    },
  );
});

/** @returns the session of the only chat that there was. What the process itself says of it is right. */
async function run(example: string, server: ModelServer): Promise<string> {
  const { code, stderr, documents } = await runExample(example, {
    args: ['--json'],
    env: {
      OPENAI_BASE_URL: server.openaiUrl,
      OPENAI_API_KEY: 'none',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: turnmeter.otlpUrl,
      OTEL_EXPORTER_OTLP_HEADERS: `x-scope-orgid=${TENANT}`,
    },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const sessions = new Set(server.ledger.map(({ session }) => session));
  expect(sessions.size).toBe(1);
  const [session = ''] = sessions;
  expect(documents).toMatchObject([{ session, ...figuresOf(server.totals()) }]);
  return session;
}

function callsByAgent(server: ModelServer): Readonly<Record<string, number>> {
  return Object.fromEntries(namesIn(server, 'agent').map((agent) => [agent, callsOf(server, { agent }).calls]));
}

/** What the API has to say: tokens by the ledger, turns and tool calls by what the agents did. */
function servedBy(
  server: ModelServer,
  { turns, toolCalls }: Readonly<Record<'turns' | 'toolCalls', Readonly<Record<string, number>>>>,
): object {
  const agents = namesIn(server, 'agent').map((agent) => {
    const [message_count = 0, tool_calls = 0] = [turns[agent], toolCalls[agent]];
    return [agent, { ...spend(callsOf(server, { agent })), message_count, tool_calls }] as const;
  });
  const models = namesIn(server, 'model').map((model) => [model, spend(callsOf(server, { model }))] as const);
  return {
    ...spend(server.totals()),
    turn_count: sum(turns),
    tool_calls: sum(toolCalls),
    errors: 0,
    usage_sources: { provider: server.totals().calls },
    agent_performance: Object.fromEntries(agents),
    models: Object.fromEntries(models),
  };
}

function namesIn(server: ModelServer, key: 'agent' | 'model'): readonly string[] {
  return [...new Set(server.ledger.map((call) => call[key] ?? ''))];
}

function callsOf(
  server: ModelServer,
  { agent, model }: { readonly agent?: string; readonly model?: string },
): LedgerTotals {
  return server.totals((call) => (agent ?? call.agent) === call.agent && (model ?? call.model) === call.model);
}

/** As the API names it. */
function spend({ calls, input, output, cacheRead, cacheWrite, reasoning }: LedgerTotals): object {
  return { inferences: calls, tokens: { input, output, cache_read: cacheRead, cache_write: cacheWrite, reasoning } };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

async function read(session: string): Promise<object | undefined> {
  const document = await turnmeter.get(TENANT, `/api/v1/sessions/${session}`);
  if (document === undefined) return undefined;
  return { ...document, handoffs: handoffsIn((document as { readonly turns: readonly SpokenTurn[] }).turns) };
}
