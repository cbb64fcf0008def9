import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { RUNBOOKS, withRunbookLinks } from '../src/runbook.ts';
import { panelsOf, readDashboards } from './dashboard-files.ts';

const FOLDER = path.join(import.meta.dirname, '../../docs/runbooks');

it('links names of alerts to their pages, and Turnmeter itself to none', () => {
  expect(withRunbookLinks('Turnmeter is away: runbook TurnmeterDown.')).toBe(
    `Turnmeter is away: runbook [TurnmeterDown](${RUNBOOKS}/TurnmeterDown.md).`,
  );
});

it('links to pages that there are', () => {
  const descriptions = readDashboards().flatMap(([, dashboard]) =>
    panelsOf(dashboard).map(({ description = '' }) => description),
  );
  const linked = descriptions.flatMap((text) =>
    [...text.matchAll(/\]\(([^)]+)\)/g)].flatMap(([, url = '']) =>
      url.startsWith(RUNBOOKS) ? [path.basename(url)] : [],
    ),
  );
  expect(linked.length).toBeGreaterThan(20);
  expect([...new Set(linked)].filter((page) => !existsSync(path.join(FOLDER, page)))).toEqual([]);
});
