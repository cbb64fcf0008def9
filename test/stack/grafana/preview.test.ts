// Every dashboard drawn for real: sessions in the real service, a real Prometheus, Grafana's own components in Chromium. Installs them, once.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../repository.ts';

const run = promisify(execFile);
const MAIN = path.join(ROOT, 'grafana/preview/src/main.ts');
const DASHBOARDS = path.join(ROOT, 'grafana/dashboards');
/** Packages, a month, seven pictures: three minutes on two cores, where others have some of them longer. */
const DRAWN_MS = 900_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

interface Drawn {
  readonly problems: readonly string[];
  /** Panels that have no data and say what that means. */
  readonly quiet: readonly string[];
  readonly text: string;
}

/** What does not happen in the made-up month. */
const NOTHING_TO_SHOW: readonly RegExp[] = [
  /Collector is scraped/,
  /Nothing was (?:refused|late|taken back)/,
  /Nothing (?:failed|had to be repaired)/,
  /No (?:tenant|model) is new/,
  /Guards did nothing/,
  /All tokens have a price/,
];

let directory: string;
let output: string;
let code: number;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-pictures-'));
  const done = await run(process.execPath, [MAIN, '--keep', '--out', directory], {
    timeout: DRAWN_MS,
    maxBuffer: 1 << 24,
  }).then(
    ({ stderr }) => ({ stderr, code: 0 }),
    (error: { readonly stderr: string; readonly code: number }) => error,
  );
  ({ stderr: output, code } = done);
}, DRAWN_MS);
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('every dashboard', async () => {
  const names = (await readdir(DASHBOARDS)).map((file) => path.basename(file, '.json'));

  it('is drawn without a failed query or an empty panel', () => {
    expect(output).toContain('every panel has data');
    expect(code).toBe(0);
  });

  it.each(names)('%s is a picture', async (name) => {
    const picture = await readFile(path.join(directory, `${name}.png`));
    expect(picture.subarray(0, 4)).toEqual(PNG);
    // A page on which nothing was drawn compresses to less.
    expect(picture.length).toBeGreaterThan(60_000);
  });

  it.each(names)('%s has nothing to show only where nothing happened', async (name) => {
    const { quiet } = await readDrawn(name);
    expect(quiet.filter((panel) => !NOTHING_TO_SHOW.some((reason) => reason.test(panel)))).toEqual([]);
  });
});

it.each([
  ['overview', ['$', '%', 'acme', 'globex', 'initech', 'umbrella', 'contract-review']],
  ['workflow', ['$', '%', 'sales-research', 'analyst', '1.4', '1.5']],
  ['session', ['$', 'contract-review', 'critic', 'claude-sonnet-4-5']],
  ['budgets', ['$', '%', 'globex: BudgetExceeded']],
])('%s shows what happened in the month', async (name, words) => {
  const { text } = await readDrawn(name);
  expect(words.filter((word) => !text.includes(word))).toEqual([]);
});

async function readDrawn(name: string): Promise<Drawn> {
  return JSON.parse(await readFile(path.join(directory, `${name}.json`), 'utf8')) as Drawn;
}
