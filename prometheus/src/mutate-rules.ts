// `npm run prometheus:mutants -- [--promtool <file>] [alert or group] ...`: is there a case of promtool that fails when a rule is wrong? Every number that an
// alert compares with is doubled and halved, one place after the other, and what it waits for is left out. Says which changes nobody notices, and ends with 1 if
// there are any. With a part of a name only alerts and groups are changed that have it.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { metricsOf, neededFor, type Rule, type RuleGroup } from './needed-rules.ts';

interface Case {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

interface Mutant {
  readonly what: string;
  readonly alert: Rule;
}

/** What is tried of an alert. */
interface Trial {
  readonly alert: Rule;
  readonly cases: readonly Case[];
  /** What promtool says of each case, where nothing is changed and all other alerts are away. */
  readonly before: Map<Case, string>;
}

const run = promisify(execFile);
const FOLDER = path.join(import.meta.dirname, '..');
/** `> 14.4`, `>= 0.9`, `< 3 * 86400`; twice nothing is nothing. */
const THRESHOLD = /(?<=[<>]=? )(?!0\b(?!\.))\d+(?:\.\d+)?/g;
const FACTORS = [2, 0.5] as const;

const { values, positionals } = parseArgs({
  options: { promtool: { type: 'string', default: 'promtool' } },
  allowPositionals: true,
});
const directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-mutants-'));
try {
  const groups = await readGroups();
  const cases = await readCases();
  const alerts = groups.flatMap(({ name, rules }) => rules.filter((rule) => isChosen(name, rule)));
  const mutants = alerts.flatMap((alert) => mutantsOf(alert).map((mutant) => ({ alert, mutant })));
  process.stdout.write(`${mutants.length} changes of ${alerts.length} alerts\n`);
  const trials = new Map<Rule, Trial>();
  let survivors = 0;
  for (const [at, { alert, mutant }] of mutants.entries()) {
    const trial = trials.get(alert) ?? { alert, cases: casesOf(cases, alert, groups), before: new Map() };
    trials.set(alert, trial);
    const noticedBy = await firstThatNotices(groups, trial, mutant);
    if (noticedBy === undefined) survivors++;
    const who = noticedBy === undefined ? 'NOBODY notices' : `${noticedBy.file} notices`;
    process.stdout.write(`${at + 1}/${mutants.length} ${who} ${alert.alert} ${mutant.what}\n`);
  }
  process.stdout.write(`${survivors} of ${mutants.length} are noticed by nobody\n`);
  process.exitCode = survivors === 0 ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}

function isChosen(group: string, { alert }: Rule): boolean {
  if (alert === undefined) return false;
  return positionals.length === 0 || positionals.some((part) => alert.includes(part) || group.includes(part));
}

async function readGroups(): Promise<readonly RuleGroup[]> {
  const texts = await textsIn('rules');
  return texts.flatMap(({ text }) => (parse(text) as { readonly groups: readonly RuleGroup[] }).groups);
}

/** Each test of a file by itself, with the rules that are tried instead of its own. */
async function readCases(): Promise<readonly Case[]> {
  const texts = await textsIn('tests');
  return texts.flatMap(({ file, text }) => {
    const { tests, ...settings } = parse(text) as { readonly tests: readonly { readonly name: string }[] };
    return tests.map((test) => ({
      file,
      name: test.name,
      text: stringify({ ...settings, rule_files: ['rules.yaml'], tests: [test] }),
    }));
  });
}

async function textsIn(folder: string): Promise<readonly { readonly file: string; readonly text: string }[]> {
  const files = await readdir(path.join(FOLDER, folder));
  return Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(FOLDER, folder, file), 'utf8') })),
  );
}

/** Those that name the alert, and those that count alerts of any name and have metrics that it reads. Short ones first. */
function casesOf(cases: readonly Case[], alert: Rule, groups: readonly RuleGroup[]): readonly Case[] {
  const metrics = metricsOf(neededFor(alert, groups));
  const isNamed = ({ text }: Case): boolean => text.includes(alert.alert ?? '');
  const isCounted = ({ text }: Case): boolean =>
    /ALERTS\{(?!alertname=")/.test(text) && metrics.some((metric) => text.includes(`${metric}{`));
  const all = cases.filter((one) => isNamed(one) || isCounted(one));
  return all.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)) || a.text.length - b.text.length);
}

function mutantsOf(alert: Rule): readonly Mutant[] {
  const severity = alert.labels?.['severity'] ?? '';
  const numbers = [...alert.expr.matchAll(THRESHOLD)].flatMap(({ 0: number, index }) =>
    FACTORS.map((factor) => {
      const value = String(Number(number) * factor);
      const expr = alert.expr.slice(0, index) + value + alert.expr.slice(index + number.length);
      return { what: `${severity}: ${lineOf(alert.expr, index)}: ${number} → ${value}`, alert: { ...alert, expr } };
    }),
  );
  if (alert.for === undefined) return numbers;
  return [...numbers, { what: `${severity}: for: ${alert.for} → 0s`, alert: { ...alert, for: '0s' } }];
}

function lineOf(text: string, index: number): string {
  return (
    text
      .slice(text.lastIndexOf('\n', index) + 1)
      .split('\n', 1)[0]
      ?.trim() ?? ''
  );
}

async function firstThatNotices(
  groups: readonly RuleGroup[],
  { alert, cases, before }: Trial,
  mutant: Mutant,
): Promise<Case | undefined> {
  for (const one of cases) {
    const known = before.get(one) ?? (await said(neededFor(alert, groups), one));
    before.set(one, known);
    if ((await said(neededFor(alert, groups, mutant.alert), one)) !== known) return one;
  }
  return undefined;
}

/** Cases expect other alerts too, which are not there: what counts is whether promtool says something else. */
async function said(groups: readonly RuleGroup[], { text }: Case): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'rules.yaml'), stringify({ groups }));
  await writeFile(path.join(directory, 'case.yaml'), text);
  return run(values.promtool, ['test', 'rules', 'case.yaml'], { cwd: directory }).then(
    ({ stdout, stderr }) => stdout + stderr,
    ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => stdout + stderr,
  );
}
