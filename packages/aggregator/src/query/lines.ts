// The sums of a session (or of what belongs to none) by line: in all, by agent, by model, by tool, and by how sure the numbers are.

import { addInto, NO_SUMS, readSums, type Sums, type SumsDraft, type SumsRow } from './sums.ts';
import { sql, type Sql } from './sql.ts';

/** What a line is by. */
export const Facet = {
  ALL: 'all',
  AGENT: 'agent',
  /** `detail` is the provider. */
  MODEL: 'model',
  TOOL: 'tool',
  /** Where token numbers come from: provider, estimated, missing, none. */
  USAGE_SOURCE: 'usage_source',
  COST_STATUS: 'cost_status',
  /** Who put a cost of their own on the records. */
  CLAIM: 'claim',
  /** What was not added; `name` is the reason, `detail` signal and profile with a slash between. */
  EXCLUSION: 'exclusion',
  /** What was noticed and repaired while reading. */
  NOTE: 'note',
} as const;
export type Facet = (typeof Facet)[keyof typeof Facet];

export interface Line {
  readonly facet: Facet;
  readonly name: string;
  readonly detail: string;
  readonly sums: Sums;
}

/** What entries are grouped by for lines; all have few values within a session. */
export const LINE_KEYS: Sql = sql`
  entries.agent,
  entries.provider,
  entries.model,
  entries.tool,
  entries.usage_source,
  entries.cost_status,
  entries.claim_by,
  entries.kind,
  entries.reason,
  entries.profile,
  entries.signal`;

/** Sums of entries that are alike in all of {@link LINE_KEYS}. */
export interface LineRow extends SumsRow {
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  readonly tool: string;
  readonly usage_source: string;
  readonly cost_status: string;
  readonly claim_by: string;
  readonly kind: string;
  readonly reason: string;
  readonly profile: string;
  readonly signal: string;
  readonly notes?: readonly string[];
}

/** Adds rows up by line. The line of all is there even without rows. */
export function linesOf(rows: readonly LineRow[]): readonly Line[] {
  const lines = new Map<string, Line & { readonly sums: SumsDraft }>();
  const addTo = (facet: Facet, name: string, detail: string, sums: Sums): void => {
    const key = JSON.stringify([facet, name, detail]);
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { facet, name, detail, sums: { ...sums } });
    else addInto(line.sums, sums);
  };
  addTo(Facet.ALL, '', '', NO_SUMS);
  for (const row of rows) {
    const sums = readSums(row);
    for (const [facet, name, detail] of placesOf(row)) addTo(facet, name, detail, sums);
  }
  return [...lines.values()];
}

type Place = readonly [facet: Facet, name: string, detail: string];

function placesOf(row: LineRow): readonly Place[] {
  const places: Place[] = [[Facet.ALL, '', '']];
  for (const note of row.notes ?? []) places.push([Facet.NOTE, note, '']);
  if (row.kind === 'excluded') {
    places.push([Facet.EXCLUSION, row.reason, `${row.signal}/${row.profile}`]);
    return places;
  }
  places.push([Facet.AGENT, row.agent, '']);
  if (row.model !== '' || isSpending(row)) places.push([Facet.MODEL, row.model, row.provider]);
  if (row.kind === 'tool') places.push([Facet.TOOL, row.tool, '']);
  if (row.usage_source !== 'none') places.push([Facet.USAGE_SOURCE, row.usage_source, '']);
  if (row.cost_status !== '') places.push([Facet.COST_STATUS, row.cost_status, '']);
  if (row.claim_by !== '') places.push([Facet.CLAIM, row.claim_by, '']);
  return places;
}

/** Calls and tokens of a model that nobody named are shown as such. */
function isSpending(row: LineRow): boolean {
  return row.inferences !== '0' || row.input_tokens !== '0' || row.output_tokens !== '0';
}

/** The lines of one kind, the most expensive first. */
export function linesBy(lines: readonly Line[], facet: Facet): readonly Line[] {
  return lines
    .filter((line) => line.facet === facet)
    .toSorted((a, b) => Number(b.sums.cost_nano_usd - a.sums.cost_nano_usd) || compareText(a.name, b.name));
}

/** The sums over everything. */
export function sumOfAll(lines: readonly Line[]): Sums {
  return lines.find(({ facet }) => facet === Facet.ALL)?.sums ?? NO_SUMS;
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
