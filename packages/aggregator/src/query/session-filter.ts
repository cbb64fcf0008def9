// What a list of sessions may be narrowed down and ordered by, as it is asked for and as SQL says it.

import type { Parameters } from './reader.ts';
import { agentsOf, type SessionFigures } from './session-figures.ts';
import { Facet, linesBy, sumOfAll } from './lines.ts';
import { sql, type Sql } from './sql.ts';

export const SessionState = { RUNNING: 'running', FINALIZED: 'finalized' } as const;
export type SessionState = (typeof SessionState)[keyof typeof SessionState];

/** What comes first: the latest, dearest, largest, longest. */
export const SessionOrder = { START: 'start', COST: 'cost', TOKENS: 'tokens', DURATION: 'duration' } as const;
export type SessionOrder = (typeof SessionOrder)[keyof typeof SessionOrder];

export interface SessionFilter {
  readonly workflow?: string | undefined;
  /** Of its workflow; '' are those of which none is known. */
  readonly version?: string | undefined;
  readonly state?: SessionState | undefined;
  /** Sessions that began at or after, µs. */
  readonly fromUs?: number | undefined;
  /** Sessions that began before, µs. */
  readonly toUs?: number | undefined;
  readonly user?: string | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  readonly minCostNanoUsd?: bigint | undefined;
  /** How the session id begins. */
  readonly idPrefix?: string | undefined;
}

export function filterParameters(filter: SessionFilter): Parameters {
  return {
    workflow: filter.workflow ?? '',
    version: filter.version ?? '',
    from_us: filter.fromUs ?? 0,
    to_us: filter.toUs ?? Number.MAX_SAFE_INTEGER,
    user_id: filter.user ?? '',
    agent: filter.agent ?? '',
    model: filter.model ?? '',
    cost_min: `${filter.minCostNanoUsd ?? 0n}`,
    id_prefix: filter.idPrefix ?? '',
  };
}

type Conditions = Readonly<Partial<Record<keyof SessionFilter, Sql>>>;

/** Conditions on `session_summaries AS summary`: exact. */
const ON_SUMMARIES: Conditions = {
  workflow: sql`summary.workflow = {workflow:String}`,
  version: sql`summary.workflow_version = {version:String}`,
  fromUs: sql`summary.day >= toDate(fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')) AND summary.began_at >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')`,
  toUs: sql`summary.began_at < fromUnixTimestamp64Micro({to_us:Int64}, 'UTC')`,
  user: sql`summary.user_id = {user_id:String}`,
  agent: sql`has(summary.agents, {agent:String})`,
  model: sql`has(summary.models, {model:String})`,
  minCostNanoUsd: sql`summary.cost_nano_usd >= {cost_min:Int64}`,
  idPrefix: sql`startsWith(summary.session_id, {id_prefix:String})`,
};

/** Conditions on single entries of a session that runs: it has such an entry. More may pass than {@link isWanted} lets. */
const ON_ENTRIES: Conditions = {
  workflow: sql`entries.workflow = {workflow:String}`,
  version: sql`entries.workflow_version = {version:String}`,
  user: sql`entries.user_id = {user_id:String}`,
  agent: sql`entries.agent = {agent:String}`,
  model: sql`entries.model = {model:String}`,
};

/** Conditions on the sums of a session that runs; its times are bounds. */
const ON_SUMS: Conditions = {
  fromUs: sql`last_us >= {from_us:Int64}`,
  toUs: sql`first_us < {to_us:Int64}`,
  minCostNanoUsd: sql`cost >= {cost_min:Int64}`,
  idPrefix: sql`startsWith(session_id, {id_prefix:String})`,
};

export function conditionsOn(what: 'summaries' | 'entries' | 'sums', filter: SessionFilter): readonly Sql[] {
  const conditions = { summaries: ON_SUMMARIES, entries: ON_ENTRIES, sums: ON_SUMS }[what];
  return Object.entries(conditions)
    .filter(([name]) => filter[name as keyof SessionFilter] !== undefined)
    .map(([, condition]) => condition);
}

/** The filter on figures themselves. */
export function isWanted(figures: SessionFigures, filter: SessionFilter): boolean {
  const {
    workflow,
    version,
    fromUs = 0,
    toUs = Number.MAX_SAFE_INTEGER,
    user,
    agent,
    model,
    minCostNanoUsd = 0n,
    idPrefix = '',
  } = filter;
  return (
    (workflow === undefined || figures.workflow === workflow) &&
    (version === undefined || figures.workflowVersion === version) &&
    figures.beganUs >= fromUs &&
    figures.beganUs < toUs &&
    (user === undefined || figures.userId === user) &&
    (agent === undefined || agentsOf(figures).includes(agent)) &&
    (model === undefined || linesBy(figures.lines, Facet.MODEL).some(({ name }) => name === model)) &&
    sumOfAll(figures.lines).cost_nano_usd >= minCostNanoUsd &&
    figures.sessionId.startsWith(idPrefix)
  );
}
