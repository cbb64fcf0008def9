// The verdict, and what it is made of.

import type { Row } from '../../dashboard.ts';
import { clicked, inRow, kept, Uid } from '../../link.ts';
import { stat, type StatOptions } from '../../panel/stat.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { atMost, besideUsual, Color, Unit } from '../../style.ts';
import { entriesOf, SUMMARY, USUAL } from './of-session.ts';
import { VERDICT, verdictColors } from './verdict.ts';

export function headline(): Row {
  return { panels: [verdict(), costs(), ofUsual(), takes(), tokens(), failures(), identity()] };
}

const NO_SESSION = 'no such session';

function verdict() {
  return stat({
    title: 'Is this session normal?',
    description:
      'Of a session that is over: its cost beside the other finalized sessions of its workflow, in the words of the API. Of one that runs: how far it is towards what is expected, by the levels of policies (75, 90, 150 %). Unusual or past its stop: see below which turn and which agent it is.',
    unit: Unit.NONE,
    isLoud: true,
    noValue: NO_SESSION,
    field: '/verdict/',
    mappings: verdictColors(),
    steps: [{ from: null, color: Color.COUNT }],
    queries: [rows(VERDICT)],
  });
}

interface Figure extends Pick<StatOptions, 'title' | 'description' | 'unit' | 'decimals' | 'steps' | 'color'> {
  /** Over the standing entries of the session. */
  readonly figure: string;
  /** Of entries, that it is made of. */
  readonly columns: readonly string[];
}

function figureStat({ figure, columns, ...options }: Figure) {
  return stat({
    ...options,
    noValue: NO_SESSION,
    queries: [
      rows(sql`
        SELECT if(sum(entries.sign) = 0, NULL, ${figure}) AS figure
        FROM ${entriesOf(['sign', ...columns])}`),
    ],
  });
}

function costs() {
  return figureStat({
    title: 'It costs',
    description:
      'Exact sum of all that is booked for it, a lower bound where a call has no price: the list of calls at the bottom says which.',
    unit: Unit.USD_EXACT,
    decimals: 4,
    color: Color.COST,
    columns: ['cost_nano_usd'],
    figure: 'sum(entries.sign * entries.cost_nano_usd) / 1e9',
  });
}

function ofUsual() {
  return stat({
    title: 'Of what is usual',
    description:
      'Its cost over what a session of its workflow, and of its version once ten of them are over, usually costs: policies judge by the same figure, unless they declare one. 100 % is as ever.',
    unit: Unit.RATIO,
    decimals: 0,
    steps: besideUsual,
    noValue: 'nothing to compare with',
    queries: [
      rows(sql`
        WITH
          ${USUAL}
        SELECT seen.4 / nullIf(usual_cost, 0) AS figure
        WHERE seen.3 > 0`),
    ],
  });
}

function takes() {
  return figureStat({
    title: 'From begin to end',
    description:
      'From its first record to the last one so far, with waiting for people. The timeline below shows what took it.',
    unit: Unit.SECONDS,
    color: Color.TIME,
    columns: ['started_at', 'ended_at'],
    figure: '(toUnixTimestamp64Micro(max(entries.ended_at)) - toUnixTimestamp64Micro(min(entries.started_at))) / 1e6',
  });
}

function tokens() {
  return figureStat({
    title: 'Tokens',
    description:
      'Prompt and answer tokens. Many for the number of turns: the whole conversation is sent again and again; see tokens by turn below.',
    unit: Unit.TOKENS,
    color: Color.TOKENS,
    columns: ['input_tokens', 'output_tokens'],
    figure: 'sum(entries.sign * entries.input_tokens) + sum(entries.sign * entries.output_tokens)',
  });
}

function failures() {
  return figureStat({
    title: 'Failures',
    description: 'Calls, tools and turns that failed. The list of calls and tools at the bottom names the errors.',
    unit: Unit.NONE,
    steps: atMost(1),
    columns: ['errors'],
    figure: 'sum(entries.sign * entries.errors)',
  });
}

function identity() {
  return table({
    title: 'Which session is it?',
    description:
      'What is known of it. The workflow leads to what sessions of its kind cost; the id opens all its figures in Turnmeter’s API.',
    width: 24,
    height: 3,
    noValue: NO_SESSION,
    columns: [
      {
        name: 'Session',
        link: { title: 'All figures as JSON', url: '${turnmeter_url}/api/v1/sessions/${__value.raw:percentencode}' },
      },
      {
        name: 'Workflow',
        width: 200,
        drill: {
          title: 'Open the workflow',
          to: Uid.WORKFLOW,
          variables: { tenant: kept('tenant'), workflow: clicked },
        },
      },
      { name: 'Version', width: 90 },
      {
        name: 'State',
        width: 110,
        states: { running: { color: Color.COST }, finalized: { color: Color.COUNT } },
      },
      { name: 'Began', unit: Unit.UNIX_MS, width: 150 },
      { name: 'Turns', unit: Unit.NONE, width: 80 },
      {
        name: 'Agents',
        width: 290,
        drill: {
          title: 'Open its agents',
          to: Uid.AGENTS,
          variables: { tenant: kept('tenant'), workflow: inRow('Workflow') },
        },
      },
      { name: 'Models', width: 320 },
      { name: 'User', width: 160 },
    ],
    queries: [
      rows(sql`
        SELECT
          entries.session_id AS "Session",
          argMax(entries.workflow, entries.sign) AS "Workflow",
          max(entries.workflow_version) AS "Version",
          if((SELECT count() FROM session_summaries AS summary FINAL WHERE ${SUMMARY.replaceAll('\n', ' ')}) > 0, 'finalized', 'running') AS "State",
          toUnixTimestamp64Milli(min(entries.started_at)) AS "Began",
          sum(entries.sign * entries.turns) AS "Turns",
          arrayStringConcat(arraySort(groupUniqArrayIf(20)(entries.agent, entries.agent != '')), ', ') AS "Agents",
          arrayStringConcat(arraySort(groupUniqArrayIf(20)(entries.model, entries.model != '')), ', ') AS "Models",
          max(entries.user_id) AS "User"
        FROM ${entriesOf(['sign', 'session_id', 'workflow', 'workflow_version', 'started_at', 'turns', 'agent', 'model', 'user_id'])}
        GROUP BY entries.session_id
        HAVING sum(entries.sign) > 0
        LIMIT 1`),
    ],
  });
}
