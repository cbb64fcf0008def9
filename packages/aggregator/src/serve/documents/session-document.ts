import { explainCode } from '@turnmeter/accounting';
import { handoffsOf } from '../../query/handoffs.ts';
import type { Session } from '../../query/list-sessions.ts';
import { Facet, type Line, linesBy, sumOfAll } from '../../query/lines.ts';
import { agentsOf, costStatusOf, type SessionFigures } from '../../query/session-figures.ts';
import { describe } from '../../query/statistics.ts';
import { addInto, NO_SUMS, type Sums } from '../../query/sums.ts';
import type { Turn } from '../../query/turns.ts';
import { distributionOf, isoOf, type MoneyDocument, moneyOf, quotient, tokensOf, usdOf } from './amounts.ts';
import type {
  AgentDocument,
  CostDocument,
  HandoffDocument,
  ModelDocument,
  SessionDetailDocument,
  SessionDocument,
  SessionSummaryDocument,
  ToolDocument,
  TurnDocument,
  WitnessDocument,
} from './session-schema.ts';

/** A session in a list. `nowUs` is when a session that runs is looked at. */
export function sessionDocument({ figures, finalization }: Session, nowUs: number): SessionDocument {
  const { lines, sessionId, userId } = figures;
  const all = sumOfAll(lines);
  return {
    session_id: sessionId === '' ? null : sessionId,
    tenant: figures.tenant,
    workflow: figures.workflow,
    workflow_version: figures.workflowVersion === '' ? null : figures.workflowVersion,
    user: userId === '' ? null : userId,
    state: sessionId === '' ? null : finalization === undefined ? 'running' : 'finalized',
    started_at: isoOf(figures.beganUs),
    ended_at: isoOf(figures.endedUs),
    finalized_at: finalization === undefined ? null : isoOf(finalization.finalizedUs),
    amendments: finalization?.amendments ?? 0,
    session_summary: summaryDocument(figures),
    active_seconds: figures.activeUs / 1e6,
    human_wait_seconds: all.human_wait_us / 1e6,
    tokens: tokensOf(all),
    inferences: all.inferences,
    tool_calls: all.tool_calls,
    turn_count: figures.turns.length,
    errors: all.errors,
    cost: costDocument(lines),
    agent_performance: agentDocuments(figures),
    models: modelDocuments(lines),
    tools: Object.fromEntries(linesBy(lines, Facet.TOOL).map(({ name, sums }) => [name, toolDocument(sums)])),
    usage_sources: Object.fromEntries(
      linesBy(lines, Facet.USAGE_SOURCE).map(({ name, sums }) => [name, callsOf(sums)]),
    ),
    usage_note: usageNote(lines),
    is_truncated: figures.isTruncated,
    timestamp: isoOf(finalization?.finalizedUs ?? nowUs),
  };
}

export function sessionDetailDocument(
  session: Session,
  { nowUs, guard }: { readonly nowUs: number; readonly guard: SessionDetailDocument['guard'] },
): SessionDetailDocument {
  const { lines, turns } = session.figures;
  return {
    ...sessionDocument(session, nowUs),
    turns: turns.map(turnDocument),
    handoffs: handoffsOf(turns).map(({ from, to, count, gapUs, inputTokens }): HandoffDocument => ({
      from: nameOf(from),
      to: nameOf(to),
      count,
      avg_gap_ms: gapUs / count / 1000,
      input_tokens: inputTokens,
    })),
    witnesses: linesBy(lines, Facet.EXCLUSION).map((line) => witnessDocument(line, sumOfAll(lines))),
    notes: linesBy(lines, Facet.NOTE).map(({ name, sums }) => ({
      code: name,
      records: sums.records,
      explanation: explainCode(name),
    })),
    guard,
  };
}

export function summaryDocument(figures: SessionFigures): SessionSummaryDocument {
  const all = sumOfAll(figures.lines);
  return {
    total_tokens: all.input_tokens + all.output_tokens,
    total_cost: usdOf(all.cost_nano_usd),
    session_duration_seconds: (figures.endedUs - figures.beganUs) / 1e6,
    agents_used: agentsOf(figures),
  };
}

function nameOf(speaker: string): string | null {
  return speaker === '' ? null : speaker;
}

function agentDocuments(figures: SessionFigures): Readonly<Record<string, AgentDocument>> {
  const turns = Map.groupBy(figures.turns, ({ speaker }) => speaker);
  const sums = new Map(linesBy(figures.lines, Facet.AGENT).map((line) => [line.name, line.sums]));
  const names = [...new Set([...sums.keys(), ...turns.keys()])];
  return Object.fromEntries(
    names
      .map((name) => [name, agentDocument(sums.get(name) ?? NO_SUMS, turns.get(name) ?? [])] as const)
      // A span around others may name an agent that did nothing itself.
      .filter(
        ([, agent]) =>
          agent.message_count +
            agent.inferences +
            agent.tool_calls +
            agent.errors +
            agent.tokens.input +
            agent.tokens.output >
            0 || agent.cost.nano_usd !== '0',
      ),
  );
}

function agentDocument(sums: Sums, turns: readonly Turn[]): AgentDocument {
  const responses = turns.map(({ responseUs }) => responseUs).filter((us) => us !== null);
  const distribution = describe(responses);
  return {
    total_response_time_ms: responses.reduce((sum, us) => sum + us, 0) / 1000,
    message_count: turns.length,
    avg_response_time_ms: distribution.mean === undefined ? null : distribution.mean / 1000,
    response_time_ms: distributionOf(distribution, 1000),
    inferences: sums.inferences,
    tokens: tokensOf(sums),
    cost: moneyOf(sums.cost_nano_usd),
    tokens_per_message: quotient(sums.input_tokens + sums.output_tokens, turns.length),
    output_per_input: quotient(sums.output_tokens, sums.input_tokens),
    tool_calls: sums.tool_calls,
    errors: sums.errors,
  };
}

/** One model may be had from several providers. */
function modelDocuments(lines: readonly Line[]): Readonly<Record<string, ModelDocument>> {
  const byName = Map.groupBy(linesBy(lines, Facet.MODEL), ({ name }) => name);
  return Object.fromEntries(
    [...byName].map(([model, own]) => {
      const sums = { ...NO_SUMS };
      for (const line of own) addInto(sums, line.sums);
      const providers = own.map(({ detail }) => detail).filter((provider) => provider !== '');
      return [
        model,
        {
          providers,
          inferences: sums.inferences,
          tokens: tokensOf(sums),
          cost: moneyOf(sums.cost_nano_usd),
          errors: sums.errors,
        },
      ];
    }),
  );
}

function toolDocument(sums: Sums): ToolDocument {
  return {
    calls: sums.tool_calls,
    errors: sums.errors,
    time_ms: sums.time_us / 1000,
    cost: moneyOf(sums.cost_nano_usd),
  };
}

function costDocument(lines: readonly Line[]): CostDocument {
  const all = sumOfAll(lines);
  return {
    ...moneyOf(all.cost_nano_usd),
    status: costStatusOf(lines),
    unpriced_tokens: all.unpriced_tokens,
    other_usd: usdOf(all.other_cost_nano_usd),
    by_status: Object.fromEntries(
      linesBy(lines, Facet.COST_STATUS).map(({ name, sums }) => [
        name,
        { ...moneyOf(sums.cost_nano_usd), calls: sums.records },
      ]),
    ),
    claimed_usd: usdOf(all.claim_nano_usd),
    claimed_by: Object.fromEntries(
      linesBy(lines, Facet.CLAIM).map(({ name, sums }): [string, MoneyDocument] => [
        name,
        moneyOf(sums.claim_nano_usd),
      ]),
    ),
  };
}

/** Model calls behind a line: a metric stands for many, usage reported beside calls for itself. */
function callsOf({ inferences, records }: Sums): number {
  return Math.max(inferences, records);
}

/** `27 of 36 calls without usage` */
function usageNote(lines: readonly Line[]): string | null {
  const calls = new Map(linesBy(lines, Facet.USAGE_SOURCE).map(({ name, sums }) => [name, callsOf(sums)]));
  const all = [...calls.values()].reduce((sum, count) => sum + count, 0);
  const missing = calls.get('missing') ?? 0;
  const estimated = calls.get('estimated') ?? 0;
  const parts = [
    ...(missing > 0 ? [`${missing} of ${all} calls without usage`] : []),
    ...(estimated > 0 ? [`${estimated} of ${all} calls with estimated usage`] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

function turnDocument(turn: Turn): TurnDocument {
  return {
    speaker: nameOf(turn.speaker),
    started_at: isoOf(turn.beganUs),
    ended_at: isoOf(turn.endedUs),
    response_time_ms: turn.responseUs === null ? null : turn.responseUs / 1000,
    inferences: turn.inferences,
    tool_steps: turn.toolSteps,
    tokens: { input: turn.inputTokens, output: turn.outputTokens },
    cost: moneyOf(BigInt(turn.costNanoUsd)),
  };
}

/** Only witnesses are of the same calls as what is counted; sums and copies may be of some of them. */
function witnessDocument({ name, detail, sums }: Line, all: Sums): WitnessDocument {
  const [signal = '', ...profile] = detail.split('/');
  return {
    reason: name,
    explanation: explainCode(name),
    signal,
    profile: profile.join('/'),
    records: sums.records,
    input_tokens: sums.excluded_input_tokens,
    output_tokens: sums.excluded_output_tokens,
    comparison: name === 'witness' ? compareWitness(sums, all) : null,
  };
}

function compareWitness(seen: Sums, counted: Sums): 'equal' | 'more' | 'less' {
  const input = seen.excluded_input_tokens - counted.input_tokens;
  const output = seen.excluded_output_tokens - counted.output_tokens;
  if (input > 0 || output > 0) return 'more';
  return input === 0 && output === 0 ? 'equal' : 'less';
}
