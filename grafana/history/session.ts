// One made-up session: who speaks, what is called, how long it takes. Times and amounts are drawn; the same for the same random numbers.

import type { SeededRandom } from '@turnmeter/budget/forecast';
import { DAY_MS } from './calendar.ts';
import type { AgentHabit, ModelName, ToolHabit, WorkflowHabit } from './habits.ts';

export interface CallPlan {
  readonly startMs: number;
  readonly endMs: number;
  readonly model: ModelName;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly errorType?: string;
}

export interface ToolPlan {
  readonly startMs: number;
  readonly endMs: number;
  readonly name: string;
  readonly errorType?: string;
}

export interface TurnPlan {
  readonly agent: string;
  /** Who spoke before. */
  readonly from?: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly personMs: number;
  readonly calls: readonly CallPlan[];
  readonly tools: readonly ToolPlan[];
  readonly errorType?: string;
}

export interface SessionPlan {
  readonly id: string;
  readonly tenant: string;
  readonly workflow: string;
  readonly version: string;
  readonly user: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly turns: readonly TurnPlan[];
  readonly isFailed: boolean;
}

export interface SessionStart {
  readonly id: string;
  readonly beganMs: number;
  /** End of the history. */
  readonly nowMs: number;
  readonly isOutlier: boolean;
}

/** Of a session that goes round in circles. */
const OUTLIER_TURNS_MAX = 90;
const USERS = ['ada', 'bruno', 'chen', 'dana', 'emil', 'farah', 'goran', 'hana', 'ines', 'jonas', 'kofi', 'lena'];
/** What is added to the context of those who speak later, for each token that was answered. */
const HEARD_SHARE = 1.6;
const PERSON_MS = 95_000;
/** Between two things that happen in a session. */
const PAUSE_MS = 40;
const TOKENS_PER_SECOND = 72;
const PROMPT_TOKENS_PER_SECOND = 14_000;
/** A turn whose calls fail so often in a row has failed: clients differ in patience. */
const TRIES = [1, 2, 3];

export function planSession(habit: WorkflowHabit, start: SessionStart, random: SeededRandom): SessionPlan {
  const { id, beganMs, nowMs } = start;
  const version = versionAt(habit, beganMs, nowMs);
  const size = spread(random, 0.35) * version.promptFactor * growth(habit, (nowMs - beganMs) / DAY_MS);
  const turnsMax = start.isOutlier ? OUTLIER_TURNS_MAX : habit.turnsMax;
  const turns: TurnPlan[] = [];
  let [timeMs, heardTokens] = [beganMs + PAUSE_MS, 0];
  let agent = habit.agents[0];
  while (agent !== undefined && turns.length < turnsMax) {
    const from = turns.at(-1)?.agent;
    const turn = planTurn({ agent, from, timeMs, heardTokens, size }, random);
    turns.push(turn);
    timeMs = turn.endMs + PAUSE_MS;
    heardTokens += HEARD_SHARE * sum(turn.calls.map(({ outputTokens }) => outputTokens));
    if (turn.errorType !== undefined) break;
    const next = nextSpeaker(agent, random, start.isOutlier);
    agent = habit.agents.find(({ name }) => name === next);
  }
  return {
    id,
    tenant: habit.tenant,
    workflow: habit.workflow,
    version: version.name,
    user: random.pick(USERS),
    startMs: beganMs,
    endMs: timeMs,
    turns,
    isFailed: turns.at(-1)?.errorType !== undefined,
  };
}

interface TurnStart {
  readonly agent: AgentHabit;
  readonly from: string | undefined;
  readonly timeMs: number;
  readonly heardTokens: number;
  readonly size: number;
}

function planTurn({ agent, from, timeMs, heardTokens, size }: TurnStart, random: SeededRandom): TurnPlan {
  const calls: CallPlan[] = [];
  const tools: ToolPlan[] = [];
  let nowMs = timeMs + PAUSE_MS;
  let promptTokens = agent.promptTokens * size * spread(random, 0.25) + heardTokens;
  const rounds = agent.tools !== undefined && random.uniform() < 0.5 ? 2 : 1;
  let errorType: string | undefined;
  for (let round = 0; round < rounds && errorType === undefined; round++) {
    const tries = random.pick(TRIES);
    for (let attempt = 1; attempt <= tries; attempt++) {
      const call = planCall(agent, { startMs: nowMs, promptTokens }, random);
      calls.push(call);
      nowMs = call.endMs + PAUSE_MS;
      errorType = call.errorType;
      if (errorType === undefined) break;
    }
    if (round === rounds - 1 || errorType !== undefined || agent.tools === undefined) continue;
    const tool = planTool(random.pick(agent.tools), nowMs, random);
    tools.push(tool);
    nowMs = tool.endMs + PAUSE_MS;
    promptTokens += 1200 * spread(random, 0.6);
  }
  const personMs = random.uniform() < (agent.asksPersonShare ?? 0) ? PERSON_MS * spread(random, 0.8) : 0;
  const told = { ...(from === undefined || from === agent.name ? {} : { from }), ...failed(errorType) };
  return {
    agent: agent.name,
    ...told,
    startMs: timeMs,
    endMs: Math.round(nowMs + personMs),
    personMs: Math.round(personMs),
    calls,
    tools,
  };
}

function planCall(
  agent: AgentHabit,
  { startMs, promptTokens }: { readonly startMs: number; readonly promptTokens: number },
  random: SeededRandom,
): CallPlan {
  const { model } = agent;
  const isFailed = random.uniform() < (agent.failureShare ?? FAILURE_SHARE);
  const inputTokens = Math.round(promptTokens);
  if (isFailed) {
    const errorType = random.pick(['rate_limit_exceeded', 'timeout', 'overloaded_error']);
    const none = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 };
    return { startMs, endMs: startMs + Math.round(900 * spread(random, 0.8)), model, ...none, errorType };
  }
  const outputTokens = Math.max(8, Math.round(agent.answerTokens * spread(random, 0.45)));
  const reasoningTokens = Math.round(outputTokens * (agent.reasoningShare ?? 0));
  const cachedTokens = Math.round(inputTokens * Math.min(0.95, agent.cachedShare * spread(random, 0.2)));
  const seconds = 0.35 + inputTokens / PROMPT_TOKENS_PER_SECOND + outputTokens / TOKENS_PER_SECOND;
  const endMs = startMs + Math.round(1000 * seconds * spread(random, 0.3));
  return { startMs, endMs, model, inputTokens, cachedTokens, outputTokens, reasoningTokens };
}

const FAILURE_SHARE = 0.004;

function planTool({ name, seconds, failureShare = 0.005 }: ToolHabit, startMs: number, random: SeededRandom): ToolPlan {
  const endMs = startMs + Math.round(1000 * seconds * spread(random, 0.5));
  return { name, startMs, endMs, ...failed(random.uniform() < failureShare ? 'tool_error' : undefined) };
}

function failed(errorType: string | undefined): { readonly errorType?: string } {
  return errorType === undefined ? {} : { errorType };
}

function nextSpeaker(agent: AgentHabit, random: SeededRandom, neverEnds: boolean): string {
  const choices = Object.entries(agent.next).filter(([name]) => !(neverEnds && name === 'end'));
  let left = random.uniform() * sum(choices.map(([, weight]) => weight));
  for (const [name, weight] of choices) {
    left -= weight;
    if (left <= 0) return name;
  }
  return 'end';
}

function versionAt(habit: WorkflowHabit, timeMs: number, nowMs: number): WorkflowHabit['versions'][number] {
  const daysAgo = (nowMs - timeMs) / DAY_MS;
  const found = habit.versions.findLast((version) => version.daysAgo >= daysAgo);
  if (found === undefined)
    throw new Error(`${habit.workflow} has no version ${daysAgo} days ago, expected one for ever`);
  return found;
}

function growth({ dailyGrowth = 0 }: WorkflowHabit, daysAgo: number): number {
  return (1 + dailyGrowth) ** -daysAgo;
}

/** Log-normal around 1. */
function spread(random: SeededRandom, sigma: number): number {
  return Math.exp(sigma * random.normal());
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
