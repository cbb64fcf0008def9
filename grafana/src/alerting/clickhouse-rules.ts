// What Prometheus cannot say: which session it is, and what changed with a version. Sessions and versions are no labels there, since there is no end of them.
//
// Grafana's backend evaluates these: macros that the browser expands ($__conditionalAll, filters, variables) are not there.

import type { Rule } from '@grafana/grafana-foundation-sdk/alerting';
import { CLICKHOUSE_PLUGIN } from '../data-source.ts';
import { rows } from '../query/clickhouse-query.ts';
import { sql } from '../query/sql.ts';
import { RUNBOOKS } from '../runbook.ts';
import { alertRule, asked, isAbove, QUERY, type RuleGroup } from './alert-rule.ts';

const CLICKHOUSE = { type: CLICKHOUSE_PLUGIN, uid: 'turnmeter-clickhouse' };
/** Alerts of one rule at a time: more of them are one trouble, not many. */
const ALERTS_MAX = 20;
/** Fewer sessions say nothing about the next. */
const SESSIONS_MIN = 10;
const NANO = 1_000_000_000;

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Sessions that something was booked of in the last quarter of an hour, however long they have run. */
const OUTLIER_SECONDS = HOUR / 4;
const TIMES_USUAL = 3;
/** Below, three times what is usual is no money. */
const OUTLIER_USD_MIN = 0.1;

export const OUTLIERS: string = sql`
  SELECT
    running.tenant AS tenant,
    running.workflow AS workflow,
    running.session_id AS session_id,
    round(running.cost_nano_usd / usual.median_nano_usd, 2) AS times_usual
  FROM session_totals AS running
  INNER JOIN
  (
    SELECT
      average.tenant AS tenant,
      average.workflow AS workflow,
      average.cost_nano_usd_quantiles[1] AS median_nano_usd
    FROM workflow_averages AS average FINAL
    WHERE average.sessions >= ${SESSIONS_MIN}
      AND average.cost_nano_usd_quantiles[1] > 0
  ) AS usual ON usual.tenant = running.tenant AND usual.workflow = running.workflow
  WHERE (running.tenant, running.session_id) IN
  (
    SELECT
      entry.tenant,
      entry.session_id
    FROM entries AS entry
    WHERE entry.ingest_day >= toDate($__fromTime)
      AND $__timeFilter(entry.ingest_time)
      AND entry.session_id != ''
  )
    AND running.cost_nano_usd > ${TIMES_USUAL} * usual.median_nano_usd
    AND running.cost_nano_usd > ${OUTLIER_USD_MIN * NANO}
  ORDER BY times_usual DESC
  LIMIT ${ALERTS_MAX}`;

const REGRESSION_SECONDS = 14 * DAY;
const TIMES_BEFORE = 1.3;

/**
 * The latest version of a workflow against the one before, by the cost of the session in the middle. A version that was there at the begin of the time range is
 * not new, and versions that ran side by side before then have no order.
 */
export const REGRESSIONS: string = sql`
  SELECT
    compared.tenant AS tenant,
    compared.workflow AS workflow,
    compared.releases[-1].2 AS new_version,
    compared.releases[-2].2 AS version_before,
    round(compared.releases[-1].3 / nullIf(compared.releases[-2].3, 0), 2) AS times_before
  FROM
  (
    SELECT
      release.tenant AS tenant,
      release.workflow AS workflow,
      arraySort(groupArray((release.first_began_at, release.name, release.median_nano_usd))) AS releases
    FROM
    (
      SELECT
        summary.tenant AS tenant,
        summary.workflow AS workflow,
        summary.workflow_version AS name,
        min(summary.began_at) AS first_began_at,
        quantileExact(0.5)(summary.cost_nano_usd) AS median_nano_usd
      FROM session_summaries AS summary FINAL
      WHERE summary.day >= toDate($__fromTime)
        AND summary.workflow_version != ''
        AND summary.cost_status NOT IN ('partial', 'unpriced')
      GROUP BY
        summary.tenant,
        summary.workflow,
        summary.workflow_version
      HAVING count() >= ${SESSIONS_MIN}
    ) AS release
    GROUP BY
      release.tenant,
      release.workflow
  ) AS compared
  WHERE length(compared.releases) > 1
    AND compared.releases[-1].1 > $__fromTime + INTERVAL 1 DAY
    AND times_before > ${TIMES_BEFORE}
  ORDER BY times_before DESC
  LIMIT ${ALERTS_MAX}`;

/** Prometheus has no such alerts, so nobody is told twice, and they are on. */
export function clickhouseRuleGroups(): readonly RuleGroup[] {
  const folder = 'Turnmeter alerts, ClickHouse';
  return [
    { name: 'turnmeter-sessions', folder, interval: '1m', rules: [outlier()] },
    { name: 'turnmeter-versions', folder, interval: '10m', rules: [regression()] },
  ];
}

/** `externalURL` ends with a slash: Grafana puts one behind its root_url. */
function outlier(): Rule {
  return rule({
    title: 'TurnmeterSessionCostOutlier',
    uid: 'tm-session-cost-outlier',
    text: OUTLIERS,
    seconds: OUTLIER_SECONDS,
    lasting: '0s',
    annotations: {
      summary: `Session {{ $labels.session_id }} of {{ $labels.tenant }}/{{ $labels.workflow }} has cost {{ $values.${QUERY}.Value }} times what such sessions usually cost.`,
      description: `The half of all finalized sessions cost less than a third of it. Told above ${TIMES_USUAL} times and ${OUTLIER_USD_MIN} USD while something is booked of it, of at most ${ALERTS_MAX} sessions.`,
      dashboard_url:
        '{{ externalURL }}d/turnmeter-session?var-tenant={{ $labels.tenant | urlquery }}&var-session={{ $labels.session_id | urlquery }}',
    },
  });
}

function regression(): Rule {
  return rule({
    title: 'TurnmeterVersionCostRegression',
    uid: 'tm-version-cost-regression',
    text: REGRESSIONS,
    seconds: REGRESSION_SECONDS,
    lasting: '30m',
    annotations: {
      summary: `Since version {{ $labels.new_version }}, sessions of {{ $labels.tenant }}/{{ $labels.workflow }} cost {{ $values.${QUERY}.Value }} times what they cost with {{ $labels.version_before }}.`,
      description: `The sessions in the middle are compared, of at least ${SESSIONS_MIN} with each version within two weeks. Told above ${TIMES_BEFORE} times.`,
      dashboard_url:
        '{{ externalURL }}d/turnmeter-workflow?var-tenant={{ $labels.tenant | urlquery }}&var-workflow={{ $labels.workflow | urlquery }}',
    },
  });
}

interface ClickHouseRule {
  readonly title: string;
  readonly uid: string;
  readonly text: string;
  readonly seconds: number;
  readonly lasting: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A row of the answer is an alert: its texts are labels, its one number is the value. */
function rule({ title, uid, text, seconds, lasting, annotations }: ClickHouseRule): Rule {
  return alertRule({
    uid,
    title,
    query: asked({ datasource: CLICKHOUSE, seconds, model: rows(text, QUERY) }),
    conditions: [isAbove('threshold', QUERY, 0)],
    lasting,
    labels: { severity: 'warning' },
    annotations: { ...annotations, runbook_url: `${RUNBOOKS}/${title}.md` },
    isPaused: false,
  });
}
