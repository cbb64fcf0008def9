// A finalized session as a row of `session_summaries`, there and back. Answers are made from the document; the other columns are for
// queries, which look for sessions and average over them.

import { Facet, type Line, linesBy, sumOfAll } from './lines.ts';
import { agentsOf, costStatusOf, type SessionFigures, tokensOf } from './session-figures.ts';
import { sql, type Sql } from './sql.ts';
import { COUNTS, MONEY, NO_SUMS, type Sums, type SumsDraft } from './sums.ts';
import type { Turn } from './turns.ts';

/** What is known of a finalization beside the figures. */
export interface Finalization {
  /** Orders the versions of a summary: µs when it was written, raised where the clock went back. */
  readonly version: number;
  /** When the session was finalized first, µs. */
  readonly finalizedUs: number;
  readonly because: 'request' | 'idle';
  /** How often later entries changed it since. */
  readonly amendments: number;
}

/** A stored summary. */
export interface Summary {
  readonly figures: SessionFigures;
  readonly finalization: Finalization;
}

/** The columns that {@link readSummary} reads. */
export const SUMMARY_COLUMNS: Sql = sql`summary.session_id AS session_id, summary.document AS document`;

export interface SummaryRow {
  readonly session_id: string;
  readonly document: string;
}

/** A summary as it is kept. Sums of zero are left out, and money is text, which JSON keeps to the last digit. */
interface SummaryDocument {
  readonly figures: Omit<SessionFigures, 'lines' | 'turns'>;
  readonly lines: readonly (readonly [
    Facet,
    name: string,
    detail: string,
    Readonly<Record<string, number | string>>,
  ])[];
  /** Their values in the order of {@link TURN_PARTS}. */
  readonly turns: readonly (readonly Turn[keyof Turn][])[];
  readonly finalization: Finalization;
}

const TURN_PARTS = [
  'speaker',
  'beganUs',
  'endedUs',
  'responseUs',
  'inferences',
  'toolSteps',
  'inputTokens',
  'outputTokens',
  'costNanoUsd',
  'handedBy',
] as const satisfies readonly (keyof Turn)[];

export function readSummary(row: SummaryRow): Summary {
  const { figures, lines, turns, finalization } = JSON.parse(row.document) as SummaryDocument;
  return {
    figures: {
      ...figures,
      lines: lines.map(([facet, name, detail, sums]): Line => ({ facet, name, detail, sums: readSums(sums) })),
      turns: turns.map(
        (turn) => Object.fromEntries(TURN_PARTS.map((part, at) => [part, turn[at] ?? null])) as unknown as Turn,
      ),
    },
    finalization,
  };
}

function readSums(kept: Readonly<Record<string, number | string>>): Sums {
  const sums: SumsDraft = { ...NO_SUMS };
  for (const name of COUNTS) sums[name] = Number(kept[name] ?? 0);
  for (const name of MONEY) sums[name] = BigInt(kept[name] ?? 0);
  return sums;
}

function writeDocument({ figures, finalization }: Summary): string {
  const { lines, turns, ...others } = figures;
  const document: SummaryDocument = {
    figures: others,
    lines: lines.map(({ facet, name, detail, sums }) => [facet, name, detail, writeSums(sums)]),
    turns: turns.map((turn) => TURN_PARTS.map((part) => turn[part])),
    finalization,
  };
  return JSON.stringify(document);
}

function writeSums(sums: Sums): Readonly<Record<string, number | string>> {
  return Object.fromEntries([
    ...COUNTS.filter((name) => sums[name] !== 0).map((name) => [name, sums[name]] as const),
    ...MONEY.filter((name) => sums[name] !== 0n).map((name) => [name, `${sums[name]}`] as const),
  ]);
}

/** A summary as JSONEachRow takes it. */
export function writeSummary(summary: Summary): Readonly<Record<string, unknown>> {
  const { figures, finalization } = summary;
  const { lines, turns } = figures;
  const agents = agentsOf(figures);
  return {
    ...placeOf(figures),
    version: `${finalization.version}`,
    is_deleted: 0,
    finalized_at: writeTime(finalization.finalizedUs),
    finalized_because: finalization.because,
    amendments: finalization.amendments,
    last_booked_at: writeTime(figures.bookedUs),
    workflow_version: figures.workflowVersion,
    user_id: figures.userId,
    began_at: writeTime(figures.beganUs),
    ended_at: writeTime(figures.endedUs),
    duration_us: figures.endedUs - figures.beganUs,
    active_us: figures.activeUs,
    human_wait_us: sumOfAll(lines).human_wait_us,
    agents,
    agent_count: agents.length,
    records: sumOfAll(lines).records,
    turns: turns.length,
    errors: sumOfAll(lines).errors,
    tokens: tokensOf(lines),
    cost_nano_usd: `${sumOfAll(lines).cost_nano_usd}`,
    cost_status: costStatusOf(lines),
    models: linesBy(lines, Facet.MODEL).map(({ name }) => name),
    ...turnColumns(turns),
    document: writeDocument(summary),
  };
}

function turnColumns(turns: readonly Turn[]): Readonly<Record<`turn_${string}`, unknown>> {
  return {
    turn_speaker: turns.map(({ speaker }) => speaker),
    turn_response_us: turns.map(({ responseUs }) => responseUs ?? UNTIMED),
    turn_inferences: turns.map(({ inferences }) => inferences),
    turn_input_tokens: turns.map(({ inputTokens }) => inputTokens),
    turn_output_tokens: turns.map(({ outputTokens }) => outputTokens),
    turn_cost_nano_usd: turns.map(({ costNanoUsd }) => costNanoUsd),
  };
}

/** Below all times: the averages leave it out. */
const UNTIMED = -1;

/** The row that takes a summary back where it no longer is. */
export function writeRemoval(figures: SessionFigures, version: number): Readonly<Record<string, unknown>> {
  return { ...placeOf(figures), version: `${version}`, is_deleted: 1 };
}

/** The sorting key: where a summary is. */
export type SummaryPlace = Readonly<Record<'tenant' | 'workflow' | 'day' | 'session_id', string>>;

export function placeOf({ tenant, workflow, beganUs, sessionId }: SessionFigures): SummaryPlace {
  return { tenant, workflow, day: new Date(beganUs / 1000).toISOString().slice(0, 10), session_id: sessionId };
}

/** '1795244870.000123': seconds with all digits, which a division would not keep. */
function writeTime(us: number): string {
  return `${Math.floor(us / 1e6)}.${`${us % 1e6}`.padStart(6, '0')}`;
}
