import { findSession, type SessionFigures, type SpendFigures } from '@turnmeter/instrumentation';

/** What a session has used as this process knows it, without a network: for people, or with `--json` for programs. */
export function sessionReport(session: string): string {
  const figures = findSession(session);
  if (process.argv.includes('--json')) return JSON.stringify(figures ?? { session });
  return figures === undefined
    ? 'No session was seen: was Node started with the register flag?'
    : linesOf(figures).join('\n');
}

function linesOf({ session, turns, handoffs, toolCalls, agents, ...all }: SessionFigures): readonly string[] {
  return [
    '',
    `session ${session}: ${turns} turns, ${handoffs} handoffs, ${toolCalls} tool calls`,
    ...Object.entries(agents).map(([name, agent]) => `${name.padEnd(12)} ${agent.turns} turns, ${spendOf(agent)}`),
    `${'all'.padEnd(12)} ${spendOf(all)} (${all.cost.status})`,
  ];
}

function spendOf({ tokens, cost }: SpendFigures): string {
  return `${tokens.input} in, ${tokens.output} out, $${cost.usd.toFixed(6)}`;
}
