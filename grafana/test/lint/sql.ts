// SQL: of the chosen tenants only, no more of time than is shown, and no more rows than people read.

import { type DashboardJson, panelsOf, sqlOf } from '../dashboard-files.ts';
import { type Problem, problem } from './problem.ts';

/** Tables and views with rows of tenants. */
const RELATIONS =
  /\b(?:FROM|JOIN)\s+(entries|observations|net_entries|session_summaries|session_\w*totals|\w*hour_totals|workflow_\w+)\b/g;
/** Of which an older version of a row may still be there. */
const REPLACED =
  /\b(?:FROM|JOIN)\s+(?:session_summaries|workflow_(?:agent_)?(?:days|averages))\s+AS\s+\w+\b(?!\s+FINAL)/g;
const TENANT =
  /tenant (?:= decodeURLComponent\('\$\{tenant:percentencode\}'\)|IN arrayMap\(v -> decodeURLComponent\(v\), extractAll\('\$\{tenant:)/g;
const TIME = /\$__(?:timeFilter|fromTime|toTime|dateFilter)/;
const SESSION = "session_id = decodeURLComponent('${session:percentencode}')";
/** One row a workflow, of all times: no time range is meant. */
const OF_ALL_TIMES =
  /\bFROM\s+(?!workflow_(?:agent_)?averages\b)(?:entries|net_entries|session_\w+|\w*totals|workflow_\w+)\b/;

export function sqlProblems(dashboard: DashboardJson): readonly Problem[] {
  return [...sqlOf('', dashboard).flatMap(({ what, text }) => queryProblems(what, text)), ...tableProblems(dashboard)];
}

function queryProblems(what: string, sql: string): readonly Problem[] {
  const found: Problem[] = [];
  const relations = [...sql.matchAll(RELATIONS)].length;
  const tenants = [...sql.matchAll(TENANT)].length;
  const isTenants = what.endsWith('variable tenant');
  if (!isTenants && tenants < relations) found.push(problem('tenant-scope', what, `${tenants} of ${relations}`));
  if (OF_ALL_TIMES.test(sql) && !TIME.test(sql) && !sql.includes(SESSION)) found.push(problem('time-filter', what, ''));
  if (/SELECT\s+(?:\w+\.)?\*/i.test(sql)) found.push(problem('select-star', what, ''));
  if (/\$__(?:conditionalAll|adHocFilters)/.test(sql)) found.push(problem('browser-macro', what, ''));
  if (/--|\/\*/.test(sql.replaceAll(/'(?:[^'\\]|\\.)*'/g, "''"))) found.push(problem('comment', what, ''));
  for (const [relation] of sql.matchAll(REPLACED)) {
    if (!/argMax\(|SELECT DISTINCT|LIMIT 1 BY/.test(sql)) found.push(problem('final', what, relation));
  }
  return found;
}

/** The plugin's number for tables. */
const TABLE = 1;

function tableProblems(dashboard: DashboardJson): readonly Problem[] {
  return panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
    targets
      .filter(
        ({ rawSql = '', format }) =>
          format === TABLE && /\bGROUP BY\b|\bDISTINCT\b/.test(outermost(rawSql)) && !/\bLIMIT \d+/.test(rawSql),
      )
      .map(({ refId }) => problem('limit', title, `${refId}`)),
  );
}

/** A query without its subqueries and arguments. */
function outermost(sql: string): string {
  const inner = sql.replaceAll(/\([^()]*\)/g, '');
  return inner === sql ? sql : outermost(inner);
}
