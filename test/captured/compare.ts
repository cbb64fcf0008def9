// Figures of a tenant's sessions beside what the models really served.

import type { Capture, TokenTruth } from './captures.ts';
import type { SessionDocument } from './turnmeter-process.ts';

/** Everything a capture's truth can be compared with, in one value: what is exempt is left out of both sides. */
export interface Figures {
  readonly tokens?: { readonly input: number; readonly output: number };
  readonly parts?: { readonly cacheRead: number; readonly reasoning: number; readonly cacheWrite: number | undefined };
  readonly agents?: Readonly<Record<string, string>>;
  readonly sessions?: readonly string[];
}

export function expectedOf({ truth, exempt }: Capture): Figures {
  const totals = truth.all_sessions.totals;
  const agents: Record<string, { input: number; output: number }> = {};
  for (const [name, tokens] of Object.entries(truth.all_sessions.per_agent))
    add(agents, truth.agent_names?.[name] ?? name, tokens);
  return leaveOut(exempt, {
    tokens: { input: totals.input_tokens, output: totals.output_tokens, ...pick(exempt.totals) },
    parts: {
      cacheRead: totals.cached_input_tokens,
      reasoning: totals.reasoning_output_tokens,
      cacheWrite: totals.cache_write_input_tokens ?? 0,
    },
    agents: Object.fromEntries(Object.entries(agents).map(([name, one]) => [name, amount(one)])),
    sessions:
      exempt.sessions?.toSorted() ??
      Object.values(truth.sessions)
        .map(({ totals: { input_tokens = 0, output_tokens = 0 } }) =>
          amount({ input: input_tokens, output: output_tokens }),
        )
        .filter(isSomething)
        .toSorted(),
  });
}

export function countedOf({ truth, exempt }: Capture, sessions: readonly SessionDocument[]): Figures {
  const sum = (part: keyof SessionDocument['tokens']): number =>
    sessions.reduce((total, { tokens }) => total + tokens[part], 0);
  const agents: Record<string, { input: number; output: number }> = {};
  for (const session of sessions)
    for (const [name, { tokens }] of Object.entries(session.agent_performance)) {
      add(agents, name, { input_tokens: tokens.input, output_tokens: tokens.output });
    }
  const wanted = new Set(Object.keys(truth.all_sessions.per_agent).map((name) => truth.agent_names?.[name] ?? name));
  return leaveOut(exempt, {
    tokens: { input: sum('input'), output: sum('output') },
    parts: { cacheRead: sum('cache_read'), reasoning: sum('reasoning'), cacheWrite: sum('cache_write') },
    // Who is named beside the truth's agents (managers, routers) may have what is left.
    agents: Object.fromEntries(
      Object.entries(agents)
        .filter(([name]) => wanted.has(name))
        .map(([name, one]) => [name, amount(one)]),
    ),
    sessions: chatsOf(truth.session_ids, sessions).map(amount).filter(isSomething).toSorted(),
  });
}

/** Sessions as chats: several ids of one chat (resumed, of a sub-agent) may be kept apart or rolled up. */
function chatsOf(
  ids: Capture['truth']['session_ids'],
  sessions: readonly SessionDocument[],
): readonly { input: number; output: number }[] {
  if (ids === undefined) return sessions.map(({ tokens }) => tokens);
  return Object.values(ids).map((known) => {
    const own = new Set(Array.isArray(known) ? known : Object.keys(known));
    const parts = sessions.filter(({ session_id }) => session_id !== null && own.has(session_id));
    return {
      input: parts.reduce((total, { tokens }) => total + tokens.input, 0),
      output: parts.reduce((total, { tokens }) => total + tokens.output, 0),
    };
  });
}

function leaveOut({ tok, sub, agent, session, cacheWrite }: Capture['exempt'], figures: Required<Figures>): Figures {
  return {
    ...(tok === false ? {} : { tokens: figures.tokens }),
    ...(sub === false
      ? {}
      : { parts: cacheWrite === false ? { ...figures.parts, cacheWrite: undefined } : figures.parts }),
    ...(agent === false ? {} : { agents: figures.agents }),
    ...(session === false ? {} : { sessions: figures.sessions }),
  };
}

function pick(totals: Capture['exempt']['totals'] = {}): Partial<Record<'input' | 'output', number>> {
  const { input, output } = totals;
  return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
}

function add(
  agents: Record<string, { input: number; output: number }>,
  name: string,
  tokens: Pick<TokenTruth, 'input_tokens' | 'output_tokens'>,
): void {
  const own = (agents[name] ??= { input: 0, output: 0 });
  own.input += tokens.input_tokens;
  own.output += tokens.output_tokens;
}

function amount({ input, output }: { readonly input: number; readonly output: number }): string {
  return `${input}/${output}`;
}

function isSomething(text: string): boolean {
  return text !== '0/0';
}
