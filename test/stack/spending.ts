// What the model server billed, and what the service says, in one form.

import type { LedgerEntry } from '@turnmeter/model-server';
import type { SessionDocument } from '../captured/turnmeter-process.ts';

/** By session (or `none`): calls and tokens in all, and by agent and by model, as `<input> in, <output> out`. */
export type Spending = Readonly<Record<string, SessionSpending>>;

interface SessionSpending {
  readonly inferences: number;
  readonly tokens: SessionDocument['tokens'];
  readonly agents: Readonly<Record<string, string>>;
  readonly models: Readonly<Record<string, string>>;
}

/** What was billed. Calls that failed are counted where the app's client had no answer to retry for. */
export function billed(ledger: readonly LedgerEntry[]): Spending {
  const sessions = Map.groupBy(
    ledger.filter((entry) => entry.billed),
    ({ session }) => session ?? NONE,
  );
  return Object.fromEntries(
    [...sessions].map(([session, entries]) => [
      session,
      {
        inferences: entries.length,
        tokens: {
          input: sum(entries, 'input'),
          output: sum(entries, 'output'),
          cache_read: sum(entries, 'cacheRead'),
          cache_write: sum(entries, 'cacheWrite'),
          reasoning: sum(entries, 'reasoning'),
        },
        agents: amounts(entries, ({ agent }) => agent),
        models: amounts(entries, ({ model, responseModel }) => responseModel ?? model),
      },
    ]),
  );
}

/** What the service counted. */
export function counted(sessions: readonly SessionDocument[]): Spending {
  return Object.fromEntries(
    sessions
      .filter(({ session_id: id, inferences }) => id !== null || inferences > 0)
      .map(({ session_id: id, inferences, tokens, agent_performance: agents, models }) => [
        id ?? NONE,
        { inferences, tokens, agents: amountsOf(agents), models: amountsOf(models) },
      ]),
  );
}

const NONE = 'none';

function sum(entries: readonly LedgerEntry[], part: keyof LedgerEntry['usage']): number {
  return entries.reduce((total, { usage }) => total + usage[part], 0);
}

function amounts(
  entries: readonly LedgerEntry[],
  nameOf: (entry: LedgerEntry) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    [...Map.groupBy(entries, nameOf)]
      .filter(([name]) => name !== undefined)
      .map(([name, own]) => [name, amount({ input: sum(own, 'input'), output: sum(own, 'output') })]),
  );
}

function amountsOf(parts: SessionDocument['agent_performance']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts)
      .map(([name, { tokens }]) => [name, amount(tokens)] as const)
      .filter(([, text]) => text !== amount({ input: 0, output: 0 })),
  );
}

function amount({ input, output }: { readonly input: number; readonly output: number }): string {
  return `${input} in, ${output} out`;
}

/** What the service counted that agents did, by session: `<turns> turns, <tool calls> tools`. */
export function acts(sessions: readonly SessionDocument[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sessions
      .filter(({ turn_count: turns, tool_calls: tools }) => turns + tools > 0)
      .map(({ session_id: id, turn_count: turns, tool_calls: tools }) => [
        id ?? NONE,
        `${turns} turns, ${tools} tools`,
      ]),
  );
}
