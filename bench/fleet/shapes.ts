// How sessions of made-up workflows go. Each shape is a habit that real ones have and that projections are not told.

import type { SessionTraits } from '@turnmeter/budget';
import type { SeededRandom } from '@turnmeter/budget/forecast';
import { RECORDED_SESSIONS, type RecordedSession } from './recorded-sessions.ts';

/** What a shape makes a session of. */
export interface ShapeContext {
  readonly random: SeededRandom;
  /** Of the session among all of its workflow, from 0. */
  readonly place: number;
  readonly sessions: number;
  /** What wanders from session to session, in logarithms; a shape may move it. */
  readonly wander: { cost: number; turns: number };
}

export interface MadeUpCosts {
  /** Of each turn, nano-USD. */
  readonly turnCosts: readonly number[];
  readonly traits?: SessionTraits;
}

type Shape = (context: ShapeContext) => MadeUpCosts;

/** What a turn of an ordinary agent costs: a cent. */
const CENT = 1e7;
const TURNS_MAX = 400;

export const SHAPES = {
  steady: ({ random }) => {
    const dear = spread(random, 0.3);
    return turnsOf(spread(random, 0.5, 8), () => CENT * dear * spread(random, 0.4));
  },
  'always alike': ({ random }) => turnsOf(10, () => CENT * spread(random, 0.1)),
  'no end in sight': ({ random }) => turnsOf(geometric(random, 0.85), () => CENT * spread(random, 0.6)),
  'Pareto turns and costs': ({ random }) => turnsOf(pareto(random, 1.3, 3), () => 1e6 * pareto(random, 1.8)),
  'growing context': ({ random }) => {
    const dear = spread(random, 0.3);
    return turnsOf(spread(random, 0.7, 10), (turn) => 0.2 * CENT * dear * (3 + turn) * spread(random, 0.3));
  },
  drift: ({ random, place, sessions }) => {
    const dear = Math.exp((2 * place) / sessions);
    const long = Math.exp((0.7 * place) / sessions);
    return turnsOf(spread(random, 0.4, 8 * long), () => CENT * dear * spread(random, 0.4));
  },
  'shift up': ({ random, place, sessions }) => {
    const isAfter = place > 0.6 * sessions;
    return turnsOf(spread(random, 0.4, isAfter ? 16 : 7), () => (isAfter ? 3 : 1) * CENT * spread(random, 0.4));
  },
  'shift down': ({ random, place, sessions }) => {
    const isAfter = place > 0.6 * sessions;
    return turnsOf(spread(random, 0.4, isAfter ? 5 : 14), () => (isAfter ? 0.5 : 2) * CENT * spread(random, 0.4));
  },
  'new versions': ({ random, place }) => {
    const release = Math.floor(place / 120);
    // As if drawn: each release is dearer or cheaper, and longer or shorter, than the one before.
    const dear = Math.exp(Math.sin(release * 12.9898) * 0.8);
    const long = Math.exp(Math.sin(release * 78.233) * 0.7);
    const traits = { version: `${release}.0` };
    return { ...turnsOf(spread(random, 0.4, 9 * long), () => CENT * dear * spread(random, 0.4)), traits };
  },
  'two versions at a time': ({ random }) => {
    const isNew = random.uniform() < 0.5;
    const costs = turnsOf(spread(random, 0.3, isNew ? 20 : 5), () => (isNew ? 1 : 2) * CENT * spread(random, 0.4));
    return { ...costs, traits: { version: isNew ? 'b' : 'a' } };
  },
  loops: ({ random }) => {
    const isLoop = random.uniform() < 0.08;
    return turnsOf(
      spread(random, 0.4, isLoop ? 60 : 7),
      (turn) => (isLoop && turn > 8 ? 0.6 : 1) * CENT * spread(random, 0.3),
    );
  },
  'two outcomes': ({ random }) =>
    turnsOf(spread(random, 0.2, random.uniform() < 0.4 ? 24 : 4), () => CENT * spread(random, 0.3)),
  'day and night': ({ random, place }) => {
    const hour = Math.sin(place / 15);
    return turnsOf(
      spread(random, 0.4, 8 * Math.exp(0.3 * hour)),
      () => CENT * Math.exp(0.8 * hour) * spread(random, 0.4),
    );
  },
  'two regimes': ({ random, place }) => {
    const isBusy = Math.floor(place / 60) % 2 === 1;
    return turnsOf(spread(random, 0.4, isBusy ? 18 : 6), () => (isBusy ? 2 : 1) * CENT * spread(random, 0.5));
  },
  wandering: ({ random, wander }) => {
    wander.cost += 0.05 * random.normal();
    wander.turns += 0.04 * random.normal();
    const { cost, turns } = wander;
    return turnsOf(spread(random, 0.4, 8 * Math.exp(turns)), () => CENT * Math.exp(cost) * spread(random, 0.4));
  },
  'dear first turn': ({ random }) =>
    turnsOf(spread(random, 0.5, 8), (turn) => (turn === 0 ? 20 * spread(random, 0.8) : spread(random, 0.3)) * CENT),
  'dear last turn': ({ random }) => {
    const { turnCosts } = turnsOf(spread(random, 0.4, 8), () => CENT * spread(random, 0.3));
    return { turnCosts: [...turnCosts, 15 * CENT * spread(random, 0.5)] };
  },
  'rare dear calls': ({ random }) =>
    turnsOf(
      spread(random, 0.4, 8),
      () => (random.uniform() < 0.03 ? 20 * pareto(random, 1.2) : spread(random, 0.3)) * CENT,
    ),
  'free turns': ({ random }) =>
    turnsOf(spread(random, 0.5, 7), () => (random.uniform() < 0.3 ? 0 : CENT * spread(random, 0.5))),
  'cut off at twelve': ({ random }) => turnsOf(Math.min(12, spread(random, 0.6, 9)), () => CENT * spread(random, 0.4)),
  'as long as the prompt': ({ random }) => {
    const prompt = spread(random, 1, 1000);
    const costs = turnsOf(spread(random, 0.3, 3 + prompt / 300), () => 1e4 * prompt * spread(random, 0.2));
    return { ...costs, traits: { firstPromptTokens: Math.round(prompt * spread(random, 0.1)) } };
  },
  'three ways in': ({ random }) => {
    const [entryAgent, long] = random.pick([
      ['triage', 3],
      ['coder', 9],
      ['researcher', 25],
    ] as const);
    return { ...turnsOf(spread(random, 0.3, long), () => CENT * spread(random, 0.3)), traits: { entryAgent } };
  },
  'recorded: handoff swarm': replayed(RECORDED_SESSIONS['handoff-swarm']),
  'recorded: managed group chat': replayed(RECORDED_SESSIONS['managed-group-chat']),
  'recorded: supervised team': replayed(RECORDED_SESSIONS['supervised-team']),
} as const satisfies Readonly<Record<string, Shape>>;

export type ShapeName = keyof typeof SHAPES;

/** How a session of a shape goes. */
export function shapeOf(name: ShapeName): Shape {
  return SHAPES[name];
}

/** How much replays differ from what was recorded, in logarithms: scripted models say the same each time, others do not. */
const REPLAY_SIGMA = 0.2;

/** Any of the recorded sessions again, its prompts and answers longer or shorter. */
function replayed(recorded: readonly RecordedSession[]): Shape {
  return ({ random }) => {
    const { turnCosts, entryAgent, firstPromptTokens } = random.pick(recorded);
    return {
      turnCosts: turnCosts.map((cost) => Math.round(cost * spread(random, REPLAY_SIGMA))),
      traits: { entryAgent, firstPromptTokens: Math.round(firstPromptTokens * spread(random, REPLAY_SIGMA)) },
    };
  };
}

/** A session of so many turns, at least one, each of which costs what is said. */
function turnsOf(turns: number, cost: (turn: number) => number): MadeUpCosts {
  const length = Math.min(TURNS_MAX, Math.max(1, Math.round(turns)));
  return { turnCosts: Array.from({ length }, (_, turn) => Math.round(cost(turn))) };
}

/** Log-normal around a middle. */
function spread(random: SeededRandom, sigma: number, middle = 1): number {
  return middle * Math.exp(sigma * random.normal());
}

function pareto(random: SeededRandom, tail: number, least = 1): number {
  return least / (1 - random.uniform()) ** (1 / tail);
}

function geometric(random: SeededRandom, goesOn: number): number {
  let turns = 1;
  while (random.uniform() < goesOn && turns < TURNS_MAX) turns++;
  return turns;
}
