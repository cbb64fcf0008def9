// In: names of dashboards. Out: a picture of each, and a word about every panel that has an error or nothing to show.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { bundlePage } from './bundle.ts';
import { collect } from './collect/collect.ts';
import type { Collected, DashboardJson } from './collect/dashboard.ts';
import { openHistory, type RunningHistory } from './engines.ts';
import { openBrowser, type Picture, takePicture } from './picture.ts';

export interface PreviewOptions {
  /** Files of grafana/dashboards without their ending, or paths; all when empty. */
  readonly names: readonly string[];
  readonly theme: 'dark' | 'light';
  readonly out?: string | undefined;
  readonly width: number;
  readonly preferred: Readonly<Record<string, string>>;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly keep: boolean;
  readonly fresh: boolean;
  readonly say: (line: string) => void;
}

/** What was drawn of one dashboard. */
export interface Preview {
  readonly name: string;
  readonly collected: Collected;
  readonly picture: Picture;
  /** One line each: queries that failed, panels without data, what could not be drawn. */
  readonly problems: readonly string[];
}

const DASHBOARDS = path.join(import.meta.dirname, '../../dashboards');
const PICTURES = path.join(import.meta.dirname, '../pictures');

/** Whether all panels are sound. */
export async function preview(options: PreviewOptions): Promise<boolean> {
  const { say, out = PICTURES, keep } = options;
  const names = options.names.length > 0 ? options.names : await allNames();
  const bundle = await bundlePage();
  const history = await openHistory(options.fresh, say);
  let browser: Browser | undefined;
  let found = 0;
  try {
    browser = await openBrowser(say);
    await mkdir(out, { recursive: true });
    for (const name of names) {
      const { collected, picture, problems } = await previewOne(name, { ...options, history, browser, bundle });
      const file = path.join(out, `${path.basename(name, '.json')}.png`);
      await writeFile(file, picture.png);
      const { text, quiet } = picture;
      if (keep) await writeFile(file.replace(/png$/, 'json'), JSON.stringify({ problems, quiet, text, collected }));
      say(`${file} (${Math.round(picture.png.length / 1024)} kB)`);
      for (const problem of problems) say(`  ! ${problem}`);
      for (const title of picture.quiet) say(`    ${title}`);
      found += problems.length;
    }
  } finally {
    await browser?.close();
    await history.stop();
  }
  say(found === 0 ? 'every panel has data' : `${found} problems, listed above`);
  return found === 0;
}

async function allNames(): Promise<readonly string[]> {
  return (await readdir(DASHBOARDS))
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.basename(name, '.json'))
    .toSorted();
}

export interface PreviewTools extends Omit<PreviewOptions, 'names' | 'out' | 'keep' | 'fresh' | 'say'> {
  readonly history: RunningHistory;
  readonly browser: Browser;
  readonly bundle: string;
}

export async function previewOne(name: string, tools: PreviewTools): Promise<Preview> {
  const { history, browser, bundle, theme, width, preferred, from, to } = tools;
  const dashboard = await readDashboard(name);
  const outlier = await findOutlier(history);
  const fallback = { tenant: TENANT, workflow: WORKFLOW, session: outlier.session };
  const isSession = dashboard.templating?.list.some((variable) => variable.name === 'session') === true;
  // As links to a session have it.
  const own = isSession && preferred['session'] === undefined ? outlier : dashboard.time;
  const time = { from: from ?? own.from, to: to ?? own.to };
  const { engines, nowMs } = history;
  const collected = await collect({ ...dashboard, time }, { engines, nowMs, preferred, fallback, width });
  const picture = await takePicture(collected, { browser, bundle, theme, width, nowMs });
  const failed = collected.panels.flatMap(({ panel, errors }) =>
    errors.map((error) => `${panel.title ?? panel.id}: query ${error}`),
  );
  const empty = picture.empty.map((title) => title.replace(/: No data$/, ' has no data'));
  return { name, collected, picture, problems: [...collected.problems, ...failed, ...empty, ...picture.failures] };
}

async function readDashboard(name: string): Promise<DashboardJson> {
  const file = name.endsWith('.json') ? name : path.join(DASHBOARDS, `${name}.json`);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`there is no dashboard ${name}; there are those of ${path.relative(process.cwd(), DASHBOARDS)}`, {
      cause: error,
    });
  });
  return JSON.parse(text) as DashboardJson;
}

/** Shown where a dashboard needs one of many and says not which: the session that goes round in circles. */
const TENANT = 'acme';
const OUTLIER_WORKFLOW = 'contract-review';
/** It got a new version within the week. */
const WORKFLOW = 'sales-research';

interface Outlier {
  readonly session: string;
  readonly from: string;
  readonly to: string;
}

async function findOutlier({ engines, nowMs }: RunningHistory): Promise<Outlier> {
  const sql = `SELECT session_id, toUnixTimestamp(min(started_at)) AS began FROM entries
    WHERE tenant = '${TENANT}' AND workflow = '${OUTLIER_WORKFLOW}' GROUP BY session_id ORDER BY sum(sign * cost_nano_usd) DESC LIMIT 1`;
  const request = { method: 'POST', body: sql };
  const response = await fetch(`${engines.clickHouseUrl}/?database=turnmeter&default_format=TSV`, request);
  const [session = '', began = ''] = (await response.text()).trim().split('\t');
  const from = new Date(Number(began) * 1000 - 30_000).toISOString();
  return { session, from, to: new Date(nowMs).toISOString() };
}
